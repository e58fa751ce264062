// Runs a program segment by segment: each part has a session of its own, opened when it is first needed. Parts whose weights lie in files
// are closed again after use when their weights would not fit, so that a model larger than the memory still runs; parts that are
// fed their weights share one session where they are equal. What goes from part to part is dropped after its last reader.
import os from 'node:os'
import { bytesPerElement, partition, sizeOf } from '../../ir'
import type { HostTensor, Part, Program, Tensor } from '../../ir'
import { checkFeeds, flopsOf } from './compile'
import type { CompileOptions, Executable } from './compile'
import { compile } from './device'
import type { ExternalWeight } from './graph'

export interface SegmentOptions extends Pick<CompileOptions, 'initializers' | 'training' | 'provider' | 'threads'> {
  /** Bytes that weights from files may keep in memory from run to run. Default: `defaultResident`. */
  readonly resident?: number
}

/** Node, its libraries and the compiled programs themselves, in bytes, as measured. */
export const ownBytes = 250e6

/** Half of the memory, less what the process itself takes. */
export const defaultResident = (): number => Math.max(0, (availableMemory() - 2 * ownBytes) / 2)

/** Bytes of memory that this process may use: the machine's, or less where it is confined. */
export function availableMemory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(os.totalmem(), limit) : os.totalmem()
}

/** Size of a tensor in memory, bytes. */
export const bytesOf = ({ shape, dtype }: Tensor): number => sizeOf(shape) * bytesPerElement[dtype]

/** As `compile`, for programs made of segments (see ir/segments.ts). */
export function compileSegments(program: Program, options: SegmentOptions = {}): Executable {
  const { initializers = {}, resident = defaultResident(), ...settings } = options
  const given: Record<string, HostTensor> = {}
  const external: Record<string, ExternalWeight> = {}
  for (const [name, weight] of Object.entries(initializers))
    if ('path' in weight) external[name] = weight
    else given[name] = weight

  const parts = partition(program)
  const lastReader = lastReaders(program, parts)
  const stays = residents(parts, (name) => name in external, resident)
  const open = new Map<number, Executable>()
  const fed = program.inputs.filter((t) => !initializers[t.name!])
  let disposed = false

  const sessionOf = async (i: number): Promise<Executable> => {
    const known = open.get(i)
    if (known) return known
    const { program: part, reads } = parts[i]!
    const weights = Object.entries(reads).flatMap(([local, t]) => {
      const weight = t.name === undefined ? undefined : external[t.name]
      return weight ? [[local, weight] as const] : []
    })
    const made = await compile(part, {
      ...settings,
      arena: parts.length === 1, // many sessions that kept what they used would fill the memory
      initializers: Object.fromEntries(weights),
    }).catch((error: unknown) => {
      throw new Error(`program ${program.name}, part ${i + 1} of ${parts.length}: ${String(error)}`, { cause: error })
    })
    open.set(i, made)
    return made
  }

  return {
    flops: flopsOf(program),
    run: async (feeds) => {
      if (disposed) throw new Error(`program ${program.name}: run after dispose`)
      checkFeeds(program, fed, feeds)
      const values = new Map<Tensor, HostTensor>()
      for (const t of program.inputs) {
        const value = feeds[t.name!] ?? given[t.name!]
        if (value) values.set(t, value)
      }
      for (const [i, part] of parts.entries()) {
        const session = await sessionOf(i)
        const entries = Object.entries(part.reads).flatMap(([local, t]) => {
          const value = values.get(t)
          return value ? [[local, value] as const] : []
        })
        const results = await session.run(Object.fromEntries(entries))
        for (const [local, t] of Object.entries(part.writes)) values.set(t, results[local]!)
        for (const t of Object.values(part.reads)) if (lastReader.get(t) === i) values.delete(t)
        if (stays.has(i)) continue
        open.delete(i)
        await session.dispose()
      }
      return Object.fromEntries(Object.entries(program.outputs).map(([name, t]) => [name, values.get(t)!]))
    },
    dispose: async () => {
      if (disposed) return
      disposed = true
      for (const session of open.values()) await session.dispose()
      open.clear()
    },
  }
}

/** The part that reads a value last: after it the value can go. Results of the program stay to the end. */
export function lastReaders(program: Program, parts: readonly Part[]): Map<Tensor, number> {
  const last = new Map<Tensor, number>()
  parts.forEach(({ reads }, i) => {
    for (const t of Object.values(reads)) last.set(t, i)
  })
  for (const t of Object.values(program.outputs)) last.set(t, parts.length)
  return last
}

/**
 * The parts whose sessions stay open: all without weights in files, and of the others as many of the first as fit. A part that is closed
 * after each use costs one reading of its weights; closing the least recently used instead would close every one before its turn.
 */
export function residents(parts: readonly Part[], external: (name: string) => boolean, most: number): Set<number> {
  const stays = new Set<number>()
  let bytes = 0
  parts.forEach(({ reads }, i) => {
    const weights = Object.values(reads).filter(({ name }) => name !== undefined && external(name))
    bytes += weights.reduce((sum, t) => sum + bytesOf(t), 0)
    if (weights.length === 0 || bytes <= most) stays.add(i)
  })
  return stays
}
