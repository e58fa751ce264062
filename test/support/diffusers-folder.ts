// Writes a diffusers folder of a CogVideoX image-to-video model: the published layout, every published name, at a width that fits a
// test. Names and shapes are spelled out from cogvideox-facts 5, 6.9 and 7, not taken from the model code: the two check each other.
import fs from 'node:fs'
import path from 'node:path'
import { float32ToBfloat16 } from '../../main/engine/weights/float16'
import { writeSafetensors } from '../../main/engine/weights/safetensors'
import type { HostTensor } from '../../main/engine/ir'
import { numbers } from './golden'
import { writeSpiece } from './spiece'

type Shapes = Record<string, readonly number[]>

export interface FolderOptions {
  /** Of every weight. Default 1. */
  readonly seed?: number
  /** Without it the folder has neither text encoder nor tokenizer, as some published copies. Default true. */
  readonly text?: boolean
  /** Blocks of the transformer. Default 42, which makes the published 1,028 names. */
  readonly layers?: number
  /** Heads of 16 features. Default 2: tokens are 32 wide. */
  readonly heads?: number
  /** Text tokens. Default 226, as published. */
  readonly textTokens?: number
}

/** The pieces of the tokenizer: the three reserved ones, letters, and a few words. */
export const vocabulary: readonly (readonly [string, number])[] = [
  ...['▁', ...'abcdefghijklmnopqrstuvwxyz.,'].map((piece, i) => [piece, -6 - i / 16] as const),
  ...['▁a', '▁the', '▁dance', 'r', 's', 'ing', '▁walk', '▁room', '▁in', 'er', '▁d', 'an', 'ce', '▁w', 'al']
    .filter((piece) => piece.length > 1)
    .map((piece, i) => [piece, -2 - i / 8] as const),
]

const textWidth = 32
const inChannels = 32
const outChannels = 16
const timeWidth = 32
const vaeChannels = [8, 16, 16, 32] as const

/**
 * Fills `dir` (made when missing) with model_index.json, transformer (bfloat16, three shards and their index), vae (float32, one file),
 * scheduler, and with text also text_encoder (bfloat16, two shards) and tokenizer. About 5 MB and 0.3 s; the same seed gives the same bytes.
 */
export function writeDiffusersFolder(dir: string, options: FolderOptions = {}): void {
  const { seed = 1, text = true, layers = 42, heads = 2, textTokens = 226 } = options
  const json = (name: string, content: object): void => {
    const file = path.join(dir, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
  }
  json('model_index.json', {
    _class_name: 'CogVideoXImageToVideoPipeline',
    _diffusers_version: '0.32.0',
    scheduler: ['diffusers', 'CogVideoXDDIMScheduler'],
    text_encoder: text ? ['transformers', 'T5EncoderModel'] : [null, null],
    tokenizer: text ? ['transformers', 'T5Tokenizer'] : [null, null],
    transformer: ['diffusers', 'CogVideoXTransformer3DModel'],
    vae: ['diffusers', 'AutoencoderKLCogVideoX'],
  })
  json('scheduler/scheduler_config.json', schedulerConfig)
  json('transformer/config.json', transformerConfig(layers, heads, textTokens))
  writeShards(
    path.join(dir, 'transformer'),
    'diffusion_pytorch_model',
    3,
    valuesOf(transformerShapes(layers, heads), seed),
  )
  json('vae/config.json', vaeConfig)
  const vae = valuesOf(vaeShapes(), seed + 1)
  writeSafetensors(path.join(dir, 'vae/diffusion_pytorch_model.safetensors'), vae, { format: 'pt' })
  if (!text) return
  json('text_encoder/config.json', textConfig)
  writeShards(path.join(dir, 'text_encoder'), 'model', 2, valuesOf(textShapes(), seed + 2))
  json('tokenizer/tokenizer_config.json', {
    tokenizer_class: 'T5Tokenizer',
    model_max_length: textTokens,
    extra_ids: 0,
  })
  writeSpiece(path.join(dir, 'tokenizer/spiece.model'), vocabulary)
}

/** Writes `weights` as bfloat16 into `count` files of about equal size, `stem`-00001-of-0000N.safetensors, and their index. */
function writeShards(dir: string, stem: string, count: number, weights: Record<string, HostTensor>): void {
  fs.mkdirSync(dir, { recursive: true })
  const names = Object.keys(weights).sort()
  const narrowed = names.map((name): [string, HostTensor] => {
    const { shape, data } = weights[name]!
    return [name, { dtype: 'bfloat16', shape, data: float32ToBfloat16(data as Float32Array) }]
  })
  const total = narrowed.reduce((sum, [, { data }]) => sum + data.byteLength, 0)
  const shards = Array.from({ length: count }, (): [string, HostTensor][] => [])
  let before = 0
  for (const entry of narrowed) {
    shards[Math.floor((before / total) * count)]!.push(entry)
    before += entry[1].data.byteLength
  }
  const five = (n: number): string => String(n).padStart(5, '0')
  const weight_map: Record<string, string> = {}
  shards.forEach((shard, i) => {
    const file = `${stem}-${five(i + 1)}-of-${five(count)}.safetensors`
    writeSafetensors(path.join(dir, file), Object.fromEntries(shard), { format: 'pt' })
    for (const [name] of shard) weight_map[name] = file
  })
  const index = { metadata: { total_size: total }, weight_map }
  fs.writeFileSync(path.join(dir, `${stem}.safetensors.index.json`), `${JSON.stringify(index, null, 2)}\n`)
}

/** Values that keep every activation near its input's size, whatever the depth. */
function valuesOf(shapes: Shapes, seed: number): Record<string, HostTensor> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], k) => {
      const count = shape.reduce((a, b) => a * b, 1)
      // Norms scale by about 1; so does the VAE's spatial norm, whose scale is a projection's bias.
      const centre = (shape.length === 1 && name.endsWith('.weight')) || name.endsWith('conv_y.conv.bias') ? 1 : 0
      const spread = shape.length === 1 ? 0.02 : Math.sqrt((3 * shape[0]!) / count)
      const data = Float32Array.from(numbers(count, seed * 100_000 + k), (value) => centre + spread * value)
      return [name, { dtype: 'float32', shape, data }]
    }),
  )
}

const layer = (name: string, weight: readonly number[]): Shapes => ({
  [`${name}.weight`]: weight,
  [`${name}.bias`]: [weight[0]!],
})

function transformerShapes(layers: number, heads: number): Shapes {
  const width = heads * 16
  const block = (i: number): Shapes => {
    const of = `transformer_blocks.${i}.`
    return {
      ...layer(`${of}norm1.linear`, [6 * width, timeWidth]),
      ...layer(`${of}norm1.norm`, [width]),
      ...layer(`${of}attn1.norm_q`, [16]),
      ...layer(`${of}attn1.norm_k`, [16]),
      ...layer(`${of}attn1.to_q`, [width, width]),
      ...layer(`${of}attn1.to_k`, [width, width]),
      ...layer(`${of}attn1.to_v`, [width, width]),
      ...layer(`${of}attn1.to_out.0`, [width, width]),
      ...layer(`${of}norm2.linear`, [6 * width, timeWidth]),
      ...layer(`${of}norm2.norm`, [width]),
      ...layer(`${of}ff.net.0.proj`, [4 * width, width]),
      ...layer(`${of}ff.net.2`, [width, 4 * width]),
    }
  }
  return {
    ...layer('patch_embed.proj', [width, inChannels * 8]),
    ...layer('patch_embed.text_proj', [width, textWidth]),
    ...layer('time_embedding.linear_1', [timeWidth, width]),
    ...layer('time_embedding.linear_2', [timeWidth, timeWidth]),
    ...layer('ofs_embedding.linear_1', [timeWidth, timeWidth]),
    ...layer('ofs_embedding.linear_2', [timeWidth, timeWidth]),
    ...Object.assign({}, ...Array.from({ length: layers }, (_, i) => block(i))),
    ...layer('norm_final', [width]),
    ...layer('norm_out.linear', [2 * width, timeWidth]),
    ...layer('norm_out.norm', [width]),
    ...layer('proj_out', [outChannels * 8, width]),
  }
}

function vaeShapes(): Shapes {
  const latent = outChannels
  const cube = (name: string, out: number, into: number): Shapes => layer(`${name}.conv`, [out, into, 3, 3, 3])
  const point = (name: string, out: number, into: number): Shapes => layer(name, [out, into, 1, 1, 1])
  const spatialNorm = (name: string, width: number): Shapes => ({
    ...layer(`${name}.norm_layer`, [width]),
    ...point(`${name}.conv_y.conv`, width, latent),
    ...point(`${name}.conv_b.conv`, width, latent),
  })
  const resnet = (name: string, into: number, out: number, norm: (name: string, width: number) => Shapes): Shapes => ({
    ...norm(`${name}.norm1`, into),
    ...cube(`${name}.conv1`, out, into),
    ...norm(`${name}.norm2`, out),
    ...cube(`${name}.conv2`, out, out),
    ...(into === out ? {} : point(`${name}.conv_shortcut`, out, into)),
  })
  const groupNorm = (name: string, width: number): Shapes => layer(name, [width])
  const widest = vaeChannels.at(-1)!
  const shapes: Shapes = { ...cube('encoder.conv_in', vaeChannels[0], 3) }
  let into: number = vaeChannels[0]
  vaeChannels.forEach((out, i) => {
    const of = `encoder.down_blocks.${i}`
    for (let r = 0; r < 3; r++) Object.assign(shapes, resnet(`${of}.resnets.${r}`, r ? out : into, out, groupNorm))
    if (i < 3) Object.assign(shapes, layer(`${of}.downsamplers.0.conv`, [out, out, 3, 3]))
    into = out
  })
  for (const r of [0, 1]) Object.assign(shapes, resnet(`encoder.mid_block.resnets.${r}`, widest, widest, groupNorm))
  Object.assign(shapes, groupNorm('encoder.norm_out', widest), cube('encoder.conv_out', 2 * latent, widest))
  Object.assign(shapes, cube('decoder.conv_in', widest, latent))
  for (const r of [0, 1]) Object.assign(shapes, resnet(`decoder.mid_block.resnets.${r}`, widest, widest, spatialNorm))
  into = widest
  vaeChannels.toReversed().forEach((out, i) => {
    const of = `decoder.up_blocks.${i}`
    for (let r = 0; r < 4; r++) Object.assign(shapes, resnet(`${of}.resnets.${r}`, r ? out : into, out, spatialNorm))
    if (i < 3) Object.assign(shapes, layer(`${of}.upsamplers.0.conv`, [out, out, 3, 3]))
    into = out
  })
  return {
    ...shapes,
    ...spatialNorm('decoder.norm_out', vaeChannels[0]),
    ...cube('decoder.conv_out', 3, vaeChannels[0]),
  }
}

function textShapes(): Shapes {
  const { d_model, d_kv, num_heads, d_ff, num_layers, vocab_size } = textConfig
  const inner = d_kv * num_heads
  const shapes: Shapes = { 'shared.weight': [vocab_size, d_model], 'encoder.final_layer_norm.weight': [d_model] }
  for (let i = 0; i < num_layers; i++) {
    const [attention, feedForward] = [`encoder.block.${i}.layer.0`, `encoder.block.${i}.layer.1`]
    for (const name of ['q', 'k', 'v']) shapes[`${attention}.SelfAttention.${name}.weight`] = [inner, d_model]
    shapes[`${attention}.SelfAttention.o.weight`] = [d_model, inner]
    shapes[`${attention}.layer_norm.weight`] = [d_model]
    for (const name of ['wi_0', 'wi_1']) shapes[`${feedForward}.DenseReluDense.${name}.weight`] = [d_ff, d_model]
    shapes[`${feedForward}.DenseReluDense.wo.weight`] = [d_model, d_ff]
    shapes[`${feedForward}.layer_norm.weight`] = [d_model]
  }
  shapes['encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight'] = [32, num_heads]
  return shapes
}

const transformerConfig = (num_layers: number, num_attention_heads: number, max_text_seq_length: number): object => ({
  ...{ _class_name: 'CogVideoXTransformer3DModel', _diffusers_version: '0.32.0', activation_fn: 'gelu-approximate' },
  ...{ attention_bias: true, attention_head_dim: 16, dropout: 0, flip_sin_to_cos: true, freq_shift: 0 },
  ...{ in_channels: inChannels, max_text_seq_length, norm_elementwise_affine: true, norm_eps: 1e-5 },
  ...{ num_attention_heads, num_layers, ofs_embed_dim: timeWidth, out_channels: outChannels, patch_bias: false },
  ...{ patch_size: 2, patch_size_t: 2, sample_frames: 81, sample_height: 300, sample_width: 300 },
  ...{ spatial_interpolation_scale: 1.875, temporal_compression_ratio: 4, temporal_interpolation_scale: 1 },
  ...{ text_embed_dim: textWidth, time_embed_dim: timeWidth, timestep_activation_fn: 'silu' },
  ...{ use_learned_positional_embeddings: false, use_rotary_positional_embeddings: true },
})

const down = Array(4).fill('CogVideoXDownBlock3D')
const up = Array(4).fill('CogVideoXUpBlock3D')
const vaeConfig = {
  ...{ _class_name: 'AutoencoderKLCogVideoX', _diffusers_version: '0.32.0', act_fn: 'silu' },
  ...{ block_out_channels: vaeChannels, down_block_types: down, force_upcast: true, in_channels: 3 },
  ...{ invert_scale_latents: true, latent_channels: outChannels, latents_mean: null, latents_std: null },
  ...{ layers_per_block: 3, norm_eps: 1e-6, norm_num_groups: 4, out_channels: 3, sample_height: 480 },
  ...{ sample_width: 720, scaling_factor: 0.7, shift_factor: null, temporal_compression_ratio: 4 },
  ...{ up_block_types: up, use_post_quant_conv: false, use_quant_conv: false },
}

const schedulerConfig = {
  ...{ _class_name: 'CogVideoXDDIMScheduler', _diffusers_version: '0.32.0', beta_end: 0.012 },
  ...{ beta_schedule: 'scaled_linear', beta_start: 0.00085, clip_sample: false, clip_sample_range: 1 },
  ...{ num_train_timesteps: 1000, prediction_type: 'v_prediction', rescale_betas_zero_snr: true, sample_max_value: 1 },
  ...{ set_alpha_to_one: true, snr_shift_scale: 1, steps_offset: 0, timestep_spacing: 'trailing', trained_betas: null },
}

const textConfig = {
  ...{ architectures: ['T5EncoderModel'], d_ff: 40, d_kv: 8, d_model: textWidth, dense_act_fn: 'gelu_new' },
  ...{ dropout_rate: 0.1, eos_token_id: 1, feed_forward_proj: 'gated-gelu', is_gated_act: true },
  ...{ layer_norm_epsilon: 1e-6, model_type: 't5', num_heads: 4, num_layers: 2, pad_token_id: 0 },
  ...{ relative_attention_max_distance: 128, relative_attention_num_buckets: 32, vocab_size: 64 },
}
