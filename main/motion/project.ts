// From joints in the world to the key points a pose detector would find in a picture of them.

import type { Vector3 } from 'three'
import { cameraCentre, projectPoint } from './camera'
import type { Camera } from './camera'
import { handJoints } from './rig'
import type { JointName } from './rig'
import { BODY, BODY_POINTS, emptyKeypoints } from './types'
import type { BodyPoint, Keypoints } from './types'

/** The joint behind each body point; the neck of OpenPose lies between the shoulders and is handled apart. */
const JOINT_OF: Record<Exclude<BodyPoint, 'neck'>, JointName> = {
  nose: 'nose',
  rightShoulder: 'rightUpperArm',
  rightElbow: 'rightLowerArm',
  rightWrist: 'rightHand',
  leftShoulder: 'leftUpperArm',
  leftElbow: 'leftLowerArm',
  leftWrist: 'leftHand',
  rightHip: 'rightUpperLeg',
  rightKnee: 'rightLowerLeg',
  rightAnkle: 'rightFoot',
  leftHip: 'leftUpperLeg',
  leftKnee: 'leftLowerLeg',
  leftAnkle: 'leftFoot',
  rightEye: 'rightEye',
  leftEye: 'leftEye',
  rightEar: 'rightEar',
  leftEar: 'leftEar',
}

const HANDS = { leftHand: handJoints('left'), rightHand: handJoints('right') }

/** Nearer than this (metres) a point counts as behind the camera. */
const NEAR = 0.05

/**
 * Outward direction of each face point (in the head: left, up, forward) and the cosine to the viewer at which detectors lose it:
 * a nose is seen in profile, the far eye is not; ears are seen from the front and from behind.
 */
const FACE: Partial<Record<BodyPoint, { out: [number, number, number]; lost: number }>> = {
  nose: { out: [0, 0, 1], lost: -0.15 },
  leftEye: { out: [0.5, 0, 0.87], lost: 0 },
  rightEye: { out: [-0.5, 0, 0.87], lost: 0 },
  leftEar: { out: [1, 0, 0], lost: -0.45 },
  rightEar: { out: [-1, 0, 0], lost: -0.45 },
}

/** Visibility fades over this range of cosines, so that points do not pop. */
const FADE = 0.12

/**
 * Key points of the body whose joints (world, metres) are given, as `camera` sees them. Face points turned away and points behind the
 * camera have confidence 0; points outside the picture keep theirs. Missing joints are absent.
 */
export function projectJoints(joints: ReadonlyMap<JointName, Vector3>, camera: Camera): Keypoints {
  const keypoints = emptyKeypoints()
  const visible = faceVisibility(joints, camera)
  BODY_POINTS.forEach((point, i) => {
    const place = point === 'neck' ? neckPoint(joints) : joints.get(JOINT_OF[point])
    if (place) put(keypoints.body, i, place, visible[point] ?? 1)
  })
  for (const hand of ['leftHand', 'rightHand'] as const) {
    HANDS[hand].forEach((name, i) => {
      const place = joints.get(name)
      if (place) put(keypoints[hand], i, place, 1)
    })
  }
  return keypoints

  function put(points: Float32Array, i: number, place: Vector3, confidence: number) {
    const [x, y, depth] = projectPoint(camera, place)
    if (depth < NEAR || confidence <= 0) return
    points.set([x, y, confidence], i * 3)
  }
}

function neckPoint(joints: ReadonlyMap<JointName, Vector3>): Vector3 | undefined {
  const left = joints.get('leftUpperArm')
  const right = joints.get('rightUpperArm')
  return left && right && left.clone().add(right).multiplyScalar(0.5)
}

/** Confidence 0..1 of each face point from the head's direction to the camera; empty when the head is not there. */
function faceVisibility(joints: ReadonlyMap<JointName, Vector3>, camera: Camera): Partial<Record<BodyPoint, number>> {
  const [leftEar, rightEar, nose, top] = (['leftEar', 'rightEar', 'nose', 'headTop'] as const).map((n) => joints.get(n))
  if (!leftEar || !rightEar || !nose || !top) return {}
  const centre = leftEar.clone().add(rightEar).multiplyScalar(0.5)
  const left = leftEar.clone().sub(rightEar).normalize()
  const up = top.clone().sub(centre)
  up.addScaledVector(left, -up.dot(left)).normalize()
  const forward = left.clone().cross(up)
  const view = cameraCentre(camera).sub(centre).normalize()
  const visibility: Partial<Record<BodyPoint, number>> = {}
  for (const [point, { out, lost }] of Object.entries(FACE)) {
    const cosine = view.dot(left) * out[0] + view.dot(up) * out[1] + view.dot(forward) * out[2]
    visibility[point as BodyPoint] = Math.min(1, Math.max(0, (cosine - lost) / FADE + 0.5))
  }
  return visibility
}

/** Whether the body point `index` is at all reliable. */
export function present(points: Float32Array, index: number): boolean {
  return points[index * 3 + 2]! > 0.05
}

/** Middle of the hips in pixels, or undefined when neither is seen. */
export function hipCentre(keypoints: Keypoints): [number, number] | undefined {
  const seen = [BODY.leftHip, BODY.rightHip].filter((i) => present(keypoints.body, i))
  if (seen.length === 0) return undefined
  const mean = (axis: number) => seen.reduce((sum, i) => sum + keypoints.body[i * 3 + axis]!, 0) / seen.length
  return [mean(0), mean(1)]
}
