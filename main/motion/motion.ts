// A motion: keyframes of the hips' place and of the bones' turns over seconds, and how they are read at any time.
// Plain data, so that it can be edited, undone, sent between processes and written to a file as it is.

import { Quaternion, Vector3 } from 'three'
import { bezierEase } from './easing'
import type { Ease } from './easing'
import { createRig } from './rig'
import type { BoneName, JointName, Proportions, Rig } from './rig'

export type Vec3 = [number, number, number]
/** x, y, z, w; unit length. */
export type Quat = [number, number, number, number]

/** A value at a time in seconds; `ease` shapes the way to the next key (linear when absent). */
export interface Key<V> {
  time: number
  value: V
  ease?: Ease
}

export interface Motion {
  name: string
  /** Seconds; keys lie within 0..duration. */
  duration: number
  /** A looping motion goes on where it ended: travel and turn of one round are carried into the next. */
  loop: boolean
  /** The body it is played on. */
  proportions: Proportions
  /** Hips in the world, metres, sorted by time, never empty. */
  root: Key<Vec3>[]
  /** Turn of each bone relative to its parent; a bone that is not here rests. Sorted by time. */
  bones: Partial<Record<BoneName, Key<Quat>[]>>
  /** Where and how large the subject stands in the frame. */
  framing: Framing
}

/** How the camera keeps the subject. Places and sizes are shares of the frame, angles are degrees. */
export type Framing =
  /** The camera goes along: the subject's middle stays at (x, y). */
  | ({ mode: 'follow' } & Stance)
  /** The camera stands, far enough for the subject to stay within the frame unless `height` says otherwise. */
  | { mode: 'static'; height: number | 'auto'; yaw: number }
  /** The camera goes along as the keys say; never empty, sorted by time. */
  | { mode: 'keys'; keys: FramingKey[] }

/** How the subject stands in the frame. */
export interface Stance {
  /** Middle of the standing body: 0,0 = top left, 1,1 = bottom right. */
  x: number
  y: number
  /** Height of the standing body; 'auto': at most 0.8, and small enough that nothing leaves the frame. */
  height: number | 'auto'
  /** From where the camera looks: 0 = from the front (from +z), 90 = from the subject's left (+x) when it faces +z. */
  yaw: number
}

export interface FramingKey {
  time: number
  x: number
  y: number
  height: number
  yaw: number
  ease?: Ease
}

/** The subject in the middle, seen whole from the front, the camera going along. */
export const FOLLOW: Framing = { mode: 'follow', x: 0.5, y: 0.5, height: 'auto', yaw: 0 }

/** A body at one moment: where the hips are and how each bone is turned against its parent. */
export interface Pose {
  root: Vector3
  rotations: Partial<Record<BoneName, Quaternion>>
}

/** World positions (metres) and world turns of all joints at one moment; tips turn with their bone. */
export interface WorldPose {
  positions: Map<JointName, Vector3>
  rotations: Map<JointName, Quaternion>
}

const UP = new Vector3(0, 1, 0)

/** Index of the last key at or before `time`, and how far (0..1, eased) the way to the next one has been gone. */
export function keyAt<V>(keys: readonly Key<V>[], time: number): { index: number; share: number } {
  let low = 0
  let high = keys.length - 1
  if (time <= keys[0]!.time) return { index: 0, share: 0 }
  if (time >= keys[high]!.time) return { index: high, share: 0 }
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (keys[middle]!.time <= time) low = middle
    else high = middle
  }
  const key = keys[low]!
  return { index: low, share: bezierEase(key.ease ?? 'linear', (time - key.time) / (keys[high]!.time - key.time)) }
}

/** A vector track at `time`. */
export function vectorAt(keys: readonly Key<Vec3>[], time: number): Vector3 {
  const { index, share } = keyAt(keys, time)
  const from = new Vector3().fromArray(keys[index]!.value)
  return share === 0 ? from : from.lerp(new Vector3().fromArray(keys[index + 1]!.value), share)
}

/** A turn track at `time`, along the shorter way between its keys. */
export function turnAt(keys: readonly Key<Quat>[], time: number): Quaternion {
  const { index, share } = keyAt(keys, time)
  const from = new Quaternion().fromArray(keys[index]!.value)
  return share === 0 ? from : from.slerp(new Quaternion().fromArray(keys[index + 1]!.value), share)
}

/** The pose at `time` seconds. Before the start and after the end the motion holds still, or goes round if it loops. */
export function sampleMotion(motion: Motion, time: number): Pose {
  const rounds = roundsAt(motion, time)
  const pose = sampleOnce(motion, time - rounds * motion.duration)
  if (rounds !== 0) carryRounds(motion, pose, rounds)
  return pose
}

/** Where the hips are at `time` seconds, as sampleMotion says but without the bones. */
export function rootAt(motion: Motion, time: number): Vector3 {
  const rounds = roundsAt(motion, time)
  const pose: Pose = { root: vectorAt(motion.root, time - rounds * motion.duration), rotations: {} }
  if (rounds !== 0) carryRounds(motion, pose, rounds)
  return pose.root
}

/** Seconds. What is shorter than any frame does not go round: a moment of nothing would go round for ever. */
const SHORTEST_ROUND = 0.01

/** Whether the motion goes round: it loops, and has a length. */
export function goesRound({ loop, duration }: Motion): boolean {
  return loop && duration >= SHORTEST_ROUND
}

/** Whole rounds of a looping motion that have passed. */
function roundsAt(motion: Motion, time: number): number {
  return goesRound(motion) ? Math.floor(time / motion.duration) : 0
}

function sampleOnce(motion: Motion, time: number): Pose {
  const rotations: Pose['rotations'] = {}
  for (const [bone, keys] of Object.entries(motion.bones)) rotations[bone as BoneName] = turnAt(keys, time)
  return { root: vectorAt(motion.root, time), rotations }
}

/** Moves `pose` by what `rounds` rounds of the motion travel and turn on the ground. */
function carryRounds(motion: Motion, pose: Pose, rounds: number) {
  const first = vectorAt(motion.root, 0)
  const last = vectorAt(motion.root, motion.duration)
  const hips = motion.bones.hips
  const angle = hips ? headingOf(turnAt(hips, motion.duration)) - headingOf(turnAt(hips, 0)) : 0
  const turn = new Quaternion().setFromAxisAngle(UP, rounds > 0 ? angle : -angle)
  for (let round = 0; round < Math.abs(rounds); round++) {
    const [from, to] = rounds > 0 ? [first, last] : [last, first]
    const height = pose.root.y
    pose.root.sub(from).applyQuaternion(turn).add(to)
    pose.root.y = height
    if (pose.rotations.hips) pose.rotations.hips.premultiply(turn)
  }
}

/** Angle about the vertical, radians, that a world turn gives to what faces +z (0 = towards +z, positive = towards +x). */
export function headingOf(turn: Quaternion): number {
  const forward = new Vector3(0, 0, 1).applyQuaternion(turn)
  const up = new Vector3(0, 1, 0).applyQuaternion(turn)
  // lying on the belly or back: the top of the body tells where it is headed
  const flat = Math.hypot(forward.x, forward.z) > 0.2 ? forward : up.multiplyScalar(forward.y > 0 ? -1 : 1)
  return Math.atan2(flat.x, flat.z)
}

/** Forward kinematics: `pose` on `rig` in the world. */
export function worldPose(rig: Rig, pose: Pose): WorldPose {
  const positions = new Map<JointName, Vector3>()
  const rotations = new Map<JointName, Quaternion>()
  const turns: Quaternion[] = []
  const places: Vector3[] = []
  rig.joints.forEach(({ name, parent, offset }, i) => {
    const own = pose.rotations[name as BoneName]
    if (parent < 0) {
      places[i] = pose.root.clone()
      turns[i] = own ? own.clone() : new Quaternion()
    } else {
      places[i] = offset.clone().applyQuaternion(turns[parent]!).add(places[parent]!)
      turns[i] = own ? turns[parent]!.clone().multiply(own) : turns[parent]!
    }
    positions.set(name, places[i]!)
    rotations.set(name, turns[i]!)
  })
  return { positions, rotations }
}

const rigs = new WeakMap<Proportions, Rig>()

/** The rig a motion is played on; made once per proportions object. */
export function rigOf(motion: Motion): Rig {
  let rig = rigs.get(motion.proportions)
  if (!rig) rigs.set(motion.proportions, (rig = createRig(motion.proportions)))
  return rig
}

/** World positions and turns at `time` seconds. */
export function worldAt(motion: Motion, time: number): WorldPose {
  return worldPose(rigOf(motion), sampleMotion(motion, time))
}

/** World positions of all joints at `time` seconds, metres, y up. */
export function jointsAt(motion: Motion, time: number): Map<JointName, Vector3> {
  return worldAt(motion, time).positions
}
