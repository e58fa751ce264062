// A program cut at its segments into programs that run one after another. Names inside a part are its own, in order of use, so that
// parts of equal structure (the blocks of a transformer) are equal programs.
import { rawTensor, sizeOf } from './tensor'
import type { Program } from './program'
import type { Tensor } from './types'

export interface Part {
  readonly program: Program
  /** Tensors of the whole program that the part reads, by the names of its own inputs: inputs, or values that an earlier part writes. */
  readonly reads: Readonly<Record<string, Tensor>>
  /** Tensors of the whole program that it makes for later parts or as results, by the names of its own outputs. */
  readonly writes: Readonly<Record<string, Tensor>>
}

/** The parts of `program` in the order in which they run: one for each segment, together with what was made between it and the one before. */
export function partition(program: Program): Part[] {
  const free = freeOfInputs(program)
  const groups = new Map<number, Tensor[]>()
  const made = program.nodes.filter((t) => t.op !== 'input' && !free.has(t))
  for (const t of made) {
    const place = Math.ceil(t.segment)
    const group = groups.get(place)
    if (group) group.push(t)
    else groups.set(place, [t])
  }
  const places = [...groups.keys()].sort((a, b) => a - b)
  const results = new Set(Object.values(program.outputs))
  const readBy = new Map<Tensor, Set<number>>()
  for (const t of made)
    for (const x of t.inputs) {
      const readers = readBy.get(x) ?? new Set()
      readBy.set(x, readers.add(Math.ceil(t.segment)))
    }
  const constants = [...results].filter((t) => free.has(t))
  return places.map((place, i) => {
    const nodes = groups.get(place)!
    const leaves = (t: Tensor): boolean => [...(readBy.get(t) ?? [])].some((reader) => reader !== place)
    const written = nodes.filter((t) => results.has(t) || leaves(t))
    return partOf(nodes, i === places.length - 1 ? [...written, ...constants] : written, free)
  })
}

/** Up to this many elements a table is made again wherever it is used; larger ones are made once and handed on. */
const smallTable = 4096

/** Small things that depend on no input (masks, numbers): every part makes its own. */
function freeOfInputs(program: Program): Set<Tensor> {
  const free = new Set<Tensor>()
  for (const t of program.nodes)
    if (t.op !== 'input' && sizeOf(t.shape) <= smallTable && t.inputs.every((x) => free.has(x))) free.add(t)
  return free
}

function partOf(nodes: readonly Tensor[], written: readonly Tensor[], free: ReadonlySet<Tensor>): Part {
  const own = new Set(nodes)
  const inside = new Map<Tensor, Tensor>()
  const reads: Record<string, Tensor> = {}
  const bring = (t: Tensor): Tensor => {
    const known = inside.get(t)
    if (known) return known
    const { dtype, shape } = t
    let here: Tensor
    if (own.has(t) || free.has(t)) here = rawTensor({ ...t, inputs: t.inputs.map(bring) })
    else {
      const name = `in${Object.keys(reads).length}`
      reads[name] = t
      here = rawTensor({ op: 'input', inputs: [], attrs: {}, shape, dtype, name })
    }
    inside.set(t, here)
    return here
  }
  nodes.forEach(bring)
  const writes = Object.fromEntries(written.map((t, i) => [`out${i}`, t]))
  const outputs = Object.fromEntries(written.map((t, i) => [`out${i}`, bring(t)]))
  const all = [...inside.values()].sort((a, b) => a.id - b.id)
  return {
    program: { name: 'part', inputs: all.filter((t) => t.op === 'input'), outputs, nodes: all },
    reads,
    writes,
  }
}
