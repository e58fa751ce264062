// Models of the perception: every number of the flatbuffer's structure is turned, in small models made here and in a published one.
import { sizeOf } from '../../../main/engine/ir'
import { landmarkFile } from '../../../main/engine/perception/networks'
import { parseTflite } from '../../../main/engine/weights/tflite'
import { importTflite } from '../../../main/engine/weights/tflite-import'
import { spoilBytes, writeExtreme } from '../bytes'
import type { Dice } from '../dice'
import type { Mark } from '../flatbuffer-writer'
import type { Target } from '../target'
import { insist } from '../target'
import { tfliteSeeds } from '../tflite-seeds'

/** A published model takes a thousand times as long as a small one. */
const published = 0.003
const largest = 2 ** 28

function make(dice: Dice): Uint8Array {
  if (dice.chance(published)) {
    const file = landmarkFile('lite').slice()
    // The structure lies at both ends, the weights in the middle.
    for (let n = 1 + dice.below(4); n > 0; n--) {
      const at = dice.chance(0.5) ? dice.below(2000) : file.length - 1 - dice.below(60_000)
      file[at] = dice.below(256)
    }
    return file
  }
  const { bytes, marks } = dice.pick(tfliteSeeds)
  if (dice.chance(0.2)) return spoilBytes(bytes, dice, dice.pick(tfliteSeeds).bytes)
  const spoilt = bytes.slice()
  for (let n = 1 + dice.below(3); n > 0; n--) turn(spoilt, dice.pick(marks), marks, dice)
  return spoilt
}

/** Another number at one place of the structure. */
function turn(file: Uint8Array, { at, bytes, kind }: Mark, marks: readonly Mark[], dice: Dice): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (dice.chance(0.3)) return writeExtreme(view, at, bytes, dice)
  if (kind === 'offset' && dice.chance(0.5)) return view.setUint32(at, dice.pick(marks).at - at, true) // to another's place, or in a circle
  const change = dice.pick([-8, -4, -2, -1, 1, 2, 4, 8, 100])
  if (bytes === 1) view.setUint8(at, (view.getUint8(at) + change) & 255)
  else if (bytes === 2) view.setUint16(at, view.getUint16(at, true) + change, true)
  else view.setInt32(at, view.getInt32(at, true) + change, true)
}

export const tflite: Target = {
  name: 'tflite',
  extension: 'tflite',
  make,
  parse(input) {
    const model = parseTflite(input, 'model.tflite')
    for (const { shape, data } of model.tensors) {
      insist(shape.every((size) => Number.isSafeInteger(size) && size > 0) && sizeOf(shape) <= largest, 'sane shapes')
      insist(!data || data.buffer === input.buffer, 'constants are views of the file')
    }
    const { nodes, outputs } = importTflite(model)
    insist(Object.keys(outputs).length > 0, 'a program has outputs')
    for (const { shape, op, attrs } of nodes) {
      insist(shape.every((size) => Number.isSafeInteger(size) && size > 0) && sizeOf(shape) <= largest, 'sane shapes')
      if (op !== 'constant') continue
      const { data } = attrs.host as { data: ArrayLike<number> }
      insist(data.length === sizeOf(shape), 'as many values as the shape says')
    }
  },
}
