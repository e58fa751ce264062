// Where programs begin: inputs, constants, and values that a node saves beside its result.
import { hostTensor } from '../host'
import type { DType, HostTensor, Shape, Tensor, TypedArray } from '../types'
import { make, rawTensor, showShape } from '../tensor'

/** A program input: fed at run time under this name. */
export function input(name: string, shape: Shape, dtype: DType = 'float32'): Tensor {
  if (!shape.every((length) => Number.isInteger(length) && length > 0))
    throw new Error(`input ${name}: bad shape ${showShape(shape)}`)
  return rawTensor({ op: 'input', inputs: [], attrs: {}, shape: [...shape], dtype, name })
}

/** Fixed numbers inside the program. A number without a shape is a scalar; a list without a shape is a vector; a number with a shape fills it. */
export function constant(
  data: number | readonly number[] | TypedArray | HostTensor,
  shape?: Shape,
  dtype?: DType,
): Tensor {
  if (typeof data === 'number') {
    const half = dtype === 'float16' || dtype === 'bfloat16'
    const scalar = hostTensor([data], [], half ? 'float32' : (dtype ?? 'float32'))
    const full = rawTensor({ op: 'constant', inputs: [], attrs: { host: scalar }, shape: [], dtype: scalar.dtype })
    const t = half ? make('cast', [full], { dtype }) : full
    return shape && shape.length > 0 ? make('expand', [t], { shape: [...shape] }) : t
  }
  const host = 'data' in data ? data : hostTensor(data as TypedArray, shape ?? [data.length], dtype)
  return rawTensor({ op: 'constant', inputs: [], attrs: { host }, shape: [...host.shape], dtype: host.dtype })
}

/** Zeros: one scalar, broadcast. */
export const zeros = (shape: Shape, dtype: DType = 'float32'): Tensor => constant(0, shape, dtype)
/** Ones: one scalar, broadcast. */
export const ones = (shape: Shape, dtype: DType = 'float32'): Tensor => constant(1, shape, dtype)

/** The number in a float scalar constant, else undefined. */
export function scalarValue(t: Tensor): number | undefined {
  if (t.op !== 'constant' || t.shape.length > 0 || t.dtype !== 'float32') return undefined
  return (t.attrs.host as HostTensor).data[0] as number
}

/** The same value, through which no gradient flows. */
export const stopGradient = (x: Tensor): Tensor => make('stopGradient', [x])

/** Value number `index` (from 1) that the node of `x` saves beside its result, e.g. the mean that a layer norm computed. For gradient rules. */
export function saved(x: Tensor, index: number, shape: Shape, dtype: DType = 'float32'): Tensor {
  // It is made where x is made, also when the gradient that asks for it is made elsewhere.
  return { ...make('saved', [x], { index, shape, dtype }), segment: x.segment }
}
