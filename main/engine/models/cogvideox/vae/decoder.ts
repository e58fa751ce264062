// The decoder (cogvideox-facts 6.3 and 6.6) for one chunk of time: latents to pixels. Its norms are conditioned on the latents
// themselves, resized to the features by nearest neighbour; since every size is a multiple of the latents', what is computed from them
// stays at their size and is only repeated.
import { add, conv2d, mul, reshape, silu, upsample } from '../../../ir'
import type { Tensor } from '../../../ir'
import type { Scope } from '../../../nn'
import { compressesTime } from './config'
import type { VaeConfig } from './config'
import {
  causalConv,
  ChunkMemory,
  eachFrame,
  fromFrames,
  groupNormFactors,
  middleBlocks,
  planeConv,
  pointConv,
  residualBlocks,
  toFrames,
} from './layers'
import type { Activation, ChunkCache, Frames } from './layers'

/** Which of `latents` frames frame `t` of `count` is made of: of odd counts the first stands alone. */
function latentOf(t: number, count: number, latents: number): number {
  if (count === 1 || count % 2 === 0) return Math.floor((t * latents) / count)
  return t === 0 ? 0 : 1 + Math.floor(((t - 1) * (latents - 1)) / (count - 1))
}

/** [1, C, h, w] with each element `times` times along the width: [1, C, h, 1, w * times], to be broadcast along the height. */
function widened(x: Tensor, times: number): Tensor {
  const [, channels, height, width] = x.shape as [number, number, number, number]
  const wide = upsample(x, { size: [height, width * times], mode: 'nearest' })
  return reshape(wide, [1, channels, height, 1, width * times])
}

/** GroupNorm(f) * conv_y(z) + conv_b(z), then SiLU; z are the latents of the chunk. */
const activation =
  (config: VaeConfig, latents: Frames): Activation =>
  (scope, frames) => {
    const [, channels, height, width] = frames[0]!.shape as [number, number, number, number]
    const [, , rows, columns] = latents[0]!.shape as [number, number, number, number]
    const { scale, shift } = groupNormFactors(scope.child('norm_layer'), frames, config)
    const factor = pointConv(scope, 'conv_y.conv', latents, channels)
    const offset = pointConv(scope, 'conv_b.conv', latents, channels)
    const made = new Map<string, Tensor>()
    return frames.map((frame, t) => {
      const i = latentOf(t, frames.length, latents.length)
      const key = `${frame.id} ${i}`
      const known = made.get(key)
      if (known) return known
      const a = widened(mul(factor[i]!, scale), width / columns)
      const b = widened(add(mul(factor[i]!, shift), offset[i]!), width / columns)
      const banded = reshape(frame, [1, channels, rows, height / rows, width])
      const result = silu(reshape(add(mul(banded, a), b), frame.shape))
      made.set(key, result)
      return result
    })
  }

/** Every frame twice; of an odd number the first stays single. */
function doubleTime(frames: Frames): Tensor[] {
  const odd = frames.length % 2
  return frames.flatMap((frame, t) => (t < odd ? [frame] : [frame, frame]))
}

/** Nearest neighbour to twice the size, then a 3x3 convolution; frames are doubled after it, which is the same. */
function upsampled(scope: Scope, frames: Frames, time: boolean): Tensor[] {
  const channels = frames[0]!.shape[1]!
  const { weight, bias } = planeConv(scope, 'conv', channels, channels)
  const larger = eachFrame(frames, (frame) =>
    conv2d(upsample(frame, { scale: 2, mode: 'nearest' }), weight, bias, { padding: 1 }),
  )
  return time ? doubleTime(larger) : larger
}

export interface DecodedChunk {
  /** [out_channels, n, H, W], nominally -1..1, not clamped. An odd count t of latents gives ratio * (t - 1) + 1 frames, an even one ratio * t. */
  readonly frames: Tensor
  readonly cache: ChunkCache
}

/**
 * One chunk of unscaled latents [latent_channels, t, h, w]. `cache` is what the chunk before left; undefined at the start of a video.
 * `scope` is the model's root. Differentiable.
 */
export function decodeChunk(scope: Scope, z: Tensor, cache: ChunkCache | undefined, config: VaeConfig): DecodedChunk {
  const decoder = scope.child('decoder')
  const memory = new ChunkMemory(cache)
  const latents = toFrames(z)
  const activate = activation(config, latents)
  const widths = [...config.block_out_channels].reverse()
  let frames: Frames = causalConv(decoder, 'conv_in', latents, widths[0]!, memory)
  frames = residualBlocks(
    decoder.child('mid_block'),
    frames,
    { count: middleBlocks, out: widths[0]! },
    activate,
    memory,
  )
  widths.forEach((width, level) => {
    const place = decoder.child(`up_blocks.${level}`)
    frames = residualBlocks(place, frames, { count: config.layers_per_block + 1, out: width }, activate, memory)
    if (level < widths.length - 1)
      frames = upsampled(place.child('upsamplers.0'), frames, compressesTime(config, level))
  })
  frames = activate(decoder.child('norm_out'), frames)
  return {
    frames: fromFrames(causalConv(decoder, 'conv_out', frames, config.out_channels, memory)),
    cache: memory.after,
  }
}
