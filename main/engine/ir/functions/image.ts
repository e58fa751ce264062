// Images and volumes: convolution, pooling, resizing, sampling. Layout is channels first (NCHW, NCDHW), as in PyTorch.
import { make, showShape } from '../tensor'
import type { Tensor } from '../types'
import { add } from './elementwise'
import { matmul } from './linear'
import { flip, imageShape, pad, reshape, slice, transpose } from './shape'

/** One number for all axes, one per axis, or all begins then all ends ([top,left,bottom,right] in two dimensions). */
export type Padding = number | readonly number[]
export interface ConvOptions {
  readonly stride?: number | readonly number[]
  readonly padding?: Padding
  readonly groups?: number
}

const perAxis = (value: number | readonly number[], axes: number): number[] =>
  typeof value === 'number' ? new Array<number>(axes).fill(value) : [...value]

function padsOf(op: string, padding: Padding, axes: number): number[] {
  const list = perAxis(padding, axes)
  if (list.length === axes) return [...list, ...list]
  if (list.length !== 2 * axes)
    throw new Error(`${op}: padding ${showShape(list)} needs 1, ${axes} or ${2 * axes} numbers`)
  return list
}

function convN(
  op: string,
  axes: number,
  x: Tensor,
  w: Tensor,
  b: Tensor | null | undefined,
  options: ConvOptions,
): Tensor {
  if (x.shape.length !== axes + 2 || w.shape.length !== axes + 2) {
    throw new Error(`${op}: x ${showShape(x.shape)} and weight ${showShape(w.shape)} must both have rank ${axes + 2}`)
  }
  const attrs = {
    stride: perAxis(options.stride ?? 1, axes),
    pads: padsOf(op, options.padding ?? 0, axes),
    groups: options.groups ?? 1,
  }
  return make('conv', b ? [x, w, b] : [x, w], attrs)
}

/** x [N,C,H,W], w [O,C/groups,kh,kw], b [O]. */
export const conv2d = (x: Tensor, w: Tensor, b?: Tensor | null, options: ConvOptions = {}): Tensor =>
  convN('conv2d', 2, x, w, b, options)
/** x [N,C,T,H,W], w [O,C/groups,kt,kh,kw], b [O]. */
export const conv3d = (x: Tensor, w: Tensor, b?: Tensor | null, options: ConvOptions = {}): Tensor =>
  convN('conv3d', 3, x, w, b, options)

/** Zeros put between neighbours along the spatial axes: length n becomes (n-1)*step+1. */
function dilate(x: Tensor, steps: readonly number[]): Tensor {
  return steps.reduce((y, step, i) => {
    if (step === 1) return y
    const axis = i + 2
    const length = y.shape[axis]!
    const open = reshape(y, [...y.shape.slice(0, axis + 1), 1, ...y.shape.slice(axis + 1)])
    const spread = pad(
      open,
      open.shape.map((_, a) => (a === axis + 1 ? ([0, step - 1] as const) : ([0, 0] as const))),
    )
    return slice(
      reshape(spread, [...y.shape.slice(0, axis), length * step, ...y.shape.slice(axis + 1)]),
      axis,
      0,
      (length - 1) * step + 1,
    )
  }, x)
}

/** [G*O, C, k...] to [G*C, O, k...]: weights seen from the other side. */
function swapChannels(w: Tensor, groups: number): Tensor {
  const [out, inner, ...kernel] = w.shape as [number, number, ...number[]]
  const grouped = reshape(w, [groups, out / groups, inner, ...kernel])
  return reshape(transpose(grouped, [0, 2, 1, ...kernel.map((_, i) => i + 3)]), [
    groups * inner,
    out / groups,
    ...kernel,
  ])
}

/** Kernel as large as the stride, no padding: every position makes its own block, one matrix product. */
function blockTranspose(g: Tensor, w: Tensor, groups: number): Tensor {
  const [n, out, ...grid] = g.shape as [number, number, ...number[]]
  const [, inner, ...kernel] = w.shape as [number, number, ...number[]]
  const positions = grid.reduce((a, b) => a * b, 1)
  const columns = reshape(w, [groups, out / groups, -1])
  const weights = groups === 1 ? reshape(columns, [out, -1]) : columns
  const rows = groups === 1 ? reshape(g, [n, out, positions]) : reshape(g, [n, groups, out / groups, positions])
  const rank = rows.shape.length
  const perm = rows.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i))
  const blocks = matmul(transpose(rows, perm), weights) // [n, (groups,) positions, inner*kernel]
  const split = reshape(blocks, [n, groups, ...grid, inner, ...kernel])
  const axes = grid.length
  const order = [0, 1, axes + 2, ...grid.flatMap((_, i) => [i + 2, i + axes + 3])]
  return reshape(transpose(split, order), [n, groups * inner, ...grid.map((length, i) => length * kernel[i]!)])
}

/**
 * The transpose of a convolution: x [N,O,...] with w [O,C/groups,k...] gives [N,C,...size]. It is the gradient of `conv` for its input, and
 * convTranspose; built from a plain convolution with flipped weights, since ConvTranspose is missing on some providers.
 */
export function convAdjoint(
  x: Tensor,
  w: Tensor,
  size: readonly number[],
  stride: readonly number[],
  pads: readonly number[],
  groups: number,
): Tensor {
  const kernel = w.shape.slice(2)
  const grid = x.shape.slice(2)
  const axes = kernel.length
  const exact = kernel.every((k, i) => k === stride[i] && size[i] === grid[i]! * k) && pads.every((p) => p === 0)
  if (exact) return blockTranspose(x, w, groups)
  const begin = kernel.map((k, i) => k - 1 - pads[i]!)
  const end = kernel.map((k, i) => size[i]! - ((grid[i]! - 1) * stride[i]! + 1) - begin[i]! + k - 1)
  const crop = (amount: number): number => Math.max(0, -amount)
  let spread = dilate(x, stride)
  for (let i = 0; i < axes; i++) spread = slice(spread, i + 2, crop(begin[i]!), spread.shape[i + 2]! - crop(end[i]!))
  const turned = swapChannels(
    flip(
      w,
      kernel.map((_, i) => i + 2),
    ),
    groups,
  )
  const positive = [...begin, ...end].map((amount) => Math.max(0, amount))
  return make('conv', [spread, turned], { stride: new Array<number>(axes).fill(1), pads: positive, groups })
}

/** x [N,C,H,W], w [C,O/groups,kh,kw], b [O]: torch.conv_transpose2d. */
export function convTranspose2d(
  x: Tensor,
  w: Tensor,
  b?: Tensor | null,
  options: ConvOptions & { outputPadding?: number } = {},
): Tensor {
  const [, c, h, width] = imageShape('convTranspose2d', x)
  if (w.shape.length !== 4 || w.shape[0] !== c)
    throw new Error(`convTranspose2d: x ${showShape(x.shape)} and weight ${showShape(w.shape)} do not fit`)
  const stride = perAxis(options.stride ?? 1, 2)
  const pads = padsOf('convTranspose2d', options.padding ?? 0, 2)
  const size = [h, width].map(
    (n, i) => (n - 1) * stride[i]! - pads[i]! - pads[i + 2]! + w.shape[i + 2]! + (options.outputPadding ?? 0),
  )
  const y = convAdjoint(x, w, size, stride, pads, options.groups ?? 1)
  return b ? add(y, reshape(b, [b.shape[0]!, 1, 1])) : y
}

export interface PoolOptions {
  /** Default: the kernel. */
  readonly stride?: number
  readonly padding?: Padding
}

const poolAttrs = (
  op: string,
  kernel: number,
  options: PoolOptions,
): { kernel: number; stride: number; pads: number[] } => ({
  kernel,
  stride: options.stride ?? kernel,
  pads: padsOf(op, options.padding ?? 0, 2),
})

/** Largest value of each kernel x kernel window of [N,C,H,W]. */
export const maxPool2d = (x: Tensor, kernel: number, options: PoolOptions = {}): Tensor =>
  make('maxPool2d', [x], poolAttrs('maxPool2d', kernel, options))
/** Mean of each kernel x kernel window of [N,C,H,W]; padding counts as zeros. */
export const avgPool2d = (x: Tensor, kernel: number, options: PoolOptions = {}): Tensor =>
  make('avgPool2d', [x], poolAttrs('avgPool2d', kernel, options))

/** [N,C,H,W] to `size` [H',W'], or by `scale`. 'bilinear' is half-pixel (align_corners false), 'nearest' takes floor(i * H / H'). */
export function upsample(
  x: Tensor,
  options: { scale?: number; size?: readonly [number, number]; mode: 'nearest' | 'bilinear' },
): Tensor {
  const [, , h, w] = imageShape('upsample', x)
  const size = options.size ?? [Math.floor(h * (options.scale ?? 1)), Math.floor(w * (options.scale ?? 1))]
  return size[0] === h && size[1] === w ? x : make('resize', [x], { size: [...size], mode: options.mode })
}

export interface GridSampleOptions {
  readonly padding?: 'zeros' | 'border' | 'reflection'
  readonly alignCorners?: boolean
}

/** Bilinear samples of x [N,C,H,W] at grid [N,Ho,Wo,2] of (x, y) in -1..1 (torch.nn.functional.grid_sample). Gradients for both. */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  return make('gridSample', [x, grid], {
    padding: options.padding ?? 'zeros',
    alignCorners: options.alignCorners ?? false,
  })
}
