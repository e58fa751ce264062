// A motion as it will be rendered: every frame of the clip at its rate and size, worked out once (in a worker), so that playing,
// scrubbing and orbiting only look things up.
import { fitSequence, frameCameras, frameCount, jointsAt, resamplePoses, rigOf } from '../../main/motion'
import type { Camera, JointName, Keypoints } from '../../main/motion'
import { activityOf } from './motion-activity'
import type { Activity } from './motion-activity'
import { contactsOf } from './motion-contacts'
import type { Contacts } from './motion-contacts'
import type { MotionContent } from '../../main/motion'
import { keyRows, seenRows } from './motion-rows'
import type { Row } from './motion-rows'

export interface ClipShape {
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly fps: number
  /** null: the motion's own length, up to `mostSeconds`. */
  readonly frames: number | null
}

interface Common {
  readonly width: number
  readonly height: number
  readonly fps: number
  readonly frames: number
  /** Frames (at this rate) of one round of the motion; the clip may be shorter or longer. */
  readonly ownFrames: number
  readonly rows: readonly Row[]
}

/** A body in the world, seen by the framing's camera. */
export interface SampledBody extends Common {
  readonly kind: 'motion'
  readonly names: readonly JointName[]
  /** [frames, joints, 3] metres, y up. */
  readonly joints: Float32Array
  /** One per frame. */
  readonly cameras: readonly Camera[]
  readonly contacts: Contacts
  readonly activity: Activity
  /** Of the body standing, metres. */
  readonly tall: number
}

/** 2D poses of footage, fitted whole into the frame as a render does. */
export interface SampledPoses extends Common {
  readonly kind: 'poses'
  /** Pixels of width x height. */
  readonly poses: readonly Keypoints[]
}

export type SampledMotion = SampledBody | SampledPoses

/** Seconds after which a motion is cut when no length is asked for, as in a render. */
export const mostSeconds = 10

export function sampleClip(read: MotionContent, shape: ClipShape): SampledMotion {
  const { width, height, fps } = shape
  const cut = (own: number) => shape.frames ?? Math.max(1, Math.min(own, Math.round(mostSeconds * fps)))
  if (read.kind === 'poses') {
    const { poses } = read
    const ownFrames = Math.max(1, Math.round((poses.frames.length / poses.fps) * fps))
    const fitted = fitSequence(resamplePoses(poses, fps, cut(ownFrames)), width, height).frames
    const facts = { width, height, fps, frames: fitted.length, ownFrames }
    return { kind: 'poses', ...facts, rows: seenRows(fitted), poses: fitted }
  }
  const { motion } = read
  const ownFrames = frameCount(motion, fps)
  const frames = cut(ownFrames)
  const rig = rigOf(motion)
  const names = rig.joints.map((joint) => joint.name)
  const joints = new Float32Array(frames * names.length * 3)
  for (let frame = 0; frame < frames; frame++) {
    const places = jointsAt(motion, frame / fps)
    names.forEach((name, i) => places.get(name)!.toArray(joints, (frame * names.length + i) * 3))
  }
  const facts = { width, height, fps, frames, ownFrames }
  return {
    kind: 'motion',
    ...facts,
    rows: keyRows(motion, facts),
    activity: activityOf(names, joints),
    names,
    joints,
    cameras: frameCameras(motion, { width, height, fps, frames }),
    contacts: contactsOf(names, joints, fps),
    tall: rig.height,
  }
}
