// The transformer's config.json, with diffusers' keys and defaults, checked at the edge.
import { z } from 'zod'
import { checkedConfig } from '../../checked-config'

/** Ten times what the largest published model has, so that nothing absurd is ever built. */
const size = z.number().int().positive().max(100_000)

const schema = z
  .object({
    num_attention_heads: size.default(30),
    attention_head_dim: size.multipleOf(16).default(64), // the rotary table splits it 1/4, 3/8, 3/8 into pairs
    in_channels: size.default(16),
    out_channels: size.default(16),
    time_embed_dim: size.multipleOf(2).default(512),
    ofs_embed_dim: size.multipleOf(2).nullable().default(null),
    text_embed_dim: size.default(4096),
    num_layers: z.number().int().min(0).max(1000).default(30),
    patch_size: size.default(2),
    /** Latent frames per token; null is the 1.0 form: one frame per token and a convolution's weight layout. */
    patch_size_t: size.nullable().default(null),
    sample_height: size.default(60),
    sample_width: size.default(90),
    sample_frames: size.default(49),
    temporal_compression_ratio: size.default(4),
    max_text_seq_length: size.default(226),
    norm_eps: z.number().positive().max(1).default(1e-5),
    use_rotary_positional_embeddings: z.literal(true, 'only models with rotary positions are supported').default(true),
    use_learned_positional_embeddings: z.boolean().default(false),
    activation_fn: z.literal('gelu-approximate').default('gelu-approximate'),
    timestep_activation_fn: z.literal('silu').default('silu'),
    attention_bias: z.literal(true).default(true),
    norm_elementwise_affine: z.literal(true).default(true),
    flip_sin_to_cos: z.literal(true).default(true),
    freq_shift: z.literal(0).default(0),
  })
  .readonly()

/** Keys as in diffusers' config.json of CogVideoXTransformer3DModel; keys that change nothing here are dropped. */
export type TransformerConfig = z.infer<typeof schema>

/** Checks a parsed config.json. `source` is named in the UserError for a value this implementation does not have. */
export function parseTransformerConfig(json: unknown, source: string): TransformerConfig {
  return checkedConfig(schema, json, source, 'transformer')
}

/** The width D of tokens: heads x head size. */
export function innerDim(config: TransformerConfig): number {
  return config.num_attention_heads * config.attention_head_dim
}

/** Tokens along time, height and width for latents of `frames` x `height` x `width`. Throws when they do not divide. */
export function tokenGrid(config: TransformerConfig, frames: number, height: number, width: number): TokenGrid {
  const time = config.patch_size_t ?? 1
  const space = config.patch_size
  if (frames % time || height % space || width % space)
    throw new Error(
      `tokenGrid: latents ${frames}x${height}x${width} do not divide into patches of ${time}x${space}x${space}`,
    )
  return { time: frames / time, height: height / space, width: width / space }
}

/** Tokens per axis; a sequence runs over time slowest, width fastest. */
export interface TokenGrid {
  time: number
  height: number
  width: number
}
