// Host tensors: numbers in memory with shape and type.
import type { DType, HostTensor, Shape, TypedArray } from './types'
import { showShape, sizeOf } from './tensor'

/** Bytes of one element. */
export const bytesPerElement: Readonly<Record<DType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
}

function typeOf(data: TypedArray | readonly number[]): DType {
  if (data instanceof BigInt64Array) return 'int64'
  if (data instanceof Int32Array) return 'int32'
  if (data instanceof Uint8Array) return 'uint8'
  if (data instanceof Uint16Array) throw new Error('hostTensor: a Uint16Array is float16 or bfloat16: say which')
  return 'float32'
}

/** An array of zeros fit for `dtype`. */
export function allocate(dtype: DType, length: number): TypedArray {
  if (dtype === 'float32') return new Float32Array(length)
  if (dtype === 'int64') return new BigInt64Array(length)
  if (dtype === 'int32') return new Int32Array(length)
  return dtype === 'uint8' || dtype === 'bool' ? new Uint8Array(length) : new Uint16Array(length)
}

function arrayFor(dtype: DType, data: readonly number[]): TypedArray {
  if (dtype === 'int64') return BigInt64Array.from(data, (value) => BigInt(value))
  if (dtype === 'float16' || dtype === 'bfloat16')
    throw new Error(`hostTensor: plain numbers cannot become ${dtype}; give its bits as a Uint16Array`)
  const array = allocate(dtype, data.length) as Float32Array | Int32Array | Uint8Array
  array.set(data)
  return array
}

/** `data` (row-major; not copied when it is a typed array) with a shape. The type follows the array unless given. Throws when the count differs. */
export function hostTensor(
  data: TypedArray | readonly number[],
  shape: Shape,
  dtype: DType = typeOf(data),
): HostTensor {
  const array = Array.isArray(data) ? arrayFor(dtype, data as readonly number[]) : (data as TypedArray)
  if (array.length !== sizeOf(shape))
    throw new Error(`hostTensor: ${array.length} values do not fill the shape ${showShape(shape)}`)
  if (array.constructor !== allocate(dtype, 0).constructor)
    throw new Error(`hostTensor: ${array.constructor.name} cannot hold ${dtype}`)
  return { dtype, shape, data: array }
}
