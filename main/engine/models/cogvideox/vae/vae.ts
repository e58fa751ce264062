// The autoencoder as a thing to use: whole videos in, latents out, and back, chunk by chunk in time and tile by tile in space.
import { UserError } from '../../../../media/errors'
import type { Initializer } from '../../../backends/onnx'
import { hostTensor, input } from '../../../ir'
import type { HostTensor } from '../../../ir'
import { Scope } from '../../../nn'
import { chunkFrames, ChunkSessions, timeChunks } from './chunks'
import type { Direction, HostCache, SessionOptions } from './chunks'
import { spatialRatio } from './config'
import type { VaeConfig } from './config'
import { decodeChunk } from './decoder'
import { encodeChunk } from './encoder'
import { defaultTiling, needsTiles, overTiles, tilePlan } from './tiling'
import type { Tiling } from './tiling'

export interface VaeOptions extends SessionOptions {
  /** How large pictures are cut; false never does. Default: tiles of half the config's sample size, for what is larger. */
  readonly tiling?: Tiling | false
}

export interface Moments {
  /** [latent_channels, t, h, w], unscaled; also the mode. */
  readonly mean: HostTensor
  /** Log-variance, of the same shape. */
  readonly logvar: HostTensor
}

export interface Vae {
  readonly config: VaeConfig
  /** `video` [in_channels, T, H, W] in -1..1, float32; H and W multiples of `spatialRatio`. */
  encode(video: HostTensor, signal?: AbortSignal): Promise<Moments>
  /**
   * `latents` [latent_channels, t, h, w], unscaled. Frames [out_channels, n, H, W], not clamped, come in order as soon as they are
   * final: after each chunk, or, when the picture is cut into tiles, after the last tile, chunk by chunk as well.
   */
  decode(
    latents: HostTensor,
    onFrames: (frames: HostTensor) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<void>
  /** Frees the compiled programs; another call makes them anew. */
  dispose(): Promise<void>
}

/** Name, shape and init of every weight of the model, encoder first. Names are diffusers'. */
export function vaeSpecs(config: VaeConfig): Scope['specs'] {
  const scope = new Scope()
  const side = spatialRatio(config)
  encodeChunk(scope, input('video', [config.in_channels, 1, side, side]), undefined, config)
  decodeChunk(scope, input('latents', [config.latent_channels, 1, 1, 1]), undefined, config)
  return scope.specs
}

function checkWeights(specs: Scope['specs'], weights: Readonly<Record<string, Initializer>>): void {
  for (const [name, { shape }] of specs) {
    const weight = weights[name]
    if (!weight) throw new UserError(`the VAE's weights lack ${name} [${shape.join(', ')}]; the model is incomplete`)
    if ('shape' in weight && weight.shape.join() !== shape.join())
      throw new UserError(
        `the VAE's weight ${name} is [${weight.shape.join(', ')}], its config asks for [${shape.join(', ')}]`,
      )
  }
}

/** Frames [start, end) of [C, T, H, W]. */
function cutTime({ shape, data }: HostTensor, start: number, end: number): HostTensor {
  const [channels, frames, height, width] = shape as [number, number, number, number]
  const plane = height * width
  const count = end - start
  const cut = new Float32Array(channels * count * plane)
  for (let c = 0; c < channels; c++) {
    const from = (c * frames + start) * plane
    cut.set((data as Float32Array).subarray(from, from + count * plane), c * count * plane)
  }
  return hostTensor(cut, [channels, count, height, width])
}

/** [C, T, H, W] one after the other in time. */
function joinTime(parts: readonly HostTensor[]): HostTensor {
  if (parts.length === 1) return parts[0]!
  const [channels, , height, width] = parts[0]!.shape as [number, number, number, number]
  const total = parts.reduce((sum, { shape }) => sum + shape[1]!, 0)
  const plane = height * width
  const data = new Float32Array(channels * total * plane)
  let done = 0
  for (const part of parts) {
    const count = part.shape[1]!
    for (let c = 0; c < channels; c++) {
      const piece = (part.data as Float32Array).subarray(c * count * plane, (c + 1) * count * plane)
      data.set(piece, (c * total + done) * plane)
    }
    done += count
  }
  return hostTensor(data, [channels, total, height, width])
}

/** Frames that a chunk of `latents` frames decodes to. */
const decodedFrames = (config: VaeConfig, latents: number): number =>
  latents * config.temporal_compression_ratio - (latents % 2 ? config.temporal_compression_ratio - 1 : 0)

function checkVideo(what: string, x: HostTensor, channels: number, multiple: number): void {
  const { shape, dtype } = x
  if (shape.length !== 4 || shape[0] !== channels || dtype !== 'float32')
    throw new UserError(`${what}: needs float32 [${channels}, T, H, W], got ${dtype} [${shape.join(', ')}]`)
  if (shape[2]! % multiple || shape[3]! % multiple)
    throw new UserError(`${what}: ${shape[3]}x${shape[2]} pixels must be multiples of ${multiple}; scale or crop first`)
}

/**
 * The autoencoder of `config` with `weights` by name, in memory or by path. Programs are compiled when a shape is first met and
 * shared by all calls. Throws UserError for weights that are missing or of another shape. An abort is heard between chunks.
 */
export function openVae(
  config: VaeConfig,
  weights: Readonly<Record<string, Initializer>>,
  { tiling, ...options }: VaeOptions = {},
): Vae {
  checkWeights(vaeSpecs(config), weights)
  const sessions = new ChunkSessions(config, weights, options)
  const ratio = spatialRatio(config)

  /** Every chunk of x in turn, each result handed out before the next is made. */
  async function inTime(
    direction: Direction,
    x: HostTensor,
    signal: AbortSignal | undefined,
    onChunk: (results: Record<string, HostTensor>) => void | Promise<void>,
  ): Promise<void> {
    let cache: HostCache | undefined
    const chunks = timeChunks(x.shape[1]!, chunkFrames[direction])
    for (const [i, [start, end]] of chunks.entries()) {
      signal?.throwIfAborted()
      // The last of many is made by the program of those before it; its cache is left over.
      const goesOn = i < chunks.length - 1 || i > 1
      const { results, after } = await sessions.run({ direction, x: cutTime(x, start, end), before: cache, goesOn })
      cache = after
      await onChunk(results)
    }
  }

  /** The whole of x in memory: each named result over all chunks. */
  async function whole(
    direction: Direction,
    names: readonly string[],
    x: HostTensor,
    signal?: AbortSignal,
  ): Promise<HostTensor[]> {
    const chunks: Record<string, HostTensor>[] = []
    await inTime(direction, x, signal, (results) => void chunks.push(results))
    return names.map((name) => joinTime(chunks.map((chunk) => chunk[name]!)))
  }

  const planOf = (direction: Direction, x: HostTensor) => {
    if (tiling === false) return undefined
    const plan = tilePlan(config, tiling ?? defaultTiling(config), direction)
    return needsTiles(x.shape, plan) ? plan : undefined
  }

  return {
    config,
    encode: async (video, signal) => {
      checkVideo('VAE encode', video, config.in_channels, ratio)
      const size = [video.shape[2]! / ratio, video.shape[3]! / ratio] as const
      const work = (x: HostTensor) => whole('encode', ['mean', 'logvar'], x, signal)
      const plan = planOf('encode', video)
      const [mean, logvar] = plan ? await overTiles(video, plan, size, work) : await work(video)
      return { mean: mean!, logvar: logvar! }
    },
    decode: async (latents, onFrames, signal) => {
      checkVideo('VAE decode', latents, config.latent_channels, 1)
      const plan = planOf('decode', latents)
      if (!plan) return inTime('decode', latents, signal, ({ frames }) => onFrames(frames!))
      const size = [latents.shape[2]! * ratio, latents.shape[3]! * ratio] as const
      const [video] = await overTiles(latents, plan, size, (tile) => whole('decode', ['frames'], tile, signal))
      let at = 0
      for (const [start, end] of timeChunks(latents.shape[1]!, chunkFrames.decode)) {
        const count = decodedFrames(config, end - start)
        await onFrames(cutTime(video!, at, at + count))
        at += count
      }
    },
    dispose: () => sessions.dispose(),
  }
}
