// From program to something that runs: lowering, session cache, checked feeds.
import { createHash } from 'node:crypto'
import path from 'node:path'
import type { Provider } from '../../device'
import type { HostTensor, Program, Tensor } from '../../ir'
import { recordOf, sameShape, showShape } from '../../ir'
import { trustsFusedAttention } from './fused-attention'
import { lowerProgram, outputName } from './graph'
import type { Initializer } from './graph'
import { createSession } from './runtime'
import type { Session, SessionSettings } from './runtime'

export interface CompileOptions {
  /** Default: the device in use (device.ts). */
  readonly provider?: Provider
  /** Inputs that never change: weights in memory or by path. */
  readonly initializers?: Readonly<Record<string, Initializer>>
  /** The program holds gradients. Default false. */
  readonly training?: boolean
  /** Default: all cores. */
  readonly threads?: number
  /** See SessionSettings. */
  readonly arena?: boolean
  /** Prefix of a per-node profile, written by `dispose`. */
  readonly profile?: string
}

export interface Executable {
  /** Feeds are not copied on CPU; results are fresh arrays. Throws when a feed is missing, unknown, or of wrong type or shape. */
  run(feeds: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>
  dispose(): Promise<void>
  /** Floating-point operations of the matrix products and convolutions in one run. */
  readonly flops: number
}

interface Cached {
  readonly session: Promise<Session>
  users: number
}
const cache = new Map<string, Cached>()

function acquire(key: string, create: () => Promise<Session>): Cached {
  const known = cache.get(key)
  const entry = known ?? { session: create(), users: 0 }
  entry.users++
  cache.set(key, entry)
  return entry
}

async function release(key: string, entry: Cached): Promise<void> {
  if (--entry.users > 0) return
  cache.delete(key)
  await (await entry.session).release()
}

/** The longest folder that holds all paths. */
function commonFolder(paths: readonly string[]): string | undefined {
  const folders = paths.map((file) => path.dirname(path.resolve(file)).split(path.sep))
  if (folders.length === 0) return undefined
  const first = folders[0]!
  const depth = first.findIndex((part, i) => folders.some((folder) => folder[i] !== part))
  return first.slice(0, depth < 0 ? first.length : depth).join(path.sep) || path.sep
}

export function checkFeeds(
  program: Program,
  inputs: readonly Tensor[],
  feeds: Readonly<Record<string, HostTensor>>,
): void {
  for (const t of inputs) {
    const feed = feeds[t.name!]
    if (!feed)
      throw new Error(
        `program ${program.name}: input ${t.name} (${t.dtype} ${showShape(t.shape)}) is missing from the feeds`,
      )
    if (feed.dtype !== t.dtype || !sameShape(feed.shape, t.shape)) {
      throw new Error(
        `program ${program.name}: input ${t.name} needs ${t.dtype} ${showShape(t.shape)}, got ${feed.dtype} ${showShape(feed.shape)}`,
      )
    }
  }
  const names = Object.keys(feeds)
  if (names.length === inputs.length) return
  const unknown = names.find((name) => !inputs.some((t) => t.name === name))
  throw new Error(`program ${program.name}: it has no input ${unknown} to feed`)
}

/** Multiply-adds times two of all matrix products and convolutions of a program. */
export const flopsOf = (program: Program): number =>
  program.nodes.reduce((total, t) => total + (recordOf(t.op).flops?.(t) ?? 0), 0)

/** Inputs that are fed at each run: those without an initializer. */
export const fedInputs = (program: Program, { initializers = {} }: CompileOptions): Tensor[] =>
  program.inputs.filter((t) => !initializers[t.name!])

/** Makes a program runnable on one provider. Throws what onnxruntime says. */
export async function compileFor(provider: Provider, program: Program, options: CompileOptions): Promise<Executable> {
  const { initializers = {}, training = false, threads = 0, arena, profile } = options
  const external = Object.values(initializers).flatMap((weight) => ('path' in weight ? [weight.path] : []))
  const weightFolder = commonFolder(external)
  const relative = (file: string): string => path.relative(weightFolder!, path.resolve(file))
  const model = lowerProgram(program, {
    target: provider === 'cpu' ? 'cpu' : 'portable',
    fusedAttention: await trustsFusedAttention(provider, program),
    initializers,
    relative,
  })
  const settings: SessionSettings = {
    provider,
    threads,
    training,
    ...(weightFolder ? { weightFolder } : {}),
    ...(arena === undefined ? {} : { arena }),
    ...(profile ? { profile } : {}),
  }
  const key = `${JSON.stringify(settings)} ${createHash('sha1').update(model).digest('hex')}`
  const entry = acquire(key, () => createSession(model, settings))
  const session = await entry.session.catch((error: unknown) => {
    cache.delete(key)
    throw new Error(
      `program ${program.name} does not compile for ${provider}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  })
  const fed = fedInputs(program, options)
  const outputs = Object.keys(program.outputs)
  let disposed = false
  return {
    flops: flopsOf(program),
    run: async (feeds) => {
      if (disposed) throw new Error(`program ${program.name}: run after dispose`)
      checkFeeds(program, fed, feeds)
      const results = await session.run(feeds)
      return Object.fromEntries(outputs.map((name) => [name, results[outputName(name)]!]))
    },
    dispose: async () => {
      if (disposed) return
      disposed = true
      if (profile) session.endProfiling()
      await release(key, entry)
    },
  }
}
