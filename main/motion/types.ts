// The vocabulary of motion: key points of a picture, sequences of them, and the order of OpenPose's joints.
// Left and right are always the person's own.

/**
 * Key points of one person in one picture. Each array holds x, y, confidence per point: pixels (x right, y down, the centre of
 * the first pixel at 0.5), confidence 0..1 with 0 = absent (its x, y mean nothing). A point may lie outside the picture.
 */
export interface Keypoints {
  /** 18 x 3, in the order of BODY_POINTS (OpenPose COCO-18). */
  body: Float32Array
  /** 21 x 3: wrist, then thumb, index, middle, ring, little, each from root to tip (OpenPose hand). */
  leftHand: Float32Array
  rightHand: Float32Array
}

/** Key points over time in a frame of width x height pixels: the only thing the network sees of body and camera. */
export interface PoseSequence {
  width: number
  height: number
  fps: number
  frames: Keypoints[]
}

/** Names of OpenPose's 18 body points, in order. */
export const BODY_POINTS = [
  'nose',
  'neck',
  'rightShoulder',
  'rightElbow',
  'rightWrist',
  'leftShoulder',
  'leftElbow',
  'leftWrist',
  'rightHip',
  'rightKnee',
  'rightAnkle',
  'leftHip',
  'leftKnee',
  'leftAnkle',
  'rightEye',
  'leftEye',
  'rightEar',
  'leftEar',
] as const

export type BodyPoint = (typeof BODY_POINTS)[number]

/** Index of each body point in `Keypoints.body`. */
export const BODY = Object.fromEntries(BODY_POINTS.map((name, index) => [name, index])) as Record<BodyPoint, number>

/** Limbs between body points as OpenPose draws them; the i-th has the i-th OpenPose colour. */
export const BODY_LIMBS: readonly (readonly [number, number])[] = [
  [BODY.neck, BODY.rightShoulder],
  [BODY.neck, BODY.leftShoulder],
  [BODY.rightShoulder, BODY.rightElbow],
  [BODY.rightElbow, BODY.rightWrist],
  [BODY.leftShoulder, BODY.leftElbow],
  [BODY.leftElbow, BODY.leftWrist],
  [BODY.neck, BODY.rightHip],
  [BODY.rightHip, BODY.rightKnee],
  [BODY.rightKnee, BODY.rightAnkle],
  [BODY.neck, BODY.leftHip],
  [BODY.leftHip, BODY.leftKnee],
  [BODY.leftKnee, BODY.leftAnkle],
  [BODY.neck, BODY.nose],
  [BODY.nose, BODY.rightEye],
  [BODY.rightEye, BODY.rightEar],
  [BODY.nose, BODY.leftEye],
  [BODY.leftEye, BODY.leftEar],
]

/** Bones of a hand as pairs of its 21 points: four per finger, thumb first. */
export const HAND_LIMBS: readonly (readonly [number, number])[] = [0, 1, 2, 3, 4].flatMap((finger) =>
  [0, 1, 2, 3].map((link) => [link === 0 ? 0 : finger * 4 + link, finger * 4 + link + 1] as const),
)

/** All points absent. */
export function emptyKeypoints(): Keypoints {
  return { body: new Float32Array(18 * 3), leftHand: new Float32Array(21 * 3), rightHand: new Float32Array(21 * 3) }
}

/** The three arrays of `keypoints`, for work that treats every point alike. */
export function pointArrays(keypoints: Keypoints): [Float32Array, Float32Array, Float32Array] {
  return [keypoints.body, keypoints.leftHand, keypoints.rightHand]
}
