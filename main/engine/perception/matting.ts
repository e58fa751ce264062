// Closed-form matting (Levin, Lischinski, Weiss 2008): in every small window the mask is taken to be a linear function of the colours. Solved for
// the pixels near the outline only, by conjugate gradients, from a first guess that it may leave where the colours say so.
import type { Planes } from './guided-filter'

/** Variance of colours (0..1) below which a window counts as flat. */
const EPSILON = 3e-5

/**
 * @param picture R, G, B in 0..1
 * @param guess mask 0..1; kept as it is outside `open`
 * @param open 1 where the mask is to be found
 * @param pull how strongly the result is held to the guess
 */
export function solveMatte(
  picture: Planes,
  guess: Float32Array,
  open: Uint8Array,
  pull: number,
  iterations: number,
): Float32Array {
  const windows = openWindows(picture, open)
  const alpha = guess.slice()
  const residual = new Float32Array(alpha.length)
  const direction = new Float32Array(alpha.length)
  const image = new Float32Array(alpha.length)
  const unknown = windows.pixels
  const apply = (x: Float32Array, out: Float32Array): void => {
    out.fill(0)
    applyLaplacian(picture, windows, x, out)
  }
  // The guess outside is part of the right-hand side: the residual of the full system, looked at inside only.
  apply(alpha, residual)
  let error = 0
  for (const i of unknown) {
    const r = -residual[i]!
    residual[i] = r
    direction[i] = r
    error += r * r
  }
  const enough = error * 1e-6
  for (let step = 0; step < iterations && error > enough; step++) {
    apply(direction, image)
    let curvature = 0
    for (const i of unknown) {
      image[i]! += pull * direction[i]!
      curvature += direction[i]! * image[i]!
    }
    const length = error / curvature
    let next = 0
    for (const i of unknown) {
      alpha[i]! += length * direction[i]!
      const r = (residual[i]! -= length * image[i]!)
      next += r * r
    }
    const keep = next / error
    for (const i of unknown) direction[i] = residual[i]! + keep * direction[i]!
    error = next
  }
  for (const i of unknown) alpha[i] = Math.min(1, Math.max(0, alpha[i]!))
  return alpha
}

interface Windows {
  /** Centres of the 3x3 windows that hold an open pixel. */
  centres: Int32Array
  /** Open pixels. */
  pixels: Int32Array
  /** Per window: mean colour (3) and the inverse of its covariance (xx, xy, xz, yy, yz, zz). */
  statistics: Float32Array
}

function openWindows({ width, height, planes }: Planes, open: Uint8Array): Windows {
  const [r, g, b] = planes as [Float32Array, Float32Array, Float32Array]
  const centres: number[] = []
  const pixels: number[] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (open[i]) pixels.push(i)
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) continue
      let any = 0
      for (let dy = -width; dy <= width; dy += width) any |= open[i + dy - 1]! | open[i + dy]! | open[i + dy + 1]!
      if (any) centres.push(i)
    }
  }
  const statistics = new Float32Array(centres.length * 9)
  centres.forEach((centre, w) => {
    let [x, y, z, xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0, 0, 0, 0]
    for (let dy = -width; dy <= width; dy += width) {
      for (let i = centre + dy - 1; i <= centre + dy + 1; i++) {
        const [p, q, s] = [r[i]!, g[i]!, b[i]!]
        x += p
        y += q
        z += s
        xx += p * p
        xy += p * q
        xz += p * s
        yy += q * q
        yz += q * s
        zz += s * s
      }
    }
    x /= 9
    y /= 9
    z /= 9
    const [a00, a01, a02] = [xx / 9 - x * x + EPSILON, xy / 9 - x * y, xz / 9 - x * z]
    const [a11, a12, a22] = [yy / 9 - y * y + EPSILON, yz / 9 - y * z, zz / 9 - z * z + EPSILON]
    const [c00, c01, c02] = [a11 * a22 - a12 * a12, a02 * a12 - a01 * a22, a01 * a12 - a02 * a11]
    const [c11, c12, c22] = [a00 * a22 - a02 * a02, a01 * a02 - a00 * a12, a00 * a11 - a01 * a01]
    const k = 1 / (a00 * c00 + a01 * c01 + a02 * c02)
    statistics.set([x, y, z, c00 * k, c01 * k, c02 * k, c11 * k, c12 * k, c22 * k], w * 9)
  })
  return { centres: Int32Array.from(centres), pixels: Int32Array.from(pixels), statistics }
}

/** Adds to `out` what each window's best linear function of the colours leaves of `x`. */
function applyLaplacian(
  { width, planes }: Planes,
  { centres, statistics }: Windows,
  x: Float32Array,
  out: Float32Array,
): void {
  const [r, g, b] = planes as [Float32Array, Float32Array, Float32Array]
  for (let w = 0, s = 0; w < centres.length; w++, s += 9) {
    const first = centres[w]! - width - 1
    let sum = 0
    let vr = 0
    let vg = 0
    let vb = 0
    for (let row = 0, i = first; row < 3; row++, i += width - 3) {
      for (let k = 0; k < 3; k++, i++) {
        const value = x[i]!
        sum += value
        vr += value * r[i]!
        vg += value * g[i]!
        vb += value * b[i]!
      }
    }
    const mean = sum / 9
    const mr = statistics[s]!
    const mg = statistics[s + 1]!
    const mb = statistics[s + 2]!
    const cr = vr / 9 - mean * mr
    const cg = vg / 9 - mean * mg
    const cb = vb / 9 - mean * mb
    const ar = statistics[s + 3]! * cr + statistics[s + 4]! * cg + statistics[s + 5]! * cb
    const ag = statistics[s + 4]! * cr + statistics[s + 6]! * cg + statistics[s + 7]! * cb
    const ab = statistics[s + 5]! * cr + statistics[s + 7]! * cg + statistics[s + 8]! * cb
    const offset = mean - ar * mr - ag * mg - ab * mb
    for (let row = 0, i = first; row < 3; row++, i += width - 3) {
      for (let k = 0; k < 3; k++, i++) out[i]! += x[i]! - ar * r[i]! - ag * g[i]! - ab * b[i]! - offset
    }
  }
}
