// Sums, maxima, running sums and softmax.
import { amax, cast, cumsum, div, equal, exp, expand, log, mul, reshape, sub, sum } from '../functions'
import type { Emitter } from '../emitter'
import { hostTensor } from '../host'
import { defineOp } from '../record'
import { floatLike, sizeOf } from '../tensor'
import type { Shape, Tensor } from '../types'

const without = (shape: Shape, axes: readonly number[]): number[] => shape.filter((_, i) => !axes.includes(i))
const kept = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((length, i) => (axes.includes(i) ? 1 : length))

/**
 * Each element times `weight`, summed over the axes. Where rows of a matrix are added up, onnxruntime's CPU reduction reads column by
 * column, up to 70 times slower than a product with a row of equal numbers.
 */
function lowerSum(emitter: Emitter, out: Tensor, weight: number): string {
  const x = out.inputs[0]!
  const axes = out.attrs.axes as readonly number[]
  const [first, last] = [axes[0]!, axes.at(-1)!]
  const [rows, width] = [sizeOf(x.shape.slice(first, last + 1)), sizeOf(x.shape.slice(last + 1))]
  const tall = last - first + 1 === axes.length && rows >= 16 && width >= 8
  if (emitter.target !== 'cpu' || x.dtype !== 'float32' || !tall) {
    return emitter.emit(weight === 1 ? 'ReduceSum' : 'ReduceMean', [emitter.value(x), emitter.ints(axes)], {
      attrs: { keepdims: 0 },
    })
  }
  const matrices = emitter.emit('Reshape', [emitter.value(x), emitter.ints([-1, rows, width])])
  const row = emitter.constant(hostTensor(new Float32Array(rows).fill(weight), [1, rows]))
  return emitter.emit('Reshape', [emitter.emit('MatMul', [row, matrices]), emitter.ints(out.shape)])
}

defineOp({
  name: 'sum',
  shape: ([x], attrs) => ({ shape: without(x!.shape, attrs.axes as number[]), dtype: x!.dtype }),
  gradient: ({ inputs, out, g }) => {
    const { shape } = inputs[0]!
    return [expand(reshape(g, kept(shape, out.attrs.axes as number[])), shape)]
  },
  lower: (emitter, out) => lowerSum(emitter, out, 1),
  samples: [
    { inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [1] } },
    { inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [0, 2] } },
    { inputs: [{ shape: [2, 4, 5, 8] }], attrs: { axes: [1, 2] } },
  ],
})

defineOp({
  name: 'mean',
  shape: ([x], attrs) => ({ shape: without(x!.shape, attrs.axes as number[]), dtype: floatLike('mean', x!).dtype }),
  gradient: ({ inputs, out, g }) => {
    const { shape } = inputs[0]!
    const share = mul(g, sizeOf(out.shape) / sizeOf(shape))
    return [expand(reshape(share, kept(shape, out.attrs.axes as number[])), shape)]
  },
  lower: (emitter, out) => lowerSum(emitter, out, sizeOf(out.shape) / sizeOf(out.inputs[0]!.shape)),
  samples: [
    { inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [0, 2] } },
    { inputs: [{ shape: [2, 4, 5, 8] }], attrs: { axes: [1, 2] } },
  ],
})

// One pass over x, where a product and a sum would write the squares out.
defineOp({
  name: 'sumSquares',
  shape: ([x], attrs) => ({
    shape: without(x!.shape, attrs.axes as number[]),
    dtype: floatLike('sumSquares', x!).dtype,
  }),
  gradient: ({ inputs, out, g }) => {
    const x = inputs[0]!
    return [mul(x, mul(reshape(g, kept(x.shape, out.attrs.axes as number[])), 2))]
  },
  lower: (emitter, out) =>
    emitter.emit('ReduceSumSquare', [emitter.value(out.inputs[0]!), emitter.ints(out.attrs.axes as number[])], {
      attrs: { keepdims: 0 },
    }),
  samples: [{ inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [1, 2] } }],
})

defineOp({
  name: 'amax',
  shape: ([x], attrs) => ({ shape: without(x!.shape, attrs.axes as number[]), dtype: x!.dtype }),
  gradient: ({ inputs, out, g }) => {
    const x = inputs[0]!
    const axes = out.attrs.axes as number[]
    const shape = kept(x.shape, axes)
    const hits = cast(equal(x, reshape(out, shape)), x.dtype)
    return [mul(hits, div(reshape(g, shape), sum(hits, axes, true)))]
  },
  lower: (emitter, out) =>
    emitter.emit('ReduceMax', [emitter.value(out.inputs[0]!), emitter.ints(out.attrs.axes as number[])], {
      attrs: { keepdims: 0 },
    }),
  samples: [{ inputs: [{ shape: [2, 3], values: [0.1, 0.9, -0.4, 0.7, -0.2, 0.3] }], attrs: { axes: [1] } }],
})

defineOp({
  name: 'cumsum',
  shape: ([x]) => floatLike('cumsum', x!),
  gradient: ({ out, g }) => {
    const axis = out.attrs.axis as number
    const forward = cumsum(g, axis)
    if (out.attrs.reverse) return [forward]
    const total = sum(g, axis, true)
    return [expand(sub(total, sub(forward, g)), g.shape)]
  },
  lower: (emitter, out) => {
    const axis = emitter.scalar(out.attrs.axis as number, 'int64')
    return emitter.emit('CumSum', [emitter.value(out.inputs[0]!), axis], {
      attrs: { reverse: out.attrs.reverse ? 1 : 0 },
    })
  },
  samples: [{ inputs: [{ shape: [2, 4, 3] }], attrs: { axis: 1, reverse: false } }],
})

/** Elements after the axis: how far apart neighbours along it lie. */
const stride = (shape: Shape, axis: number): number => sizeOf(shape.slice(axis + 1))

/** Softmax of an inner axis without the two transposes that onnxruntime would make around it. */
function lowerInnerSoftmax(emitter: Emitter, x: string, axis: number): string {
  const reduce = (op: string, y: string): string =>
    emitter.emit(op, [y, emitter.ints([axis])], { attrs: { keepdims: 1 } })
  const powers = emitter.emit('Exp', [emitter.emit('Sub', [x, reduce('ReduceMax', x)])])
  return emitter.emit('Div', [powers, reduce('ReduceSum', powers)])
}

defineOp({
  name: 'softmax',
  shape: ([x]) => floatLike('softmax', x!),
  gradient: ({ out, g }) => [mul(out, sub(g, sum(mul(g, out), out.attrs.axis as number, true)))],
  lower: (emitter, out) => {
    const axis = out.attrs.axis as number
    const x = emitter.value(out.inputs[0]!)
    if (emitter.target === 'cpu' && stride(out.shape, axis) >= 32) return lowerInnerSoftmax(emitter, x, axis)
    return emitter.emit('Softmax', [x], { attrs: { axis } })
  },
  samples: [
    { inputs: [{ shape: [2, 3, 5], range: [-2, 2] }], attrs: { axis: 2 } },
    { inputs: [{ shape: [2, 3, 5], range: [-2, 2] }], attrs: { axis: 1 } },
    { inputs: [{ shape: [2, 3, 32], range: [-2, 2] }], attrs: { axis: 1 } },
  ],
})

defineOp({
  name: 'logSoftmax',
  shape: ([x]) => floatLike('logSoftmax', x!),
  gradient: ({ out, g }) => [sub(g, mul(exp(out), sum(g, out.attrs.axis as number, true)))],
  lower: (emitter, out) =>
    emitter.emit('LogSoftmax', [emitter.value(out.inputs[0]!)], { attrs: { axis: out.attrs.axis as number } }),
  portable: ({ inputs: [x], attrs }) => {
    const axis = attrs.axis as number
    const low = sub(x!, amax(x!, axis, true))
    return sub(low, log(sum(exp(low), axis, true)))
  },
  samples: [{ inputs: [{ shape: [2, 3, 5], range: [-2, 2] }], attrs: { axis: 1 } }],
})
