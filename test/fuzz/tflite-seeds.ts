// Small whole .tflite models for the fuzzer, one for each family of operators that the importer knows. Field numbers are those of
// tensorflow/lite/schema/schema.fbs.
import type { Fields, Mark, Value } from './flatbuffer-writer'
import { bytes, i32, i32s, i8, table, tables, text, writeFlatbuffer } from './flatbuffer-writer'

const types = { float32: 0, float16: 1, int32: 2 } as const

interface SeedTensor {
  readonly shape: readonly number[]
  readonly type?: keyof typeof types
  readonly values?: Float32Array | Int32Array | Uint16Array
  readonly sparsity?: Fields
}

interface SeedOperator {
  /** Its number in the schema, or a custom operator's name. */
  readonly code: number | string
  readonly inputs: readonly number[]
  readonly output: number
  readonly options?: Fields
  readonly custom?: Int32Array
}

/** A .tflite file of one graph whose input is the first tensor, and the places of its structure. */
export function writeTflite(
  tensors: readonly SeedTensor[],
  operators: readonly SeedOperator[],
  outputs: readonly number[],
) {
  const raw = (values: NonNullable<SeedTensor['values']>): Value =>
    bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  const buffers: Fields[] = [{}, ...tensors.map(({ values }): Fields => ({ 0: values && raw(values) }))]
  const graph: Fields = {
    0: tables(
      tensors.map(({ shape, type = 'float32', sparsity }, i) => ({
        0: i32s(shape),
        1: i8(types[type]),
        2: i32(i + 1),
        3: text(`t${i}`),
        6: sparsity && table(sparsity),
      })),
    ),
    1: i32s([0]),
    2: i32s(outputs),
    3: tables(
      operators.map(({ inputs, output, options, custom }, i) => ({
        0: i32(i),
        1: i32s(inputs),
        2: i32s([output]),
        4: options && table(options),
        5: custom && raw(custom),
      })),
    ),
  }
  const codes = operators.map(({ code }): Fields =>
    typeof code === 'string' ? { 0: i8(32), 1: text(code), 3: i32(32) } : { 0: i8(code) },
  )
  return writeFlatbuffer({ 0: i32(3), 1: tables(codes), 2: tables([graph]), 4: tables(buffers) }, 'TFL3')
}

const ramp = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => (i % 7) - 3)
const ints = (...values: number[]): Int32Array => Int32Array.from(values)
const convolution: Fields = { 0: i8(0), 1: i32(1), 2: i32(1), 3: i8(1) }
const pool: Fields = { 0: i8(1), 1: i32(2), 2: i32(2), 3: i32(2), 4: i32(2) }

/** [4, 8] in blocks of 1x4: dense rows, listed columns, dense block. */
const blocks: Fields = {
  0: i32s([0, 1, 2]),
  1: i32s([1]),
  2: tables([
    { 0: i8(0), 1: i32(4) },
    { 0: i8(1), 2: i8(1), 3: table({ 0: i32s([0, 1, 1, 2, 3]) }), 4: i8(1), 5: table({ 0: i32s([0, 1, 0]) }) },
    { 0: i8(0), 1: i32(4) },
  ]),
}

/** Each with the places of its structure. */
export const tfliteSeeds: readonly { readonly bytes: Uint8Array; readonly marks: readonly Mark[] }[] = [
  // convolution, depthwise convolution, pooling, padding, addition
  writeTflite(
    [
      { shape: [1, 4, 4, 2] },
      { shape: [3, 3, 3, 2], values: ramp(54) },
      { shape: [3], values: ramp(3) },
      { shape: [1, 4, 4, 3] },
      { shape: [1, 3, 3, 3], values: ramp(27) },
      { shape: [1, 4, 4, 3] },
      { shape: [1, 2, 2, 3] },
      { shape: [4, 2], type: 'int32', values: ints(0, 0, 1, 1, 1, 1, 0, 0) },
      { shape: [1, 4, 4, 3] },
      { shape: [1, 4, 4, 3] },
    ],
    [
      { code: 3, inputs: [0, 1, 2], output: 3, options: convolution },
      { code: 4, inputs: [3, 4, 2], output: 5, options: { 0: i8(0), 1: i32(1), 2: i32(1), 3: i32(1), 4: i8(3) } },
      { code: 17, inputs: [5], output: 6, options: pool },
      { code: 34, inputs: [6, 7], output: 8 },
      { code: 0, inputs: [8, 3], output: 9, options: { 0: i8(0) } },
    ],
    [9],
  ),
  // half precision and sparse weights, fully connected
  writeTflite(
    [
      { shape: [1, 8] },
      { shape: [4, 8], values: ramp(12), sparsity: blocks },
      { shape: [4, 8] },
      { shape: [4], type: 'float16', values: Uint16Array.of(0x3c00, 0x3800, 0, 0xc000) },
      { shape: [4] },
      { shape: [1, 4] },
      { shape: [1, 4] },
    ],
    [
      { code: 124, inputs: [1], output: 2 },
      { code: 6, inputs: [3], output: 4 },
      { code: 9, inputs: [0, 2, 4], output: 5, options: { 0: i8(0), 1: i8(0) } },
      { code: 14, inputs: [5], output: 6 },
    ],
    [5, 6],
  ),
  // resizing, joining, reshaping, averaging, depth to space, MediaPipe's transposed convolution
  writeTflite(
    [
      { shape: [1, 2, 2, 4] },
      { shape: [2], type: 'int32', values: ints(4, 4) },
      { shape: [1, 4, 4, 4] },
      { shape: [1, 4, 4, 1] },
      { shape: [1, 4, 4, 5] },
      { shape: [2], type: 'int32', values: ints(1, 2) },
      { shape: [1, 5] },
      { shape: [5, 2, 2, 4], values: ramp(80) },
      { shape: [5], values: ramp(5) },
      { shape: [1, 4, 4, 5] },
      { shape: [1, 80] },
      { shape: [2], type: 'int32', values: ints(1, 80) },
      { shape: [1, 2, 2, 4] },
      { shape: [1, 1, 4], values: ramp(4) },
    ],
    [
      { code: 23, inputs: [0, 1], output: 2, options: { 2: i8(0), 3: i8(1) } },
      { code: 5, inputs: [0], output: 3, options: { 0: i32(2) } },
      { code: 2, inputs: [2, 3], output: 4, options: { 0: i32(3), 1: i8(0) } },
      { code: 40, inputs: [4, 5], output: 6, options: { 0: i8(0) } },
      { code: 'Convolution2DTransposeBias', inputs: [0, 7, 8], output: 9, custom: ints(0, 2, 2) },
      { code: 22, inputs: [9, 11], output: 10 },
      { code: 54, inputs: [0, 13], output: 12 },
    ],
    [6, 10, 12],
  ),
]
