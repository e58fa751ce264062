// How much memory a program will need when it is run segment by segment, before it is run: 'needs 9.8 GB, have 24'. Follows the parts
// in order and counts what is alive; onnxruntime's own working memory inside an operation is not counted.
import { partition } from '../../ir'
import type { Part, Program, Tensor } from '../../ir'
import type { Initializer } from './graph'
import { availableMemory, bytesOf, defaultResident, lastReaders, ownBytes, residents } from './segments'

/** All in bytes. */
export interface MemoryPlan {
  /** Weights that stay in memory from step to step, as float32. */
  readonly resident: number
  /** The largest that a part with weights read for its turn alone needs for them, as float32. */
  readonly streamed: number
  /** Most of what waits from part to part. */
  readonly waiting: number
  /** Most of what is alive inside a part. */
  readonly working: number
  /** What all this comes to at its most, with the process itself. */
  readonly needs: number
  /** What this process may use. */
  readonly has: number
  /** Weights that are read from the disk in every step. */
  readonly readPerStep: number
}

/** Operations whose result is their input in another shape. */
const views = new Set(['reshape', 'stopGradient', 'saved', 'input', 'constant'])

/** The plan for `program` with weights as `compileSegments` takes them; `resident` as there. */
export function memoryPlan(
  program: Program,
  initializers: Readonly<Record<string, Initializer>> = {},
  resident = defaultResident(),
): MemoryPlan {
  const parts = partition(program)
  const external = new Set(Object.entries(initializers).flatMap(([name, weight]) => ('path' in weight ? [name] : [])))
  const stays = residents(parts, (name) => external.has(name), resident)
  const weightsOf = ({ reads }: Part): Tensor[] =>
    Object.values(reads).filter(({ name }) => name !== undefined && external.has(name))
  const total = (tensors: Iterable<Tensor>): number => [...tensors].reduce((sum, t) => sum + bytesOf(t), 0)

  const kept = total(parts.flatMap((part, i) => (stays.has(i) ? weightsOf(part) : [])))
  const lastReader = lastReaders(program, parts)

  const waiting = new Set(program.inputs.filter(({ name }) => !external.has(name!)))
  let most = { streamed: 0, waiting: 0, working: 0, needs: 0 }
  let readPerStep = 0
  parts.forEach((part, i) => {
    const streamed = stays.has(i) ? 0 : total(weightsOf(part))
    const working = workingBytes(part)
    const waits = total(waiting)
    readPerStep += stays.has(i)
      ? 0
      : weightsOf(part).reduce((sum, t) => sum + ((initializers[t.name!] as { length?: number }).length ?? 0), 0)
    most = {
      streamed: Math.max(most.streamed, streamed),
      waiting: Math.max(most.waiting, waits),
      working: Math.max(most.working, working),
      needs: Math.max(most.needs, streamed + working + waits),
    }
    for (const t of Object.values(part.writes)) waiting.add(t)
    for (const t of waiting) if (lastReader.get(t) === i) waiting.delete(t)
  })
  return { ...most, resident: kept, readPerStep, needs: ownBytes + kept + most.needs, has: availableMemory() }
}

/** For people: 'needs 9.8 GB, have 25.3 GB, reads 14.3 GB from the disk in each step'. */
export function showMemory({ needs, has, readPerStep }: Pick<MemoryPlan, 'needs' | 'has' | 'readPerStep'>): string {
  const fits = needs > has ? ' (does not fit)' : ''
  const reading = readPerStep > 0 ? `, reads ${gigabytes(readPerStep)} from the disk in each step` : ''
  return `needs ${gigabytes(needs)}, have ${gigabytes(has)}${fits}${reading}`
}

/** Bytes for people. */
export function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

/** The most that is alive while a part runs: results and what is still to be read, beside what it is fed. */
function workingBytes({ program: { nodes, outputs } }: Part): number {
  const last = new Map<Tensor, number>()
  nodes.forEach((t, i) => {
    for (const x of t.inputs) last.set(x, i)
  })
  for (const t of Object.values(outputs)) last.set(t, nodes.length)
  let alive = 0
  let most = 0
  const size = (t: Tensor): number => (views.has(t.op) ? 0 : bytesOf(t))
  nodes.forEach((t, i) => {
    alive += size(t)
    most = Math.max(most, alive)
    for (const x of new Set(t.inputs)) if (last.get(x) === i) alive -= size(x)
  })
  return most
}
