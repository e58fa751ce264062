// The encoder (cogvideox-facts 6.5) for one chunk of time: pixels to the moments of the latents' distribution.
import { add, clamp, conv2d, mul, silu, slice } from '../../../ir'
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
  residualBlocks,
  toFrames,
} from './layers'
import type { Activation, ChunkCache, Frames } from './layers'

/** GroupNorm, then SiLU. */
const activation =
  (config: VaeConfig): Activation =>
  (scope, frames) => {
    const { scale, shift } = groupNormFactors(scope, frames, config)
    return eachFrame(frames, (frame) => silu(add(mul(frame, scale), shift)))
  }

/** Neighbouring frames averaged; of an odd number the first stays alone. */
function halveTime(frames: Frames): Tensor[] {
  const odd = frames.length % 2
  const pairs = Array.from({ length: (frames.length - odd) / 2 }, (_, i) =>
    mul(add(frames[odd + 2 * i]!, frames[odd + 2 * i + 1]!), 0.5),
  )
  return [...frames.slice(0, odd), ...pairs]
}

function downsample(scope: Scope, frames: Frames, time: boolean): Tensor[] {
  const channels = frames[0]!.shape[1]!
  const { weight, bias } = planeConv(scope, 'conv', channels, channels)
  const fewer = time ? halveTime(frames) : frames
  return eachFrame(fewer, (frame) => conv2d(frame, weight, bias, { stride: 2, padding: [0, 0, 1, 1] }))
}

export interface EncodedChunk {
  /** [latent_channels, t, h, w]. */
  readonly mean: Tensor
  /** Log-variance, in -30..20, of the same shape. */
  readonly logvar: Tensor
  readonly cache: ChunkCache
}

/**
 * One chunk of video [in_channels, T, H, W] in -1..1, H and W multiples of `spatialRatio`. `cache` is what the chunk before left;
 * undefined at the start of a video. `scope` is the model's root. Differentiable.
 */
export function encodeChunk(
  scope: Scope,
  video: Tensor,
  cache: ChunkCache | undefined,
  config: VaeConfig,
): EncodedChunk {
  const encoder = scope.child('encoder')
  const memory = new ChunkMemory(cache)
  const activate = activation(config)
  const widths = config.block_out_channels
  let frames: Frames = causalConv(encoder, 'conv_in', toFrames(video), widths[0]!, memory)
  widths.forEach((width, level) => {
    const place = encoder.child(`down_blocks.${level}`)
    frames = residualBlocks(place, frames, { count: config.layers_per_block, out: width }, activate, memory)
    if (level < widths.length - 1)
      frames = downsample(place.child('downsamplers.0'), frames, compressesTime(config, level))
  })
  frames = residualBlocks(
    encoder.child('mid_block'),
    frames,
    { count: middleBlocks, out: widths.at(-1)! },
    activate,
    memory,
  )
  frames = activate(encoder.child('norm_out'), frames)
  const latents = config.latent_channels
  const moments = fromFrames(causalConv(encoder, 'conv_out', frames, 2 * latents, memory))
  return {
    mean: slice(moments, 0, 0, latents),
    logvar: clamp(slice(moments, 0, latents), -30, 20),
    cache: memory.after,
  }
}
