// A picture continued beyond its edges, for a camera that looks past them: patches of the picture are chosen so that they agree with each
// other and with the border (Wexler et al. 2007), found by PatchMatch (Barnes et al. 2009) on a small copy from coarse to fine; then the
// picture's own pixels are put where the small copy says. A patch comes from about its own height in the picture (sky stays sky and ground
// stays ground). Always the same result for the same picture.
import { resizePicture } from '../../media/pictures'
import type { Picture } from '../../media/pictures'

/** Pixels to add on each side. */
export interface Margins {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Long side, in pixels, of the continued picture on the finest level on which patches are sought. */
const searchedSide = 320
/** Patches are squares of 7 x 7 pixels. */
const radius = 3
/**
 * A patch comes from at most this share of the picture's height above or below its place (a third of that from the nearest row, where its
 * place is above or below the picture); columns alike, but beside the picture it may come from any.
 */
const band = 0.12
/** A patch that goes on from its neighbour's may differ so many times more than the best: whole stretches look better than many fits. */
const coherent = 2
/** Search and vote this often on each level, from the finest on. */
const rounds = [2, 3, 4, 6]

/** `picture` (RGB) with margins around it. About two seconds of one core for a picture of 960 x 640 pixels. */
export async function outpaint(picture: Picture, margins: Margins): Promise<Picture> {
  const { left, right, top, bottom } = margins
  if (left + right + top + bottom === 0) return picture
  const whole = { width: picture.width + left + right, height: picture.height + top + bottom }
  const factor = Math.max(1, Math.max(whole.width, whole.height) / searchedSide)
  let found: Level | undefined
  const sizes = levelScales(picture, factor)
  for (const [i, scale] of sizes.entries()) {
    const level = await levelOf(picture, margins, scale)
    if (found) level.takeOver(found)
    else level.grow()
    for (let round = 0; round < rounds[sizes.length - 1 - i]!; round++) level.improve()
    found = level
  }
  return assemble(picture, margins, found!)
}

/** Pixels of the picture per pixel of each level, coarsest first. */
function levelScales({ width, height }: Picture, finest: number): number[] {
  const scales = [finest]
  while (scales.length < rounds.length && Math.min(width, height) / (scales[0]! * 2) >= 4 * radius + 4)
    scales.unshift(scales[0]! * 2)
  return scales
}

async function levelOf(picture: Picture, { left, right, top, bottom }: Margins, scale: number): Promise<Level> {
  const size = (pixels: number) => Math.max(2 * radius + 2, Math.round(pixels / scale))
  const small = await resizePicture(picture, size(picture.width), size(picture.height))
  const [x, y] = [Math.ceil(left / scale), Math.ceil(top / scale)]
  return new Level(
    small,
    x,
    y,
    small.width + x + Math.ceil(right / scale),
    small.height + y + Math.ceil(bottom / scale),
  )
}

/** One size of the continued picture: colours, and for every place near the unknown where in the picture its patch is from. */
class Level {
  readonly colour: Float32Array
  /** [H W] source minus place, in pixels of the level. */
  readonly dx: Int16Array
  readonly dy: Int16Array
  private readonly cost: Float32Array
  /** Places whose patch reaches the unknown, nearest to the picture first. */
  private readonly places: Int32Array
  private readonly away: Float32Array
  private state = 12345

  /** `known` lies with its corner at x, y of a picture of width x height. */
  constructor(
    readonly known: Picture,
    readonly x: number,
    readonly y: number,
    readonly width: number,
    readonly height: number,
  ) {
    const area = width * height
    this.colour = new Float32Array(area * 3)
    this.dx = new Int16Array(area)
    this.dy = new Int16Array(area)
    this.cost = new Float32Array(area).fill(Infinity)
    this.away = new Float32Array(area)
    const places: number[] = []
    for (let py = 0; py < height; py++)
      for (let px = 0; px < width; px++) {
        const i = py * width + px
        const [sx, sy] = [clampTo(px, x, x + known.width - 1), clampTo(py, y, y + known.height - 1)]
        for (let c = 0; c < 3; c++) this.colour[i * 3 + c] = known.data[((sy - y) * known.width + sx - x) * 3 + c]!
        this.away[i] = Math.hypot(px - sx, py - sy)
        const within = Math.min(px - x, py - y, x + known.width - 1 - px, y + known.height - 1 - py)
        if (within < radius) places.push(i)
      }
    this.places = Int32Array.from(places.sort((a, b) => this.away[a]! - this.away[b]! || a - b))
  }

  /** Rows and columns a patch for place (px, py) may come from. */
  private sources(px: number, py: number): { x0: number; x1: number; y0: number; y1: number } {
    const { x, y, known } = this
    const [x0, x1] = [x + radius, x + known.width - 1 - radius]
    const [y0, y1] = [y + radius, y + known.height - 1 - radius]
    const row = clampTo(py, y0, y1)
    const rows = Math.max(1, Math.round((row === py ? band : band / 3) * known.height))
    const beside = px < x || px >= x + known.width
    const columns = beside ? known.width : Math.max(1, Math.round(band * known.width))
    const column = clampTo(px, x0, x1)
    return {
      x0: Math.max(x0, column - columns),
      x1: Math.min(x1, column + columns),
      y0: Math.max(y0, row - rows),
      y1: Math.min(y1, row + rows),
    }
  }

  private random(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0
    return this.state / 4294967296
  }

  /** Sum of squared differences of the patches around two places, as soon as it exceeds `limit` no further; outside counts nothing. */
  private compare(px: number, py: number, sx: number, sy: number, limit: number, knownOnly = false): number {
    const { colour, width, height, away } = this
    const [left, right] = [Math.max(-radius, -px), Math.min(radius, width - 1 - px)]
    const [top, bottom] = [Math.max(-radius, -py), Math.min(radius, height - 1 - py)]
    const most = knownOnly ? away[py * width + px]! - 0.5 : Infinity
    let sum = 0
    let counted = 0
    for (let v = top; v <= bottom; v++) {
      let a = (py + v) * width + px + left
      let b = (sy + v) * width + sx + left
      for (let u = left; u <= right; u++, a++, b++) {
        if (away[a]! > most) continue
        const d0 = colour[a * 3]! - colour[b * 3]!
        const d1 = colour[a * 3 + 1]! - colour[b * 3 + 1]!
        const d2 = colour[a * 3 + 2]! - colour[b * 3 + 2]!
        sum += d0 * d0 + d1 * d1 + d2 * d2
        counted++
      }
      if (sum > limit * (2 * radius + 1) ** 2) return Infinity
    }
    return sum / Math.max(counted, 1)
  }

  /** The first guess: from the border outwards, each place takes the best patch for what is known of its surroundings. */
  grow(): void {
    const { width, colour } = this
    for (const i of this.places) {
      const [px, py] = [i % width, Math.floor(i / width)]
      const { x0, x1, y0, y1 } = this.sources(px, py)
      let best = Infinity
      for (let sy = y0; sy <= y1; sy++)
        for (let sx = x0; sx <= x1; sx++) {
          const cost = this.compare(px, py, sx, sy, best, true)
          if (cost >= best) continue
          best = cost
          this.dx[i] = sx - px
          this.dy[i] = sy - py
        }
      for (const j of this.around(i)) {
        const [sx, sy] = [px + this.dx[j]!, py + this.dy[j]!]
        if (sx < x0 || sx > x1 || sy < y0 || sy > y1) continue
        if (this.compare(px, py, sx, sy, Infinity, true) > coherent * best + 40) continue
        this.dx[i] = this.dx[j]!
        this.dy[i] = this.dy[j]!
        break
      }
      this.cost[i] = 0
      if (this.away[i] === 0) continue
      const from = i + this.dy[i]! * width + this.dx[i]!
      for (let c = 0; c < 3; c++) colour[i * 3 + c] = colour[from * 3 + c]!
    }
  }

  /** Neighbours of a place that already have a patch. */
  private around(i: number): number[] {
    const { width, height, cost } = this
    return [i - 1, i + 1, i - width, i + width].filter((j) => j >= 0 && j < width * height && cost[j]! < Infinity)
  }

  /** The first guess from the level that is half as large. */
  takeOver(coarse: Level): void {
    const { width } = this
    const [fx, fy] = [this.known.width / coarse.known.width, this.known.height / coarse.known.height]
    for (const i of this.places) {
      const [px, py] = [i % width, Math.floor(i / width)]
      const cx = clampTo(Math.floor((px - this.x + 0.5) / fx) + coarse.x, 0, coarse.width - 1)
      const cy = clampTo(Math.floor((py - this.y + 0.5) / fy) + coarse.y, 0, coarse.height - 1)
      const from = cy * coarse.width + cx
      const { x0, x1, y0, y1 } = this.sources(px, py)
      this.dx[i] = clampTo(px + Math.round(coarse.dx[from]! * fx), x0, x1) - px
      this.dy[i] = clampTo(py + Math.round(coarse.dy[from]! * fy), y0, y1) - py
    }
    this.vote()
  }

  /** Better patches for all places, then colours anew from them. */
  improve(): void {
    this.cost.fill(Infinity)
    for (const i of this.places) this.consider(i, i % this.width, Math.floor(i / this.width), this.dx[i]!, this.dy[i]!)
    this.search(1)
    this.search(-1)
    this.vote()
  }

  private consider(i: number, px: number, py: number, dx: number, dy: number): void {
    const { x0, x1, y0, y1 } = this.sources(px, py)
    const [sx, sy] = [clampTo(px + dx, x0, x1), clampTo(py + dy, y0, y1)]
    const cost = this.compare(px, py, sx, sy, this.cost[i]!)
    if (cost >= this.cost[i]!) return
    this.cost[i] = cost
    this.dx[i] = sx - px
    this.dy[i] = sy - py
  }

  /** One sweep of PatchMatch: neighbours' patches moved along, then random places ever nearer to the best so far. */
  private search(direction: 1 | -1): void {
    const { width, places } = this
    for (let n = 0; n < places.length; n++) {
      const i = places[direction === 1 ? n : places.length - 1 - n]!
      const [px, py] = [i % width, Math.floor(i / width)]
      for (const j of this.around(i)) this.consider(i, px, py, this.dx[j]!, this.dy[j]!)
      for (let reach = this.known.width / 2; reach >= 1; reach /= 3)
        this.consider(
          i,
          px,
          py,
          this.dx[i]! + Math.round((2 * this.random() - 1) * reach),
          this.dy[i]! + Math.round((2 * this.random() - 1) * reach * band),
        )
    }
  }

  /** Each unknown pixel becomes the mean of what the patches over it say, the nearer to the picture the louder. */
  private vote(): void {
    const { width, height, colour, away, places } = this
    const sum = new Float32Array(width * height * 4)
    for (const i of places) {
      const [px, py] = [i % width, Math.floor(i / width)]
      const shift = this.dy[i]! * width + this.dx[i]!
      const weight = Math.exp(-away[i]! / radius) + 1e-12
      for (let v = Math.max(-radius, -py); v <= Math.min(radius, height - 1 - py); v++)
        for (let u = Math.max(-radius, -px); u <= Math.min(radius, width - 1 - px); u++) {
          const at = i + v * width + u
          if (away[at] === 0) continue
          const w = weight / (1 + u * u + v * v)
          const from = (at + shift) * 3
          sum[at * 4] = sum[at * 4]! + w * colour[from]!
          sum[at * 4 + 1] = sum[at * 4 + 1]! + w * colour[from + 1]!
          sum[at * 4 + 2] = sum[at * 4 + 2]! + w * colour[from + 2]!
          sum[at * 4 + 3] = sum[at * 4 + 3]! + w
        }
    }
    for (let i = 0; i < width * height; i++)
      if (sum[i * 4 + 3]! > 0) for (let c = 0; c < 3; c++) colour[i * 3 + c] = sum[i * 4 + c]! / sum[i * 4 + 3]!
  }
}

const clampTo = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high)

/** The continued picture at full size: the pixels that the level's patches point at, blended between neighbouring places. */
function assemble(picture: Picture, { left, right, top, bottom }: Margins, level: Level): Picture {
  const { width: w, height: h, data: from } = picture
  const [width, height] = [w + left + right, h + top + bottom]
  const [fx, fy] = [w / level.known.width, h / level.known.height]
  const out = new Uint8Array(width * height * 3)
  const pixel = [0, 0, 0]
  /** What the patches say of pixel (x, y), measured from the picture's corner. */
  const told = (x: number, y: number) => {
    const cx = clampTo((x + 0.5) / fx - 0.5 + level.x, 0, level.width - 1.001)
    const cy = clampTo((y + 0.5) / fy - 0.5 + level.y, 0, level.height - 1.001)
    const [x0, y0] = [Math.floor(cx), Math.floor(cy)]
    pixel.fill(0)
    for (let corner = 0; corner < 4; corner++) {
      const [u, v] = [corner & 1, corner >> 1]
      const share = (u ? cx - x0 : 1 - cx + x0) * (v ? cy - y0 : 1 - cy + y0)
      if (share === 0) continue
      const i = (y0 + v) * level.width + x0 + u
      const sx = clampTo(x + Math.round(level.dx[i]! * fx), 0, w - 1)
      const sy = clampTo(y + Math.round(level.dy[i]! * fy), 0, h - 1)
      for (let c = 0; c < 3; c++) pixel[c] = pixel[c]! + share * from[(sy * w + sx) * 3 + c]!
    }
    return pixel
  }
  const seam = seamOf(picture, told)
  for (let y = 0; y < height; y++) {
    const inside = y >= top && y < top + h
    if (inside) out.set(from.subarray((y - top) * w * 3, (y - top + 1) * w * 3), (y * width + left) * 3)
    for (let x = 0; x < width; x++) {
      if (inside && x === left) x += w
      if (x >= width) break
      const [px, py] = [x - left, y - top]
      const colour = told(px, py)
      const at = (y * width + x) * 3
      const { before, after, share } = seam.near(px, py)
      for (let c = 0; c < 3; c++)
        out[at + c] = clampTo(Math.round(colour[c]! + share * seam.mean(c, before, after)), 0, 255)
    }
  }
  return { width, height, channels: 3, data: out }
}

/** Differences along the picture's border between it and what its patches say: added to the margin, the wider spread the farther out. */
function seamOf({ width: w, height: h, data }: Picture, told: (x: number, y: number) => readonly number[]) {
  const length = 2 * (w + h)
  const sums = [0, 1, 2].map(() => new Float64Array(length + 1))
  for (let n = 0; n < length; n++) {
    const [x, y] =
      n < w ? [n, 0] : n < w + h ? [w - 1, n - w] : n < 2 * w + h ? [2 * w + h - 1 - n, h - 1] : [0, length - 1 - n]
    const colour = told(x, y)
    for (let c = 0; c < 3; c++) sums[c]![n + 1] = sums[c]![n]! + data[(y * w + x) * 3 + c]! - colour[c]!
  }
  const fade = 0.15 * Math.min(w, h)
  return {
    /** The stretch of the border that pixel (x, y) outside looks at, and how much of its difference still holds there. */
    near(x: number, y: number) {
      const [bx, by] = [clampTo(x, 0, w - 1), clampTo(y, 0, h - 1)]
      const away = Math.hypot(x - bx, y - by)
      const n =
        by === 0 && y < 0
          ? bx
          : bx === w - 1 && x >= w
            ? w + by
            : by === h - 1 && y >= h
              ? 2 * w + h - 1 - bx
              : length - 1 - by
      const reach = Math.ceil(1 + away)
      return { before: n - reach, after: n + reach + 1, share: Math.exp(-away / fade) }
    },
    /** Mean difference of channel c over the border from `before` to `after`, going round. */
    mean(c: number, before: number, after: number) {
      const upTo = (n: number) =>
        sums[c]![((n % length) + length) % length]! + Math.floor(n / length) * sums[c]![length]!
      return (upTo(after) - upTo(before)) / (after - before)
    },
  }
}
