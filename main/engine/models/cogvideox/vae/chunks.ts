// How a sequence is cut in time (cogvideox-facts 6.1), and one chunk as something that runs: its program, compiled with the weights
// baked in, with the convolutions' caches going in and out.
import { compile } from '../../../backends/onnx'
import type { Executable, Initializer, Provider } from '../../../backends/onnx'
import { input, program } from '../../../ir'
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
}

const outputCache = (name: string, i: number): string => `after ${name} ${i}`
const inputCache = (name: string, i: number): string => `before ${name} ${i}`

/** The part of a result that is fed to the next chunk. */
export type HostCache = Readonly<Record<string, HostTensor>>

/** One chunk of shape [C, T, H, W] as a program: 'x' and the caches in (`before` gives their shapes), results and caches out. */
function chunkProgram(
  config: VaeConfig,
  direction: Direction,
  shape: readonly number[],
  before: HostCache | undefined,
): ChunkProgram {
  const scope = new Scope()
  const x = input('x', shape)
  const names = [...new Set(Object.keys(before ?? {}).map((key) => key.slice(0, key.lastIndexOf(' '))))]
  const frame = (name: string, i: number): Tensor => input(inputCache(name, i), before![`${name} ${i}`]!.shape)
  const cache: ChunkCache | undefined =
    before && new Map(names.map((name) => [name, [frame(name, 0), frame(name, 1)] as const]))
  const { cache: after, ...results } =
    direction === 'encode' ? encodeChunk(scope, x, cache, config) : decodeChunk(scope, x, cache, config)
  const caches = [...after].flatMap(([name, frames]) => frames.map((t, i) => [outputCache(name, i), t] as const))
  const outputs = { ...results, ...Object.fromEntries(caches) }
  return { program: program(`vae ${direction}`, outputs), weights: [...scope.specs.keys()] }
}

export interface SessionOptions {
  /** Default 'cpu'. */
  readonly provider?: Provider
  /** Default: all cores. */
  readonly threads?: number
}

/** Bytes of weights that all kept sessions together may hold, in which at least two always fit (the first chunk and the others). */
const keptBytes = 2e9
const float32Bytes = 4

/** Compiled chunks by direction and shape, made when first needed; the least recently used go when their weights would take too much. */
export class ChunkSessions {
  private readonly kept = new Map<string, Promise<Executable>>()
  private readonly capacity: number

  constructor(
    private readonly config: VaeConfig,
    private readonly weights: Readonly<Record<string, Initializer>>,
    parameters: number,
    private readonly options: SessionOptions,
  ) {
    this.capacity = Math.max(2, Math.floor(keptBytes / (float32Bytes * parameters)))
  }

  /** The results of one chunk (`mean` and `logvar`, or `frames`) and the cache for the next one; `before` is undefined at the start. */
  async run(
    direction: Direction,
    x: HostTensor,
    before: HostCache | undefined,
  ): Promise<{ readonly results: Record<string, HostTensor>; readonly after: HostCache }> {
    const executable = await this.session(direction, x.shape, before)
    const fed = Object.entries(before ?? {}).map(([key, t]) => [`before ${key}`, t] as const)
    const outputs = await executable.run({ x, ...Object.fromEntries(fed) })
    const prefix = 'after '
    const split = (wanted: boolean) => Object.entries(outputs).filter(([name]) => name.startsWith(prefix) === wanted)
    const after = split(true).map(([name, t]) => [name.slice(prefix.length), t] as const)
    return { results: Object.fromEntries(split(false)), after: Object.fromEntries(after) }
  }

  private async session(
    direction: Direction,
    shape: readonly number[],
    before: HostCache | undefined,
  ): Promise<Executable> {
    const key = `${direction} ${shape.join('x')} ${before ? 'later' : 'first'}`
    const known = this.kept.get(key)
    if (known) this.kept.delete(key)
    else await this.drop(this.capacity - 1)
    const session = known ?? this.compile(direction, shape, before)
    this.kept.set(key, session) // the map is in order of use
    session.catch(() => this.kept.delete(key))
    return session
  }

  private compile(direction: Direction, shape: readonly number[], before: HostCache | undefined): Promise<Executable> {
    const chunk = chunkProgram(this.config, direction, shape, before)
    const initializers = Object.fromEntries(chunk.weights.map((name) => [name, this.weights[name]!]))
    return compile(chunk.program, { ...this.options, initializers })
  }

  private async drop(count: number): Promise<void> {
    for (const [key, session] of [...this.kept].slice(0, Math.max(0, this.kept.size - count))) {
      this.kept.delete(key)
      await (await session).dispose()
    }
  }

  dispose(): Promise<void> {
    return this.drop(0)
  }
}
