// Moving elements about. Gradients move them back.
import {
  add,
  flip,
  gather,
  padAxis,
  reshape,
  scatterAddRows,
  slice,
  sum,
  sumTo,
  transpose,
  unsqueeze,
} from '../functions'
import { elementType } from '../emitter'
import type { Emitter } from '../emitter'
import { defineOp } from '../record'
import { broadcastShapes, sameShape, showShape, sizeOf } from '../tensor'
import type { Shape, Tensor } from '../types'

defineOp({
  name: 'reshape',
  shape: ([x], attrs) => {
    const shape = attrs.shape as Shape
    if (sizeOf(shape) !== sizeOf(x!.shape))
      throw new Error(`reshape: ${showShape(x!.shape)} cannot become ${showShape(shape)}`)
    return { shape, dtype: x!.dtype }
  },
  gradient: ({ inputs, g }) => [reshape(g, inputs[0]!.shape)],
  lower: (emitter, out) => emitter.emit('Reshape', [emitter.value(out.inputs[0]!), emitter.ints(out.shape)]),
  samples: [{ inputs: [{ shape: [2, 6] }], attrs: { shape: [3, 4] } }],
})

defineOp({
  name: 'transpose',
  shape: ([x], attrs) => ({ shape: (attrs.perm as number[]).map((axis) => x!.shape[axis]!), dtype: x!.dtype }),
  gradient: ({ out, g }) => {
    const perm = out.attrs.perm as number[]
    return [
      transpose(
        g,
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
    ]
  },
  lower: (emitter, out) =>
    emitter.emit('Transpose', [emitter.value(out.inputs[0]!)], { attrs: { perm: out.attrs.perm as number[] } }),
  samples: [{ inputs: [{ shape: [2, 3, 4] }], attrs: { perm: [2, 0, 1] } }],
})

defineOp({
  name: 'expand',
  shape: ([x], attrs) => {
    const shape = attrs.shape as Shape
    if (!sameShape(broadcastShapes('expand', x!.shape, shape), shape))
      throw new Error(`expand: ${showShape(x!.shape)} does not broadcast to ${showShape(shape)}`)
    return { shape, dtype: x!.dtype }
  },
  gradient: ({ inputs, g }) => [sumTo(g, inputs[0]!.shape)],
  lower: (emitter, out) => emitter.emit('Expand', [emitter.value(out.inputs[0]!), emitter.ints(out.shape)]),
  samples: [{ inputs: [{ shape: [3, 1] }], attrs: { shape: [2, 3, 4] } }],
})

interface SliceAttrs {
  readonly axis: number
  readonly start: number
  readonly end: number
  readonly step: number
}

/** Where a strided slice came from: zeros between the steps, then zeros around. */
function unslice(g: Tensor, { axis, start, end, step }: SliceAttrs, length: number): Tensor {
  if (step === 1) return padAxis(g, axis, start, length - end)
  const count = g.shape[axis]!
  const spread = padAxis(unsqueeze(g, axis + 1), axis + 1, 0, step - 1)
  const dense = reshape(spread, [...g.shape.slice(0, axis), count * step, ...g.shape.slice(axis + 1)])
  const room = length - start
  return padAxis(slice(dense, axis, 0, Math.min(room, count * step)), axis, start, Math.max(0, room - count * step))
}

defineOp({
  name: 'slice',
  shape: ([x], attrs) => {
    const { axis, start, end, step } = attrs as unknown as SliceAttrs
    return {
      shape: x!.shape.map((length, i) => (i === axis ? Math.ceil((end - start) / step) : length)),
      dtype: x!.dtype,
    }
  },
  gradient: ({ inputs, out, g }) => {
    const attrs = out.attrs as unknown as SliceAttrs
    return [unslice(g, attrs, inputs[0]!.shape[attrs.axis]!)]
  },
  lower: (emitter, out) => {
    const { axis, start, end, step } = out.attrs as unknown as SliceAttrs
    return emitter.emit('Slice', [
      emitter.value(out.inputs[0]!),
      ...[start, end, axis, step].map((value) => emitter.ints([value])),
    ])
  },
  samples: [
    { inputs: [{ shape: [2, 7, 3] }], attrs: { axis: 1, start: 1, end: 6, step: 2 } },
    { inputs: [{ shape: [2, 8] }], attrs: { axis: 1, start: 2, end: 7, step: 3 } },
    { inputs: [{ shape: [5, 2] }], attrs: { axis: 0, start: 1, end: 4, step: 1 } },
  ],
})

defineOp({
  name: 'flip',
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  gradient: ({ out, g }) => [flip(g, out.attrs.axes as number[])],
  lower: (emitter, out) => {
    const axes = out.attrs.axes as number[]
    const all = (value: number): string => emitter.ints(axes.map(() => value))
    return emitter.emit('Slice', [emitter.value(out.inputs[0]!), all(-1), all(-(2 ** 31)), emitter.ints(axes), all(-1)])
  },
  samples: [{ inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [0, 2] } }],
})

defineOp({
  name: 'concat',
  shape: (inputs, attrs) => {
    const axis = attrs.axis as number
    const first = inputs[0]!
    const fits = inputs.every(
      (x) =>
        x.dtype === first.dtype &&
        x.shape.length === first.shape.length &&
        x.shape.every((n, i) => i === axis || n === first.shape[i]),
    )
    if (!fits)
      throw new Error(
        `concat: ${inputs.map((x) => `${x.dtype} ${showShape(x.shape)}`).join(', ')} do not join along axis ${axis}`,
      )
    const total = inputs.reduce((sum, x) => sum + x.shape[axis]!, 0)
    return { shape: first.shape.map((length, i) => (i === axis ? total : length)), dtype: first.dtype }
  },
  gradient: ({ inputs, out, g, needs }) => {
    const axis = out.attrs.axis as number
    let start = 0
    return inputs.map((x, i) => {
      start += x.shape[axis]!
      return needs[i] ? slice(g, axis, start - x.shape[axis]!, start) : undefined
    })
  },
  lower: (emitter, out) =>
    emitter.emit(
      'Concat',
      out.inputs.map((x) => emitter.value(x)),
      { attrs: { axis: out.attrs.axis as number } },
    ),
  samples: [{ inputs: [{ shape: [2, 3] }, { shape: [2, 1] }, { shape: [2, 2] }], attrs: { axis: 1 } }],
})

type Pads = readonly (readonly [number, number])[]

/** Gradient of repeated or mirrored borders along one axis: they fold back onto the elements they copied. */
function foldBorder(g: Tensor, axis: number, before: number, after: number, mode: 'edge' | 'reflect'): Tensor {
  const length = g.shape[axis]! - before - after
  let core = slice(g, axis, before, before + length)
  const put = (piece: Tensor, at: number): void => {
    core = add(core, padAxis(piece, axis, at, length - at - piece.shape[axis]!))
  }
  if (before > 0) {
    const left = slice(g, axis, 0, before)
    if (mode === 'edge') put(sum(left, axis, true), 0)
    else put(flip(left, [axis]), 1)
  }
  if (after > 0) {
    const right = slice(g, axis, before + length)
    if (mode === 'edge') put(sum(right, axis, true), length - 1)
    else put(flip(right, [axis]), length - 1 - after)
  }
  return core
}

defineOp({
  name: 'pad',
  shape: ([x], attrs) => {
    const pads = attrs.pads as Pads
    const bad =
      pads.length !== x!.shape.length ||
      pads.some(
        ([before, after], i) =>
          before < 0 || after < 0 || (attrs.mode === 'reflect' && Math.max(before, after) >= x!.shape[i]!),
      )
    if (bad) throw new Error(`pad: ${JSON.stringify(pads)} (${String(attrs.mode)}) does not fit ${showShape(x!.shape)}`)
    return { shape: x!.shape.map((length, i) => length + pads[i]![0] + pads[i]![1]), dtype: x!.dtype }
  },
  gradient: ({ out, g }) => [
    (out.attrs.pads as Pads).reduce((rest, [before, after], axis) => {
      if (out.attrs.mode === 'constant') return slice(rest, axis, before, rest.shape[axis]! - after)
      return before + after === 0 ? rest : foldBorder(rest, axis, before, after, out.attrs.mode as 'edge' | 'reflect')
    }, g),
  ],
  lower: (emitter, out) => {
    const pads = out.attrs.pads as Pads
    const list = emitter.ints([...pads.map(([before]) => before), ...pads.map(([, after]) => after)])
    return emitter.emit('Pad', [emitter.value(out.inputs[0]!), list], { attrs: { mode: out.attrs.mode as string } })
  },
  samples: [
    {
      inputs: [{ shape: [2, 3] }],
      attrs: {
        pads: [
          [1, 0],
          [0, 2],
        ],
        mode: 'constant',
      },
    },
    {
      inputs: [{ shape: [2, 3, 4] }],
      attrs: {
        pads: [
          [0, 0],
          [1, 2],
          [2, 1],
        ],
        mode: 'edge',
      },
    },
    {
      inputs: [{ shape: [1, 4, 5] }],
      attrs: {
        pads: [
          [0, 0],
          [2, 1],
          [1, 3],
        ],
        mode: 'reflect',
      },
    },
  ],
})

const isIndex = ({ dtype }: Tensor): boolean => dtype === 'int64' || dtype === 'int32'

defineOp({
  name: 'gather',
  shape: ([x, indices], attrs) => {
    const axis = attrs.axis as number
    if (!isIndex(indices!))
      throw new Error(`gather: indices ${showShape(indices!.shape)} are ${indices!.dtype}, not int64 or int32`)
    return { shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)], dtype: x!.dtype }
  },
  gradient: ({ inputs: [x, indices], out, g }) => {
    const axis = out.attrs.axis as number
    const count = sizeOf(indices!.shape)
    const flat = reshape(g, [...x!.shape.slice(0, axis), count, ...x!.shape.slice(axis + 1)])
    const order = [axis, ...x!.shape.map((_, i) => i).filter((i) => i !== axis)]
    const rows = scatterAddRows(transpose(flat, order), reshape(indices!, [count]), x!.shape[axis]!)
    return [
      transpose(
        rows,
        order.map((_, i) => order.indexOf(i)),
      ),
      undefined,
    ]
  },
  lower: (emitter, out) =>
    emitter.emit('Gather', [emitter.value(out.inputs[0]!), emitter.value(out.inputs[1]!)], {
      attrs: { axis: out.attrs.axis as number },
    }),
  samples: [
    { inputs: [{ shape: [4, 3] }, { shape: [2, 2], dtype: 'int64', values: [2, 0, 2, 1] }], attrs: { axis: 0 } },
    { inputs: [{ shape: [2, 4, 3] }, { shape: [3], dtype: 'int64', values: [3, 3, 1] }], attrs: { axis: 1 } },
  ],
})

/** Indices as the int64 column that ScatterND wants. Elsewhere than on the processor int64 can be made, but not reshaped. */
function indexColumn(emitter: Emitter, indices: Tensor): string {
  const given = emitter.value(indices)
  const turn = (x: string): string => emitter.emit('Reshape', [x, emitter.ints([-1, 1])])
  const cast = (x: string, to: 'int32' | 'int64'): string =>
    emitter.emit('Cast', [x], { attrs: { to: elementType[to] } })
  if (indices.dtype === 'int32') return cast(turn(given), 'int64')
  return emitter.target === 'cpu' ? turn(given) : cast(turn(cast(given, 'int32')), 'int64')
}

defineOp({
  name: 'scatterAddRows',
  shape: ([updates, indices], attrs) => {
    if (!isIndex(indices!) || indices!.shape.length !== 1 || indices!.shape[0] !== updates!.shape[0]) {
      throw new Error(
        `scatterAddRows: indices ${indices!.dtype} ${showShape(indices!.shape)} must be int64 or int32, one per row of ${showShape(updates!.shape)}`,
      )
    }
    return { shape: [attrs.rows as number, ...updates!.shape.slice(1)], dtype: updates!.dtype }
  },
  gradient: ({ inputs, g }) => [gather(g, inputs[1]!, 0), undefined],
  lower: (emitter, out) => {
    const zero = emitter.emit('Expand', [emitter.scalar(0, out.dtype), emitter.ints(out.shape)])
    const column = indexColumn(emitter, out.inputs[1]!)
    return emitter.emit('ScatterND', [zero, column, emitter.value(out.inputs[0]!)], { attrs: { reduction: 'add' } })
  },
  samples: [{ inputs: [{ shape: [4, 3] }, { shape: [4], dtype: 'int64', values: [2, 0, 2, 1] }], attrs: { rows: 5 } }],
})
