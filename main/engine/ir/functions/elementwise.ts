// Element by element, with numpy broadcasting. A plain number may stand in place of a tensor. Trivial work (x*1, x+0, chains of
// scalar factors, broadcasts of broadcasts) is folded here, so that programs written naturally stay small.
import { broadcastShapes, make, sameShape } from '../tensor'
import type { DType, Tensor } from '../types'
import { constant, scalarValue } from './basic'

/** A tensor, or a number that becomes a scalar of the other operand's type. */
export type Operand = Tensor | number

const tensors = (a: Operand, b: Operand): [Tensor, Tensor] => {
  if (typeof a === 'number') return typeof b === 'number' ? [constant(a), constant(b)] : [constant(a, [], b.dtype), b]
  return [a, typeof b === 'number' ? constant(b, [], a.dtype) : b]
}

/** A broadcast operand is replaced by its source when the other operand gives the full shape anyway. */
const unexpanded = (x: Tensor, other: Tensor): Tensor => {
  const source = x.op === 'expand' ? x.inputs[0]! : x
  return source !== x &&
    sameShape(broadcastShapes('expand', source.shape, other.shape), broadcastShapes('expand', x.shape, other.shape))
    ? source
    : x
}

function binary(op: string, a: Operand, b: Operand): Tensor {
  const [x, y] = tensors(a, b)
  const left = unexpanded(x, y)
  return make(op, [left, unexpanded(y, left)])
}

/** a + b */
export function add(a: Operand, b: Operand): Tensor {
  const [x, y] = tensors(a, b)
  if (scalarValue(y) === 0) return x
  return scalarValue(x) === 0 ? y : binary('add', x, y)
}

/** a - b */
export function sub(a: Operand, b: Operand): Tensor {
  const [x, y] = tensors(a, b)
  return scalarValue(y) === 0 ? x : binary('sub', x, y)
}

/** a * b */
export function mul(a: Operand, b: Operand): Tensor {
  const [x, y] = tensors(a, b)
  const factor = scalarValue(y)
  if (factor === undefined) return scalarValue(x) === undefined ? binary('mul', x, y) : mul(y, x)
  if (factor === 1) return x
  const inner = x.op === 'mul' ? scalarValue(x.inputs[1]!) : undefined
  return inner === undefined ? binary('mul', x, y) : mul(x.inputs[0]!, inner * factor)
}

/** a / b */
export function div(a: Operand, b: Operand): Tensor {
  const [x, y] = tensors(a, b)
  return scalarValue(y) === 1 ? x : binary('div', x, y)
}

export const maximum = (a: Operand, b: Operand): Tensor => binary('maximum', a, b)
export const minimum = (a: Operand, b: Operand): Tensor => binary('minimum', a, b)
export const less = (a: Operand, b: Operand): Tensor => binary('less', a, b)
export const greater = (a: Operand, b: Operand): Tensor => binary('greater', a, b)
export const equal = (a: Operand, b: Operand): Tensor => binary('equal', a, b)
export const logicalAnd = (a: Tensor, b: Tensor): Tensor => binary('logicalAnd', a, b)
export const logicalNot = (x: Tensor): Tensor => make('logicalNot', [x])

/** x to a fixed power. */
export function pow(x: Tensor, exponent: number): Tensor {
  if (exponent === 1) return x
  if (exponent === 2) return mul(x, x)
  return exponent === 0.5 ? sqrt(x) : make('pow', [x], { exponent })
}

export const neg = (x: Tensor): Tensor => mul(x, -1)
export const exp = (x: Tensor): Tensor => make('exp', [x])
export const log = (x: Tensor): Tensor => make('log', [x])
export const sqrt = (x: Tensor): Tensor => make('sqrt', [x])
export const abs = (x: Tensor): Tensor => make('abs', [x])
export const sin = (x: Tensor): Tensor => make('sin', [x])
export const cos = (x: Tensor): Tensor => make('cos', [x])
export const erf = (x: Tensor): Tensor => make('erf', [x])
export const floor = (x: Tensor): Tensor => make('floor', [x])
export const sign = (x: Tensor): Tensor => make('sign', [x])
export const sigmoid = (x: Tensor): Tensor => make('sigmoid', [x])
export const tanh = (x: Tensor): Tensor => make('tanh', [x])
export const relu = (x: Tensor): Tensor => make('relu', [x])
/** x * sigmoid(x) */
export const silu = (x: Tensor): Tensor => make('silu', [x])
/** x * clamp(x + 3, 0, 6) / 6 */
export const hardswish = (x: Tensor): Tensor => make('hardswish', [x])
/** Gaussian error linear unit: 'none' is exact (erf), 'tanh' the approximation that diffusers calls gelu-approximate. */
export const gelu = (x: Tensor, approximate: 'none' | 'tanh' = 'none'): Tensor => make('gelu', [x], { approximate })
/** x where x > 0, slope * x elsewhere; the slope broadcasts to x. */
export const prelu = (x: Tensor, slope: Tensor): Tensor => make('prelu', [x, slope])
/** min <= x <= max; the gradient is 1 on the bounds too, as in PyTorch. */
export const clamp = (x: Tensor, min: number, max: number): Tensor => make('clamp', [x], { min, max })

/** a where cond, else b. */
export function where(cond: Tensor, a: Operand, b: Operand): Tensor {
  const [x, y] = tensors(a, b)
  return make('where', [cond, unexpanded(x, cond), unexpanded(y, cond)])
}

/** Another type of number (rounds towards zero; bool is x != 0). */
export const cast = (x: Tensor, dtype: DType): Tensor => (x.dtype === dtype ? x : make('cast', [x], { dtype }))
