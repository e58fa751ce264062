// The continued picture at full size: the picture's own pixels, put where the patches found on a small copy say. The loops run millions
// of times per picture: plain numbers, no closures, no objects.
import type { Picture } from '../../media/pictures'
import { clampTo } from './outpaint-patches'
import type { Level } from './outpaint-patches'

/** Pixels to add on each side. */
export interface Margins {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The pixels that the level's patches point at, blended between neighbouring places, and at the border brought to the picture's own. */
export function assemble(picture: Picture, { left, right, top, bottom }: Margins, level: Level): Picture {
  const { width: w, height: h, data: from } = picture
  const [width, height] = [w + left + right, h + top + bottom]
  const out = new Uint8Array(width * height * 3)
  const patches = new Patches(picture, level, left, right, top, bottom)
  const seam = new Seam(picture, patches)
  const { pixel } = patches
  for (let y = -top; y < h + bottom; y++) {
    const inside = y >= 0 && y < h
    if (inside) out.set(from.subarray(y * w * 3, (y + 1) * w * 3), ((y + top) * width + left) * 3)
    for (let x = -left; x < w + right; x++) {
      if (inside && x === 0) x += w
      if (x >= w + right) break
      patches.tell(x, y)
      seam.correct(x, y, pixel)
      const at = ((y + top) * width + x + left) * 3
      for (let c = 0; c < 3; c++) out[at + c] = clampTo(Math.round(pixel[c]!), 0, 255)
    }
  }
  return { width, height, channels: 3, data: out }
}

/** Places of a level around the pixels of a row or column: the one before, and how much it and the one after count. */
interface Between {
  readonly cell: Int32Array
  readonly before: Float64Array
  readonly after: Float64Array
}

/** `first` to `end` are pixels counted from the picture's corner, which is at `corner` of `cells` places, each of `scale` pixels. */
function placesOf(first: number, end: number, scale: number, corner: number, cells: number): Between {
  const count = end - first
  const all = { cell: new Int32Array(count), before: new Float64Array(count), after: new Float64Array(count) }
  for (let n = 0; n < count; n++) {
    const at = clampTo((first + n + 0.5) / scale - 0.5 + corner, 0, cells - 1.001)
    const cell = Math.floor(at)
    all.cell[n] = cell
    all.before[n] = 1 - at + cell
    all.after[n] = at - cell
  }
  return all
}

/** What a level's patches say of the pixels of the full picture; x and y count from the picture's corner. */
class Patches {
  /** The latest pixel told of. */
  readonly pixel = new Float64Array(3)
  private readonly columns: Between
  private readonly rows: Between
  /** Source minus place in pixels, per place of the level. */
  private readonly dx: Int32Array
  private readonly dy: Int32Array
  private readonly across: number

  constructor(
    private readonly picture: Picture,
    level: Level,
    private readonly left: number,
    right: number,
    private readonly top: number,
    bottom: number,
  ) {
    const { width, height } = picture
    const [fx, fy] = [width / level.known.width, height / level.known.height]
    this.columns = placesOf(-left, width + right, fx, level.x, level.width)
    this.rows = placesOf(-top, height + bottom, fy, level.y, level.height)
    this.dx = Int32Array.from(level.dx, (v) => Math.round(v * fx))
    this.dy = Int32Array.from(level.dy, (v) => Math.round(v * fy))
    this.across = level.width
  }

  tell(x: number, y: number): void {
    const { pixel, columns, rows, left, top } = this
    pixel[0] = pixel[1] = pixel[2] = 0
    const i = rows.cell[y + top]! * this.across + columns.cell[x + left]!
    const [above, below] = [rows.before[y + top]!, rows.after[y + top]!]
    const [before, after] = [columns.before[x + left]!, columns.after[x + left]!]
    this.add(x, y, i, before * above)
    this.add(x, y, i + 1, after * above)
    this.add(x, y, i + this.across, before * below)
    this.add(x, y, i + this.across + 1, after * below)
  }

  private add(x: number, y: number, place: number, share: number): void {
    const { pixel, picture } = this
    const sx = clampTo(x + this.dx[place]!, 0, picture.width - 1)
    const sy = clampTo(y + this.dy[place]!, 0, picture.height - 1)
    const from = (sy * picture.width + sx) * 3
    pixel[0] = pixel[0]! + share * picture.data[from]!
    pixel[1] = pixel[1]! + share * picture.data[from + 1]!
    pixel[2] = pixel[2]! + share * picture.data[from + 2]!
  }
}

/** Differences along the picture's border between it and what its patches say: added to the margin, the wider spread the farther out. */
class Seam {
  private readonly width: number
  private readonly height: number
  private readonly length: number
  /** Per channel, the sum of the differences up to each pixel of the border, clockwise from the corner. */
  private readonly sums: readonly Float64Array[]
  private readonly fade: number

  constructor({ width, height, data }: Picture, patches: Patches) {
    const length = 2 * (width + height)
    this.width = width
    this.height = height
    this.length = length
    this.fade = 0.15 * Math.min(width, height)
    this.sums = [0, 1, 2].map(() => new Float64Array(length + 1))
    for (let n = 0; n < length; n++) {
      const [x, y] =
        n < width
          ? [n, 0]
          : n < width + height
            ? [width - 1, n - width]
            : n < 2 * width + height
              ? [2 * width + height - 1 - n, height - 1]
              : [0, length - 1 - n]
      patches.tell(x, y)
      for (let c = 0; c < 3; c++)
        this.sums[c]![n + 1] = this.sums[c]![n]! + data[(y * width + x) * 3 + c]! - patches.pixel[c]!
    }
  }

  /** Adds to pixel (x, y) outside the mean difference of the stretch of the border that it looks at, as far as that still holds there. */
  correct(x: number, y: number, pixel: Float64Array): void {
    const { width: w, height: h, length } = this
    const bx = clampTo(x, 0, w - 1)
    const by = clampTo(y, 0, h - 1)
    const away = x === bx || y === by ? Math.abs(x - bx + y - by) : Math.hypot(x - bx, y - by)
    const n = y < 0 ? bx : x >= w ? w + by : y >= h ? 2 * w + h - 1 - bx : length - 1 - by
    const reach = Math.ceil(1 + away)
    const [before, after] = [n - reach, n + reach + 1]
    const [beforeRounds, afterRounds] = [Math.floor(before / length), Math.floor(after / length)]
    const share = Math.exp(-away / this.fade)
    for (let c = 0; c < 3; c++) {
      const sums = this.sums[c]!
      const whole = sums[length]!
      const upToAfter = sums[after - afterRounds * length]! + afterRounds * whole
      const upToBefore = sums[before - beforeRounds * length]! + beforeRounds * whole
      pixel[c] = pixel[c]! + share * ((upToAfter - upToBefore) / (after - before))
    }
  }
}
