// Functions of two tensors with numpy broadcasting, comparisons and choice.
import { add, cast, div, equal, greater, mul, neg, sumTo, where } from '../functions'
import { defineOp } from '../record'
import type { GradientCall, SampleInput } from '../record'
import { broadcastShapes, showShape } from '../tensor'
import type { DType, Shape, Tensor } from '../types'

function together(op: string, a: Tensor, b: Tensor): { shape: Shape; dtype: DType } {
  if (a.dtype !== b.dtype)
    throw new Error(
      `${op}: ${a.dtype} ${showShape(a.shape)} and ${b.dtype} ${showShape(b.shape)} differ in type; cast one`,
    )
  return { shape: broadcastShapes(op, a.shape, b.shape), dtype: a.dtype }
}

interface Binary {
  readonly gradient: ((call: GradientCall) => readonly [() => Tensor, () => Tensor]) | 'none'
  readonly result?: 'bool'
  readonly second?: Partial<SampleInput>
}

/** Gradients are given lazily, each only computed when needed, then summed down to the operand's shape. */
function binary(name: string, onnx: string, { gradient, result, second }: Binary): void {
  const logical = name === 'logicalAnd'
  const a: SampleInput = logical ? { shape: [2], dtype: 'bool', values: [0, 1] } : { shape: [2, 1, 4] }
  const b: SampleInput = logical ? { shape: [2], dtype: 'bool', values: [1, 1] } : { shape: [3, 1], ...second }
  defineOp({
    name,
    shape: ([x, y]) => ({ ...together(name, x!, y!), ...(result ? { dtype: result } : {}) }),
    gradient:
      gradient === 'none'
        ? 'none'
        : (call) => gradient(call).map((rule, i) => (call.needs[i] ? sumTo(rule(), call.inputs[i]!.shape) : undefined)),
    lower: (emitter, out) => emitter.emit(onnx, [emitter.value(out.inputs[0]!), emitter.value(out.inputs[1]!)]),
    samples:
      logical || result
        ? [{ inputs: [a, b] }]
        : [{ inputs: [a, b] }, { inputs: [{ shape: [3, 4] }, { shape: [3, 4], ...second }] }],
  })
}

binary('add', 'Add', { gradient: ({ g }) => [() => g, () => g] })
binary('sub', 'Sub', { gradient: ({ g }) => [() => g, () => neg(g)] })
binary('mul', 'Mul', { gradient: ({ inputs: [a, b], g }) => [() => mul(g, b!), () => mul(g, a!)] })
binary('div', 'Div', {
  gradient: ({ inputs: [, b], out, g }) => [() => div(g, b!), () => neg(div(mul(g, out), b!))],
  second: { range: [0.5, 2] },
})

/** 1 where `a` wins, one half on ties, as in PyTorch. */
const share = (a: Tensor, b: Tensor): Tensor => add(cast(greater(a, b), a.dtype), mul(cast(equal(a, b), a.dtype), 0.5))
binary('maximum', 'Max', {
  gradient: ({ inputs: [a, b], g }) => [() => mul(g, share(a!, b!)), () => mul(g, share(b!, a!))],
  second: { range: [-1, 1] },
})
binary('minimum', 'Min', {
  gradient: ({ inputs: [a, b], g }) => [() => mul(g, share(b!, a!)), () => mul(g, share(a!, b!))],
})

binary('less', 'Less', { gradient: 'none', result: 'bool' })
binary('greater', 'Greater', { gradient: 'none', result: 'bool' })
binary('equal', 'Equal', { gradient: 'none', result: 'bool' })
binary('logicalAnd', 'And', { gradient: 'none' })

defineOp({
  name: 'logicalNot',
  shape: ([x]) => {
    if (x!.dtype !== 'bool') throw new Error(`logicalNot: needs bool, got ${x!.dtype} ${showShape(x!.shape)}`)
    return { shape: x!.shape, dtype: 'bool' }
  },
  gradient: 'none',
  lower: (emitter, out) => emitter.emit('Not', [emitter.value(out.inputs[0]!)]),
  samples: [{ inputs: [{ shape: [2], dtype: 'bool', values: [0, 1] }] }],
})

defineOp({
  name: 'where',
  shape: ([cond, a, b]) => {
    if (cond!.dtype !== 'bool')
      throw new Error(`where: the condition ${showShape(cond!.shape)} is ${cond!.dtype}, not bool`)
    const { dtype } = together('where', a!, b!)
    return { shape: broadcastShapes('where', cond!.shape, a!.shape, b!.shape), dtype }
  },
  gradient: ({ inputs: [cond, a, b], g, needs }) => [
    undefined,
    needs[1] ? sumTo(where(cond!, g, 0), a!.shape) : undefined,
    needs[2] ? sumTo(where(cond!, 0, g), b!.shape) : undefined,
  ],
  lower: (emitter, out) =>
    emitter.emit(
      'Where',
      out.inputs.map((x) => emitter.value(x)),
    ),
  samples: [
    { inputs: [{ shape: [2, 3], dtype: 'bool', values: [1, 0, 0, 1, 1, 0] }, { shape: [2, 3] }, { shape: [3] }] },
  ],
})
