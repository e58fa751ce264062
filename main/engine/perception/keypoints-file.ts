// Key points of a picture from a file (`--keypoints FILE`): OpenPose's JSON, or the house's own.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { UserError, reason } from '../../media'
import { parseJson } from '../../motion/formats/json'
import { importOpenPose } from '../../motion/formats/openpose'
import { scaleKeypoints } from '../../motion/keypoints'
import { pointArrays } from '../../motion/types'
import type { Keypoints } from '../../motion/types'

const points = (count: number) => z.array(z.number().min(-1e6).max(1e6)).length(count * 3)
const ownSchema = z.object({
  body: points(18),
  leftHand: points(21).optional(),
  rightHand: points(21).optional(),
})

/**
 * Reads key points for a picture of width x height pixels. OpenPose: `{ people: [{ pose_keypoints_2d, ... }] }`, BODY_25 or COCO-18, the largest
 * person; scaled when the file names another canvas size. Own: `{ body, leftHand?, rightHand? }` of x, y, confidence per point in pixels.
 * @throws UserError (or MotionError) naming the file and what is wrong
 */
export function loadKeypointsFile(path: string, { width, height }: { width: number; height: number }): Keypoints {
  const json = readJson(path)
  if (typeof json === 'object' && json !== null && 'people' in json) {
    const canvas = 'canvas_width' in json && 'canvas_height' in json
    const { frames, ...size } = importOpenPose([{ name: path, json }], canvas ? {} : { width, height })
    return scaleKeypoints(frames[0]!, width / size.width, height / size.height)
  }
  const own = ownSchema.safeParse(json)
  if (!own.success) {
    const issue = own.error.issues[0]!
    throw new UserError(
      `key points "${path}": ${issue.path.join('.') || 'content'}: ${issue.message}; expected OpenPose's { "people": [...] } or { "body": [x, y, confidence of 18 points], "leftHand": [21 points], "rightHand": [21 points] }`,
    )
  }
  const { body, leftHand = [], rightHand = [] } = own.data
  const hand = (values: readonly number[]): Float32Array => Float32Array.from({ length: 63 }, (_, i) => values[i] ?? 0)
  const keypoints = { body: Float32Array.from(body), leftHand: hand(leftHand), rightHand: hand(rightHand) }
  for (const array of pointArrays(keypoints))
    // some detectors give scores beyond 1, or below 0 for what they did not see
    for (let i = 2; i < array.length; i += 3) array[i] = Math.min(1, Math.max(0, array[i]!))
  return keypoints
}

function readJson(path: string): unknown {
  try {
    return parseJson(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UserError(`key points "${path}" cannot be read as JSON (${reason(error)})`)
  }
}
