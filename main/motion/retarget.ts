// Retargeting: the driving poses take on the proportions of the chosen human, while place, size and the ground stay as they were.
// A picture shows lengths foreshortened, so what a limb's length says is only "at least this": proportions are read from what is seen
// best, never from one view, and are kept within what bodies have. That is what prevents huge shoulders for one who sits or stands side on.

import { fitSequence } from './keypoints'
import { AVERAGE } from './rig'
import { BODY, emptyKeypoints } from './types'
import type { Keypoints, PoseSequence } from './types'

/** Parts of a body whose lengths a picture shows. */
export type Part =
  'shoulderWidth' | 'hipWidth' | 'torso' | 'upperArm' | 'lowerArm' | 'upperLeg' | 'lowerLeg' | 'neck' | 'head'

/** Which points span a part (either side will do), its average length in metres, and how far a body may be from the average. */
const PARTS: Record<Part, { spans: (readonly [number, number])[]; average: number; range: readonly [number, number] }> =
  {
    shoulderWidth: {
      spans: [[BODY.leftShoulder, BODY.rightShoulder]],
      average: AVERAGE.shoulderWidth,
      range: [0.8, 1.3],
    },
    hipWidth: { spans: [[BODY.leftHip, BODY.rightHip]], average: AVERAGE.hipWidth, range: [0.75, 1.35] },
    torso: {
      spans: [
        [BODY.neck, BODY.leftHip],
        [BODY.neck, BODY.rightHip],
      ],
      average: Math.hypot(AVERAGE.torso, AVERAGE.hipWidth / 2),
      range: [0.8, 1.2],
    },
    upperArm: {
      spans: [
        [BODY.leftShoulder, BODY.leftElbow],
        [BODY.rightShoulder, BODY.rightElbow],
      ],
      average: AVERAGE.upperArm,
      range: [0.8, 1.25],
    },
    lowerArm: {
      spans: [
        [BODY.leftElbow, BODY.leftWrist],
        [BODY.rightElbow, BODY.rightWrist],
      ],
      average: AVERAGE.lowerArm,
      range: [0.8, 1.25],
    },
    upperLeg: {
      spans: [
        [BODY.leftHip, BODY.leftKnee],
        [BODY.rightHip, BODY.rightKnee],
      ],
      average: AVERAGE.upperLeg,
      range: [0.8, 1.2],
    },
    lowerLeg: {
      spans: [
        [BODY.leftKnee, BODY.leftAnkle],
        [BODY.rightKnee, BODY.rightAnkle],
      ],
      average: AVERAGE.lowerLeg,
      range: [0.8, 1.2],
    },
    neck: { spans: [[BODY.neck, BODY.nose]], average: AVERAGE.neck + 0.24 * AVERAGE.head, range: [0.75, 1.35] },
    head: { spans: [[BODY.leftEar, BODY.rightEar]], average: 0.78 * AVERAGE.head, range: [0.85, 1.25] },
  }

const NAMES = Object.keys(PARTS) as Part[]
/** Parts that tell how large a person appears: long ones, which cannot all be foreshortened at once. */
const SCALE_PARTS: Part[] = ['torso', 'upperArm', 'lowerArm', 'upperLeg', 'lowerLeg', 'shoulderWidth']
/** A short limb in few pictures is as likely one that points at the camera: only half of its shortness is believed. */
const FEW_POSES = 10
export type BodyShape = Record<Part, number>

export interface Reference {
  keypoints: Keypoints
  width: number
  height: number
}

/** Lengths of the parts of whoever is seen in these poses, in shares of the average body's. What is never seen well is 1. */
export function bodyShape(poses: readonly Keypoints[]): BodyShape {
  const seen = poses.map(({ body }) => lengths(body))
  const scales = seen.map(apparentScale)
  const shape = Object.fromEntries(NAMES.map((name) => [name, 1])) as BodyShape
  for (const name of NAMES) {
    const { range } = PARTS[name]
    const shares = seen.flatMap((one, i) => (one[name] !== undefined && scales[i] ? [one[name] / scales[i]] : []))
    if (shares.length < 0.1 * poses.length || shares.length === 0) continue
    const best = percentile(shares, 0.9)
    // shorter than any body's: it was never seen but from its end or its side, and says nothing
    if (best < range[0]) continue
    const believed = best < 1 && poses.length < FEW_POSES ? (1 + best) / 2 : best
    shape[name] = Math.min(range[1], believed)
  }
  return shape
}

/** Length of each part that is seen, in average bodies (pixels per metre of an average body). */
function lengths(body: Float32Array): Partial<BodyShape> {
  const result: Partial<BodyShape> = {}
  for (const name of NAMES) {
    const spans = PARTS[name].spans.filter(([a, b]) => body[a * 3 + 2]! > 0.1 && body[b * 3 + 2]! > 0.1)
    const long = spans.map(([a, b]) => Math.hypot(body[a * 3]! - body[b * 3]!, body[a * 3 + 1]! - body[b * 3 + 1]!))
    if (long.length > 0) result[name] = Math.max(...long) / PARTS[name].average
  }
  return result
}

/** Pixels per metre at which the person appears: the mean of its two best seen long parts, since others may be foreshortened. */
function apparentScale(seen: Partial<BodyShape>): number | undefined {
  const [first, second] = SCALE_PARTS.flatMap((name) => seen[name] ?? []).sort((a, b) => b - a)
  return first === undefined || second === undefined ? undefined : (first + second) / 2
}

/** How much longer than the driving body's each part of the reference human is. */
export function bodyRatios(sequence: PoseSequence, reference: Reference): BodyShape {
  const human = bodyShape([reference.keypoints])
  const driving = bodyShape(sequence.frames)
  return Object.fromEntries(NAMES.map((name) => [name, human[name] / driving[name]])) as BodyShape
}

/**
 * The driving poses with the reference human's proportions, in pixels of the output frame. The figure stands as high in the frame as the
 * driving one, at the same place, with its feet on the same line. One set of ratios for the whole clip, so nothing breathes.
 */
export function retarget(
  sequence: PoseSequence,
  reference: Reference,
  output: { width: number; height: number },
): PoseSequence {
  const fitted = fitSequence(sequence, output.width, output.height)
  const ratios = bodyRatios(sequence, reference)
  const standing = (by: (name: Part) => number) =>
    (['torso', 'upperLeg', 'lowerLeg', 'neck'] as const).reduce(
      (sum, name) => sum + by(name) * PARTS[name].average,
      AVERAGE.head * by('head'),
    )
  const driving = bodyShape(sequence.frames)
  const same = standing((name) => driving[name]) / standing((name) => driving[name] * ratios[name])
  const factors = Object.fromEntries(NAMES.map((name) => [name, ratios[name] * same])) as BodyShape
  const posed = fitted.frames.map((frame) => reshape(frame, factors, same))
  const shifts = smoothed(
    fitted.frames.map((frame, i) => groundShift(frame.body, posed[i]!.body)),
    0.12 * sequence.fps,
  )
  posed.forEach((frame, i) => {
    for (const points of [frame.body, frame.leftHand, frame.rightHand])
      for (let k = 0; k < points.length; k += 3) if (points[k + 2]! > 0) points[k + 1] = points[k + 1]! + shifts[i]!
  })
  return { ...fitted, frames: posed }
}

/** Every point hangs on another by a part; walking down this list, parents come first. */
const CHAIN: readonly (readonly [point: number, parent: number, part: Part])[] = [
  [BODY.leftShoulder, BODY.neck, 'shoulderWidth'],
  [BODY.rightShoulder, BODY.neck, 'shoulderWidth'],
  [BODY.leftElbow, BODY.leftShoulder, 'upperArm'],
  [BODY.rightElbow, BODY.rightShoulder, 'upperArm'],
  [BODY.leftWrist, BODY.leftElbow, 'lowerArm'],
  [BODY.rightWrist, BODY.rightElbow, 'lowerArm'],
  [BODY.leftKnee, BODY.leftHip, 'upperLeg'],
  [BODY.rightKnee, BODY.rightHip, 'upperLeg'],
  [BODY.leftAnkle, BODY.leftKnee, 'lowerLeg'],
  [BODY.rightAnkle, BODY.rightKnee, 'lowerLeg'],
  [BODY.nose, BODY.neck, 'neck'],
  [BODY.leftEye, BODY.nose, 'head'],
  [BODY.rightEye, BODY.nose, 'head'],
  [BODY.leftEar, BODY.nose, 'head'],
  [BODY.rightEar, BODY.nose, 'head'],
]

/** One pose with its parts scaled, around the middle of its hips. `all` scales what hangs on nothing that is seen. */
function reshape(pose: Keypoints, factors: BodyShape, all: number): Keypoints {
  const out = emptyKeypoints()
  const { body } = pose
  const seen = (i: number) => body[i * 3 + 2]! > 0
  const at = (points: Float32Array, i: number) => [points[i * 3]!, points[i * 3 + 1]!] as const
  const anchor = anchorOf(body)
  if (!anchor) return out
  const put = (i: number, from: readonly [number, number], to: readonly [number, number], factor: number) => {
    const [x, y] = at(body, i)
    out.body.set([to[0] + (x - from[0]) * factor, to[1] + (y - from[1]) * factor, body[i * 3 + 2]!], i * 3)
  }
  for (const hip of [BODY.leftHip, BODY.rightHip]) if (seen(hip)) put(hip, anchor, anchor, factors.hipWidth)
  if (seen(BODY.neck)) put(BODY.neck, anchor, anchor, factors.torso)
  for (const [point, parent, part] of CHAIN) {
    if (!seen(point)) continue
    if (seen(parent)) put(point, at(body, parent), at(out.body, parent), factors[part])
    else put(point, anchor, anchor, all)
  }
  const hands = [
    [pose.leftHand, out.leftHand, BODY.leftWrist],
    [pose.rightHand, out.rightHand, BODY.rightWrist],
  ] as const
  for (const [from, to, wrist] of hands) {
    const [a, b] = seen(wrist) ? [at(body, wrist), at(out.body, wrist)] : [anchor, anchor]
    const factor = seen(wrist) ? factors.lowerArm : all
    for (let i = 0; i < 21; i++) {
      if (from[i * 3 + 2]! === 0) continue
      const [x, y] = at(from, i)
      to.set([b[0] + (x - a[0]) * factor, b[1] + (y - a[1]) * factor, from[i * 3 + 2]!], i * 3)
    }
  }
  return out
}

/** The point that stays: middle of the hips, else one hip, else the neck, else the middle of what is seen. */
function anchorOf(body: Float32Array): readonly [number, number] | undefined {
  const middle = (indices: number[]): readonly [number, number] | undefined => {
    const seen = indices.filter((i) => body[i * 3 + 2]! > 0)
    if (seen.length === 0) return undefined
    const mean = (axis: number) => seen.reduce((sum, i) => sum + body[i * 3 + axis]!, 0) / seen.length
    return [mean(0), mean(1)]
  }
  return middle([BODY.leftHip, BODY.rightHip]) ?? middle([BODY.neck]) ?? middle(Array.from({ length: 18 }, (_, i) => i))
}

/** How far down the new pose must go for its lower foot to be where the old one's was; both count when both stand. */
function groundShift(before: Float32Array, after: Float32Array): number | undefined {
  const feet = [BODY.leftAnkle, BODY.rightAnkle].filter((i) => before[i * 3 + 2]! > 0 && after[i * 3 + 2]! > 0)
  if (feet.length === 0) return undefined
  const low = Math.max(...feet.map((i) => before[i * 3 + 1]!))
  const ys = before.filter((_, k) => k % 3 === 1 && before[k + 1]! > 0)
  const soft = 0.03 * Math.max(1, low - Math.min(...ys))
  let sum = 0
  let weights = 0
  for (const i of feet) {
    const weight = Math.exp((before[i * 3 + 1]! - low) / soft)
    sum += weight * (before[i * 3 + 1]! - after[i * 3 + 1]!)
    weights += weight
  }
  return sum / weights
}

/** A Gaussian over time (sigma in frames) that passes over what is unknown; 0 when nothing is known. */
function smoothed(values: (number | undefined)[], sigma: number): number[] {
  const usual =
    percentile(
      values.filter((value) => value !== undefined),
      0.5,
    ) ?? 0
  const reach = Math.ceil(3 * sigma)
  return values.map((_, i) => {
    let sum = 0
    let weights = 0
    for (let k = Math.max(0, i - reach); k <= Math.min(values.length - 1, i + reach); k++) {
      if (values[k] === undefined) continue
      const weight = Math.exp(-0.5 * ((k - i) / sigma) ** 2)
      sum += weight * values[k]!
      weights += weight
    }
    return weights > 0 ? sum / weights : usual
  })
}

function percentile(values: number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.round(share * (values.length - 1))]!
}
