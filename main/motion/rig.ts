// The humanoid every motion is played on: VRM 1.0 bone names incl. fingers, T-pose, metres, y up, facing +z (its left is +x).
// At rest all bones are unrotated, so a bone's world rotation simply turns its rest offset; lengths come from Proportions.

import { Vector3 } from 'three'

const FINGERS = ['Thumb', 'Index', 'Middle', 'Ring', 'Little'] as const
const SIDES = ['left', 'right'] as const
type Side = (typeof SIDES)[number]
type Finger = (typeof FINGERS)[number]

type FingerBone =
  | `${Side}Thumb${'Metacarpal' | 'Proximal' | 'Distal'}`
  | `${Side}${Exclude<Finger, 'Thumb'>}${'Proximal' | 'Intermediate' | 'Distal'}`

/** Bones that can turn (VRM 1.0 humanoid names). */
export type BoneName =
  | 'hips'
  | 'spine'
  | 'chest'
  | 'upperChest'
  | 'neck'
  | 'head'
  | `${Side}${'UpperLeg' | 'LowerLeg' | 'Foot' | 'Toes' | 'Shoulder' | 'UpperArm' | 'LowerArm' | 'Hand'}`
  | FingerBone

/** Points that only ride on a bone: the face, tips of fingers and toes, heels, top of the head. */
export type TipName = 'headTop' | 'nose' | `${Side}${'Eye' | 'Ear' | 'Heel' | 'ToeTip'}` | `${Side}${Finger}Tip`

/** Everything that has a position. */
export type JointName = BoneName | TipName

/** Lengths of the body in metres; the names say what lies between which joints. */
export interface Proportions {
  /** Between the hip joints. */
  hipWidth: number
  upperLeg: number
  lowerLeg: number
  /** Ankle joint above the sole. */
  ankle: number
  /** Ankle to the tip of the toes, along the ground. */
  foot: number
  /** Hip joints to the line of the shoulder joints. */
  torso: number
  /** Between the shoulder joints. */
  shoulderWidth: number
  upperArm: number
  lowerArm: number
  /** Wrist to the tip of the middle finger. */
  hand: number
  /** Line of the shoulders to the joint of the head. */
  neck: number
  /** Joint of the head (height of the ear lobes) to its top. */
  head: number
}

/** Height of the hips above the hip joints as a share of the torso. */
export const PELVIS = 0.12

/** An average adult of 1.72 m. */
export const AVERAGE: Readonly<Proportions> = {
  hipWidth: 0.19,
  upperLeg: 0.42,
  lowerLeg: 0.41,
  ankle: 0.08,
  foot: 0.2,
  torso: 0.48,
  shoulderWidth: 0.35,
  upperArm: 0.28,
  lowerArm: 0.25,
  hand: 0.185,
  neck: 0.14,
  head: 0.19,
}

/** A joint of the rig: its parent (null for hips) and its place at rest relative to the parent, metres. */
export interface RigJoint {
  name: JointName
  parent: number
  offset: Vector3
}

export interface Rig {
  proportions: Proportions
  /** Parents before children; `parent` is an index into this list, -1 for hips. */
  joints: RigJoint[]
  index: ReadonlyMap<JointName, number>
  /** Hips above the ground when standing in T-pose, metres. */
  hipsHeight: number
  /** Whole height standing, metres. */
  height: number
}

/** [across the palm towards the thumb, along the hand] of each finger's root, then its three lengths; shares of the hand's length. */
const FINGER_SHAPE: Record<Finger, { across: number; along: number; lengths: [number, number, number] }> = {
  Thumb: { across: 0.13, along: 0.14, lengths: [0.22, 0.17, 0.14] },
  Index: { across: 0.14, along: 0.5, lengths: [0.22, 0.13, 0.11] },
  Middle: { across: 0.03, along: 0.51, lengths: [0.24, 0.14, 0.11] },
  Ring: { across: -0.08, along: 0.48, lengths: [0.22, 0.13, 0.11] },
  Little: { across: -0.18, along: 0.44, lengths: [0.17, 0.1, 0.1] },
}

/** Bones of a finger from root to tip. */
export function fingerBones(side: Side, finger: Finger): BoneName[] {
  const links = finger === 'Thumb' ? ['Metacarpal', 'Proximal', 'Distal'] : ['Proximal', 'Intermediate', 'Distal']
  return links.map((link) => `${side}${finger}${link}` as BoneName)
}

/** The 21 joints of a hand in OpenPose's order. */
export function handJoints(side: Side): JointName[] {
  return [`${side}Hand`, ...FINGERS.flatMap((f) => [...fingerBones(side, f), `${side}${f}Tip` as const])]
}

/** The rig for a body of these proportions (metres; what is not given is average). */
export function createRig(proportions: Partial<Proportions> = {}): Rig {
  const p: Proportions = { ...AVERAGE, ...proportions }
  const joints: RigJoint[] = []
  const index = new Map<JointName, number>()
  const put = (name: JointName, parent: JointName | null, x: number, y: number, z: number) => {
    index.set(name, joints.length)
    joints.push({ name, parent: parent === null ? -1 : index.get(parent)!, offset: new Vector3(x, y, z) })
  }
  const pelvis = PELVIS * p.torso
  const hipsHeight = p.ankle + p.lowerLeg + p.upperLeg + pelvis
  put('hips', null, 0, hipsHeight, 0)
  put('spine', 'hips', 0, 0.18 * p.torso, 0)
  put('chest', 'spine', 0, 0.22 * p.torso, 0)
  put('upperChest', 'chest', 0, 0.22 * p.torso, 0)
  put('neck', 'upperChest', 0, 0.26 * p.torso + 0.25 * p.neck, 0)
  put('head', 'neck', 0, 0.75 * p.neck, 0.1 * p.neck)
  const h = p.head
  put('headTop', 'head', 0, h, 0)
  put('nose', 'head', 0, 0.24 * h, 0.58 * h)
  for (const side of SIDES) {
    const s = side === 'left' ? 1 : -1
    put(`${side}Eye`, 'head', s * 0.17 * h, 0.43 * h, 0.45 * h)
    put(`${side}Ear`, 'head', s * 0.39 * h, 0.34 * h, 0.02 * h)
    put(`${side}UpperLeg`, 'hips', (s * p.hipWidth) / 2, -pelvis, 0)
    put(`${side}LowerLeg`, `${side}UpperLeg`, 0, -p.upperLeg, 0)
    put(`${side}Foot`, `${side}LowerLeg`, 0, -p.lowerLeg, 0)
    put(`${side}Heel`, `${side}Foot`, 0, -p.ankle, -0.22 * p.foot)
    put(`${side}Toes`, `${side}Foot`, 0, -0.75 * p.ankle, 0.65 * p.foot)
    put(`${side}ToeTip`, `${side}Toes`, 0, -0.25 * p.ankle, 0.35 * p.foot)
    const collar = 0.15 * p.shoulderWidth
    put(`${side}Shoulder`, 'upperChest', (s * collar) / 2, 0.26 * p.torso, 0)
    put(`${side}UpperArm`, `${side}Shoulder`, (s * (p.shoulderWidth - collar)) / 2, 0, 0)
    put(`${side}LowerArm`, `${side}UpperArm`, s * p.upperArm, 0, 0)
    put(`${side}Hand`, `${side}LowerArm`, s * p.lowerArm, 0, 0)
    for (const finger of FINGERS) putFinger(side, s, finger)
  }
  return { proportions: p, joints, index, hipsHeight, height: hipsHeight + 0.88 * p.torso + p.neck + p.head }

  function putFinger(side: Side, s: number, finger: Finger) {
    const { across, along, lengths } = FINGER_SHAPE[finger]
    const bones = fingerBones(side, finger)
    const thumb = finger === 'Thumb'
    // the thumb leaves the hand at 45 degrees, forward and a little down; the others go straight on (palms down in T-pose)
    const [dx, dy, dz] = thumb ? [0.66 * s, -0.25, 0.71] : [s, 0, 0.35 * across]
    put(bones[0]!, `${side}Hand`, s * along * p.hand, thumb ? -0.05 * p.hand : 0, across * p.hand)
    const chain: JointName[] = [...bones, `${side}${finger}Tip`]
    lengths.forEach((share, link) => {
      const length = share * p.hand
      put(chain[link + 1]!, chain[link]!, dx * length, dy * length, dz * length)
    })
  }
}
