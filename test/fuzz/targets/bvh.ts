// BVH files, spoilt by lines, words and bytes. What is accepted must be a motion that the house would also accept from its own file.
import { bvhText, stillRow } from '../../support/bvh'
import { importMotion, parseMotion, serializeMotion } from '../../../main/motion/formats'
import { spoilBytes } from '../bytes'
import type { Target } from '../target'
import { allFinite, insist, textOf, utf8 } from '../target'
import { spoilText } from '../text'

/** The standing body with some life in the rows. */
const moving = Array.from({ length: 14 }, (_, frame) =>
  stillRow
    .split(' ')
    .map((value, i) => Number(value) + (i < 3 ? frame : 20 * Math.sin(frame / 5 + i)))
    .join(' '),
)
const seeds = [
  bvhText([stillRow]),
  bvhText(moving),
  bvhText(moving.slice(0, 3)).replaceAll('\n', '\r\n').replaceAll('Hips', 'mixamorig:Hips'),
  bvhText([stillRow, stillRow]).replaceAll('UpLeg', 'Thigh').replaceAll('{\n', '{ ').replaceAll('0.0333', '.008333'),
]

export const bvh: Target = {
  name: 'bvh',
  extension: 'bvh',
  make: (dice) => {
    const text = dice.pick(seeds)
    return dice.chance(0.15)
      ? spoilBytes(utf8(text), dice, utf8(dice.pick(seeds)))
      : utf8(spoilText(text, dice, dice.pick(seeds)))
  },
  parse(input) {
    const motion = importMotion(textOf(input), 'input.bvh')
    insist(motion.root.length > 0 && motion.root.every(({ time, value }) => allFinite([time, ...value])), 'finite path')
    insist(allFinite(Object.values(motion.proportions)), 'finite proportions')
    let again: unknown
    try {
      again = parseMotion(serializeMotion(motion), 'again')
    } catch (error) {
      throw new Error('broken promise: what was read can be saved and read again', { cause: error })
    }
    insist(JSON.stringify(again) === JSON.stringify(motion), 'saved and read again it is the same')
  },
}
