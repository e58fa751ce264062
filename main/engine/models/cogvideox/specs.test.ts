import { describe, expect, it } from 'vitest'
import { parseTransformerConfig } from './config'
import { transformerSpecs } from './specs'

const shared = { num_layers: 42, num_attention_heads: 48, in_channels: 32 }

describe('the weights that a config asks for', () => {
  it('are 1,028 for the published 1.5 image-to-video model', () => {
    const specs = transformerSpecs(parseTransformerConfig({ ...shared, patch_size_t: 2, ofs_embed_dim: 512 }, 'test'))
    expect(specs.size).toBe(1028)
    expect(specs.get('patch_embed.proj.weight')?.shape).toEqual([3072, 256])
    expect(specs.has('patch_embed.pos_embedding')).toBe(false)
  })

  it('include a position for each text and video token of the published clip where positions are learned (1.0)', () => {
    const specs = transformerSpecs(
      parseTransformerConfig({ ...shared, use_learned_positional_embeddings: true }, 'test'),
    )
    expect(specs.get('patch_embed.pos_embedding')?.shape).toEqual([1, 226 + 13 * 30 * 45, 3072])
    expect(specs.get('patch_embed.proj.weight')?.shape).toEqual([3072, 32, 2, 2])
    expect(specs.has('ofs_embedding.linear_1.weight')).toBe(false)
  })
})
