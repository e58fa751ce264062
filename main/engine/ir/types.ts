// The vocabulary of programs: types of numbers, shapes, host tensors and symbolic tensors.

export type DType = 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'uint8' | 'bool'
export type TypedArray = Float32Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array
export type Shape = readonly number[]

/** Numbers in memory. float16 and bfloat16 are raw bits in a Uint16Array, bool is a Uint8Array of 0 and 1. Row-major. */
export interface HostTensor {
  readonly dtype: DType
  readonly shape: Shape
  readonly data: TypedArray
}

/** Settings of an operation: plain data, so that two nodes can be compared. Only `constant` holds a HostTensor. */
export type Attrs = Readonly<Record<string, unknown>>

/** One node of a program. `inputs` are the tensors it reads; `name` is set on program inputs only. */
export interface Tensor {
  readonly id: number
  readonly shape: Shape
  readonly dtype: DType
  readonly op: string
  readonly inputs: readonly Tensor[]
  readonly attrs: Attrs
  /** Where it was made: see segments.ts. */
  readonly segment: number
  readonly name?: string
}
