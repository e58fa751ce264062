// The constant values of a .tflite model as float32: f16 storage is widened and sparse tensors are filled in, once, at import,
// so that the graph that runs has plain weights only.
import { UserError } from '../../media/errors'
import { BYTES, type Sparsity, type TfliteTensor } from './tflite'

/** The values of constant tensor `tensor`, dense, row-major in its own (NHWC / OHWI) order. @throws UserError when its sparse layout is inconsistent. */
export function constantValues(tensor: TfliteTensor): Float32Array | Int32Array {
  if (!tensor.data)
    throw new UserError(`.tflite tensor ${tensor.name} is needed as a constant, but the file gives no values for it`)
  const values = decode(tensor, tensor.data)
  return tensor.sparsity ? densify(tensor, values, tensor.sparsity) : values
}

function decode(tensor: TfliteTensor, bytes: Uint8Array): Float32Array | Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = Math.floor(bytes.length / BYTES[tensor.type])
  if (tensor.type === 'float32') return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true))
  if (tensor.type === 'float16') {
    const table = halfTable()
    const values = new Float32Array(count)
    for (let i = 0; i < count; i++) values[i] = table[view.getUint16(2 * i, true)]!
    return values
  }
  if (tensor.type === 'int32') return Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true))
  throw new UserError(
    `.tflite tensor ${tensor.name} is a constant of type ${tensor.type}; float32, float16 and int32 are supported`,
  )
}

let halves: Float32Array | undefined
/** All 65536 float16 values by their bits: faster than computing each of the millions of weights. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 31
    const fraction = bits & 1023
    if (exponent === 31) return fraction ? NaN : sign * Infinity
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
  })
  return halves
}

/**
 * Fills a sparse tensor (schema SparsityParameters, the TACO format): the levels are walked in traversal order; a dense level visits every index,
 * a CSR level the listed ones; dimensions from the rank on are positions within a block of the dimension that `blockMap` names.
 */
function densify(
  tensor: TfliteTensor,
  values: Float32Array | Int32Array,
  sparsity: Sparsity,
): Float32Array | Int32Array {
  const { shape } = tensor
  const { traversalOrder, blockMap, levels } = sparsity
  const bad = (what: string): never => {
    throw new UserError(
      `.tflite tensor ${tensor.name} [${shape}]: its sparse layout is inconsistent (${what}). The file is damaged; install or download it again`,
    )
  }
  const order = [...traversalOrder].sort((a, b) => a - b)
  if (
    order.length !== shape.length + blockMap.length ||
    levels.length !== order.length ||
    order.some((d, i) => d !== i)
  )
    bad('dimensions')
  if (blockMap.some((d) => d < 0 || d >= shape.length)) bad('block map')

  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1))
  const step = [...strides, ...blockMap.map((d) => strides[d]!)]
  const extent = [...shape, ...blockMap.map(() => 1)]
  blockMap.forEach((d, i) => {
    const level = levels[traversalOrder.indexOf(shape.length + i)]!
    const size = level.format === 'dense' ? level.size : 0
    if (size <= 0 || shape[d]! % size !== 0) bad('block size')
    step[d] = strides[d]! * size
    extent[d] = shape[d]! / size
    extent[shape.length + i] = size
  })
  traversalOrder.forEach((d, level) => {
    const { format } = levels[level]!
    if (format === 'dense' && (levels[level] as { size: number }).size !== extent[d]) bad('dense size')
  })

  const dense =
    values instanceof Float32Array ? new Float32Array(strides[0]! * shape[0]!) : new Int32Array(strides[0]! * shape[0]!)
  const visit = (level: number, entry: number, offset: number): void => {
    if (level === levels.length) {
      if (entry >= values.length) bad('too few values')
      dense[offset] = values[entry]!
      return
    }
    const d = traversalOrder[level]!
    const rule = levels[level]!
    if (rule.format === 'dense') {
      for (let i = 0; i < rule.size; i++) visit(level + 1, entry * rule.size + i, offset + i * step[d]!)
      return
    }
    const [from, to] = [rule.segments[entry], rule.segments[entry + 1]]
    if (from === undefined || to === undefined || from < 0 || to > rule.indices.length || to - from > extent[d]!)
      return bad('segments')
    for (let i = from; i < to; i++) {
      const index = rule.indices[i]!
      if (index < 0 || index >= extent[d]!) bad('index')
      visit(level + 1, i, offset + index * step[d]!)
    }
  }
  visit(0, 0, 0)
  return dense
}
