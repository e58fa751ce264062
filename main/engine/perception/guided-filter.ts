// The guided filter (He, Sun, Tang 2013): a soft mask is replaced, window by window, by the linear function of the picture's colours that fits it
// best, so that its edges move onto the picture's edges.

/** Planes of one size: `planes[c][y * width + x]`. */
export interface Planes {
  readonly width: number
  readonly height: number
  readonly planes: readonly Float32Array[]
}

/** Mean of each (2 radius + 1)-square window, cut at the borders; two running sums. */
export function boxMean(source: Float32Array, width: number, height: number, radius: number): Float32Array {
  const rows = new Float32Array(source.length)
  for (let y = 0; y < height; y++) {
    const line = y * width
    let sum = 0
    for (let x = 0; x < Math.min(radius, width); x++) sum += source[line + x]!
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += source[line + x + radius]!
      if (x - radius > 0) sum -= source[line + x - radius - 1]!
      rows[line + x] = sum / (Math.min(x + radius, width - 1) - Math.max(x - radius, 0) + 1)
    }
  }
  const out = new Float32Array(source.length)
  const sums = new Float64Array(width)
  for (let y = 0; y < Math.min(radius, height); y++) for (let x = 0; x < width; x++) sums[x]! += rows[y * width + x]!
  for (let y = 0; y < height; y++) {
    const enters = y + radius < height ? (y + radius) * width : -1
    const leaves = y - radius > 0 ? (y - radius - 1) * width : -1
    const count = Math.min(y + radius, height - 1) - Math.max(y - radius, 0) + 1
    for (let x = 0; x < width; x++) {
      let sum = sums[x]!
      if (enters >= 0) sum += rows[enters + x]!
      if (leaves >= 0) sum -= rows[leaves + x]!
      sums[x] = sum
      out[y * width + x] = sum / count
    }
  }
  return out
}

/**
 * The filter's linear function: four planes r, g, b, offset, so that the filtered mask is r R + g G + b B + offset at each pixel. Smooth, so it
 * may be enlarged and applied to the same picture in full resolution (the "fast guided filter").
 * @param guide R, G, B in 0..1
 * @param epsilon variance below which the colours count as flat
 */
export function guidedCoefficients(guide: Planes, mask: Float32Array, radius: number, epsilon: number): Planes {
  const { width, height } = guide
  const [r, g, b] = guide.planes as [Float32Array, Float32Array, Float32Array]
  const mean = (plane: Float32Array): Float32Array => boxMean(plane, width, height, radius)
  const product = (p: Float32Array, q: Float32Array): Float32Array => mean(p.map((value, i) => value * q[i]!))
  const [mr, mg, mb, mm] = [mean(r), mean(g), mean(b), mean(mask)]
  const [rr, rg, rb, gg, gb, bb] = [
    product(r, r),
    product(r, g),
    product(r, b),
    product(g, g),
    product(g, b),
    product(b, b),
  ]
  const [rm, gm, bm] = [product(r, mask), product(g, mask), product(b, mask)]
  const offset = new Float32Array(mask.length)
  for (let i = 0; i < mask.length; i++) {
    const [x, y, z, m] = [mr[i]!, mg[i]!, mb[i]!, mm[i]!]
    const [a00, a01, a02] = [rr[i]! - x * x + epsilon, rg[i]! - x * y, rb[i]! - x * z]
    const [a11, a12, a22] = [gg[i]! - y * y + epsilon, gb[i]! - y * z, bb[i]! - z * z + epsilon]
    const [v0, v1, v2] = [rm[i]! - x * m, gm[i]! - y * m, bm[i]! - z * m]
    const [c00, c01, c02] = [a11 * a22 - a12 * a12, a02 * a12 - a01 * a22, a01 * a12 - a02 * a11]
    const [c11, c12, c22] = [a00 * a22 - a02 * a02, a01 * a02 - a00 * a12, a00 * a11 - a01 * a01]
    const determinant = a00 * c00 + a01 * c01 + a02 * c02
    const k0 = (c00 * v0 + c01 * v1 + c02 * v2) / determinant
    const k1 = (c01 * v0 + c11 * v1 + c12 * v2) / determinant
    const k2 = (c02 * v0 + c12 * v1 + c22 * v2) / determinant
    rm[i] = k0
    gm[i] = k1
    bm[i] = k2
    offset[i] = m - k0 * x - k1 * y - k2 * z
  }
  return { width, height, planes: [mean(rm), mean(gm), mean(bm), mean(offset)] }
}
