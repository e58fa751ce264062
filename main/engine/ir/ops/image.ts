// Pooling and resizing of [N,C,H,W].
import {
  constant,
  convAdjoint,
  imageShape,
  matmul,
  mul,
  padAxis,
  reshape,
  saved,
  scatterAddRows,
  transposeLast,
  upsample,
} from '../functions'
import { hostTensor } from '../host'
import { defineOp } from '../record'
import { sizeOf } from '../tensor'
import type { Shape, Tensor } from '../types'

interface PoolAttrs {
  readonly kernel: number
  readonly stride: number
  readonly pads: readonly number[]
}

const poolOf = (t: Tensor): PoolAttrs => t.attrs as unknown as PoolAttrs

function pooled(op: string, x: Tensor, { kernel, stride, pads }: PoolAttrs): Shape {
  const [n, c, h, w] = imageShape(op, x)
  const count = (length: number, i: number): number =>
    Math.floor((length + pads[i]! + pads[i + 2]! - kernel) / stride) + 1
  const shape = [n, c, count(h, 0), count(w, 1)]
  if (shape.some((length) => length < 1)) throw new Error(`${op}: kernel ${kernel} is larger than the image ${h}x${w}`)
  return shape
}

const poolNode = ({ kernel, stride, pads }: PoolAttrs): Record<string, readonly number[]> => ({
  kernel_shape: [kernel, kernel],
  strides: [stride, stride],
  pads,
})

// Saves the flat index of each maximum.
defineOp({
  name: 'maxPool2d',
  shape: ([x], attrs) => ({ shape: pooled('maxPool2d', x!, attrs as unknown as PoolAttrs), dtype: x!.dtype }),
  gradient: ({ inputs, out, g }) => {
    const { shape } = inputs[0]!
    const winners = reshape(saved(out, 1, out.shape, 'int64'), [-1])
    return [reshape(scatterAddRows(reshape(g, [-1]), winners, sizeOf(shape)), shape)]
  },
  lower: (emitter, out) =>
    emitter.emitMany('MaxPool', [emitter.value(out.inputs[0]!)], emitter.wanted(out, 1) ? 2 : 1, {
      attrs: poolNode(poolOf(out)),
    }),
  samples: [
    {
      inputs: [
        { shape: [1, 2, 2, 4], values: [0.1, 0.9, 0.3, 0.5, 0.7, 0.2, 0.8, 0.4, 0, 0.6, 1.1, 0.3, 0.2, 1.3, 0.5, 0.9] },
      ],
      attrs: { kernel: 2, stride: 2, pads: [0, 0, 0, 0] },
    },
    {
      inputs: [{ shape: [1, 1, 2, 4], values: [0.1, 0.9, 0.3, 0.5, 0.7, 0.2, 0.8, 0.4] }],
      attrs: { kernel: 2, stride: 1, pads: [0, 1, 0, 0] },
    },
  ],
})

defineOp({
  name: 'avgPool2d',
  shape: ([x], attrs) => ({ shape: pooled('avgPool2d', x!, attrs as unknown as PoolAttrs), dtype: x!.dtype }),
  gradient: ({ inputs, out, g }) => {
    const { kernel, stride, pads } = poolOf(out)
    const [, c, h, w] = imageShape('avgPool2d', inputs[0]!)
    if (kernel === stride && pads.every((p) => p === 0)) {
      const [, , gh, gw] = imageShape('avgPool2d', g)
      const inner = upsample(mul(g, 1 / kernel ** 2), { scale: kernel, mode: 'nearest' })
      return [padAxis(padAxis(inner, 2, 0, h - gh * kernel), 3, 0, w - gw * kernel)]
    }
    const box = constant(hostTensor(new Float32Array(c * kernel ** 2).fill(1 / kernel ** 2), [c, 1, kernel, kernel]))
    return [convAdjoint(g, box, [h, w], [stride, stride], pads, c)]
  },
  lower: (emitter, out) =>
    emitter.emit('AveragePool', [emitter.value(out.inputs[0]!)], {
      attrs: { ...poolNode(poolOf(out)), count_include_pad: 1 },
    }),
  samples: [
    { inputs: [{ shape: [1, 2, 5, 4] }], attrs: { kernel: 2, stride: 2, pads: [0, 0, 0, 0] } },
    { inputs: [{ shape: [2, 3, 5, 6] }], attrs: { kernel: 3, stride: 2, pads: [1, 1, 1, 1] } },
  ],
})

/** Resizing along one axis as a matrix [to, from]: which source elements make up each result. */
function resizeMatrix(from: number, to: number, mode: string): Tensor {
  const matrix = new Float32Array(to * from)
  for (let i = 0; i < to; i++) {
    if (mode === 'nearest') {
      matrix[i * from + Math.floor((i * from) / to)] = 1
      continue
    }
    const at = Math.max(0, ((i + 0.5) * from) / to - 0.5)
    const low = Math.min(Math.floor(at), from - 1)
    const part = at - low
    matrix[i * from + low]! += 1 - part
    matrix[i * from + Math.min(low + 1, from - 1)]! += part
  }
  return constant(hostTensor(matrix, [to, from]))
}

defineOp({
  name: 'resize',
  shape: ([x], attrs) => {
    const [n, c] = imageShape('upsample', x!)
    return { shape: [n, c, ...(attrs.size as Shape)], dtype: x!.dtype }
  },
  gradient: ({ inputs, out, g }) => {
    const mode = out.attrs.mode as string
    const [, , h, w] = imageShape('upsample', inputs[0]!)
    const [, , toH, toW] = imageShape('upsample', g)
    const narrow = w === toW ? g : matmul(g, resizeMatrix(w, toW, mode))
    return [h === toH ? narrow : matmul(transposeLast(resizeMatrix(h, toH, mode)), narrow)]
  },
  lower: (emitter, out) => {
    const nearest = out.attrs.mode === 'nearest'
    const attrs: Record<string, string> = nearest
      ? { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
      : { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }
    return emitter.emit('Resize', [emitter.value(out.inputs[0]!), '', '', emitter.ints(out.shape)], { attrs })
  },
  samples: [
    { inputs: [{ shape: [1, 2, 3, 4] }], attrs: { size: [6, 8], mode: 'nearest' } },
    { inputs: [{ shape: [1, 2, 3, 4] }], attrs: { size: [7, 6], mode: 'bilinear' } },
    { inputs: [{ shape: [1, 1, 7, 6] }], attrs: { size: [3, 6], mode: 'bilinear' } },
  ],
})
