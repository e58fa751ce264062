// From MediaPipe's 33 points to the house's key points (OpenPose's 18 of the body, 21 per hand).
import { BODY, type BodyPoint, type Keypoints, emptyKeypoints } from '../../motion/types'
import type { Landmark } from './landmarks'

/** The landmark behind each body point; the neck lies between the shoulders. */
const SOURCE: Record<Exclude<BodyPoint, 'neck'>, number> = {
  nose: 0,
  leftEye: 2,
  rightEye: 5,
  leftEar: 7,
  rightEar: 8,
  leftShoulder: 11,
  rightShoulder: 12,
  leftElbow: 13,
  rightElbow: 14,
  leftWrist: 15,
  rightWrist: 16,
  leftHip: 23,
  rightHip: 24,
  leftKnee: 25,
  rightKnee: 26,
  leftAnkle: 27,
  rightAnkle: 28,
}

/** Hand points that MediaPipe's body network knows: the wrist and the first knuckles of thumb, index and little finger. */
const HANDS = {
  leftHand: { 0: 15, 2: 21, 5: 19, 17: 17 },
  rightHand: { 0: 16, 2: 22, 5: 20, 17: 18 },
}

/** A point that is in the picture but hidden (an arm behind the back) keeps this much, so that the limb stays known. */
const HIDDEN = 0.3

/** Outward direction of the face points in the head (left, up, forward) and the cosine to the viewer at which they are lost, as `motion/project` has them. */
const FACE: Partial<Record<BodyPoint, readonly [left: number, up: number, forward: number, lost: number]>> = {
  nose: [0, 0, 1, -0.15],
  leftEye: [0.5, 0, 0.87, 0],
  rightEye: [-0.5, 0, 0.87, 0],
  leftEar: [1, 0, 0, -0.45],
  rightEar: [-1, 0, 0, -0.45],
}
const FADE = 0.12

/**
 * Key points in picture pixels. Confidence: 0 for a point outside the picture (a person cut at the knees has no ankles; the guessed place is kept)
 * and for face points turned away; else presence x (0.3 for hidden ... 1 for plainly seen).
 */
export function toKeypoints(landmarks: readonly Landmark[], width: number, height: number): Keypoints {
  const keypoints = emptyKeypoints()
  const face = faceVisibility(landmarks)
  const confidence = ({ x, y, presence, visibility }: Landmark): number => {
    const inside = x >= 0 && y >= 0 && x <= width && y <= height
    return inside && presence >= 0.5 ? presence * (HIDDEN + (1 - HIDDEN) * visibility) : 0
  }
  for (const [name, index] of Object.entries(SOURCE) as [BodyPoint, number][]) {
    const landmark = landmarks[index]!
    keypoints.body.set([landmark.x, landmark.y, confidence(landmark) * (face[name] ?? 1)], BODY[name] * 3)
  }
  const [left, right] = [11, 12].map((index) => landmarks[index]!) as [Landmark, Landmark]
  const neck: Landmark = {
    x: (left.x + right.x) / 2,
    y: (left.y + right.y) / 2,
    visibility: Math.min(left.visibility, right.visibility),
    presence: Math.min(left.presence, right.presence),
    world: middle(left.world, right.world),
  }
  keypoints.body.set([neck.x, neck.y, confidence(neck)], BODY.neck * 3)
  for (const hand of ['leftHand', 'rightHand'] as const) {
    for (const [point, index] of Object.entries(HANDS[hand])) {
      const landmark = landmarks[index]!
      keypoints[hand].set([landmark.x, landmark.y, confidence(landmark)], Number(point) * 3)
    }
  }
  return keypoints
}

type Vector = readonly [number, number, number]
const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
const middle = (a: Vector, b: Vector): [number, number, number] => [
  (a[0] + b[0]) / 2,
  (a[1] + b[1]) / 2,
  (a[2] + b[2]) / 2,
]
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const unit = (a: Vector): Vector => {
  const length = Math.hypot(...a) || 1
  return [a[0] / length, a[1] / length, a[2] / length]
}

/** How much of each face point the viewer sees (0..1), from the direction of the head in space: the network marks faces as visible even from behind. */
function faceVisibility(landmarks: readonly Landmark[]): Partial<Record<BodyPoint, number>> {
  const world = (index: number): Vector => landmarks[index]!.world
  const left = unit(minus(world(7), world(8)))
  const rise = minus(middle(world(2), world(5)), middle(world(9), world(10)))
  const along = dot(rise, left)
  const up = unit(minus(rise, [left[0] * along, left[1] * along, left[2] * along]))
  const forwardZ = left[0] * up[1] - left[1] * up[0] // left x up, its component away from the viewer
  const visible: Partial<Record<BodyPoint, number>> = {}
  for (const [name, [l, u, f, lost]] of Object.entries(FACE)) {
    const cosine = -(left[2] * l + up[2] * u + forwardZ * f)
    visible[name as BodyPoint] = Math.min(1, Math.max(0, (cosine - lost) / FADE + 0.5))
  }
  return visible
}
