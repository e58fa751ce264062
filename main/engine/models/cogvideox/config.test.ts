import { describe, expect, it } from 'vitest'
import { innerDim, parseTransformerConfig, tokenGrid } from './config'

describe('transformer config', () => {
  it('fills in the defaults of diffusers and ignores keys that change nothing', () => {
    const config = parseTransformerConfig(
      { num_layers: 42, num_attention_heads: 48, _class_name: 'x', dropout: 0 },
      'config.json',
    )
    expect(config).toMatchObject({ num_layers: 42, attention_head_dim: 64, patch_size: 2, patch_size_t: null })
    expect(innerDim(config)).toBe(3072)
  })

  it.each([
    [{ num_layers: -1 }, 'num_layers'],
    [{ num_layers: '42' }, 'num_layers'],
    [{ attention_head_dim: 20 }, 'attention_head_dim'],
    [{ use_rotary_positional_embeddings: false }, 'only models with rotary positions'],
    [null, 'as a whole'],
  ])('refuses %j', (json, message) => {
    expect(() => parseTransformerConfig(json, 'config.json')).toThrow(message)
  })

  it('counts tokens, and says when latents do not divide', () => {
    const config = parseTransformerConfig({ patch_size_t: 2 }, 'test')
    expect(tokenGrid(config, 22, 96, 170)).toEqual({ time: 11, height: 48, width: 85 })
    expect(() => tokenGrid(config, 21, 96, 170)).toThrow('latents 21x96x170 do not divide into patches of 2x2x2')
  })
})
