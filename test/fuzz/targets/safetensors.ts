// Weight files: the length of the header, the header, and the data it describes, attacked apart and together.
import fs from 'node:fs'
import type { HostTensor } from '../../../main/engine/ir'
import { toFloat32 } from '../../../main/engine/weights/load'
import { readSafetensors, writeSafetensors } from '../../../main/engine/weights/safetensors'
import { joined, spoilBytes } from '../bytes'
import type { Dice } from '../dice'
import { spoilJson } from '../json'
import { scratchFile } from '../scratch'
import type { Target } from '../target'
import { insist, textOf, utf8 } from '../target'

type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>

const seeds: Record<string, HostTensor>[] = [
  {
    'blocks.0.weight': { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, -2, 3, NaN, 5, Infinity) },
    'blocks.0.bias': { dtype: 'float16', shape: [2], data: Uint16Array.of(0x3c00, 0x7e00) },
    'blocks.1.weight': { dtype: 'bfloat16', shape: [1, 2, 2], data: Uint16Array.of(1, 2, 3, 0xffff) },
  },
  {
    step: { dtype: 'int64', shape: [], data: BigInt64Array.of(7n) },
    index: { dtype: 'int32', shape: [3], data: Int32Array.of(1, 2, 3) },
    mask: { dtype: 'bool', shape: [2, 2], data: Uint8Array.of(0, 1, 1, 0) },
    bytes: { dtype: 'uint8', shape: [5], data: Uint8Array.of(1, 2, 3, 4, 5) },
    none: { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) },
  },
]
let seedFiles: Uint8Array[] | undefined

function files(): Uint8Array[] {
  return (seedFiles ??= seeds.map((tensors, i) => {
    const file = scratchFile('seed.safetensors', new Uint8Array(0))
    writeSafetensors(file, tensors, { format: 'pt', config: `{"layers":${i}}` })
    return new Uint8Array(fs.readFileSync(file))
  }))
}

/** A whole file with accidents in its header, its length, or anywhere. */
export function spoilSafetensors(file: Uint8Array, dice: Dice): Uint8Array {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true))
  const header = file.subarray(8, 8 + length)
  const data = file.subarray(8 + length)
  switch (dice.below(5)) {
    case 0:
      return spoilBytes(file, dice)
    case 1: // the header alone, its length right
      return assembled(spoilBytes(header, dice), data)
    case 2: {
      // a length that lies
      const spoilt = file.slice()
      const lie = dice.pick([
        0n,
        1n,
        BigInt(length) - 1n,
        BigInt(length) + 1n,
        BigInt(file.length),
        2n ** 31n,
        2n ** 63n,
      ])
      new DataView(spoilt.buffer).setBigUint64(0, lie, true)
      return spoilt
    }
    default:
      return assembled(utf8(spoilJson(JSON.parse(textOf(header)), dice)), data)
  }
}

function assembled(header: Uint8Array, data: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(8)
  new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true)
  return joined(prefix, header, data)
}

/** Another whole layout, most often a right one. */
function invented(dice: Dice): Uint8Array {
  const header: Header = {}
  let end = 0
  for (let n = dice.below(6); n > 0; n--) {
    const [dtype, width] = dice.pick([
      ['F32', 4],
      ['F16', 2],
      ['BF16', 2],
      ['I64', 8],
      ['U8', 1],
      ['F64', 8],
    ] as const)
    const shape = Array.from({ length: dice.below(5) }, () => dice.below(4))
    const length = shape.reduce((a, b) => a * b, width)
    header[`tensor${dice.below(50)}`] = { dtype, shape, data_offsets: [end, end + length] }
    end += length
  }
  const text = dice.chance(0.5) ? JSON.stringify(header) : spoilJson(header, dice)
  return assembled(utf8(text), new Uint8Array(end))
}

export const safetensors: Target = {
  name: 'safetensors',
  extension: 'safetensors',
  make: (dice) => (dice.chance(0.2) ? invented(dice) : spoilSafetensors(dice.pick(files()), dice)),
  parse(input) {
    const { tensors, metadata } = readSafetensors(scratchFile('input.safetensors', input))
    insist(
      Object.values(metadata).every((value) => typeof value === 'string'),
      'metadata are strings',
    )
    let bytes = 0
    for (const tensor of tensors.values()) {
      const { shape, data } = tensor
      insist(
        shape.every((size) => Number.isSafeInteger(size) && size >= 0),
        'shapes are whole numbers',
      )
      insist(data.length === shape.reduce((a, b) => a * b, 1), 'as many values as the shape says')
      insist(toFloat32(tensor).data.length === data.length, 'widening keeps the count')
      bytes += data.byteLength
    }
    insist(bytes <= input.length, 'no more data than the file has')
  },
}
