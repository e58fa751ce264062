// The one constructor that every operation goes through (`make`), and the helpers of shapes. A tensor is the node that computes it;
// ids grow, so sorting by id is a topological sort.
import { recordOf } from './record'
import { currentSegment } from './segments'
import type { Attrs, DType, Shape, Tensor } from './types'

let nextId = 0

/** A node whose shape is already known (inputs, constants, copies made while cleaning a program). No checks. */
export function rawTensor(fields: Omit<Tensor, 'id' | 'segment'> & { readonly segment?: number }): Tensor {
  return { segment: currentSegment(), ...fields, id: nextId++ }
}

/** A node of operation `op`: its record checks the inputs and gives shape and type. Throws an error that names the operation. */
export function make(op: string, inputs: readonly Tensor[], attrs: Attrs = {}): Tensor {
  const { shape, dtype } = recordOf(op).shape(inputs, attrs)
  return rawTensor({ op, inputs, attrs, shape, dtype })
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1
  for (const length of shape) size *= length
  return size
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, i) => length === b[i])
export const showShape = (shape: Shape): string => `[${shape.join(',')}]`
export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16'

/** Shape and type of a result like `x`, which must be floating-point. */
export function floatLike(op: string, x: Tensor): { shape: Shape; dtype: DType } {
  if (!isFloat(x.dtype)) throw new Error(`${op}: needs floating-point numbers, got ${x.dtype} ${showShape(x.shape)}`)
  return { shape: x.shape, dtype: x.dtype }
}

/** Axis counted from the front; negative axes count from the back. Throws for an axis outside the rank. */
export function frontAxis(op: string, axis: number, rank: number): number {
  const front = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(front) || front < 0 || front >= rank)
    throw new Error(`${op}: axis ${axis} is outside a tensor of rank ${rank}`)
  return front
}

/** Numpy broadcasting of several shapes. Throws naming the operation and all shapes. */
export function broadcastShapes(op: string, ...shapes: Shape[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length))
  const result = new Array<number>(rank).fill(1)
  for (const shape of shapes) {
    const offset = rank - shape.length
    shape.forEach((length, i) => {
      const have = result[offset + i]!
      if (length === 1 || length === have) return
      if (have !== 1)
        throw new Error(
          `${op}: shapes ${shapes.map(showShape).join(' and ')} do not broadcast: ${have} and ${length} differ`,
        )
      result[offset + i] = length
    })
  }
  return result
}
