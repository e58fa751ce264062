// Names and shapes of the published transformer's weights for a config, told by the model code itself.
import { input } from '../../ir'
import { Scope } from '../../nn'
import type { WeightSpec } from '../../nn'
import { innerDim, tokenGrid } from './config'
import type { TransformerConfig } from './config'
import { transformer } from './transformer'

/** Name, shape and init of every weight; 1,028 for CogVideoX 1.5 image-to-video. Names are diffusers'. */
export function transformerSpecs(config: TransformerConfig): ReadonlyMap<string, WeightSpec> {
  const scope = new Scope()
  const pt = config.patch_size_t ?? 1
  // Learned positions are as many as the published frames, rows and columns have tokens; without them any size will do.
  const [frames, height, width] = config.use_learned_positional_embeddings
    ? [(config.sample_frames - 1) / config.temporal_compression_ratio + 1, config.sample_height, config.sample_width]
    : [pt, config.patch_size, config.patch_size]
  const grid = tokenGrid(config, frames, height, width)
  const table = [grid.time * grid.height * grid.width, config.attention_head_dim]
  transformer(
    scope,
    {
      latents: input('latents', [1, frames, config.in_channels, height, width]),
      text: input('text', [1, config.max_text_seq_length, config.text_embed_dim]),
      time: input('time', [1, innerDim(config)]),
      ...(config.ofs_embed_dim === null ? {} : { ofs: input('ofs', [1, config.ofs_embed_dim]) }),
      rope: { cos: input('cos', table), sin: input('sin', table) },
    },
    config,
  )
  return scope.specs
}
