// What a lowering rule may ask of the ONNX graph writer. The writer itself is backends/onnx/graph.ts.
import type { DType, HostTensor, Tensor } from './types'

/** ONNX attribute: integers, lists of integers and strings as they are; a float is wrapped, since JavaScript cannot tell 1 from 1.0. */
export type OnnxAttr = number | readonly number[] | string | { readonly float: number }

/** What ONNX calls the types of numbers. */
export const elementType: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
}

export interface EmitOptions {
  readonly attrs?: Readonly<Record<string, OnnxAttr>>
  readonly domain?: 'com.microsoft'
}

export interface Emitter {
  /** 'cpu' may use operators that only onnxruntime's CPU provider has; 'portable' may not. */
  readonly target: 'cpu' | 'portable'
  /** Whether com.microsoft.MultiHeadAttention gives right results there. */
  readonly fusedAttention: boolean
  /** Name of a tensor's value. */
  value(tensor: Tensor, output?: number): string
  /** Whether anything in the program reads value number `output` that the node saves beside its result. */
  wanted(tensor: Tensor, output: number): boolean
  /** Adds a node with one output. An input '' is an absent optional one. */
  emit(type: string, inputs: readonly string[], options?: EmitOptions): string
  /** Adds a node with several outputs. */
  emitMany(type: string, inputs: readonly string[], outputs: number, options?: EmitOptions): string[]
  /** A constant vector of int64 (shapes, axes). */
  ints(values: readonly number[]): string
  /** A constant scalar. */
  scalar(value: number, dtype: DType): string
  /** A constant of any shape. */
  constant(host: HostTensor): string
}
