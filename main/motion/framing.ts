// Framing: from a motion and how its subject should stand in the frame to a camera per frame, and so to the poses the network sees.
// With 'follow' the camera goes along with the smoothed path of the hips: a walker stays in the middle and its bob and sway remain.

import { Vector3 } from 'three'
import { intrinsics, lookAt } from './camera'
import type { Camera } from './camera'
import { jointsAt, keyAt, rigOf, rootAt, vectorAt } from './motion'
import type { Framing, FramingKey, Motion } from './motion'
import { projectJoints } from './project'
import type { JointName } from './rig'
import type { PoseSequence } from './types'

export interface FramingOptions {
  width: number
  height: number
  fps: number
  /** How many frames; the whole motion when absent. */
  frames?: number
  /** Seconds into the motion at which the first frame lies; 0 when absent. */
  start?: number
  /** Instead of the motion's own framing. */
  framing?: Framing
}

/** Focal length as a share of the frame's long side: a normal lens. */
const FOCAL = 1.2
/** What 'auto' leaves free at each edge of the frame, and the tallest a standing body gets. */
const MARGIN = 0.04
const TALLEST = 0.8
/** The camera follows slower than the body sways: standard deviation in seconds of the smoothing of its path. */
const SMOOTHING = 0.35

/** Frames of `motion` at this rate when nothing else is said: at least one. */
export function frameCount(motion: Motion, fps: number): number {
  return Math.max(1, Math.round(motion.duration * fps))
}

/** The poses of `motion` as the framing's camera sees them, in pixels of width x height. */
export function projectMotion(motion: Motion, options: FramingOptions): PoseSequence {
  const { width, height, fps } = options
  const joints = sampleJoints(motion, options)
  const cameras = camerasFor(motion, joints, options)
  return { width, height, fps, frames: joints.map((frame, i) => projectJoints(frame, cameras[i]!)) }
}

/** The framing's camera of each frame. */
export function frameCameras(motion: Motion, options: FramingOptions): Camera[] {
  return camerasFor(motion, sampleJoints(motion, options), options)
}

function times({ fps, start = 0, frames }: FramingOptions, motion: Motion): number[] {
  return Array.from({ length: frames ?? frameCount(motion, fps) }, (_, i) => start + i / fps)
}

function sampleJoints(motion: Motion, options: FramingOptions): Map<JointName, Vector3>[] {
  return times(options, motion).map((time) => jointsAt(motion, time))
}

function camerasFor(motion: Motion, joints: Map<JointName, Vector3>[], options: FramingOptions): Camera[] {
  const framing = options.framing ?? motion.framing
  const tall = rigOf(motion).height
  if (framing.mode === 'static') {
    const anchor = middle(joints, framing.yaw, tall)
    const stance = { x: 0.5, y: 0.5, height: framing.height, yaw: framing.yaw }
    const fixed = { ...stance, height: fitHeight(stance, joints, () => anchor, tall, options) }
    const camera = cameraAt(fixed, anchor, tall, options)
    return joints.map(() => camera)
  }
  const anchors = times(options, motion).map((time) => followed(motion, time, tall))
  if (framing.mode === 'keys') {
    return times(options, motion).map((time, i) => cameraAt(framingAt(framing.keys, time), anchors[i]!, tall, options))
  }
  const stance = { ...framing, height: fitHeight(framing, joints, (i) => anchors[i]!, tall, options) }
  return anchors.map((anchor) => cameraAt(stance, anchor, tall, options))
}

type FixedStance = Pick<FramingKey, 'x' | 'y' | 'height' | 'yaw'>

/** Framing keys read at `time`. */
export function framingAt(keys: readonly FramingKey[], time: number): FixedStance {
  const eased = keys.map((key) => ({ time: key.time, value: key, ...(key.ease && { ease: key.ease }) }))
  const { index, share } = keyAt(eased, time)
  const from = keys[index]!
  const to = keys[index + 1] ?? from
  const mix = (name: keyof FixedStance) => from[name] + (to[name] - from[name]) * share
  return { x: mix('x'), y: mix('y'), height: mix('height'), yaw: mix('yaw') }
}

/** The camera's axes on the ground for a yaw in degrees: to its right, and back from the subject to it. */
function axes(yaw: number): { right: Vector3; back: Vector3 } {
  const angle = (yaw * Math.PI) / 180
  return {
    right: new Vector3(Math.cos(angle), 0, -Math.sin(angle)),
    back: new Vector3(Math.sin(angle), 0, Math.cos(angle)),
  }
}

const focalOf = ({ width, height }: { width: number; height: number }) => FOCAL * Math.max(width, height)

/** A level camera that sees a body standing around `anchor` (its middle) at the stance's place and size. */
function cameraAt(stance: FixedStance, anchor: Vector3, tall: number, { width, height }: FramingOptions): Camera {
  const focal = focalOf({ width, height })
  const distance = (tall * focal) / (stance.height * height)
  const { right, back } = axes(stance.yaw)
  const eye = anchor
    .clone()
    .addScaledVector(back, distance)
    .addScaledVector(right, ((0.5 - stance.x) * width * distance) / focal)
  eye.y += ((stance.y - 0.5) * height * distance) / focal
  return { K: intrinsics(focal, width, height), w2c: lookAt(eye, eye.clone().sub(back)), width, height }
}

/** The stance's height, or for 'auto' the largest at which every joint of every frame keeps its margin. */
function fitHeight(
  stance: { x: number; y: number; height: number | 'auto'; yaw: number },
  joints: Map<JointName, Vector3>[],
  anchorOf: (frame: number) => Vector3,
  tall: number,
  options: FramingOptions,
): number {
  if (stance.height !== 'auto') return stance.height
  const { width, height } = options
  const focal = focalOf(options)
  const { right, back } = axes(stance.yaw)
  let distance = (tall * focal) / (TALLEST * height)
  const offset = new Vector3()
  const room = (share: number, size: number) => Math.max(0.05, share - MARGIN) * size
  joints.forEach((frame, i) => {
    const anchor = anchorOf(i)
    for (const joint of frame.values()) {
      offset.subVectors(joint, anchor)
      const across = offset.dot(right)
      const aside = across > 0 ? across / room(1 - stance.x, width) : -across / room(stance.x, width)
      const above = offset.y > 0 ? offset.y / room(stance.y, height) : -offset.y / room(1 - stance.y, height)
      distance = Math.max(distance, offset.dot(back) + focal * Math.max(aside, above))
    }
  })
  return (tall * focal) / (distance * height)
}

/** The middle of all places the body takes, at half its standing height. */
function middle(joints: Map<JointName, Vector3>[], yaw: number, tall: number): Vector3 {
  const { right, back } = axes(yaw)
  const centre = (axis: Vector3) => {
    let low = Infinity
    let high = -Infinity
    for (const frame of joints)
      for (const joint of frame.values()) {
        low = Math.min(low, joint.dot(axis))
        high = Math.max(high, joint.dot(axis))
      }
    return (low + high) / 2
  }
  const anchor = new Vector3().addScaledVector(right, centre(right)).addScaledVector(back, centre(back))
  anchor.y = tall / 2
  return anchor
}

/** Where the camera believes the standing body's middle to be: the hips' smoothed place on the ground, at half the height. */
function followed(motion: Motion, time: number, tall: number): Vector3 {
  const sum = new Vector3()
  let weights = 0
  const steps = 9
  for (let i = -steps; i <= steps; i++) {
    const shift = (3 * SMOOTHING * i) / steps
    const weight = Math.exp(-0.5 * (shift / SMOOTHING) ** 2)
    sum.addScaledVector(hipsBeyond(motion, time + shift), weight)
    weights += weight
  }
  sum.divideScalar(weights)
  sum.y = tall / 2
  return sum
}

/** Hips at any time; outside a motion that does not loop its path is mirrored through its end, so that the smoothed path has no lag there. */
function hipsBeyond(motion: Motion, time: number): Vector3 {
  if (motion.loop) return rootAt(motion, time)
  const end = time < 0 ? 0 : motion.duration
  if (time >= 0 && time <= motion.duration) return vectorAt(motion.root, time)
  const mirrored = Math.min(motion.duration, Math.max(0, 2 * end - time))
  return vectorAt(motion.root, end).multiplyScalar(2).sub(vectorAt(motion.root, mirrored))
}
