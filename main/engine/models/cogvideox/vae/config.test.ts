// The autoencoder's config.json: what is taken and what is refused.
import { describe, expect, it } from 'vitest'
import { compressesTime, parseVaeConfig, spatialRatio } from './config'

describe('parseVaeConfig', () => {
  it("has diffusers' defaults and drops what changes nothing", () => {
    const config = parseVaeConfig(
      { _class_name: 'AutoencoderKLCogVideoX', scaling_factor: 0.7, force_upcast: true },
      'x',
    )
    expect(config).toMatchObject({ block_out_channels: [128, 256, 256, 512], layers_per_block: 3, scaling_factor: 0.7 })
    expect(config).not.toHaveProperty('force_upcast')
    expect(spatialRatio(config)).toBe(8)
    expect([0, 1, 2].map((level) => compressesTime(config, level))).toEqual([true, true, false])
  })

  it.each([
    [{ block_out_channels: [128, 250] }, 'block_out_channels: 250 channels do not divide into 32 groups'],
    [{ temporal_compression_ratio: 3 }, 'temporal_compression_ratio: 3 must be a power of two'],
    [{ temporal_compression_ratio: 16 }, 'temporal_compression_ratio: 16 must be a power of two'],
    [{ use_quant_conv: true }, 'use_quant_conv: quantisation convolutions are not supported'],
    [{ latents_mean: [0] }, 'latents_mean: a mean of the latents is not supported'],
    [{ act_fn: 'gelu' }, 'act_fn: '],
    ['text', 'as a whole: '],
  ])('%j is refused in one line', (json, message) => {
    expect(() => parseVaeConfig(json, 'vae/config.json')).toThrow(`vae/config.json: VAE config ${message}`)
  })
})
