// A motion file of any format the studio takes, read by what is in it: joints that a camera has yet to frame (BVH, the project's own
// format), or poses that a camera has already seen (OpenPose).

import { MotionError } from '../errors'
import type { Motion } from '../motion'
import type { PoseSequence } from '../types'
import type { BvhOptions } from './bvh'
import { parseJson } from './json'
import { importMotion } from './motion-file'
import { importOpenPose } from './openpose'

export type MotionContent =
  { readonly kind: 'motion'; readonly motion: Motion } | { readonly kind: 'poses'; readonly poses: PoseSequence }

/** Reads BVH, a motion file, or OpenPose JSON (one frame, or a list of frames) from its text. Throws MotionError. */
export function readMotionContent(text: string, name: string, options: BvhOptions = {}): MotionContent {
  const json = openPoseJson(text, name)
  if (json !== undefined) return { kind: 'poses', poses: importOpenPose([{ name, json }]) }
  return { kind: 'motion', motion: importMotion(text, name, options) }
}

/** The parsed text if it is JSON in the shape of OpenPose; undefined for any other text. Throws MotionError for a broken list. */
export function openPoseJson(text: string, name: string): unknown {
  const start = text.trimStart()
  const list = start.startsWith('[')
  if (!list && !start.startsWith('{')) return undefined
  let json: unknown
  try {
    json = parseJson(text)
  } catch (error) {
    throw new MotionError(`motion ${name}: not a JSON file (${(error as Error).message})`)
  }
  return list || (json !== null && typeof json === 'object' && 'people' in json) ? json : undefined
}

/** Poses as one OpenPose file: a list of frames with one person or nobody in each. The files' own rate, 30 a second, is taken for granted. */
export function serializePoses({ width, height, frames }: PoseSequence): string {
  const short = (points: Float32Array) => Array.from(points, (value) => Number(value.toFixed(3)))
  const list = frames.map(({ body, leftHand, rightHand }) => ({
    canvas_width: width,
    canvas_height: height,
    people: body.some((value) => value !== 0)
      ? [
          {
            pose_keypoints_2d: short(body),
            hand_left_keypoints_2d: short(leftHand),
            hand_right_keypoints_2d: short(rightHand),
          },
        ]
      : [],
  }))
  return JSON.stringify(list)
}
