// Which patches of a picture go on best beyond its edges, on one size of it: found by PatchMatch, and colours from them by vote.
// The loops run tens of millions of times per picture: plain numbers, no closures, no objects.
import type { Picture } from '../../media/pictures'

/** Patches are squares of 7 x 7 pixels. */
export const radius = 3
/**
 * How far in the picture a patch may be from its place. Beside the picture: `rows` of its height up and down, and any column. Above and below
 * it: `edge` of its height from the nearest row, and `columns` of its width to each side; a floor goes on with more than its last stripe, with
 * `below` of the way out more.
 */
const band = { rows: 0.12, edge: 0.04, below: 0.4, columns: 0.4 }
/** By `each` a patch is dearer for every other place that has it, by `most` at most: the same again and again looks printed (Kaspar et al. 2015). */
const worn = { each: 0.1, most: 1 }
/** A patch that goes on from its neighbour's may differ so many times more than the best: whole stretches look better than many fits. */
const coherent = 2

/** One size of the continued picture: colours, and for every place near the unknown where in the picture its patch is from. */
export class Level {
  readonly colour: Float32Array
  /** [H W] source minus place, in pixels of the level. */
  readonly dx: Int16Array
  readonly dy: Int16Array
  private readonly cost: Float32Array
  /** [H W] how many places have the patch around this one. */
  private readonly uses: Int32Array
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
    this.uses = new Int32Array(area)
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
    const out = band.below * Math.max(0, py - row)
    const rows = Math.max(1, Math.round((row === py ? band.rows : band.edge) * known.height + out))
    const beside = px < x || px >= x + known.width
    const columns = beside ? known.width : Math.max(1, Math.round(band.columns * known.width))
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

  /** Where the patch around (px, py) is known when places are filled from the border outwards: colours' indices less the place's, into `steps`. */
  private knownAround(px: number, py: number, steps: Int32Array): number {
    const { width, height, away } = this
    const most = away[py * width + px]! - 0.5
    let count = 0
    for (let v = Math.max(-radius, -py); v <= Math.min(radius, height - 1 - py); v++)
      for (let u = Math.max(-radius, -px); u <= Math.min(radius, width - 1 - px); u++)
        if (away[(py + v) * width + px + u]! <= most) steps[count++] = (v * width + u) * 3
    return count
  }

  /** Mean squared difference of the first `count` pixels of `steps` around places `a` and `b`; Infinity as soon as it exceeds `limit`. */
  private compareKnown(a: number, b: number, steps: Int32Array, count: number, limit: number): number {
    const { colour } = this
    const most = limit * count
    let sum = 0
    for (let n = 0; n < count; n++) {
      const step = steps[n]!
      const [p, q] = [a * 3 + step, b * 3 + step]
      const d0 = colour[p]! - colour[q]!
      const d1 = colour[p + 1]! - colour[q + 1]!
      const d2 = colour[p + 2]! - colour[q + 2]!
      sum += d0 * d0 + d1 * d1 + d2 * d2
      if (sum > most) return Infinity
    }
    return sum / Math.max(count, 1)
  }

  /** Mean squared difference of the patches around two places; Infinity as soon as it exceeds `limit`. Outside counts nothing. */
  private compare(px: number, py: number, sx: number, sy: number, limit: number): number {
    const { colour, width, height } = this
    const left = px < radius ? -px : -radius
    const top = py < radius ? -py : -radius
    const columns = Math.min(radius, width - 1 - px) - left + 1
    const rows = Math.min(radius, height - 1 - py) - top + 1
    const most = limit * (rows * columns)
    let a = ((py + top) * width + px + left) * 3
    let b = ((sy + top) * width + sx + left) * 3
    let sum = 0
    for (let v = 0; v < rows; v++) {
      for (const end = a + columns * 3; a < end; a += 3, b += 3) {
        const d0 = colour[a]! - colour[b]!
        const d1 = colour[a + 1]! - colour[b + 1]!
        const d2 = colour[a + 2]! - colour[b + 2]!
        sum += d0 * d0 + d1 * d1 + d2 * d2
      }
      if (sum > most) return Infinity
      a += (width - columns) * 3
      b += (width - columns) * 3
    }
    return sum / (rows * columns)
  }

  /** The first guess: from the border outwards, each place takes the best patch for what is known of its surroundings. */
  grow(): void {
    const { width, colour } = this
    const steps = new Int32Array((2 * radius + 1) ** 2)
    for (const i of this.places) {
      const [px, py] = [i % width, Math.floor(i / width)]
      const { x0, x1, y0, y1 } = this.sources(px, py)
      const count = this.knownAround(px, py, steps)
      let best = Infinity
      for (let sy = y0; sy <= y1; sy++)
        for (let sx = x0; sx <= x1; sx++) {
          const cost = this.compareKnown(i, sy * width + sx, steps, count, best)
          if (cost >= best) continue
          best = cost
          this.dx[i] = sx - px
          this.dy[i] = sy - py
        }
      for (const j of this.around(i)) {
        const [sx, sy] = [px + this.dx[j]!, py + this.dy[j]!]
        if (sx < x0 || sx > x1 || sy < y0 || sy > y1) continue
        if (this.compareKnown(i, sy * width + sx, steps, count, Infinity) > coherent * best + 40) continue
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
    this.uses.fill(0)
    for (const i of this.places) this.uses[i + this.dy[i]! * this.width + this.dx[i]!]!++
    for (const i of this.places) this.consider(i, i % this.width, Math.floor(i / this.width), this.dx[i]!, this.dy[i]!)
    this.search(1)
    this.search(-1)
    this.vote()
  }

  private consider(i: number, px: number, py: number, dx: number, dy: number): void {
    const { x0, x1, y0, y1 } = this.sources(px, py)
    const [sx, sy] = [clampTo(px + dx, x0, x1), clampTo(py + dy, y0, y1)]
    const known = this.cost[i]!
    const same = sx - px === this.dx[i] && sy - py === this.dy[i]
    // The best so far, which most neighbours propose anew.
    if (known < Infinity && same) return
    const source = sy * this.width + sx
    const dearer = 1 + Math.min(worn.each * (this.uses[source]! - (same ? 1 : 0)), worn.most)
    const cost = dearer * this.compare(px, py, sx, sy, known / dearer)
    if (cost >= known) return
    this.cost[i] = cost
    this.uses[i + this.dy[i]! * this.width + this.dx[i]!]!--
    this.uses[source]!++
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
          this.dy[i]! + Math.round((2 * this.random() - 1) * reach * band.rows),
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

export const clampTo = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high)
