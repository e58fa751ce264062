// The CogVideoX transformer (cogvideox-facts 3) in pieces that AnimateAnywhere takes apart and joins anew: conditioning vector, patch
// embedding, blocks, final layer, latent head. `transformer` is the published model made of them.
import { add, mul, reshape, silu, split, transpose, unsqueeze } from '../../ir'
import type { Tensor } from '../../ir'
import { layerNorm, linear, zeroInit } from '../../nn'
import type { Init, Scope } from '../../nn'
import type { Rope, Streams } from './attention'
import { joinStreams } from './attention'
import { block } from './block'
import { innerDim, tokenGrid } from './config'
import type { TransformerConfig } from './config'

/** The value of ofs in training and sampling of the 1.5 image-to-video models. */
export const ofsValue = 2

const xavier: Init = { kind: 'xavier' }

/**
 * The conditioning vector [B, time_embed_dim] of every block. `time` [B, D] is the `sinusoid` of the training steps, D the token
 * width; `ofs` [1, ofs_embed_dim] that of the 1.5 image-to-video models' constant 2 (required when the config has ofs_embed_dim).
 */
export function conditioning(scope: Scope, time: Tensor, config: TransformerConfig, ofs?: Tensor): Tensor {
  const embed = (part: Scope, x: Tensor) =>
    linear(part, 'linear_2', silu(linear(part, 'linear_1', x, config.time_embed_dim)), config.time_embed_dim)
  const embedded = embed(scope.child('time_embedding'), time)
  if (config.ofs_embed_dim === null) return embedded
  if (!ofs) throw new Error('conditioning: the config has ofs_embed_dim, so the sinusoid of ofs is needed')
  return add(embedded, embed(scope.child('ofs_embedding'), ofs))
}

/** Latents [B, F, C, H, W] as tokens [B, N, C * pt * p * p]; features in the order (channel, dt, dy, dx). */
export function patchify(latents: Tensor, config: TransformerConfig): Tensor {
  const [batch, frames, channels, height, width] = latents.shape as [number, number, number, number, number]
  const grid = tokenGrid(config, frames, height, width)
  const pt = config.patch_size_t ?? 1
  const p = config.patch_size
  const cut = reshape(latents, [batch, grid.time, pt, channels, grid.height, p, grid.width, p])
  const tokens = transpose(cut, [0, 1, 4, 6, 3, 2, 5, 7])
  return reshape(tokens, [batch, grid.time * grid.height * grid.width, channels * pt * p * p])
}

/** The inverse of patchify: tokens [B, N, C * pt * p * p] as latents [B, `frames`, C, `height`, `width`]. */
export function unpatchify(
  tokens: Tensor,
  config: TransformerConfig,
  { frames, height, width }: { frames: number; height: number; width: number },
): Tensor {
  const grid = tokenGrid(config, frames, height, width)
  const pt = config.patch_size_t ?? 1
  const p = config.patch_size
  const batch = tokens.shape[0]!
  const channels = tokens.shape[2]! / (pt * p * p)
  const cut = reshape(tokens, [batch, grid.time, grid.height, grid.width, channels, pt, p, p])
  return reshape(transpose(cut, [0, 1, 5, 4, 2, 6, 3, 7]), [batch, frames, channels, height, width])
}

/** Latents [B, F, C, H, W] and text features [B, L, text_embed_dim] as tokens of the model's width. */
export function patchEmbed(scope: Scope, latents: Tensor, text: Tensor, config: TransformerConfig): Streams {
  const width = innerDim(config)
  const patches = patchify(latents, config)
  const streams = {
    video: patchProjection(scope, patches, latents.shape[2]!, config),
    text: linear(scope, 'text_proj', text, width),
  }
  if (!config.use_learned_positional_embeddings) return streams
  const lengths = [text.shape[1]!, patches.shape[1]!]
  const positions = scope.weight('pos_embedding', [1, lengths[0]! + lengths[1]!, width], { kind: 'normal' })
  const [ofText, ofVideo] = split(positions, lengths, 1)
  return { video: add(streams.video, ofVideo!), text: add(streams.text, ofText!) }
}

/** The projection of patches. 1.0 models keep its weight in a convolution's shape; the numbers are the same. */
function patchProjection(scope: Scope, patches: Tensor, channels: number, config: TransformerConfig): Tensor {
  const width = innerDim(config)
  if (config.patch_size_t !== null) return linear(scope, 'proj', patches, width, { init: xavier })
  const p = config.patch_size
  return linear(scope, 'proj', patches, width, { init: xavier, weightShape: [width, channels, p, p] })
}

/** The two closing norms of the trunk: video tokens [B, N, D] -> [B, N, D], ready for a head. */
export function finalLayer(scope: Scope, video: Tensor, temb: Tensor, config: TransformerConfig): Tensor {
  const width = video.shape[2]!
  const out = scope.child('norm_out')
  const parts = unsqueeze(linear(out, 'linear', silu(temb), 2 * width, { init: zeroInit }), 1)
  const [shift, scale] = split(parts, [width, width], 2)
  const normed = layerNorm(out, 'norm', layerNorm(scope, 'norm_final', video, config.norm_eps), config.norm_eps)
  return add(mul(normed, add(scale!, 1)), shift!)
}

/** The latent head: final tokens [B, N, D] -> prediction [B, F, out_channels, H, W]. */
export function latentHead(
  scope: Scope,
  tokens: Tensor,
  config: TransformerConfig,
  size: { frames: number; height: number; width: number },
): Tensor {
  const features = config.out_channels * (config.patch_size_t ?? 1) * config.patch_size ** 2
  return unpatchify(linear(scope, 'proj_out', tokens, features, { init: xavier }), config, size)
}

export interface TransformerInputs {
  /** [B, F, in_channels, H, W]: noisy latents, then image latents on the channels. */
  latents: Tensor
  /** [B, L, text_embed_dim] */
  text: Tensor
  /** Sinusoid of the training steps, [B, D]. */
  time: Tensor
  /** Sinusoid of ofs, [1, ofs_embed_dim]; for models with ofs_embed_dim. */
  ofs?: Tensor
  rope: Rope
}

export interface TransformerOutputs {
  /** Prediction, [B, F, out_channels, H, W]. */
  output: Tensor
  /** Text then video tokens before the first block, [B, L + N, D]. */
  embedded: Tensor
  /** Both streams after each block. */
  blocks: Streams[]
}

/** CogVideoXTransformer3DModel: the published model, without AnimateAnywhere's parts. */
export function transformer(scope: Scope, inputs: TransformerInputs, config: TransformerConfig): TransformerOutputs {
  const [, frames, , height, width] = inputs.latents.shape as [number, number, number, number, number]
  const temb = conditioning(scope, inputs.time, config, inputs.ofs)
  let streams = patchEmbed(scope.child('patch_embed'), inputs.latents, inputs.text, config)
  const embedded = joinStreams(streams)
  const blocks: Streams[] = []
  for (let i = 0; i < config.num_layers; i++) {
    streams = block(scope.child(`transformer_blocks.${i}`), streams, temb, inputs.rope, config)
    blocks.push(streams)
  }
  const final = finalLayer(scope, streams.video, temb, config)
  return { output: latentHead(scope, final, config, { frames, height, width }), embedded, blocks }
}
