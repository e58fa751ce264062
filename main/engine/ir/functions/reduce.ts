// Sums, means, maxima and the functions built on them.
import { frontAxis, make, sameShape, sizeOf } from '../tensor'
import type { Shape, Tensor } from '../types'
import { mul } from './elementwise'
import { reshape } from './shape'

type Axes = number | readonly number[]

function reduce(
  op: 'sum' | 'mean' | 'amax' | 'sumSquares',
  x: Tensor,
  axes: Axes | undefined,
  keepdim: boolean,
): Tensor {
  const rank = x.shape.length
  const list = axes === undefined ? x.shape.map((_, i) => i) : typeof axes === 'number' ? [axes] : axes
  const fronts = [...new Set(list.map((axis) => frontAxis(op, axis, rank)))].sort((a, b) => a - b)
  const kept = x.shape.map((length, i) => (fronts.includes(i) ? 1 : length))
  const real = fronts.filter((axis) => x.shape[axis] !== 1)
  const reduced = real.length === 0 ? x : make(op, [x], { axes: real })
  return keepdim
    ? reshape(reduced, kept)
    : reshape(
        reduced,
        kept.filter((_, i) => !fronts.includes(i)),
      )
}

/** Sum over the axes (all when not given). */
export const sum = (x: Tensor, axes?: Axes, keepdim = false): Tensor => reduce('sum', x, axes, keepdim)
/** Largest value over the axes; the gradient is shared equally between ties. */
export const amax = (x: Tensor, axes?: Axes, keepdim = false): Tensor => reduce('amax', x, axes, keepdim)
/** Mean over the axes (all when not given). */
export const mean = (x: Tensor, axes?: Axes, keepdim = false): Tensor => reduce('mean', x, axes, keepdim)
/** Sum of x^2 over the axes (all when not given). */
export const sumSquares = (x: Tensor, axes?: Axes, keepdim = false): Tensor => {
  const total = reduce('sumSquares', x, axes, keepdim)
  return sizeOf(total.shape) === sizeOf(x.shape) ? mul(total, total) : total // nothing to add up
}
/** Running sum along an axis. */
export const cumsum = (x: Tensor, axis: number): Tensor =>
  make('cumsum', [x], { axis: frontAxis('cumsum', axis, x.shape.length), reverse: false })
/** exp(x) / sum(exp(x)) along an axis. */
export const softmax = (x: Tensor, axis: number): Tensor =>
  make('softmax', [x], { axis: frontAxis('softmax', axis, x.shape.length) })
/** log(softmax(x)) along an axis. */
export const logSoftmax = (x: Tensor, axis: number): Tensor =>
  make('logSoftmax', [x], { axis: frontAxis('logSoftmax', axis, x.shape.length) })

/** Undoes broadcasting: `g` summed down to `shape`. */
export function sumTo(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g
  const lead = g.shape.length - shape.length
  const axes = g.shape.flatMap((length, i) => (i < lead || (shape[i - lead] === 1 && length !== 1) ? [i] : []))
  return reshape(sum(g, axes, true), shape)
}
