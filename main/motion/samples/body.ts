// What a procedural motion says about the body at one moment (goals), and how goals become bone turns: feet are reached by
// inverse kinematics, so that a planted foot stays where it is whatever the hips do.

import { Euler, Quaternion, Vector3 } from 'three'
import { LIMB_REST, limbTurn, localTurns, solveLimb } from '../ik'
import { FOLLOW } from '../motion'
import type { Motion, Pose } from '../motion'
import { createRig, fingerBones } from '../rig'
import type { BoneName, Proportions, Rig } from '../rig'
import { writeTracks } from '../tracks'

/** Radians: yaw (to the left positive), pitch (bow forward positive), roll (towards the right positive). */
export interface Turn {
  yaw: number
  pitch: number
  roll: number
}

/** Radians; all zero = hanging straight down, palm to the thigh. */
export interface ArmGoal {
  /** Forward. */
  swing: number
  /** Sideways, outwards and up. */
  spread: number
  /** Bend of the elbow. */
  flex: number
  /** Turn about the upper arm, forearm outwards (up, when the arm is spread). */
  turn: number
  /** Bend of the wrist towards the palm. */
  wrist: number
  /** 0 = flat hand, 1 = fist. */
  curl: number
}

export interface FootGoal {
  /** Ankle joint in the world, metres. */
  ankle: Vector3
  yaw: number
  /** Heel up positive. */
  pitch: number
  /** 1 = the toes stay level (on the ground) while the heel is up, 0 = they point as the foot does. */
  toes: number
}

export interface BodyGoal {
  /** Hips joint in the world, metres. */
  hips: Vector3
  hipsTurn: Turn
  /** Against the hips. */
  chest: Turn
  /** Against the chest. */
  head: Turn
  leftArm: ArmGoal
  rightArm: ArmGoal
  leftFoot: FootGoal
  rightFoot: FootGoal
}

export const LEVEL: Turn = { yaw: 0, pitch: 0, roll: 0 }
export const HANGING: ArmGoal = { swing: 0, spread: 0.12, flex: 0.25, turn: 0, wrist: 0, curl: 0.25 }

const X = new Vector3(1, 0, 0)
const Y = new Vector3(0, 1, 0)
const Z = new Vector3(0, 0, 1)
const quaternion = ({ yaw, pitch, roll }: Turn) => new Quaternion().setFromEuler(new Euler(pitch, yaw, roll, 'YXZ'))
const axisTurn = (axis: Vector3, angle: number) => new Quaternion().setFromAxisAngle(axis, angle)

/** The ankle of a foot that stands at (x, z): rolled about its ball when the heel is up, about its heel when the toes are. */
export function plantedAnkle(p: Proportions, x: number, z: number, yaw: number, pitch: number): Vector3 {
  const pivot = pitch > 0 ? new Vector3(0, -0.75 * p.ankle, 0.65 * p.foot) : new Vector3(0, -p.ankle, -0.22 * p.foot)
  const ankle = pivot.clone().negate().applyQuaternion(axisTurn(X, pitch)).add(pivot)
  return ankle.applyQuaternion(axisTurn(Y, yaw)).add(new Vector3(x, p.ankle, z))
}

/** Height of the lowest point of a foot's sole, metres. */
export function lowestPoint(p: Proportions, { ankle, pitch, toes }: FootGoal): number {
  const below = (y: number, z: number, angle: number) => y * Math.cos(angle) - z * Math.sin(angle)
  const ball = below(-0.75 * p.ankle, 0.65 * p.foot, pitch)
  const tip = ball + below(-0.25 * p.ankle, 0.35 * p.foot, pitch > 0 ? pitch * (1 - toes) : pitch)
  return ankle.y + Math.min(below(-p.ankle, -0.22 * p.foot, pitch), ball - 0.25 * p.ankle, tip)
}

/** The pose in which `rig` reaches the goals. */
export function poseFromGoal(rig: Rig, goal: BodyGoal): Pose {
  const hips = quaternion(goal.hipsTurn)
  const chest = hips.clone().multiply(quaternion(goal.chest))
  const head = chest.clone().multiply(quaternion(goal.head))
  const world: Partial<Record<BoneName, Quaternion>> = {
    hips,
    spine: hips.clone().slerp(chest, 0.35),
    chest: hips.clone().slerp(chest, 0.7),
    upperChest: chest,
    neck: chest.clone().slerp(head, 0.5),
    head,
  }
  leg('left', goal.leftFoot)
  leg('right', goal.rightFoot)
  arm('left', goal.leftArm)
  arm('right', goal.rightArm)
  const rotations = localTurns(rig, world)
  curlFingers(rotations, 'left', goal.leftArm.curl)
  curlFingers(rotations, 'right', goal.rightArm.curl)
  return { root: goal.hips, rotations }

  function leg(side: 'left' | 'right', foot: FootGoal) {
    const p = rig.proportions
    const socket = rig.joints[rig.index.get(`${side}UpperLeg`)!]!.offset.clone().applyQuaternion(hips).add(goal.hips)
    const along = foot.ankle.clone().sub(socket)
    // the knee bends about an axis between that of the hips and that of the foot
    const left = X.clone()
      .applyQuaternion(hips)
      .add(X.clone().applyQuaternion(axisTurn(Y, foot.yaw)))
    const solved = solveLimb(LIMB_REST.leg, socket, foot.ankle, [p.upperLeg, p.lowerLeg], along.clone().cross(left))
    world[`${side}UpperLeg`] = solved.upper
    world[`${side}LowerLeg`] = solved.lower
    const level = axisTurn(Y, foot.yaw)
    world[`${side}Foot`] = level.clone().multiply(axisTurn(X, foot.pitch))
    world[`${side}Toes`] = world[`${side}Foot`]!.clone().slerp(level, foot.pitch > 0 ? foot.toes : 0)
  }

  function arm(side: 'left' | 'right', { swing, spread, flex, turn, wrist }: ArmGoal) {
    const s = side === 'left' ? 1 : -1
    const rest = side === 'left' ? LIMB_REST.leftArm : LIMB_REST.rightArm
    const raised = Math.max(0, spread - 1.2, swing - 1.6)
    const shoulder = chest.clone().multiply(axisTurn(Z, s * Math.min(0.35, 0.4 * raised)))
    const frame = chest
      .clone()
      .multiply(axisTurn(X, -swing))
      .multiply(axisTurn(Z, s * spread))
      .multiply(axisTurn(Y, s * turn))
    const bent = (angle: number) => new Vector3(0, -Math.cos(angle), Math.sin(angle)).applyQuaternion(frame)
    const hinge = new Vector3(0, -1, 0).cross(new Vector3(0, 0, -1)).applyQuaternion(frame)
    world[`${side}Shoulder`] = shoulder
    world[`${side}UpperArm`] = limbTurn(rest, bent(0), hinge)
    const lower = limbTurn(rest, bent(flex), hinge)
    world[`${side}LowerArm`] = lower
    world[`${side}Hand`] = lower.clone().multiply(axisTurn(Z, -s * wrist))
  }
}

/** Turns of the fingers for a hand between flat (0) and fist (1). */
function curlFingers(rotations: Pose['rotations'], side: 'left' | 'right', curl: number) {
  const s = side === 'left' ? 1 : -1
  for (const finger of ['Index', 'Middle', 'Ring', 'Little'] as const) {
    fingerBones(side, finger).forEach((bone, link) => {
      rotations[bone] = axisTurn(Z, -s * curl * [1.2, 1.6, 1.1][link]!)
    })
  }
  fingerBones(side, 'Thumb').forEach((bone, link) => {
    rotations[bone] = axisTurn(Y, s * curl * [0.35, 0.5, 0.6][link]!)
  })
}

/** Rate at which procedural motions are written down; between keys the error of a planted foot is below a millimetre. */
const BAKE_FPS = 30

/** Writes the goals of every moment down as a motion. */
export function bake(
  options: { name: string; duration: number; loop: boolean; proportions?: Partial<Proportions> | undefined },
  goalAt: (time: number, rig: Rig) => BodyGoal,
): Motion {
  const rig = createRig(options.proportions)
  const { name, duration, loop } = options
  const steps = Math.max(1, Math.round(duration * BAKE_FPS))
  const poses = Array.from({ length: steps + 1 }, (_, i) => {
    const time = (duration * i) / steps
    return { time, pose: poseFromGoal(rig, goalAt(time, rig)) }
  })
  return { name, duration, loop, proportions: rig.proportions, ...writeTracks(poses), framing: { ...FOLLOW } }
}
