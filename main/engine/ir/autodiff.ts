// Reverse-mode differentiation: gradients are more nodes, made by the gradient rules of the operations.
import { add, concat, ones, zeros } from './functions'
import { walk } from './program'
import { recordOf } from './record'
import { currentSegment, isSegment, segment } from './segments'
import { isFloat, rawTensor, showShape, sizeOf } from './tensor'
import type { Tensor } from './types'

interface Strip {
  readonly piece: Tensor
  readonly axis: number
  readonly start: number
}

/** A tensor that is zero outside a strip along one axis (the gradient of a slice), as that strip. */
function stripOf(t: Tensor): Strip | undefined {
  if (t.op !== 'pad' || t.attrs.mode !== 'constant') return undefined
  const pads = t.attrs.pads as readonly (readonly [number, number])[]
  const axes = pads.flatMap(([before, after], axis) => (before + after > 0 ? [axis] : []))
  return axes.length === 1 ? { piece: t.inputs[0]!, axis: axes[0]!, start: pads[axes[0]!]![0] } : undefined
}

/** Strips that do not overlap, laid side by side with zeros in the gaps; undefined when they overlap. */
function joinStrips(strips: readonly Strip[], axis: number, like: Tensor): Tensor | undefined {
  const gap = (length: number): Tensor =>
    zeros(
      like.shape.map((n, i) => (i === axis ? length : n)),
      like.dtype,
    )
  const pieces: Tensor[] = []
  let end = 0
  for (const { piece, start } of [...strips].sort((a, b) => a.start - b.start)) {
    if (start < end) return undefined
    if (start > end) pieces.push(gap(start - end))
    pieces.push(piece)
    end = start + piece.shape[axis]!
  }
  if (end < like.shape[axis]!) pieces.push(gap(like.shape[axis]! - end))
  return concat(pieces, axis)
}

/** Sum of what arrives at a tensor. Gradients of slices of one tensor become one concatenation instead of padded sums. */
function total(parts: readonly Tensor[]): Tensor {
  const rest: Tensor[] = []
  const byAxis = new Map<number, Strip[]>()
  for (const part of parts) {
    const strip = stripOf(part)
    if (!strip) rest.push(part)
    else byAxis.set(strip.axis, [...(byAxis.get(strip.axis) ?? []), strip])
  }
  const joined = [...byAxis].map(([axis, strips]) =>
    strips.length > 1 ? joinStrips(strips, axis, parts[0]!) : undefined,
  )
  if (parts.length === 1 || joined.some((t) => t === undefined)) return parts.reduce((a, b) => add(a, b))
  return [...rest, ...(joined as Tensor[])].reduce((a, b) => add(a, b))
}

/** Tensors, latest first, in runs of one segment; what lies between segments makes runs of its own. */
function runsOf(nodes: readonly Tensor[]): Tensor[][] {
  const runs: Tensor[][] = []
  for (const t of [...nodes].reverse()) {
    const run = runs.at(-1)
    if (run?.[0]!.segment === t.segment) run.push(t)
    else runs.push([t])
  }
  return runs
}

/** The inside of a segment once more, as part of the segment being made now: every node's copy. Inputs and constants have none. */
function remake(run: readonly Tensor[]): Map<Tensor, Tensor> {
  const copies = new Map<Tensor, Tensor>()
  for (const t of [...run].reverse()) {
    if (t.inputs.length === 0) continue
    const inputs = t.inputs.map((x) => copies.get(x) ?? x)
    copies.set(t, rawTensor({ ...t, inputs, segment: currentSegment() }))
  }
  return copies
}

/**
 * d(loss)/d(each of `wrt`), zeros where it does not depend on it. `loss` must hold a single float. The gradient of a segment is a
 * segment itself, in which the inside of the first is made anew.
 */
export function grad(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (sizeOf(loss.shape) !== 1 || !isFloat(loss.dtype))
    throw new Error(`grad: the loss must be one float, got ${loss.dtype} ${showShape(loss.shape)}`)
  const nodes = walk([loss])
  const needed = new Set<Tensor>(wrt)
  for (const t of nodes) {
    if (recordOf(t.op).gradient !== 'none' && t.inputs.some((x) => needed.has(x))) needed.add(t)
  }
  const arrived = new Map<Tensor, Tensor[]>([[loss, [ones(loss.shape, loss.dtype)]]])
  const found = new Map<Tensor, Tensor>()
  const visit = (t: Tensor, copies?: ReadonlyMap<Tensor, Tensor>): void => {
    const parts = arrived.get(t)
    if (!parts || !needed.has(t)) return
    const g = total(parts)
    arrived.delete(t)
    found.set(t, g)
    const { gradient } = recordOf(t.op)
    if (gradient === 'none') return
    const needs = t.inputs.map((x) => needed.has(x))
    if (!needs.includes(true)) return
    const out = copies?.get(t) ?? t
    gradient({ out, inputs: out.inputs, g, needs }).forEach((part, i) => {
      if (part && needs[i]) arrived.set(t.inputs[i]!, [...(arrived.get(t.inputs[i]!) ?? []), part])
    })
  }
  for (const run of runsOf(nodes)) {
    if (!isSegment(run[0]!.segment)) for (const t of run) visit(t)
    else if (run.some((t) => arrived.has(t) && needed.has(t)))
      segment(() => {
        const copies = remake(run)
        for (const t of run) visit(t, copies)
      })
  }
  return wrt.map((t) => found.get(t) ?? zeros(t.shape, t.dtype))
}
