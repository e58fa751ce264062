// The autoencoder's config.json, with diffusers' keys and defaults, checked at the edge.
import { z } from 'zod'
import { checkedConfig } from '../../../checked-config'

const size = z.number().int().positive()
const absent = (what: string) => z.null(`${what} is not supported`).default(null)

const schema = z
  .object({
    in_channels: size.default(3),
    out_channels: size.default(3),
    /** Features at each resolution, finest first; each step halves height and width. */
    block_out_channels: z.array(size).min(1).default([128, 256, 256, 512]),
    latent_channels: size.default(16),
    /** Residual blocks per resolution of the encoder; the decoder has one more. */
    layers_per_block: size.default(3),
    act_fn: z.literal('silu').default('silu'),
    norm_eps: z.number().positive().default(1e-6),
    norm_num_groups: size.default(32),
    temporal_compression_ratio: size.default(4),
    sample_height: size.default(480),
    sample_width: size.default(720),
    scaling_factor: z.number().positive().default(1.15258426),
    invert_scale_latents: z.boolean().default(false),
    shift_factor: absent('a shift of the latents'),
    latents_mean: absent('a mean of the latents'),
    latents_std: absent('a spread of the latents'),
    use_quant_conv: z.literal(false, 'quantisation convolutions are not supported').default(false),
    use_post_quant_conv: z.literal(false, 'quantisation convolutions are not supported').default(false),
  })
  .superRefine(({ block_out_channels, norm_num_groups, temporal_compression_ratio }, context) => {
    const uneven = block_out_channels.find((channels) => channels % norm_num_groups !== 0)
    if (uneven !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['block_out_channels'],
        message: `${uneven} channels do not divide into ${norm_num_groups} groups (norm_num_groups)`,
      })
    const steps = Math.log2(temporal_compression_ratio)
    if (!Number.isInteger(steps) || steps >= block_out_channels.length)
      context.addIssue({
        code: 'custom',
        path: ['temporal_compression_ratio'],
        message: `${temporal_compression_ratio} must be a power of two, at most 2 per step of resolution`,
      })
  })
  .readonly()

/** Keys as in diffusers' config.json of AutoencoderKLCogVideoX; keys that change nothing here are dropped. */
export type VaeConfig = z.infer<typeof schema>

/** Checks a parsed config.json. `source` is named in the UserError for a value this implementation does not have. */
export function parseVaeConfig(json: unknown, source: string): VaeConfig {
  return checkedConfig(schema, json, source, 'VAE')
}

/** Pixels per latent along height and width. */
export const spatialRatio = (config: VaeConfig): number => 2 ** (config.block_out_channels.length - 1)

/** Whether the step between resolution `level` and the next (coarser) one also halves time. */
export const compressesTime = (config: VaeConfig, level: number): boolean =>
  level < Math.log2(config.temporal_compression_ratio)
