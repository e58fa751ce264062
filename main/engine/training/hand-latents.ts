// The hand loss where the model thinks in latents: the clean latents that one step predicts are decoded by the VAE, as are the true ones,
// and compared as pictures. Decoding a whole clip for a gradient is out of reach (a 5-second clip takes hundreds of GB), so each step
// decodes a small window around one hand: three latent frames, 128 pixels a side.
import { add, gather, hostTensor, input, mul, reshape, segment, transpose } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import { decodeChunk, spatialRatio } from '../models/cogvideox/vae'
import type { VaeConfig } from '../models/cogvideox/vae'
import { Scope } from '../nn'
import type { Random } from '../nn'
import { handLoss, handTermName, isLate } from './hand-loss'
import type { HandOptions } from './hand-loss'

/** Latents of a window: frames, rows and columns, or all that there are where there are fewer. */
const windowSize = { frames: 3, side: 16 } as const

/** Beginning of the VAE's weights' names in a training program. */
export const vaePrefix = 'vae.'

export interface LatentHandOptions extends HandOptions {
  readonly vae: VaeConfig
}

interface Latents {
  readonly batch: number
  /** Those that the transformer sees. */
  readonly frames: number
  readonly height: number
  readonly width: number
}

/** Decoded as the beginning of a video, `frames` latents give these pictures. An odd number of latents keeps them in step. */
const pictures = (frames: number, { temporal_compression_ratio: ratio }: VaeConfig): number => ratio * (frames - 1) + 1

const windowOf = (own: number, { height, width }: Latents) => ({
  frames: Math.min(windowSize.frames, own),
  height: Math.min(windowSize.side, height),
  width: Math.min(windowSize.side, width),
})

/** VAE frames of a clip: without the doubled ones that the transformer sees before them. An odd number. */
const ownFrames = (frames: number): number => (frames % 2 ? frames : frames - 1)

/**
 * The terms with the hand loss of latents [B, F, C, h, w] (as the transformer has them, scaled) added to `loss`, as `withHandLoss` does for
 * pictures. The truth is decoded in the same way as the prediction, so that what the decoder makes of a window's beginning and rim is
 * on both sides. The program then has the inputs that `latentHandFeeds` fills, and the VAE decoder's weights under `vaePrefix`.
 */
export function withLatentHandLoss<Terms extends { readonly loss: Tensor }>(
  terms: Terms,
  options: LatentHandOptions,
  predicted: Tensor,
  truth: Tensor,
): Terms {
  const [batch, F, C, height, width] = predicted.shape as [number, number, number, number, number]
  const size = windowOf(ownFrames(F), { batch, frames: F, height, width })
  const index = (name: string, count: number): Tensor => input(name, [count], 'int64')
  const places: readonly (readonly [axis: number, at: Tensor])[] = [
    [0, index('hand_clip', 1)],
    [1, index('hand_latents', size.frames)],
    [3, index('hand_rows', size.height)],
    [4, index('hand_columns', size.width)],
  ]
  const scope = new Scope().child(vaePrefix.slice(0, -1))
  const decoded = (latents: Tensor): Tensor => {
    const window = places.reduce((x, [axis, at]) => gather(x, at, axis), latents)
    const chunk = transpose(reshape(window, [size.frames, C, size.height, size.width]), [1, 0, 2, 3])
    const unscaled = mul(chunk, 1 / options.vae.scaling_factor)
    return transpose(
      segment(() => decodeChunk(scope, unscaled, undefined, options.vae).frames),
      [1, 0, 2, 3],
    )
  }
  const produced = decoded(predicted)
  const [N, , H, W] = produced.shape as [number, number, number, number]
  const mask = input('hand_mask', [N, 1, H, W])
  const hand = handLoss(options, { produced, truth: decoded(truth), mask, counts: input('hand_counts', [N]) })
  return { ...terms, loss: add(terms.loss, mul(hand, options.weight)), [handTermName(options)]: hand }
}

/** Hands of a clip: [T, H, W], 0..255. */
export interface HandMask {
  readonly mask: Uint8Array
  readonly width: number
  readonly height: number
}

/**
 * Where this step looks: one clip of those whose timestep is late, counted for all of them, and there a window around a random pixel of a
 * hand. Undefined when no clip is late or the one that was drawn shows no hand: the step then has no hand loss.
 */
export function latentHandFeeds(
  clips: readonly HandMask[],
  shape: Latents,
  timesteps: readonly number[],
  count: number,
  config: VaeConfig,
  random: Random,
): Record<string, HostTensor> | undefined {
  const late = timesteps.flatMap((timestep, b) => (isLate(timestep, count) ? [b] : []))
  if (late.length === 0) return undefined
  const b = random.pick(late)
  const { mask, width, height } = clips[b]!
  const own = ownFrames(shape.frames)
  const size = windowOf(own, shape)
  const first = random.int(own - size.frames + 1)
  const from = first * config.temporal_compression_ratio // the picture that the window's first one stands for
  const N = pictures(size.frames, config)
  const area = width * height
  const seen: number[] = []
  for (let i = from * area; i < (from + N) * area; i++) if (mask[i]! > 127) seen.push(i % area)
  if (seen.length === 0) return undefined
  const ratio = spatialRatio(config)
  const pixel = random.pick(seen)
  const start = (at: number, length: number, all: number): number =>
    Math.max(0, Math.min(all - length, Math.floor(at / ratio - length / 2)))
  const top = start(Math.floor(pixel / width), size.height, shape.height)
  const left = start(pixel % width, size.width, shape.width)
  const [H, W] = [size.height * ratio, size.width * ratio]
  const inside = Float32Array.from({ length: N * H * W }, (_, i) => {
    const [t, y, x] = [Math.floor(i / (H * W)), Math.floor(i / W) % H, i % W]
    return mask[(from + t) * area + (top * ratio + y) * width + left * ratio + x]! / 255
  })
  const run = (start: number, length: number): HostTensor =>
    hostTensor(
      BigInt64Array.from({ length }, (_, i) => BigInt(start + i)),
      [length],
    )
  return {
    hand_clip: run(b, 1),
    hand_latents: run(shape.frames - own + first, size.frames),
    hand_rows: run(top, size.height),
    hand_columns: run(left, size.width),
    hand_mask: hostTensor(inside, [N, 1, H, W]),
    hand_counts: hostTensor(new Float32Array(N).fill(late.length / shape.batch), [N]),
  }
}
