// Where one point of a picture can be seen in another: not on the whole epipolar line but on a piece of it, between the places of a
// point at infinity and of the nearest one there may be, in front of both cameras and within the frame. When the second camera stands
// where the first stood, both places are one: the segment is a point, and no case of its own.
import { apply, invert, multiply, relativePose } from './epipolar'
import type { Matrix3, Point } from './epipolar'

/** A pinhole camera: K (3x3) in the unit that points are given in, world-to-camera [R | t] (3x4), row-major. */
export interface View {
  readonly K: Matrix3
  readonly w2c: ArrayLike<number>
}

/** The point x at depth z of the first picture is seen at infinity (x, y, 1) + near / z, as homogeneous points of the second picture. */
export interface Transfer {
  /** K2 R K1^-1, the homography of the plane at infinity. */
  readonly infinity: Matrix3
  /** K2 t, the first camera's centre in the second picture: the epipole. */
  readonly near: readonly [number, number, number]
}

export type Segment = readonly [x0: number, y0: number, x1: number, y1: number]

/** The part of a picture that counts. */
export interface Frame {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export function transferBetween(first: View, second: View): Transfer {
  const { R, t } = relativePose(first.w2c, second.w2c)
  return {
    infinity: multiply(multiply(second.K, R), invert(first.K)),
    near: apply(second.K, [t[0]!, t[1]!, t[2]!]),
  }
}

/**
 * Where in `frame` of the second picture the point (x, y) of the first can be seen, if it is no nearer to the first camera than
 * `nearest` (depth along the view, unit of the translations, positive). The far end comes first. Undefined when it cannot be seen there.
 */
export function segmentOf(
  { infinity, near }: Transfer,
  [x, y]: Point,
  { left, top, right, bottom }: Frame,
  nearest: number,
): Segment | undefined {
  const far = apply(infinity, [x, y, 1])
  // The point is at far + l near, l = 1 / depth. Each side of the frame bounds l, linearly since the points are homogeneous.
  let [from, to] = [0, 1 / nearest]
  for (const [sx, sy, sw] of [
    [1, 0, -left],
    [-1, 0, right],
    [0, 1, -top],
    [0, -1, bottom],
    [0, 0, 1],
  ] as const) {
    const start = sx * far[0] + sy * far[1] + sw * far[2]
    const slope = sx * near[0] + sy * near[1] + sw * near[2]
    if (slope > 0) from = Math.max(from, -start / slope)
    else if (slope < 0) to = Math.min(to, -start / slope)
    else if (start < 0) return undefined
  }
  if (from > to) return undefined
  const ends = [from, to].flatMap((l) => {
    const [u, v, w] = [far[0] + l * near[0], far[1] + l * near[1], far[2] + l * near[2]]
    return [u / w, v / w]
  })
  return ends.every(Number.isFinite) ? (ends as unknown as Segment) : undefined
}
