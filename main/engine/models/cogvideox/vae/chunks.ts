// How a sequence is cut in time (cogvideox-facts 6.1), and one chunk as something that runs: its program, compiled with the weights
// baked in, with the convolutions' caches going in and out.
import { compile } from '../../../backends/onnx'
import type { Executable, Initializer } from '../../../backends/onnx'
import { input, program, sizeOf } from '../../../ir'
import type { HostTensor, Program, Tensor } from '../../../ir'
import { Scope } from '../../../nn'
import type { VaeConfig } from './config'
import { decodeChunk } from './decoder'
import { encodeChunk } from './encoder'
import type { ChunkCache } from './layers'

/** Frames per chunk: of pixels when encoding, of latents when decoding. They are part of the model: norms see one chunk at a time. */
export const chunkFrames = { encode: 8, decode: 2 } as const

/** [start, end) of each chunk of `count` frames; the remainder goes into the first. */
export function timeChunks(count: number, size: number): (readonly [number, number])[] {
  const rest = count % size
  return Array.from({ length: Math.max(Math.floor(count / size), 1) }, (_, i) => [
    i === 0 ? 0 : size * i + rest,
    Math.min(size * (i + 1) + rest, count),
  ])
}

export type Direction = 'encode' | 'decode'

interface ChunkProgram {
  readonly program: Program
  /** Every weight it reads. */
  readonly weights: readonly string[]
  /** About what a session of it holds, with what it needs while it runs. */
  readonly bytes: number
}

/** The part of a result that is fed to the next chunk. */
export type HostCache = Readonly<Record<string, HostTensor>>

/** What a chunk is given: itself [C, T, H, W], what the one before left (nothing at the start), whether another follows. */
interface Chunk {
  readonly direction: Direction
  readonly x: HostTensor
  readonly before: HostCache | undefined
  readonly goesOn: boolean
}

const inputCache = (name: string): string => `before ${name}`
const outputCache = 'after '
const float32Bytes = 4
/** Lists of all frames at the largest size that are alive at once, measured. */
const aliveLists = 4

/** One chunk as a program: 'x' and the caches in, results and (when it goes on) caches out. */
function chunkProgram(config: VaeConfig, { direction, x, before, goesOn }: Chunk): ChunkProgram {
  const scope = new Scope()
  const video = input('x', x.shape)
  const names = [...new Set(Object.keys(before ?? {}).map((key) => key.slice(0, key.lastIndexOf(' '))))]
  const frame = (key: string): Tensor => input(inputCache(key), before![key]!.shape)
  const cache: ChunkCache | undefined =
    before && new Map(names.map((name) => [name, [frame(`${name} 0`), frame(`${name} 1`)] as const]))
  const { cache: after, ...results } =
    direction === 'encode' ? encodeChunk(scope, video, cache, config) : decodeChunk(scope, video, cache, config)
  const caches = [...after].flatMap(([name, frames]) =>
    frames.map((t, i) => [`${outputCache}${name} ${i}`, t] as const),
  )
  const built = program(`vae ${direction}`, { ...results, ...(goesOn ? Object.fromEntries(caches) : {}) })

  const weights = [...scope.specs].reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0)
  const sizes = caches.map(([, t]) => sizeOf(t.shape))
  const frames = Math.max(...[video, ...Object.values(results)].map(({ shape }) => shape[1]!))
  const kept = goesOn ? sizes.reduce((a, b) => a + b, 0) : 0
  const bytes = float32Bytes * (weights + kept + aliveLists * frames * Math.max(...sizes))
  return { program: built, weights: [...scope.specs.keys()], bytes }
}

export interface SessionOptions {
  /** Default: all cores. */
  readonly threads?: number
}

/** What the sessions that wait for the next chunk of their kind may hold together; beyond it, compiling anew is the smaller evil. */
const keptBytes = 2e9

interface Kept {
  readonly session: Promise<Executable>
  readonly bytes: number
}

interface ChunkResults {
  readonly results: Record<string, HostTensor>
  readonly after: HostCache | undefined
}

/** Compiled chunks by direction and shape, made when first needed; the least recently used go when all would hold too much. */
export class ChunkSessions {
  private readonly kept = new Map<string, Kept>()
  private turn: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly config: VaeConfig,
    private readonly weights: Readonly<Record<string, Initializer>>,
    private readonly options: SessionOptions,
  ) {}

  /**
   * The results of one chunk (`mean` and `logvar`, or `frames`) and, when another follows, the cache for it. Calls take turns, so
   * that none loses its session to another.
   */
  run(chunk: Chunk): Promise<ChunkResults> {
    const done = this.turn.then(() => this.runNow(chunk))
    this.turn = done.catch(() => undefined)
    return done
  }

  private async runNow(chunk: Chunk): Promise<ChunkResults> {
    const executable = await this.session(chunk)
    const fed = Object.entries(chunk.before ?? {}).map(([key, t]) => [inputCache(key), t] as const)
    const outputs = Object.entries(await executable.run({ x: chunk.x, ...Object.fromEntries(fed) }))
    const results = outputs.filter(([name]) => !name.startsWith(outputCache))
    const after = outputs.flatMap(([name, t]) =>
      name.startsWith(outputCache) ? [[name.slice(outputCache.length), t] as const] : [],
    )
    return { results: Object.fromEntries(results), after: chunk.goesOn ? Object.fromEntries(after) : undefined }
  }

  private async session(chunk: Chunk): Promise<Executable> {
    const { direction, x, before, goesOn } = chunk
    const key = `${direction} ${x.shape.join('x')} ${before ? 'later' : 'first'} ${goesOn ? 'goes on' : 'ends'}`
    const known = this.kept.get(key)
    if (known) {
      this.kept.delete(key)
      this.kept.set(key, known) // the map is in order of use
      return known.session
    }
    const { program, weights, bytes } = chunkProgram(this.config, chunk)
    await this.drop(keptBytes - bytes)
    const initializers = Object.fromEntries(weights.map((name) => [name, this.weights[name]!]))
    const session = compile(program, { ...this.options, initializers })
    this.kept.set(key, { session, bytes })
    session.catch(() => this.kept.delete(key))
    return session
  }

  /** Drops sessions until the rest holds no more than `limit` bytes. */
  private async drop(limit: number): Promise<void> {
    let held = [...this.kept.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    for (const [key, { session, bytes }] of [...this.kept]) {
      if (held <= limit) return
      held -= bytes
      this.kept.delete(key)
      await (await session).dispose()
    }
  }

  dispose(): Promise<void> {
    return this.drop(-1)
  }
}
