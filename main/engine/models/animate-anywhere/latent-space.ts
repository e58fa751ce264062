// Between pictures and the latents that the big model thinks in: the VAE's scale, its time axis, and the frame that is doubled so that two
// latent frames make a token (cogvideox-facts 9 and 10.2). Latents here are frames first, [F, C, h, w], as the transformer takes them.
import { hostTensor } from '../../ir'
import type { HostTensor } from '../../ir'
import type { Random } from '../../nn'
import { spatialRatio } from '../cogvideox/vae'
import type { Moments, Vae, VaeConfig } from '../cogvideox/vae'
import type { AnimateAnywhereConfig } from './config'

/** Sizes of a clip in latents. */
export interface LatentShape {
  /** Frames that the transformer sees, the doubled one included. */
  readonly frames: number
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** Pictures that a token stands for in time. */
const framesPerToken = ({ transformer: t }: AnimateAnywhereConfig): number =>
  t.temporal_compression_ratio * (t.patch_size_t ?? 1)

/** Pixels frames of a clip that has a whole number of tokens in time and nothing to drop but the doubled frame: 8 k + 1 at least `frames`. */
export function clipFrames(config: AnimateAnywhereConfig, frames: number): number {
  const step = framesPerToken(config)
  return 1 + step * Math.ceil((frames - 1) / step)
}

/** The most frames of a clip of `frames` that make whole tokens: the largest 8 k + 1 that is not more. */
export function wholeClip(config: AnimateAnywhereConfig, frames: number): number {
  const step = framesPerToken(config)
  return 1 + step * Math.floor((frames - 1) / step)
}

/** Shape of a clip of `frames` (see `clipFrames`) of width x height pixels, multiples of 16. */
export function latentShape(
  config: AnimateAnywhereConfig,
  vae: VaeConfig,
  { frames, width, height }: { readonly frames: number; readonly width: number; readonly height: number },
): LatentShape {
  const ratio = spatialRatio(vae)
  const own = (frames - 1) / vae.temporal_compression_ratio + 1
  const group = config.transformer.patch_size_t ?? 1
  return {
    frames: Math.ceil(own / group) * group,
    channels: vae.latent_channels,
    height: height / ratio,
    width: width / ratio,
  }
}

/** Pictures [T, 3, H, W] in -1..1 as moments of latents. */
export async function encodeFrames(
  vae: Vae,
  frames: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  signal?: AbortSignal,
): Promise<Moments> {
  const plane = width * height
  const count = frames.length / (3 * plane)
  return vae.encode(hostTensor(swapped(frames, count, 3, plane), [3, count, height, width]), signal)
}

/** A sample of the posterior [C, t, h, w], mean + exp(logvar / 2) noise; without `random` its mode. */
export function sampleMoments({ mean, logvar }: Moments, random?: Random): HostTensor {
  if (!random) return mean
  const noise = random.normals(mean.data.length)
  const data = (mean.data as Float32Array).map((m, i) => m + Math.exp((logvar.data[i] as number) / 2) * noise[i]!)
  return hostTensor(data, mean.shape)
}

/** One picture [3, H, W] in -1..1 as its latent [C, h, w] times `scale`: a sample of its posterior, without `random` the mode. */
export async function pictureLatent(
  vae: Vae,
  picture: Float32Array,
  size: { readonly width: number; readonly height: number },
  scale: number,
  { random, signal }: { readonly random?: Random; readonly signal?: AbortSignal | undefined } = {},
): Promise<Float32Array> {
  const { data } = sampleMoments(await encodeFrames(vae, picture, size, signal), random)
  return (data as Float32Array).map((v) => v * scale)
}

/** VAE latents [C, t, h, w] times `scale`, frames first, the first one doubled to a multiple of patch_size_t: [F, C, h, w]. */
export function towardsModel(latents: HostTensor, scale: number, config: AnimateAnywhereConfig): Float32Array {
  const [channels, count, height, width] = latents.shape as [number, number, number, number]
  const group = config.transformer.patch_size_t ?? 1
  const before = (group - (count % group)) % group
  const size = channels * height * width
  const data = new Float32Array((before + count) * size)
  data.set(swapped(latents.data as Float32Array, channels, count, height * width), before * size)
  for (let i = 0; i < before; i++) data.copyWithin(i * size, before * size, (before + 1) * size)
  return scale === 1 ? data : data.map((v) => v * scale)
}

/** The way back: model latents [F, C, h, w] as VAE latents [C, t, h, w]; the doubled frames are dropped. */
export function towardsVae(latents: Float32Array, shape: LatentShape, own: number, scale: number): HostTensor {
  const { channels, height, width } = shape
  const size = channels * height * width
  const kept = latents.subarray((shape.frames - own) * size)
  const data = swapped(kept, own, channels, height * width)
  return hostTensor(
    data.map((v) => v / scale),
    [channels, own, height, width],
  )
}

/** One picture's latent [1, C, h, w] and nothing on the frames after it: the reference background over time, [F, C, h, w]. */
export function atFirstFrame(latent: Float32Array, frames: number): Float32Array {
  const data = new Float32Array(frames * latent.length)
  data.set(latent)
  return data
}

/**
 * The human and, on the next channels, its pose picture, both [1, C, h, w], as the one token frame that the ReferenceNet sees:
 * [pt, 2 C, h, w].
 */
export function referenceLatents(human: Float32Array, pose: Float32Array, config: AnimateAnywhereConfig): Float32Array {
  const group = config.transformer.patch_size_t ?? 1
  const data = new Float32Array(group * 2 * human.length)
  for (let i = 0; i < group; i++) {
    data.set(human, 2 * i * human.length)
    data.set(pose, (2 * i + 1) * human.length)
  }
  return data
}

/** [a, b, plane] as [b, a, plane]. */
function swapped(from: Float32Array, a: number, b: number, plane: number): Float32Array {
  if (a === 1 || b === 1) return from.slice()
  const to = new Float32Array(from.length)
  for (let i = 0; i < a; i++)
    for (let k = 0; k < b; k++) to.set(from.subarray((i * b + k) * plane, (i * b + k + 1) * plane), (k * a + i) * plane)
  return to
}
