// The house's own motion files. What is accepted must play: finite joints at every time, finite key points in the frame.
import fs from 'node:fs'
import { jointsAt, pointArrays, projectMotion } from '../../../main/motion'
import { parseMotion } from '../../../main/motion/formats'
import { spoilBytes } from '../bytes'
import { spoilJson } from '../json'
import type { Target } from '../target'
import { allFinite, insist, textOf, utf8 } from '../target'

interface Tracks {
  root: unknown[]
  bones: Record<string, unknown[]>
}

/** A sample shortened to six keys a bone, framed in every way there is. */
const sample = JSON.parse(
  fs.readFileSync(new URL('../../../assets/motions/wave.json', import.meta.url), 'utf8'),
) as Tracks
const short = {
  ...sample,
  root: sample.root.slice(0, 6),
  bones: Object.fromEntries(Object.entries(sample.bones).map(([bone, keys]) => [bone, keys.slice(0, 6)])),
}
const keyed = { time: 0.5, x: 0.4, y: 0.6, height: 0.5, yaw: 20, ease: [0.3, 0, 0.7, 1] }
const seeds = [
  short,
  { ...short, loop: false, framing: { mode: 'static', height: 'auto', yaw: 30 } },
  { ...short, framing: { mode: 'static', height: 0.7, yaw: -30 } },
  { ...short, bones: {}, framing: { mode: 'keys', keys: [{ ...keyed, time: 0 }, keyed] } },
]

export const motion: Target = {
  name: 'motion file',
  extension: 'json',
  make: (dice) => {
    const seed = dice.pick(seeds)
    return dice.chance(0.15) ? spoilBytes(utf8(JSON.stringify(seed)), dice) : utf8(spoilJson(seed, dice))
  },
  parse(input) {
    const read = parseMotion(textOf(input), 'input.json')
    for (const time of [0, read.duration / 2, read.duration, read.duration + 1])
      for (const [joint, place] of jointsAt(read, time))
        insist(allFinite(place.toArray()), `${joint} is somewhere at ${time} s`)
    const { frames } = projectMotion(read, { width: 320, height: 180, fps: 8, frames: 3 })
    for (const keypoints of frames)
      for (const points of pointArrays(keypoints)) insist(allFinite(points), 'finite points in the frame')
  },
}
