// Two views of a still scene (Hartley and Zisserman, chapter 9): where a point of one picture may appear in the other. Training asks
// attention to keep to these lines. Matrices are row-major arrays of 9; points and lines are in pixels.

export type Matrix3 = ArrayLike<number>
export type Point = readonly [x: number, y: number]
/** a x + b y + c = 0 with a^2 + b^2 = 1, so that a x + b y + c is a signed distance in pixels. */
export type Line = readonly [a: number, b: number, c: number]

/** Takes camera-1 coordinates to camera-2 coordinates: X2 = R X1 + t. */
export interface RelativePose {
  R: Matrix3
  t: ArrayLike<number>
}

/** From two world-to-camera matrices [R | t] (3x4, row-major, 12 numbers each). */
export function relativePose(first: ArrayLike<number>, second: ArrayLike<number>): RelativePose {
  const rotation = (m: ArrayLike<number>) => [m[0]!, m[1]!, m[2]!, m[4]!, m[5]!, m[6]!, m[8]!, m[9]!, m[10]!]
  const R = multiply(rotation(second), transpose(rotation(first)))
  const moved = apply(R, [first[3]!, first[7]!, first[11]!])
  return { R, t: [second[3]! - moved[0], second[7]! - moved[1], second[11]! - moved[2]] }
}

/**
 * F with x2^T F x1 = 0 for every point seen at x1 in the first and x2 in the second picture: K2^-T [t]x R K1^-1, of unit Frobenius
 * norm. Undefined when the cameras share a centre (t = 0): then there are no epipolar lines, a homography relates the pictures.
 */
export function fundamentalMatrix(K1: Matrix3, K2: Matrix3, { R, t }: RelativePose): Float64Array | undefined {
  const [tx, ty, tz] = [t[0]!, t[1]!, t[2]!]
  const cross = [0, -tz, ty, tz, 0, -tx, -ty, tx, 0]
  const F = multiply(multiply(transpose(invert(K2)), multiply(cross, R)), invert(K1))
  const norm = Math.hypot(...F)
  return Math.hypot(tx, ty, tz) > 1e-9 && norm > 0 ? F.map((value) => value / norm) : undefined
}

/** The line in the second picture on which the point `x1` of the first must appear. Undefined at the epipole (within rounding). */
export function epipolarLine(F: Matrix3, x1: Point): Line | undefined {
  const [a, b, c] = apply(F, [x1[0], x1[1], 1])
  const length = Math.hypot(a, b)
  return length > 1e-12 ? [a / length, b / length, c / length] : undefined
}

/** Distance of a point from a line, pixels. */
export function distanceToLine([a, b, c]: Line, [x, y]: Point): number {
  return Math.abs(a * x + b * y + c)
}

/** m (x, y, z). */
export function apply(m: Matrix3, [x, y, z]: readonly [number, number, number]): [number, number, number] {
  return [m[0]! * x + m[1]! * y + m[2]! * z, m[3]! * x + m[4]! * y + m[5]! * z, m[6]! * x + m[7]! * y + m[8]! * z]
}

/** a b. */
export function multiply(a: Matrix3, b: Matrix3): Float64Array {
  const out = new Float64Array(9)
  for (let i = 0; i < 9; i++) {
    const row = i - (i % 3)
    const column = i % 3
    out[i] = a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!
  }
  return out
}

function transpose(m: Matrix3): number[] {
  return [m[0]!, m[3]!, m[6]!, m[1]!, m[4]!, m[7]!, m[2]!, m[5]!, m[8]!]
}

/** The inverse; throws when there is none. */
export function invert(m: Matrix3): Float64Array {
  const [a, b, c, d, e, f, g, h, i] = Array.from(m) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const adjugate = [
    e * i - f * h, c * h - b * i, b * f - c * e,
    f * g - d * i, a * i - c * g, c * d - a * f,
    d * h - e * g, b * g - a * h, a * e - b * d,
  ] // prettier-ignore
  const determinant = a * adjugate[0]! + b * adjugate[3]! + c * adjugate[6]!
  if (!(Math.abs(determinant) > 0))
    throw new Error(`epipolar geometry: camera matrix [${Array.from(m).join(', ')}] has no inverse`)
  return Float64Array.from(adjugate, (value) => value / determinant)
}
