// Key points of footage: OpenPose files one by one and in folders, and key points given for a picture.
import { importOpenPose, readMotionContent } from '../../../main/motion/formats'
import { loadKeypointsFile } from '../../../main/engine/perception/keypoints-file'
import { pointArrays } from '../../../main/motion'
import type { Keypoints, PoseSequence } from '../../../main/motion'
import { spoilBytes } from '../bytes'
import type { Dice } from '../dice'
import { spoilJson } from '../json'
import { scratchFile } from '../scratch'
import type { Target } from '../target'
import { allFinite, insist, textOf, utf8 } from '../target'

/** A body of `points` points somewhere in the frame, every tenth unseen. */
const body = (points: number, x: number, scale = 1): number[] =>
  Array.from({ length: points }, (_, i) =>
    i % 10 === 9 ? [0, 0, 0] : [(x + 12 * Math.sin(i)) * scale, (40 + 18 * i) * scale, 0.9],
  ).flat()
const person = (x: number, scale?: number) => ({
  pose_keypoints_2d: body(25, x, scale),
  hand_left_keypoints_2d: body(21, x, scale),
  hand_right_keypoints_2d: [],
})
const frame = (i: number) => ({ version: 1.3, people: i % 4 === 3 ? [] : [person(300 + 4 * i), person(900 - 4 * i)] })
const frames = Array.from({ length: 6 }, (_, i) => frame(i))
const documents: unknown[] = [
  frame(0),
  frames,
  frames.map(() => ({ people: [person(500, 1e-3)] })),
  [{ canvas_width: 640, canvas_height: 480, people: [{ pose_keypoints: body(18, 200) }] }],
]
const folder = frames.map((json, i) => ({ name: `clip_2_${String(i * 3).padStart(12, '0')}_keypoints.json`, json }))
const own = { body: body(18, 200), leftHand: body(21, 150), rightHand: body(21, 250) }

const spoiltText = (document: unknown, dice: Dice): Uint8Array =>
  dice.chance(0.15) ? spoilBytes(utf8(JSON.stringify(document)), dice) : utf8(spoilJson(document, dice))

function checkPoses({ width, height, fps, frames: all }: PoseSequence): void {
  insist(allFinite([width, height, fps]) && width >= 1 && height >= 1 && fps > 0, 'a frame has a size and a rate')
  insist(all.length > 0, 'at least one frame')
  all.forEach(checkPoints)
}

function checkPoints(keypoints: Keypoints): void {
  const [points, left, right] = pointArrays(keypoints)
  insist(points.length === 54 && left.length === 63 && right.length === 63, '18 points of the body, 21 of each hand')
  for (const array of [points, left, right]) {
    insist(allFinite(array), 'finite points')
    for (let i = 2; i < array.length; i += 3) insist(array[i]! >= 0 && array[i]! <= 1, 'confidence within 0..1')
  }
}

export const openpose: Target = {
  name: 'OpenPose JSON',
  extension: 'json',
  make: (dice) => spoiltText(dice.pick(documents), dice),
  parse(input) {
    const content = readMotionContent(textOf(input), 'input.json')
    if (content.kind === 'poses') checkPoses(content.poses)
  },
}

export const openposeFolder: Target = {
  name: 'OpenPose folder',
  extension: 'json',
  make: (dice) => spoiltText(folder, dice),
  parse(input) {
    // The list stands for a folder: what is no list of named files is no input.
    let files: unknown
    try {
      files = JSON.parse(textOf(input))
    } catch {
      return
    }
    if (!Array.isArray(files)) return
    const named = files.filter((file): file is { name: string; json: unknown } => typeof file?.name === 'string')
    checkPoses(importOpenPose(named))
  },
}

export const keypoints: Target = {
  name: 'key points',
  extension: 'json',
  make: (dice) => spoiltText(dice.pick([own, { body: own.body }, frame(0), documents[3]]), dice),
  parse: (input) => checkPoints(loadKeypointsFile(scratchFile('points.json', input), { width: 640, height: 480 })),
}
