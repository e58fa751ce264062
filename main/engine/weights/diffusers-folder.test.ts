// A good folder opens; one that is damaged in any of these ways is refused in one line, which is asserted to the letter: it is what
// somebody with twenty gigabytes of download reads.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeDiffusersFolder } from '../../../test/support/diffusers-folder'
import { temporaryFolder } from '../../../test/support/library'
import { isUserError } from '../../media/errors'
import type { HostTensor } from '../ir'
import { openDiffusersFolder } from './diffusers-folder'
import { readExternal } from './external'
import { readSafetensors, writeSafetensors } from './safetensors'

const shard = (n: number): string => `transformer/diffusion_pytorch_model-0000${n}-of-00003.safetensors`
const index = 'transformer/diffusion_pytorch_model.safetensors.index.json'
const vae = 'vae/diffusion_pytorch_model.safetensors'

let whole: string
let dir: string
beforeAll(() => {
  whole = fs.mkdtempSync(path.join(os.tmpdir(), 'diffusers-'))
  writeDiffusersFolder(whole)
})
afterAll(() => fs.rmSync(whole, { recursive: true }))
beforeEach(() => {
  dir = path.join(temporaryFolder(), 'CogVideoX')
  fs.cpSync(whole, dir, { recursive: true })
})

const at = (name: string): string => path.join(dir, name)

/** The one line with which the folder is refused. */
function refusal(): string {
  try {
    openDiffusersFolder(dir)
  } catch (error) {
    if (!isUserError(error)) throw error
    return error.message.replaceAll(dir, 'DIR')
  }
  return 'it opened'
}

type Json = Record<string, unknown> & { weight_map: Record<string, string>; metadata: { total_size: number } }

function editJson(name: string, change: (json: Json) => void): void {
  const json = JSON.parse(fs.readFileSync(at(name), 'utf8')) as Json
  change(json)
  fs.writeFileSync(at(name), JSON.stringify(json))
}

function editTensors(name: string, change: (tensors: Record<string, HostTensor>) => void): void {
  const { tensors, metadata } = readSafetensors(at(name))
  const record = Object.fromEntries(tensors)
  change(record)
  writeSafetensors(at(name), record, metadata)
}

const scalars = (count: number): HostTensor => ({ dtype: 'float32', shape: [count], data: new Float32Array(count) })

describe('a good folder', () => {
  it('opens with every tensor by name, where it lies', () => {
    const { transformer, vae, textEncoder, schedule, solver, imageLatentScale, parts, bytes } = openDiffusersFolder(dir)
    expect(solver).toBe('ddim')
    expect(Object.keys(transformer.weights)).toHaveLength(1028)
    expect(Object.keys(vae.weights)).toHaveLength(436)
    expect(Object.keys(textEncoder!.weights)).toHaveLength(21)
    expect(transformer.config).toMatchObject({ num_layers: 42, in_channels: 32, patch_size_t: 2, ofs_embed_dim: 32 })
    expect(schedule).toMatchObject({ prediction_type: 'v_prediction', snr_shift_scale: 1 })
    expect(imageLatentScale).toBe(1)
    expect(parts.transformer).toEqual({
      files: 3,
      tensors: 1028,
      parameters: 1_088_448,
      dtypes: { bfloat16: 2_176_896 },
      bytes: 2_176_896,
    })
    expect(bytes).toBe(5_851_500)

    const name = 'transformer_blocks.7.attn1.norm_q.weight'
    const { path: file, dtype } = transformer.weights[name]!
    expect(dtype).toBe('bfloat16')
    expect(readExternal(transformer.weights[name]!)).toHaveLength(16)
    expect(path.dirname(file)).toBe(fs.realpathSync(at('transformer')))
  })

  it('has the same hash wherever it lies and however it is cut, and another when a value changes', () => {
    const { hash } = openDiffusersFolder(dir)
    const elsewhere = path.join(temporaryFolder(), 'moved')
    fs.cpSync(dir, elsewhere, { recursive: true })
    const all = Object.fromEntries([1, 2, 3].flatMap((n) => [...readSafetensors(at(shard(n))).tensors]))
    fs.rmSync(path.join(elsewhere, 'transformer'), { recursive: true })
    fs.mkdirSync(path.join(elsewhere, 'transformer'))
    fs.copyFileSync(at('transformer/config.json'), path.join(elsewhere, 'transformer/config.json'))
    writeSafetensors(path.join(elsewhere, 'transformer/diffusion_pytorch_model.safetensors'), all)
    expect(openDiffusersFolder(elsewhere).hash).toBe(hash)
    editTensors(shard(2), (tensors) => (Object.values(tensors)[100]!.data[3] = 0x3f80))
    expect(openDiffusersFolder(dir).hash).not.toBe(hash)
  })

  it('may lack the text encoder', () => {
    fs.rmSync(at('text_encoder'), { recursive: true })
    expect(openDiffusersFolder(dir).textEncoder).toBeUndefined()
  })

  it('may store the embedding of text under its other name, or under both', () => {
    const rename = (keep: boolean) => {
      for (const n of [1, 2])
        editTensors(`text_encoder/model-0000${n}-of-00002.safetensors`, (tensors) => {
          if (!tensors['shared.weight']) return
          tensors['encoder.embed_tokens.weight'] = tensors['shared.weight']
          if (!keep) delete tensors['shared.weight']
        })
      editJson('text_encoder/model.safetensors.index.json', ({ weight_map: map }) => {
        map['encoder.embed_tokens.weight'] = map['shared.weight']!
        if (!keep) delete map['shared.weight']
      })
    }
    const { hash } = openDiffusersFolder(dir)
    rename(true)
    expect(openDiffusersFolder(dir).hash).toBe(hash)
    fs.cpSync(whole, dir, { recursive: true })
    rename(false)
    expect(openDiffusersFolder(dir).hash).toBe(hash)
  })

  it('says which solver its scheduler is', () => {
    editJson('scheduler/scheduler_config.json', (config) => (config._class_name = 'CogVideoXDPMScheduler'))
    expect(openDiffusersFolder(dir).solver).toBe('dpm')
  })

  it('may say which scale its image latents were trained with', () => {
    editJson('transformer/config.json', (config) => (config.image_latent_scale = 0.7))
    expect(openDiffusersFolder(dir).imageLatentScale).toBe(0.7)
  })
})

const weights = 'get weights and config of one model'
const damages: [what: string, spoil: () => void, line: string][] = [
  [
    'a shard is missing',
    () => fs.rmSync(at(shard(2))),
    `the shard "DIR/${shard(2)}" is missing; diffusion_pytorch_model.safetensors.index.json places 338 tensors in it; download it again`,
  ],
  [
    'a shard is cut short',
    () => fs.truncateSync(at(shard(3)), 700_000),
    `DIR/${shard(3)} is not a valid safetensors file: its tensors need 760728 bytes, the file has 700000; download it again`,
  ],
  [
    'a tensor has another shape',
    () =>
      editTensors(shard(1), (tensors) => {
        const bias = tensors['patch_embed.proj.bias']!
        tensors['patch_embed.proj.bias'] = { ...bias, shape: [1, 32] }
      }),
    `the tensor "patch_embed.proj.bias" in "DIR/${shard(1)}" is [1,32], transformer/config.json makes it [32]; ${weights}`,
  ],
  [
    'a tensor is too much',
    () => editTensors(vae, (tensors) => (tensors['encoder.quant_conv.weight'] = scalars(3))),
    `"DIR/${vae}" holds the tensor "encoder.quant_conv.weight" that vae/config.json does not ask for; ${weights}`,
  ],
  [
    'tensors are missing',
    () =>
      editTensors(vae, (tensors) => {
        delete tensors['decoder.conv_in.conv.weight']
        delete tensors['decoder.conv_in.conv.bias']
      }),
    `"DIR/vae" lacks the tensor "decoder.conv_in.conv.weight" [32,16,3,3,3] (and 1 more) that vae/config.json asks for; ${weights}`,
  ],
  [
    'a tensor is missing that the index places in a shard',
    () => editTensors(shard(3), (tensors) => delete tensors['transformer_blocks.9.norm2.linear.bias']),
    `"DIR/${shard(3)}" lacks the tensor "transformer_blocks.9.norm2.linear.bias" that diffusion_pytorch_model.safetensors.index.json places in it; download it again`,
  ],
  [
    'a tensor is of a type that weights do not have',
    () =>
      editTensors(vae, (tensors) => {
        tensors['encoder.conv_in.conv.bias'] = { dtype: 'int32', shape: [8], data: new Int32Array(8) }
      }),
    `the tensor "encoder.conv_in.conv.bias" in "DIR/${vae}" is int32; weights are float32, float16 or bfloat16, so get an unquantised copy of the model`,
  ],
  [
    'a tensor lies in another shard than the index says',
    () =>
      editJson(index, ({ weight_map: map }) => {
        map['proj_out.bias'] = path.basename(shard(3))
      }),
    `the tensor "proj_out.bias" is in "${path.basename(shard(1))}", but diffusion_pytorch_model.safetensors.index.json places it in "${path.basename(shard(3))}" (DIR/transformer); download the files again`,
  ],
  [
    'the index is empty',
    () => fs.truncateSync(at(index)),
    `"DIR/${index}" is not JSON (Unexpected end of JSON input); download it again`,
  ],
  [
    'the index names a file outside of the folder',
    () => editJson(index, ({ weight_map: map }) => (map['proj_out.bias'] = '../../secret.safetensors')),
    `"DIR/${index}" places the tensor "proj_out.bias" in "../../secret.safetensors", which is not a .safetensors file beside it; download it again`,
  ],
  [
    'the index has another size than the shards',
    () => editJson(index, ({ metadata }) => (metadata.total_size = 11_143_189_760)),
    `"DIR/${index}" says that the shards hold 11143189760 bytes, they hold 2176896: index and shards are of two downloads; download them again`,
  ],
  [
    'a shard of another download lies there',
    () => fs.copyFileSync(at(shard(1)), at('transformer/diffusion_pytorch_model-00001-of-00002.safetensors')),
    `"DIR/transformer/diffusion_pytorch_model-00001-of-00002.safetensors" is a shard that diffusion_pytorch_model.safetensors.index.json does not list: the files are of two downloads; remove the one that is too much`,
  ],
  [
    'the config has a value that this program does not have',
    () => editJson('transformer/config.json', (config) => (config.activation_fn = 'swiglu')),
    `"DIR/transformer/config.json": transformer config activation_fn: Invalid input: expected "gelu-approximate"; choose a model that this program has, such as CogVideoX1.5-5B-I2V`,
  ],
  [
    'the config is of a wider model',
    () => editJson('transformer/config.json', (config) => (config.num_attention_heads = 48)),
    `the tensor "time_embedding.linear_1.weight" in "DIR/${shard(1)}" is [32,32], transformer/config.json makes it [32,768]; ${weights}`,
  ],
  [
    'it is another pipeline',
    () => editJson('model_index.json', (json) => (json._class_name = 'FluxPipeline')),
    `"DIR/model_index.json" is of a "FluxPipeline", not of a CogVideoXImageToVideoPipeline; choose a CogVideoX image-to-video model`,
  ],
  [
    'its autoencoder is of another model',
    () => editJson('model_index.json', (json) => (json.vae = ['diffusers', 'AutoencoderKL'])),
    `"DIR/model_index.json" names "AutoencoderKL" as its vae, not AutoencoderKLCogVideoX; choose a CogVideoX image-to-video model`,
  ],
  [
    'a weight is not a number',
    () => editTensors(shard(1), (tensors) => (tensors['proj_out.bias']!.data[5] = 0x7fc0)),
    `the tensor "proj_out.bias" in "DIR/${shard(1)}" holds NaN or infinity: the download or the training that made it went wrong; get the file again`,
  ],
  [
    'Git LFS has not fetched a shard',
    () =>
      fs.writeFileSync(at(shard(2)), 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4980000000\n'),
    `"DIR/${shard(2)}" is only a pointer of Git LFS, not the weights; run "git lfs pull" in the folder`,
  ],
  [
    'the weights are there only as pickles',
    () => {
      fs.rmSync(at(vae))
      fs.writeFileSync(at('vae/diffusion_pytorch_model.bin'), 'PK')
    },
    `"DIR/vae" has neither diffusion_pytorch_model.safetensors nor diffusion_pytorch_model.safetensors.index.json; its .bin files are not read, get the safetensors ones`,
  ],
  [
    'a part is missing',
    () => fs.rmSync(at('vae'), { recursive: true }),
    '"DIR/vae/config.json" is missing; download the folder again',
  ],
  [
    'the tokenizer is missing',
    () => fs.rmSync(at('tokenizer'), { recursive: true }),
    'the tokenizer "DIR/tokenizer/spiece.model" is missing; download the folder tokenizer again',
  ],
  [
    'the text encoder is of another model',
    () => editJson('text_encoder/config.json', (config) => (config.d_model = 64)),
    `"DIR": the text encoder makes 64 features (d_model), the transformer reads 32 (text_embed_dim); get both of one model`,
  ],
  [
    'the folder is empty',
    () => {
      fs.rmSync(dir, { recursive: true })
      fs.mkdirSync(dir)
    },
    `"DIR" is not a model folder: it has no model_index.json; give the folder that holds transformer, vae and scheduler`,
  ],
]

describe('a damaged folder is refused in one clear line when', () => {
  it.each(damages)('%s', (_, spoil, line) => {
    spoil()
    expect(refusal()).toBe(line)
  })
})

describe('whatever else is wrong', () => {
  it('is told in one line for every JSON file and every kind of content', () => {
    const configs = [
      'model_index.json',
      'transformer/config.json',
      'vae/config.json',
      'scheduler/scheduler_config.json',
    ]
    for (const file of [...configs, index, 'text_encoder/config.json']) {
      const good = fs.readFileSync(at(file))
      for (const content of ['', 'null', '[]', '42', '"text"', '{"weight_map": 3}', '{"weight_map": []}', '\u0000']) {
        fs.writeFileSync(at(file), content)
        expect(refusal(), `${file}: ${content}`).toMatch(/^[^\n]*DIR[^\n]*$/)
      }
      fs.writeFileSync(at(file), good)
    }
    expect(refusal()).toBe('it opened')
  })
})
