// The form of an operation: one record each, with shape rule, gradient rule, ONNX lowering and samples for the generated gradient check.
import type { Emitter } from './emitter'
import type { Attrs, DType, Shape, Tensor } from './types'

/** What the gradient rule is given: the node, the gradient arriving at its output, and which inputs need one. */
export interface GradientCall {
  readonly out: Tensor
  readonly inputs: readonly Tensor[]
  readonly g: Tensor
  readonly needs: readonly boolean[]
}

/** Random numbers for one input of a sample, uniform in `range` (default -1..1), at least 0.1 away from the values of `avoid` (kinks), or given values. */
export interface SampleInput {
  readonly shape: Shape
  readonly dtype?: DType
  readonly range?: readonly [number, number]
  readonly avoid?: readonly number[]
  readonly values?: readonly number[]
}

/** One way to call the operation in the generated check. Inputs of type float32 are differentiated. */
export interface Sample {
  readonly inputs: readonly SampleInput[]
  readonly attrs?: Attrs
}

/** One operation. `A` is the type of its attributes; the registry keeps records with it erased. */
export interface OpRecord {
  readonly name: string
  /** Checks inputs and attributes; gives the result's shape and type. */
  shape(inputs: readonly Tensor[], attrs: Attrs): { shape: Shape; dtype: DType }
  /** Gradients for the inputs in order (undefined where none flows), or 'none' for an operation that is constant almost everywhere. */
  readonly gradient: ((call: GradientCall) => readonly (Tensor | undefined)[]) | 'none'
  /** Emits ONNX nodes; returns the value's name, or several when the operation also saves values (read back with `saved`). */
  lower(emitter: Emitter, out: Tensor): string | readonly string[]
  /**
   * The same value made of other operations, for an operation whose ONNX form only the processor can run: otherwise its data would leave
   * the device and come back in the midst of a program. Not for operations that save values.
   */
  portable?(out: Tensor): Tensor
  /** Floating-point operations (a multiply-add counts two) of matrix products and convolutions. */
  flops?(out: Tensor): number
  /** What the generated check runs. Only leaves and bookkeeping, which are part of every check anyway, have none of their own. */
  readonly samples: readonly [Sample, ...Sample[]] | 'in every check'
}

const records = new Map<string, OpRecord>()

/** Adds an operation to the registry. */
export function defineOp(record: OpRecord): void {
  if (records.has(record.name)) throw new Error(`operation ${record.name} is defined twice`)
  records.set(record.name, record)
}

/** The record of an operation. */
export function recordOf(op: string): OpRecord {
  const record = records.get(op)
  if (!record) throw new Error(`unknown operation ${op}; is main/engine/ir/index.ts imported?`)
  return record
}

/** Every operation, in order of definition. */
export const allRecords = (): readonly OpRecord[] => [...records.values()]
