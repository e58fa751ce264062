// Convolution over any number of spatial axes. The gradient for the input is a convolution with flipped weights (`convAdjoint`), the
// gradient for the weight a matrix product with the image's columns.
import { concat, convAdjoint, matmul, pad, padAxis, reshape, slice, sum, transpose, transposeLast } from '../functions'
import { defineOp } from '../record'
import { rawTensor, showShape, sizeOf } from '../tensor'
import type { Tensor } from '../types'

interface ConvAttrs {
  readonly stride: readonly number[]
  readonly pads: readonly number[]
  readonly groups: number
}

const attrsOf = (t: Tensor): ConvAttrs => t.attrs as unknown as ConvAttrs

/** Every offset of the kernel as a multi-index, last axis fastest. */
function offsets(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (list, length) => list.flatMap((head) => Array.from({ length }, (_, i) => [...head, i])),
    [[]],
  )
}

/** Columns [N, C, K, P]: for each position P what each tap K of the kernel sees. */
function columns(x: Tensor, kernel: readonly number[], grid: readonly number[], { stride, pads }: ConvAttrs): Tensor {
  const [n, c] = x.shape as [number, number]
  const axes = kernel.length
  const positions = sizeOf(grid)
  if (kernel.every((k, i) => k === stride[i]) && pads.every((p) => p === 0)) {
    const exact = grid.reduce((y, length, i) => slice(y, i + 2, 0, length * kernel[i]!), x)
    const blocks = reshape(exact, [n, c, ...grid.flatMap((length, i) => [length, kernel[i]!])])
    const order = [0, 1, ...kernel.map((_, i) => 3 + 2 * i), ...kernel.map((_, i) => 2 + 2 * i)]
    return reshape(transpose(blocks, order), [n, c, sizeOf(kernel), positions])
  }
  const padded = pad(x, [[0, 0], [0, 0], ...kernel.map((_, i) => [pads[i]!, pads[i + axes]!] as const)])
  const taps = offsets(kernel).map((offset) => {
    const seen = offset.reduce(
      (y, start, i) => slice(y, i + 2, start, start + (grid[i]! - 1) * stride[i]! + 1, stride[i]),
      padded,
    )
    return reshape(seen, [n, c, 1, positions])
  })
  return concat(taps, 2)
}

function weightGradient(x: Tensor, w: Tensor, g: Tensor, attrs: ConvAttrs): Tensor {
  const [out, inner, ...kernel] = w.shape as [number, number, ...number[]]
  const [n] = x.shape as [number]
  const { groups } = attrs
  const grid = g.shape.slice(2)
  const taps = columns(x, kernel, grid, attrs)
  const right = reshape(taps, [n, groups, inner * sizeOf(kernel), sizeOf(grid)])
  const left = reshape(g, [n, groups, out / groups, sizeOf(grid)])
  return reshape(sum(matmul(left, transposeLast(right)), 0), w.shape)
}

defineOp({
  name: 'conv',
  shape: ([x, w, b], attrs) => {
    const { stride, pads, groups } = attrs as unknown as ConvAttrs
    const axes = x!.shape.length - 2
    const shapes = `x ${showShape(x!.shape)}, weight ${showShape(w!.shape)}${b ? `, bias ${showShape(b.shape)}` : ''}, groups ${groups}`
    if (x!.shape[1] !== w!.shape[1]! * groups || w!.shape[0]! % groups !== 0)
      throw new Error(`conv${axes}d: ${shapes}: channels do not fit`)
    if (b && (b.shape.length !== 1 || b.shape[0] !== w!.shape[0]))
      throw new Error(`conv${axes}d: ${shapes}: the bias needs one number per output channel`)
    const grid = stride.map(
      (step, i) => Math.floor((x!.shape[i + 2]! + pads[i]! + pads[i + axes]! - w!.shape[i + 2]!) / step) + 1,
    )
    if (grid.some((length) => length < 1))
      throw new Error(`conv${axes}d: ${shapes}: the kernel is larger than the padded input`)
    return { shape: [x!.shape[0]!, w!.shape[0]!, ...grid], dtype: x!.dtype }
  },
  // onnxruntime 1.30 on WebGPU sums wrongly over more than 32 input channels that are no multiple of four (33: wrong; 29, 32 and 36: right).
  portable: (out) => {
    const [x, w, ...bias] = out.inputs as [Tensor, Tensor, ...Tensor[]]
    const missing = (4 - (x.shape[1]! % 4)) % 4
    if (attrsOf(out).groups !== 1 || x.shape[1]! < 32 || missing === 0) return out
    return rawTensor({ ...out, inputs: [padAxis(x, 1, 0, missing), padAxis(w, 1, 0, missing), ...bias] })
  },
  gradient: ({ inputs, out, g, needs }) => {
    const [x, w, b] = inputs as [Tensor, Tensor, Tensor | undefined]
    const attrs = attrsOf(out)
    const spatial = x.shape.slice(2)
    return [
      needs[0] ? convAdjoint(g, w, spatial, attrs.stride, attrs.pads, attrs.groups) : undefined,
      needs[1] ? weightGradient(x, w, g, attrs) : undefined,
      b && needs[2] ? sum(g, [0, ...spatial.map((_, i) => i + 2)]) : undefined,
    ]
  },
  lower: (emitter, out) => {
    const { stride, pads, groups } = attrsOf(out)
    const attrs = { strides: stride, pads, group: groups, kernel_shape: out.inputs[1]!.shape.slice(2) }
    return emitter.emit(
      'Conv',
      out.inputs.map((x) => emitter.value(x)),
      { attrs },
    )
  },
  flops: (out) => 2 * sizeOf(out.shape) * sizeOf(out.inputs[1]!.shape.slice(1)),
  samples: [
    {
      inputs: [{ shape: [2, 3, 6, 5] }, { shape: [4, 3, 3, 3] }, { shape: [4] }],
      attrs: { stride: [2, 1], pads: [1, 0, 1, 2], groups: 1 },
    },
    {
      inputs: [{ shape: [1, 4, 5, 5] }, { shape: [8, 2, 3, 3] }],
      attrs: { stride: [2, 2], pads: [1, 1, 1, 1], groups: 2 },
    },
    {
      inputs: [{ shape: [1, 2, 4, 6] }, { shape: [3, 2, 2, 2] }],
      attrs: { stride: [2, 2], pads: [0, 0, 0, 0], groups: 1 },
    },
    {
      inputs: [{ shape: [1, 2, 5, 5] }, { shape: [3, 2, 2, 2] }],
      attrs: { stride: [2, 2], pads: [0, 0, 0, 0], groups: 1 },
    },
    {
      inputs: [{ shape: [1, 2, 3, 4, 4] }, { shape: [2, 2, 2, 3, 3] }],
      attrs: { stride: [1, 1, 2], pads: [0, 2, 1, 0, 1, 1], groups: 1 },
    },
  ],
})
