// Moving elements about: reshape, transpose, slices, concatenation, padding, gathering. Names and meaning are PyTorch's.
import { frontAxis, make, sameShape, showShape, sizeOf } from '../tensor'
import type { Shape, Tensor } from '../types'

/** Same elements, another shape; one length may be -1. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const open = shape.indexOf(-1)
  const target = [...shape]
  if (open >= 0) target[open] = sizeOf(x.shape) / -sizeOf(shape)
  if (sizeOf(target) !== sizeOf(x.shape) || !target.every((length) => Number.isInteger(length) && length > 0)) {
    throw new Error(`reshape: ${showShape(x.shape)} cannot become ${showShape(shape)}`)
  }
  const source = x.op === 'reshape' ? x.inputs[0]! : x
  return sameShape(source.shape, target) ? source : make('reshape', [source], { shape: target })
}

/** Axes in the order `perm` (torch.permute). */
export function transpose(x: Tensor, perm: readonly number[]): Tensor {
  const axes = perm.map((axis) => frontAxis('transpose', axis, x.shape.length))
  if (new Set(axes).size !== x.shape.length)
    throw new Error(`transpose: ${showShape(perm)} is not an order of the axes of ${showShape(x.shape)}`)
  const source = x.op === 'transpose' ? x.inputs[0]! : x
  const before = x.op === 'transpose' ? (x.attrs.perm as readonly number[]) : undefined
  const total = before ? axes.map((axis) => before[axis]!) : axes
  return total.every((axis, i) => axis === i) ? source : make('transpose', [source], { perm: total })
}

/** The last two axes swapped. */
export function transposeLast(x: Tensor): Tensor {
  const rank = x.shape.length
  const perm = x.shape.map((_, i) => i)
  perm[rank - 1] = rank - 2
  perm[rank - 2] = rank - 1
  return transpose(x, perm)
}

/** A new axis of length 1 at `axis`. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const at = frontAxis('unsqueeze', axis, x.shape.length + 1)
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)])
}

/** Drops axis `axis`, which must have length 1; without an axis, all of length 1. */
export function squeeze(x: Tensor, axis?: number): Tensor {
  if (axis === undefined) {
    return reshape(
      x,
      x.shape.filter((length) => length !== 1),
    )
  }
  const at = frontAxis('squeeze', axis, x.shape.length)
  if (x.shape[at] !== 1)
    throw new Error(`squeeze: axis ${axis} of ${showShape(x.shape)} has length ${x.shape[at]}, not 1`)
  return reshape(
    x,
    x.shape.filter((_, i) => i !== at),
  )
}

/** x[start:end:step] along one axis; negative start and end count from the back, `end` is cut to the length. */
export function slice(x: Tensor, axis: number, start: number, end: number = Infinity, step = 1): Tensor {
  const at = frontAxis('slice', axis, x.shape.length)
  const length = x.shape[at]!
  const from = start < 0 ? start + length : start
  const to = Math.min(end < 0 ? end + length : end, length)
  if (!(from >= 0 && from < to && step >= 1)) {
    throw new Error(`slice: ${start}:${end}:${step} along axis ${axis} of ${showShape(x.shape)} is empty or outside`)
  }
  if (from === 0 && to === length && step === 1) return x
  return make('slice', [x], { axis: at, start: from, end: to, step })
}

/** Joined along `axis`. */
export function concat(xs: readonly Tensor[], axis: number): Tensor {
  if (xs.length === 0) throw new Error('concat: nothing to join')
  if (xs.length === 1) return xs[0]!
  return make('concat', xs, { axis: frontAxis('concat', axis, xs[0]!.shape.length) })
}

/** Pieces of the given lengths along `axis`; the lengths must add up. */
export function split(x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  const at = frontAxis('split', axis, x.shape.length)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total !== x.shape[at])
    throw new Error(
      `split: sizes ${showShape(sizes)} add to ${total}, axis ${axis} of ${showShape(x.shape)} has ${x.shape[at]}`,
    )
  let start = 0
  return sizes.map((size) => {
    start += size
    return slice(x, at, start - size, start)
  })
}

/** Joined along a new axis. */
export function stack(xs: readonly Tensor[], axis: number): Tensor {
  const at = frontAxis('stack', axis, (xs[0]?.shape.length ?? 0) + 1)
  return concat(
    xs.map((x) => unsqueeze(x, at)),
    at,
  )
}

/** Broadcast to a larger shape (numpy rules). Elementwise operations broadcast by themselves; this is for all others. */
export function expand(x: Tensor, shape: Shape): Tensor {
  const source = x.op === 'expand' ? x.inputs[0]! : x
  return sameShape(source.shape, shape) ? source : make('expand', [source], { shape: [...shape] })
}

export type PadMode = 'constant' | 'edge' | 'reflect'

/** `pads[axis] = [before, after]`; 'constant' fills with zeros, 'edge' repeats the border, 'reflect' mirrors without repeating it. */
export function pad(x: Tensor, pads: readonly (readonly [number, number])[], mode: PadMode = 'constant'): Tensor {
  if (pads.every(([before, after]) => before === 0 && after === 0) && pads.length === x.shape.length) return x
  return make('pad', [x], { pads, mode })
}

/** `pad` along one axis. */
export function padAxis(x: Tensor, axis: number, before: number, after: number, mode: PadMode = 'constant'): Tensor {
  const at = frontAxis('pad', axis, x.shape.length)
  return pad(
    x,
    x.shape.map((_, i) => (i === at ? ([before, after] as const) : ([0, 0] as const))),
    mode,
  )
}

/** Order of elements reversed along the axes (torch.flip). */
export function flip(x: Tensor, axes: readonly number[]): Tensor {
  const fronts = axes.map((axis) => frontAxis('flip', axis, x.shape.length)).filter((axis) => x.shape[axis] !== 1)
  return fronts.length === 0 ? x : make('flip', [x], { axes: fronts })
}

/** Rows of `x` along `axis` by int64 `indices` of any shape: the result has the axis replaced by that shape (torch.index_select, generalised). */
export function gather(x: Tensor, indices: Tensor, axis: number): Tensor {
  return make('gather', [x, indices], { axis: frontAxis('gather', axis, x.shape.length) })
}

/** Zeros [rows, ...rest] to which each updates[i] (of [K, ...rest]) is added at row indices[i] (int64 [K], repeats add up; index_add). */
export const scatterAddRows = (updates: Tensor, indices: Tensor, rows: number): Tensor =>
  make('scatterAddRows', [updates, indices], { rows })

/** [N, C r^2, H, W] to [N, C, H r, W r] (torch.pixel_shuffle). */
export function depthToSpace(x: Tensor, block: number): Tensor {
  const [n, depth, h, w] = imageShape('depthToSpace', x)
  const c = depth / block ** 2
  if (!Number.isInteger(c))
    throw new Error(`depthToSpace: ${depth} channels of ${showShape(x.shape)} are not a multiple of ${block}^2`)
  return reshape(transpose(reshape(x, [n, c, block, block, h, w]), [0, 1, 4, 2, 5, 3]), [n, c, h * block, w * block])
}

/** [N, C, H r, W r] to [N, C r^2, H, W] (torch.pixel_unshuffle). */
export function spaceToDepth(x: Tensor, block: number): Tensor {
  const [n, c, height, width] = imageShape('spaceToDepth', x)
  const h = height / block
  const w = width / block
  if (!Number.isInteger(h) || !Number.isInteger(w))
    throw new Error(`spaceToDepth: ${showShape(x.shape)} is not a multiple of ${block}`)
  return reshape(transpose(reshape(x, [n, c, h, block, w, block]), [0, 1, 3, 5, 2, 4]), [n, c * block ** 2, h, w])
}

/** The four lengths of an NCHW tensor. */
export function imageShape(op: string, x: Tensor): [number, number, number, number] {
  if (x.shape.length !== 4) throw new Error(`${op}: ${showShape(x.shape)} is not [N,C,H,W]`)
  return x.shape as unknown as [number, number, number, number]
}
