// Operators that the pose networks use little or not at all (hands, faces and selfies do), on numbers worked out by hand. Layout as in the files: NHWC.
import { describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { hostTensor } from '../ir'
import type { TfliteTensor } from './tflite'
import { importTflite } from './tflite-import'

const bytes = (values: Float32Array | Int32Array): Uint8Array => new Uint8Array(values.buffer)
const constant = (name: string, shape: number[], values: number[]): TfliteTensor => ({
  name,
  shape,
  type: 'float32',
  data: bytes(Float32Array.from(values)),
})
const integers = (name: string, values: number[]): TfliteTensor => ({
  name,
  shape: [values.length],
  type: 'int32',
  data: bytes(Int32Array.from(values)),
})

interface Case {
  code: string
  x: number[]
  values: number[]
  operands?: TfliteTensor[]
  options?: Record<string, number>
  custom?: Int32Array
  y: number[]
  expected: number[]
}

async function run({ code, x, values, operands = [], options = {}, custom, y }: Case): Promise<number[]> {
  const tensors: TfliteTensor[] = [
    { name: 'x', shape: x, type: 'float32' },
    ...operands,
    { name: 'y', shape: y, type: 'float32' },
  ]
  const operator = {
    code,
    inputs: tensors.slice(0, -1).map((_, i) => i),
    outputs: [tensors.length - 1],
    options,
    custom: custom ? bytes(custom) : new Uint8Array(0),
  }
  const program = importTflite({
    name: code,
    tensors,
    operators: [operator],
    inputs: [0],
    outputs: [tensors.length - 1],
  })
  const results = await (await compile(program)).run({ x: hostTensor(Float32Array.from(values), x) })
  expect(results.y!.shape).toEqual(y)
  return Array.from(results.y!.data as Float32Array)
}

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

const cases: Case[] = [
  {
    code: 'DEPTH_TO_SPACE', // channels are (row, column, channel) of the block
    x: [1, 1, 2, 4],
    values: count(8),
    options: { blockSize: 2 },
    y: [1, 2, 4, 1],
    expected: [1, 2, 5, 6, 3, 4, 7, 8],
  },
  {
    code: 'PRELU',
    x: [1, 1, 2, 2],
    values: [-2, -2, 3, -4],
    operands: [constant('slope', [1, 1, 2], [0.5, 0.25])],
    y: [1, 1, 2, 2],
    expected: [-1, -0.5, 3, -1],
  },
  { code: 'HARD_SWISH', x: [1, 4], values: [-4, -1, 1, 4], y: [1, 4], expected: [0, -1 / 3, 2 / 3, 4] },
  {
    code: 'MEAN',
    x: [1, 2, 2, 2],
    values: count(8),
    operands: [integers('axes', [1, 2])],
    options: { keepDims: 0 },
    y: [1, 2],
    expected: [4, 5],
  },
  {
    code: 'FULLY_CONNECTED', // takes the picture in the file's order
    x: [1, 1, 2, 2],
    values: count(4),
    operands: [constant('w', [1, 4], [1, 10, 100, 1000]), constant('b', [1], [0.5])],
    options: { activation: 0 },
    y: [1, 1],
    expected: [4321.5],
  },
  {
    code: 'MUL',
    x: [1, 1, 2, 2],
    values: count(4),
    operands: [constant('scale', [2], [2, 3])],
    options: { activation: 3 }, // at most 6
    y: [1, 1, 2, 2],
    expected: [2, 6, 6, 6],
  },
  {
    code: 'PAD',
    x: [1, 1, 1, 2],
    values: [1, 2],
    operands: [integers('amounts', [0, 0, 1, 0, 0, 0, 0, 1])],
    y: [1, 2, 1, 3],
    expected: [0, 0, 0, 1, 2, 0],
  },
  {
    code: 'CUSTOM:Convolution2DTransposeBias',
    x: [1, 1, 2, 1],
    values: [1, 2],
    operands: [constant('w', [1, 2, 2, 1], count(4)), constant('b', [1], [10])],
    custom: Int32Array.of(1, 2, 2),
    y: [1, 2, 4, 1],
    expected: [11, 12, 12, 14, 13, 14, 16, 18],
  },
  {
    code: 'CONV_2D', // SAME padding of an even kernel: the extra row and column come after
    x: [1, 2, 2, 1],
    values: count(4),
    operands: [constant('w', [1, 2, 2, 1], count(4)), constant('b', [1], [0])],
    options: { padding: 0, strideW: 1, strideH: 1, dilationW: 1, dilationH: 1, activation: 0 },
    y: [1, 2, 2, 1],
    expected: [1 + 4 + 9 + 16, 2 + 12, 3 + 8, 4],
  },
]

describe('importTflite', () => {
  it.each(cases)('$code', async (example) => {
    const result = await run(example)
    expect(result).toEqual(example.expected.map((value) => expect.closeTo(value, 4)))
  })
})
