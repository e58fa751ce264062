// TensorFlow Lite model files (.tflite), as far as the perception models need them: one graph of tensors and operators.
// Schema: tensorflow/lite/schema/schema.fbs; the numbers below are its field and enumeration numbers.
import { FlatBuffer, type Table } from './tflite-flatbuffer'

export type TfliteType = 'float32' | 'float16' | 'int32' | 'uint8' | 'int64' | 'bool' | 'int8'

/** How a sparse tensor's values are laid out: one level per traversed dimension, block dimensions last (schema SparsityParameters). */
export interface Sparsity {
  traversalOrder: number[]
  blockMap: number[]
  levels: ({ format: 'dense'; size: number } | { format: 'csr'; segments: number[]; indices: number[] })[]
}

export interface TfliteTensor {
  name: string
  shape: number[]
  type: TfliteType
  /** Raw little-endian values of a constant (a view of the file; may be unaligned); undefined for values computed at run time. */
  data?: Uint8Array
  sparsity?: Sparsity
}

export interface TfliteOperator {
  /** Schema name, e.g. CONV_2D; `CUSTOM:name` or `BUILTIN_n` for what is not read here. */
  code: string
  /** Tensor numbers; -1 stands for an optional input left out. */
  inputs: number[]
  outputs: number[]
  options: Record<string, number>
  /** Options of a custom operator, as it stores them. */
  custom: Uint8Array
}

export interface TfliteModel {
  name: string
  tensors: TfliteTensor[]
  operators: TfliteOperator[]
  inputs: number[]
  outputs: number[]
}

const TYPES: Record<number, TfliteType> = {
  0: 'float32',
  1: 'float16',
  2: 'int32',
  3: 'uint8',
  4: 'int64',
  6: 'bool',
  9: 'int8',
}
export const BYTES: Record<TfliteType, number> = {
  float32: 4,
  float16: 2,
  int32: 4,
  uint8: 1,
  int64: 8,
  bool: 1,
  int8: 1,
}

type Fields = Record<string, [id: number, kind: 'i8' | 'u8' | 'i32', otherwise?: number]>
const CONV: Fields = {
  padding: [0, 'i8'],
  strideW: [1, 'i32'],
  strideH: [2, 'i32'],
  activation: [3, 'i8'],
  dilationW: [4, 'i32', 1],
  dilationH: [5, 'i32', 1],
}
const POOL: Fields = {
  padding: [0, 'i8'],
  strideW: [1, 'i32'],
  strideH: [2, 'i32'],
  filterW: [3, 'i32'],
  filterH: [4, 'i32'],
  activation: [5, 'i8'],
}
const DEPTHWISE: Fields = {
  padding: [0, 'i8'],
  strideW: [1, 'i32'],
  strideH: [2, 'i32'],
  multiplier: [3, 'i32'],
  activation: [4, 'i8'],
  dilationW: [5, 'i32', 1],
  dilationH: [6, 'i32', 1],
}

/** Operators by their number, with the fields of their options table. */
const OPERATORS: Record<number, [code: string, fields: Fields]> = {
  0: ['ADD', { activation: [0, 'i8'] }],
  1: ['AVERAGE_POOL_2D', POOL],
  2: ['CONCATENATION', { axis: [0, 'i32'], activation: [1, 'i8'] }],
  3: ['CONV_2D', CONV],
  4: ['DEPTHWISE_CONV_2D', DEPTHWISE],
  5: ['DEPTH_TO_SPACE', { blockSize: [0, 'i32'] }],
  6: ['DEQUANTIZE', {}],
  9: ['FULLY_CONNECTED', { activation: [0, 'i8'], weightsFormat: [1, 'i8'], keepDims: [2, 'u8'] }],
  14: ['LOGISTIC', {}],
  17: ['MAX_POOL_2D', POOL],
  18: ['MUL', { activation: [0, 'i8'] }],
  19: ['RELU', {}],
  22: ['RESHAPE', {}],
  23: ['RESIZE_BILINEAR', { alignCorners: [2, 'u8'], halfPixel: [3, 'u8'] }],
  34: ['PAD', {}],
  40: ['MEAN', { keepDims: [0, 'u8'] }],
  54: ['PRELU', {}],
  117: ['HARD_SWISH', {}],
  124: ['DENSIFY', {}],
}
const CUSTOM = 32

/**
 * More than any real model has; a file that claims more is damaged. `sharing`: how often the same bytes may be the values of tensors;
 * `sparseness`: elements of a sparse tensor for each byte that describes it.
 */
const LIMITS = {
  tensors: 20_000,
  operators: 20_000,
  buffers: 20_000,
  rank: 8,
  operands: 1000,
  elements: 2 ** 28,
  sharing: 4,
  sparseness: 64,
}

/**
 * Parses a .tflite file. `name` is used in messages. Checks every offset, index, shape and constant length.
 * @throws UserError for anything that is not one well-formed graph.
 */
export function parseTflite(bytes: Uint8Array, name: string): TfliteModel {
  const buffer = new FlatBuffer(bytes, name)
  if (bytes.length < 8 || new TextDecoder('latin1').decode(bytes.subarray(4, 8)) !== 'TFL3')
    buffer.fail('the mark TFL3 is missing at byte 4')
  const model = buffer.root()
  const graphs = model.tables(2, 100)
  if (graphs.length !== 1) buffer.fail(`it holds ${graphs.length} graphs, expected one`)
  const graph = graphs[0]!
  const buffers = model.tables(4, LIMITS.buffers).map((table) => table.vector(0, 1).bytes)
  const tensors = graph.tables(0, LIMITS.tensors).map((table, index) => readTensor(table, index, buffers))
  const constants = tensors.reduce((sum, { data }) => sum + (data?.length ?? 0), 0)
  if (constants > LIMITS.sharing * bytes.length) buffer.fail('many tensors have the same values')
  const codes = model
    .tables(1, 1000)
    .map((table) => ({ builtin: Math.max(table.i8(0), table.i32(3)), custom: table.text(1) }))

  const checked = (indices: number[], lowest: number): number[] => {
    for (const index of indices)
      if (index < lowest || index >= tensors.length) buffer.fail(`tensor ${index} is used, there are ${tensors.length}`)
    return indices
  }
  const operators = graph.tables(3, LIMITS.operators).map((table): TfliteOperator => {
    const code = codes[table.u32(0)]
    if (!code) buffer.fail(`operator code ${table.u32(0)} is used, there are ${codes.length}`)
    const [label, fields] = OPERATORS[code.builtin] ?? [
      code.builtin === CUSTOM ? `CUSTOM:${code.custom}` : `BUILTIN_${code.builtin}`,
      {},
    ]
    return {
      code: label,
      inputs: checked(table.i32s(1, LIMITS.operands), -1),
      outputs: checked(table.i32s(2, LIMITS.operands), 0),
      options: readOptions(table.table(4), fields),
      custom: table.vector(5, 1).bytes,
    }
  })
  const outputs = checked(graph.i32s(2, LIMITS.operands), 0)
  if (outputs.length === 0) buffer.fail('it has no output')
  return { name, tensors, operators, inputs: checked(graph.i32s(1, LIMITS.operands), 0), outputs }
}

function readOptions(table: Table | undefined, fields: Fields): Record<string, number> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, [id, kind, otherwise]]) => [
      key,
      table ? table[kind](id, otherwise) : (otherwise ?? 0),
    ]),
  )
}

function readTensor(table: Table, index: number, buffers: Uint8Array[]): TfliteTensor {
  const { buffer } = table
  const name = table.text(3) || `tensor ${index}`
  const shape = table.i32s(0, LIMITS.rank)
  const elements = shape.reduce((a, b) => a * b, 1)
  if (shape.some((size) => size <= 0) || elements > LIMITS.elements) buffer.fail(`tensor ${name} has shape [${shape}]`)
  const type = TYPES[table.i8(1)]
  if (!type) buffer.fail(`tensor ${name} has element type ${table.i8(1)}, which is not supported`)
  const data = buffers[table.u32(2)]
  if (!data) buffer.fail(`tensor ${name} takes buffer ${table.u32(2)}, there are ${buffers.length}`)
  const sparsity = readSparsity(table.table(6))
  if (data.length === 0) return { name, shape, type }
  if (!sparsity && data.length !== elements * BYTES[type]) {
    buffer.fail(`tensor ${name} [${shape}] ${type} needs ${elements * BYTES[type]} bytes, has ${data.length}`)
  }
  if (sparsity && elements > LIMITS.sparseness * (data.length + describedBy(sparsity)))
    buffer.fail(`sparse tensor ${name} [${shape}] is made of ${data.length} bytes`)
  return { name, shape, type, data, ...(sparsity && { sparsity }) }
}

/** Bytes of the lists that say where values lie. */
function describedBy({ levels }: Sparsity): number {
  return levels.reduce((sum, l) => sum + (l.format === 'csr' ? l.segments.length + l.indices.length : 0), 0)
}

function readSparsity(table: Table | undefined): Sparsity | undefined {
  if (!table) return undefined
  const levels = table.tables(2, 2 * LIMITS.rank).map((level): Sparsity['levels'][number] => {
    if (level.i8(0) === 0) return { format: 'dense', size: level.i32(1) }
    return { format: 'csr', segments: readIndices(level, 2), indices: readIndices(level, 4) }
  })
  return { traversalOrder: table.i32s(0, 2 * LIMITS.rank), blockMap: table.i32s(1, LIMITS.rank), levels }
}

/** A vector of int32, uint16 or uint8 behind a union (schema SparseIndexVector): its type in field `id`, its table in the next one. */
function readIndices(level: Table, id: number): number[] {
  const values = level.table(id + 1)
  const size = ({ 1: 4, 2: 2, 3: 1 } as Record<number, number>)[level.u8(id)]
  if (!values || !size) level.buffer.fail('a sparse dimension has no index list')
  const { length, bytes } = values.vector(0, size)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length }, (_, i) =>
    size === 4 ? view.getInt32(4 * i, true) : size === 2 ? view.getUint16(2 * i, true) : view.getUint8(i),
  )
}
