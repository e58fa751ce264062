// Where one picture is found in another: the similarity that lays a frame over a reference where both show the place (Lucas & Kanade 1981:
// Gauss-Newton, coarse to fine, Huber weights), begun from rest and from the best whole shift, so that a long step is not missed.

/** A grey picture, rows of width values, and how much of each pixel counts. */
export interface Grey {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
  /** 0..1: 0 where somebody stands before the place. */
  readonly seen: Float32Array
}

/** dx, dy (pixels), log zoom, roll (radians): the point u from the frame's centre is seen in the reference at exp(z) R(r) u + (dx, dy). */
export type Similarity = readonly [dx: number, dy: number, z: number, r: number]

export const rest: Similarity = [0, 0, 0, 0]

export interface Registration {
  readonly similarity: Similarity
  /** Standard error of each of the four, from what is left unexplained; Infinity where the pictures give no hold at all. */
  readonly error: Similarity
}

/** Pictures are halved while their shorter side stays at least this long. */
const smallest = 12
const iterations = 30
/** Grey levels (of 0..255) beyond which a difference counts as an outlier. */
const huber = 12
/** A pixel counts when this much of it is seen. */
const enough = 0.5
/** Whole shifts that are tried, as a share of the picture's sides. */
const reach = 0.25

/** The grey picture of RGB bytes, its half, quarter and so on; `hidden` is not 0 where the place is not seen. */
export function pyramid(rgb: Uint8Array, hidden: Uint8Array, width: number, height: number): Grey[] {
  const data = new Float32Array(width * height)
  for (let i = 0; i < data.length; i++)
    data[i] = 0.299 * rgb[i * 3]! + 0.587 * rgb[i * 3 + 1]! + 0.114 * rgb[i * 3 + 2]!
  const out = [smooth({ width, height, data, seen: Float32Array.from(hidden, (v) => (v === 0 ? 1 : 0)) })]
  for (let last = out[0]!; Math.min(last.width, last.height) >= 2 * smallest; out.push(last)) last = half(last)
  return out
}

/** Weights 1 2 1 in both directions, of what is seen only: a produced frame is softer than a true one and must not be told by that. */
function smooth(picture: Grey): Grey {
  const { width, height, seen } = picture
  const data = new Float32Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let [sum, weights] = [0, 0]
      for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++)
        for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++) {
          const weight = (i === x ? 2 : 1) * (j === y ? 2 : 1) * seen[j * width + i]!
          sum += weight * picture.data[j * width + i]!
          weights += weight
        }
      data[y * width + x] = weights > 0 ? sum / weights : 0
    }
  return { width, height, data, seen }
}

/** Half the size: means of what is seen. */
function half(picture: Grey): Grey {
  const [width, height] = [picture.width >> 1, picture.height >> 1]
  const data = new Float32Array(width * height)
  const seen = new Float32Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let [sum, weights] = [0, 0]
      for (const at of [0, 1, picture.width, picture.width + 1]) {
        const i = 2 * y * picture.width + 2 * x + at
        sum += picture.seen[i]! * picture.data[i]!
        weights += picture.seen[i]!
      }
      data[y * width + x] = weights > 0 ? sum / weights : 0
      seen[y * width + x] = weights / 4
    }
  return { width, height, data, seen }
}

/** Lays `frame` over `reference`, both pyramids of one size; looks around `from` first. */
export function register(reference: readonly Grey[], frame: readonly Grey[], from: Similarity = rest): Registration {
  const shifted = bestShift(reference, frame, from)
  const found = [from, shifted].map((start) => refine(reference, frame, start))
  const { similarity, normal } = found.reduce((a, b) => (b.normal.cost < a.normal.cost ? b : a))
  return { similarity, error: standardErrors(normal) }
}

function refine(reference: readonly Grey[], frame: readonly Grey[], from: Similarity) {
  let at = from
  for (let level = frame.length - 1; level >= 0; level--) {
    const scale = 2 ** level
    for (let i = 0; i < iterations; i++) {
      const change = solve(normalEquations(reference[level]!, frame[level]!, at, scale))
      if (!change) break
      at = [at[0] + change[0]! * scale, at[1] + change[1]! * scale, at[2] + change[2]!, at[3] + change[3]!]
      if (Math.hypot(change[0]!, change[1]!) < 1e-3 && Math.abs(change[2]!) + Math.abs(change[3]!) < 1e-5) break
    }
  }
  return { similarity: at, normal: normalEquations(reference[0]!, frame[0]!, at, 1) }
}

/** The whole shift of the coarsest pictures where they differ least, with the zoom and roll of `from`. */
function bestShift(references: readonly Grey[], frames: readonly Grey[], from: Similarity): Similarity {
  const [reference, frame] = [references.at(-1)!, frames.at(-1)!]
  const scale = 2 ** (frames.length - 1)
  const [w, h] = [Math.floor(reach * frame.width), Math.floor(reach * frame.height)]
  let best = { at: from, cost: normalEquations(reference, frame, from, scale).cost }
  for (let y = -h; y <= h; y++)
    for (let x = -w; x <= w; x++) {
      const at: Similarity = [from[0] + x * scale, from[1] + y * scale, from[2], from[3]]
      const { cost } = normalEquations(reference, frame, at, scale)
      if (cost < best.cost) best = { at, cost }
    }
  return best.at
}

/** Of one step of least squares: A (4 x 4, lower triangle), b, how many pixels and their mean Huber loss. */
interface Normal {
  readonly A: Float64Array
  readonly b: Float64Array
  readonly count: number
  readonly cost: number
}

/** `at` is in pixels of the finest level, of which `scale` make one of these pictures'. */
function normalEquations(reference: Grey, frame: Grey, at: Similarity, scale: number): Normal {
  const { width, height } = frame
  const c = Math.exp(at[2]) * Math.cos(at[3])
  const s = Math.exp(at[2]) * Math.sin(at[3])
  const [dx, dy] = [at[0] / scale, at[1] / scale]
  const A = new Float64Array(16)
  const b = new Float64Array(4)
  const J = new Float64Array(4)
  const { data, seen } = reference
  let [count, visible, loss] = [0, 0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (frame.seen[y * width + x]! < enough) continue
      visible++
      const ux = x + 0.5 - width / 2
      const uy = y + 0.5 - height / 2
      const vx = c * ux - s * uy
      const vy = s * ux + c * uy
      const px = vx + dx + width / 2 - 0.5
      const py = vy + dy + height / 2 - 0.5
      const x0 = Math.floor(px)
      const y0 = Math.floor(py)
      if (x0 < 0 || y0 < 0 || x0 >= width - 1 || y0 >= height - 1) continue
      const i = y0 * width + x0
      if (Math.min(seen[i]!, seen[i + 1]!, seen[i + width]!, seen[i + width + 1]!) < enough) continue
      const [fx, fy] = [px - x0, py - y0]
      const [p00, p01, p10, p11] = [data[i]!, data[i + 1]!, data[i + width]!, data[i + width + 1]!]
      const gx = (p01 - p00) * (1 - fy) + (p11 - p10) * fy
      const gy = (p10 - p00) * (1 - fx) + (p11 - p01) * fx
      const value = (p00 * (1 - fx) + p01 * fx) * (1 - fy) + (p10 * (1 - fx) + p11 * fx) * fy
      const error = frame.data[y * width + x]! - value
      const size = Math.abs(error)
      const w = size <= huber ? 1 : huber / size
      count++
      loss += size <= huber ? 0.5 * size * size : huber * (size - 0.5 * huber)
      J[0] = gx
      J[1] = gy
      J[2] = gx * vx + gy * vy
      J[3] = -gx * vy + gy * vx
      for (let k = 0; k < 4; k++) {
        b[k]! += w * J[k]! * error
        for (let l = 0; l <= k; l++) A[k * 4 + l]! += w * J[k]! * J[l]!
      }
    }
  // An overlap of less than half of what is seen says little.
  return { A, b, count, cost: count > 0 && count * 2 >= visible ? loss / count : Infinity }
}

/** Cholesky factor of A in its lower triangle; undefined when A is not safely positive definite. */
function factor(of: Float64Array): Float64Array | undefined {
  const A = of.slice()
  for (let k = 0; k < 4; k++) {
    A[k * 5]! += 1e-6 * A[k * 5]! + 1e-9
    for (let l = 0; l <= k; l++) {
      let sum = A[k * 4 + l]!
      for (let m = 0; m < l; m++) sum -= A[k * 4 + m]! * A[l * 4 + m]!
      if (k === l) {
        if (!(sum > 1e-12)) return undefined
        A[k * 5] = Math.sqrt(sum)
      } else A[k * 4 + l] = sum / A[l * 5]!
    }
  }
  return A
}

function solve({ A, b }: Pick<Normal, 'A' | 'b'>): number[] | undefined {
  const L = factor(A)
  if (!L) return undefined
  const x = [...b]
  for (let k = 0; k < 4; k++) {
    for (let m = 0; m < k; m++) x[k]! -= L[k * 4 + m]! * x[m]!
    x[k]! /= L[k * 5]!
  }
  for (let k = 3; k >= 0; k--) {
    for (let m = k + 1; m < 4; m++) x[k]! -= L[m * 4 + k]! * x[m]!
    x[k]! /= L[k * 5]!
  }
  return x
}

/** Variance of a difference, grey levels squared, that cameras and compression leave at least. */
const grain = 4

/** Roots of the diagonal of variance * A^-1. */
function standardErrors({ A, count, cost }: Normal): Similarity {
  const variance = Math.max(grain, (2 * cost * count) / Math.max(1, count - 4))
  const errors = [0, 1, 2, 3].map((k) => {
    const unit = Float64Array.from({ length: 4 }, (_, i) => (i === k ? 1 : 0))
    const column = solve({ A, b: unit })
    return column ? Math.sqrt(Math.max(0, variance * column[k]!)) : Infinity
  })
  return errors as unknown as Similarity
}
