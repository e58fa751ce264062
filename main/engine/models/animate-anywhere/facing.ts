// Which way a person and their head face, told by eyes, ears and nose, and where the head's middle is.
import type { Keypoints } from '../../../motion/types'

export interface Point {
  readonly x: number
  readonly y: number
}
export type PointReader = (joint: number) => Point | undefined

/** Confidence below which a joint counts as absent. */
export const absent = 0.05

/** The joints of a pose that are there. */
export const reader =
  ({ body }: Keypoints): PointReader =>
  (joint) =>
    body[joint * 3 + 2]! >= absent ? { x: body[joint * 3]!, y: body[joint * 3 + 1]! } : undefined

/** The way a head faces: the cosine and sine of its turn, 0 from the front, a quarter turn to the right of the picture. */
export interface Turn {
  readonly cos: number
  readonly sin: number
}

/** Of a head's points, in shares of each other: distance of the ears to that of the eyes and of the shoulders, half the ears' to the nose's. */
const ears = { perEyes: 1.15, perShoulders: 0.44, perNose: 0.67 }

/**
 * The head's middle, which lies between the ears whichever way it turns, and the way it faces. Where one ear is hidden, the distance of
 * the eyes, or else of the shoulders, tells where the other one is. Ears and eyes are level, so a turning head does not nod.
 */
export function headOf(at: PointReader): { centre: Point; turn: Turn } | undefined {
  const [nose, rightEye, leftEye, rightEar, leftEar, rightShoulder, leftShoulder] = [0, 14, 15, 16, 17, 2, 5].map(at)
  const mean = (points: readonly (Point | undefined)[], axis: 'x' | 'y') => {
    const seen = points.filter((p): p is Point => p !== undefined)
    return seen.length ? seen.reduce((sum, p) => sum + p[axis], 0) / seen.length : undefined
  }
  const y = mean([rightEye, leftEye, rightEar, leftEar], 'y') ?? nose?.y
  const across = (right: Point | undefined, left: Point | undefined, unit: number) =>
    right && left ? unit * (left.x - right.x) : undefined
  /** From the right ear to the left one. */
  const width =
    across(rightEar, leftEar, 1) ??
    across(rightEye, leftEye, 2 * ears.perEyes) ??
    across(rightShoulder, leftShoulder, ears.perShoulders) ??
    0
  const x =
    rightEar && leftEar
      ? (rightEar.x + leftEar.x) / 2
      : rightEar
        ? rightEar.x + width / 2
        : leftEar
          ? leftEar.x - width / 2
          : (mean([rightEye, leftEye], 'x') ?? nose?.x)
  if (x === undefined || y === undefined) return undefined
  const shoulders = Math.abs(across(rightShoulder, leftShoulder, ears.perShoulders) ?? width)
  const forward = nose
    ? (nose.x - x) * 2 * ears.perNose
    : rightEar && !leftEar
      ? Math.max(shoulders, 1e-3)
      : leftEar && !rightEar
        ? -Math.max(shoulders, 1e-3)
        : 0
  const length = Math.hypot(width, forward)
  return { centre: { x, y }, turn: length > 1e-6 ? { cos: width / length, sin: forward / length } : { cos: 1, sin: 0 } }
}

/**
 * Which way the person faces, and so which side is nearer: 1 to the right of the picture, with the right side nearer, -1 to the left;
 * by where the nose lies between the ears, or the ear that is seen.
 */
export function nearSide(pose: Keypoints): number {
  const at = reader(pose)
  const [nose, neck, right, left] = [0, 1, 16, 17].map((joint) => at(joint)?.x)
  if (right !== undefined && left === undefined) return 1
  if (left !== undefined && right === undefined) return -1
  if (nose === undefined) return 0
  if (right === undefined || left === undefined) return neck === undefined ? 0 : Math.sign(nose - neck)
  return Math.min(Math.max((1.5 * (nose - (right + left) / 2)) / Math.max(Math.abs(left - right), 1), -1), 1)
}

/** A frame's value and those of two frames each way: one frame's doubt is no turn. */
const near = <Value>(values: readonly Value[], t: number): Value[] => values.slice(Math.max(0, t - 2), t + 3)

/** A running mean. */
export const smooth = (values: readonly number[]): number[] =>
  values.map((_, t) => {
    const around = near(values, t)
    return around.reduce((a, b) => a + b, 0) / around.length
  })

/** The like for turns. */
export function smoothTurns(turns: readonly (Turn | undefined)[]): (Turn | undefined)[] {
  return turns.map((turn, t) => {
    if (!turn) return undefined
    const around = near(turns, t).filter((n): n is Turn => n !== undefined)
    const [cos, sin] = [around.reduce((sum, n) => sum + n.cos, 0), around.reduce((sum, n) => sum + n.sin, 0)]
    const length = Math.max(Math.hypot(cos, sin), 1e-6)
    return { cos: cos / length, sin: sin / length }
  })
}
