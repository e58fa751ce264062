// How a clip's background moves, read from its frames alone: each frame is registered to the first frame's background by a similarity
// (Lucas & Kanade 1981, Gauss-Newton, coarse to fine, Huber weights). No weights and no help from the network that made the clip.

/** A grey picture, rows of width values. */
export interface Grey {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** dx, dy (pixels), log zoom, roll (radians): the point u from the frame's centre is seen in frame 0 at exp(z) R(r) u + (dx, dy). */
export type Similarity = readonly [number, number, number, number]

const levels = 3
const iterations = 12
/** Grey levels (of 0..255) beyond which a difference counts as an outlier. */
const huber = 12

/**
 * The path of the background over the frames: [T] similarities, the first always zero.
 * @param background the reference background as the first frame shows it, RGB bytes
 * @param frames     RGB bytes of each frame, same size
 * @param person     per frame [H, W], 0 where the background is seen
 */
export function backgroundPath(
  background: Uint8Array,
  frames: readonly Uint8Array[],
  person: readonly Uint8Array[],
  width: number,
  height: number,
): Similarity[] {
  const reference = pyramid(grey(background, width, height))
  let last: Similarity = [0, 0, 0, 0]
  return frames.map((frame, t) => {
    if (t === 0) return last
    const weights = Float32Array.from(person[t]!, (v) => (v === 0 ? 1 : 0))
    last = register(reference, pyramid(grey(frame, width, height)), pyramid({ width, height, data: weights }), last)
    return last
  })
}

export function grey(rgb: Uint8Array, width: number, height: number): Grey {
  const data = new Float32Array(width * height)
  for (let i = 0; i < data.length; i++)
    data[i] = 0.299 * rgb[i * 3]! + 0.587 * rgb[i * 3 + 1]! + 0.114 * rgb[i * 3 + 2]!
  return { width, height, data }
}

/** The picture and its halves. */
function pyramid(picture: Grey): Grey[] {
  const out = [picture]
  while (out.length < levels) out.push(half(out.at(-1)!))
  return out
}

function half({ width, height, data }: Grey): Grey {
  const [w, h] = [width >> 1, height >> 1]
  const out = new Float32Array(w * h)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const i = 2 * y * width + 2 * x
      out[y * w + x] = (data[i]! + data[i + 1]! + data[i + width]! + data[i + width + 1]!) / 4
    }
  return { width: w, height: h, data: out }
}

function register(
  reference: readonly Grey[],
  frame: readonly Grey[],
  weight: readonly Grey[],
  from: Similarity,
): Similarity {
  let [dx, dy, z, r] = from
  for (let level = levels - 1; level >= 0; level--) {
    const scale = 2 ** level
    const at: [number, number, number, number] = [dx / scale, dy / scale, z, r]
    for (let i = 0; i < iterations; i++) {
      const change = gaussNewton(reference[level]!, frame[level]!, weight[level]!, at)
      if (!change) break
      for (let k = 0; k < 4; k++) at[k]! += change[k]!
      if (Math.hypot(change[0]!, change[1]!) < 1e-3 && Math.abs(change[2]!) + Math.abs(change[3]!) < 1e-5) break
    }
    ;[dx, dy, z, r] = [at[0] * scale, at[1] * scale, at[2], at[3]]
  }
  return [dx, dy, z, r]
}

/** One step of least squares for the four parameters; undefined where the picture gives no hold (flat, or out of sight). */
function gaussNewton(reference: Grey, frame: Grey, weight: Grey, at: readonly number[]): number[] | undefined {
  const { width, height } = frame
  const c = Math.exp(at[2]!) * Math.cos(at[3]!)
  const s = Math.exp(at[2]!) * Math.sin(at[3]!)
  const A = new Float64Array(16)
  const b = new Float64Array(4)
  const J = new Float64Array(4)
  const data = reference.data
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const own = weight.data[y * width + x]!
      if (own < 0.99) continue
      const ux = x + 0.5 - width / 2
      const uy = y + 0.5 - height / 2
      const vx = c * ux - s * uy
      const vy = s * ux + c * uy
      const px = vx + at[0]! + width / 2 - 0.5
      const py = vy + at[1]! + height / 2 - 0.5
      const x0 = Math.floor(px)
      const y0 = Math.floor(py)
      if (x0 < 0 || y0 < 0 || x0 >= width - 1 || y0 >= height - 1) continue
      const [fx, fy] = [px - x0, py - y0]
      const i = y0 * width + x0
      const [p00, p01, p10, p11] = [data[i]!, data[i + 1]!, data[i + width]!, data[i + width + 1]!]
      const gx = (p01 - p00) * (1 - fy) + (p11 - p10) * fy
      const gy = (p10 - p00) * (1 - fx) + (p11 - p01) * fx
      const value = (p00 * (1 - fx) + p01 * fx) * (1 - fy) + (p10 * (1 - fx) + p11 * fx) * fy
      const error = frame.data[y * width + x]! - value
      const w = Math.abs(error) <= huber ? 1 : huber / Math.abs(error)
      J[0] = gx
      J[1] = gy
      J[2] = gx * vx + gy * vy
      J[3] = -gx * vy + gy * vx
      for (let k = 0; k < 4; k++) {
        b[k]! += w * J[k]! * error
        for (let l = 0; l <= k; l++) A[k * 4 + l]! += w * J[k]! * J[l]!
      }
    }
  return solve(A, b)
}

/** Cholesky solution of A x = b (lower triangle of A filled); undefined when A is not safely positive definite. */
function solve(A: Float64Array, b: Float64Array): number[] | undefined {
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
  const x = [...b]
  for (let k = 0; k < 4; k++) {
    for (let m = 0; m < k; m++) x[k]! -= A[k * 4 + m]! * x[m]!
    x[k]! /= A[k * 5]!
  }
  for (let k = 3; k >= 0; k--) {
    for (let m = k + 1; m < 4; m++) x[k]! -= A[m * 4 + k]! * x[m]!
    x[k]! /= A[k * 5]!
  }
  return x
}
