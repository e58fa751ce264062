// The figure that artists see in both views: which points are joined, on which side of the body, and how thick. Left and right are
// the person's own, so their colours mean the same from every side.
import { BODY, HAND_LIMBS, handJoints } from '../../main/motion'
import type { JointName } from '../../main/motion'

export type Side = 'left' | 'right' | 'center'

export interface Link<Point> {
  readonly from: Point
  readonly to: Point
  readonly side: Side
  /** Share of a limb's thickness. */
  readonly weight: number
  /** Whether the far end shows a round joint. */
  readonly joint: boolean
}

const FINGER = 0.34

/** Links between joints of the rig. */
export const rigLinks: readonly Link<JointName>[] = [
  link('hips', 'chest', 'center', 1.15, false),
  link('chest', 'neck', 'center', 1.15, true),
  link('neck', 'head', 'center', 1, false),
  link('head', 'headTop', 'center', 1, true),
  link('head', 'nose', 'center', 0.45, false),
  ...(['left', 'right'] as const).flatMap((side) => [
    link<JointName>('hips', `${side}UpperLeg`, side, 1, true),
    link<JointName>(`${side}UpperLeg`, `${side}LowerLeg`, side, 1, true),
    link<JointName>(`${side}LowerLeg`, `${side}Foot`, side, 1, true),
    link<JointName>(`${side}Foot`, `${side}ToeTip`, side, 0.75, false),
    link<JointName>('neck', `${side}UpperArm`, side, 1, true),
    link<JointName>(`${side}UpperArm`, `${side}LowerArm`, side, 1, true),
    link<JointName>(`${side}LowerArm`, `${side}Hand`, side, 1, true),
    ...fingers(handJoints(side), side),
  ]),
]

/** Links between body points of a 2D pose; the spine, which OpenPose does not have, is drawn apart (neck to the middle of the hips). */
export const bodyLinks: readonly Link<number>[] = [
  link(BODY.neck, BODY.nose, 'center', 1, true),
  link(BODY.nose, BODY.leftEye, 'left', 0.4, false),
  link(BODY.leftEye, BODY.leftEar, 'left', 0.4, false),
  link(BODY.nose, BODY.rightEye, 'right', 0.4, false),
  link(BODY.rightEye, BODY.rightEar, 'right', 0.4, false),
  link(BODY.neck, BODY.leftShoulder, 'left', 1, true),
  link(BODY.leftShoulder, BODY.leftElbow, 'left', 1, true),
  link(BODY.leftElbow, BODY.leftWrist, 'left', 1, true),
  link(BODY.neck, BODY.rightShoulder, 'right', 1, true),
  link(BODY.rightShoulder, BODY.rightElbow, 'right', 1, true),
  link(BODY.rightElbow, BODY.rightWrist, 'right', 1, true),
  link(BODY.leftHip, BODY.leftKnee, 'left', 1, true),
  link(BODY.leftKnee, BODY.leftAnkle, 'left', 1, true),
  link(BODY.rightHip, BODY.rightKnee, 'right', 1, true),
  link(BODY.rightKnee, BODY.rightAnkle, 'right', 1, true),
]

/** Links between the 21 points of a 2D hand. */
export const handLinks = (side: Side): Link<number>[] =>
  HAND_LIMBS.map(([from, to]) => link(from, to, side, FINGER, false))

function fingers(joints: readonly JointName[], side: Side): Link<JointName>[] {
  return HAND_LIMBS.map(([from, to]) => link(joints[from], joints[to], side, FINGER, false))
}

function link<Point>(from: Point, to: Point, side: Side, weight: number, joint: boolean): Link<Point> {
  return { from, to, side, weight, joint }
}
