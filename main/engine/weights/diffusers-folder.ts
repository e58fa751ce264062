// A folder as diffusers writes a CogVideoX model: checked as a whole, opened without reading the weights. They stay where they are and
// are mapped from there by the runtime, tensor by tensor.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { isUserError, UserError } from '../../media/errors'
import { statOf } from '../../media/files'
import type { ExternalWeight } from '../backends/onnx'
import { parseScheduleConfig } from '../diffusion/schedules'
import type { ScheduleConfig } from '../diffusion/schedules'
import { parseTransformerConfig, parseVaeConfig, transformerSpecs, vaeSpecs } from '../models/cogvideox'
import type { TransformerConfig, VaeConfig } from '../models/cogvideox'
import { parseT5Config, readSpiece, t5Specs } from '../models/t5'
import type { T5Config } from '../models/t5'
import { readJsonObject, shown } from './diffusers-json'
import type { JsonObject } from './diffusers-json'
import { openPart } from './diffusers-part'
import type { Part, PartFacts } from './diffusers-part'
import { fingerprint } from './fingerprint'

export type { PartFacts } from './diffusers-part'

type Weights = Readonly<Record<string, ExternalWeight>>

export interface DiffusersFolder {
  /** Absolute. */
  readonly dir: string
  /**
   * SHA-256 of what the model is: its configs, its tokenizer, and of each tensor the name, type, size and a sample of 8 KiB. Where the
   * folder lies and how the weights are cut into shards make no difference.
   */
  readonly hash: string
  readonly transformer: { readonly config: TransformerConfig; readonly weights: Weights }
  readonly vae: { readonly config: VaeConfig; readonly weights: Weights }
  /** Absent where the folder has none: the zero embedding stands for every prompt then. */
  readonly textEncoder?: { readonly config: T5Config; readonly weights: Weights; readonly tokenizer: string }
  readonly schedule: ScheduleConfig
  /** Which sampler the scheduler's class is. */
  readonly solver: 'ddim' | 'dpm'
  /** Factor of the image latents (cogvideox-facts 11): `image_latent_scale` of transformer/config.json where a model says it. */
  readonly imageLatentScale: number
  readonly parts: Readonly<Record<string, PartFacts>>
  /** Of all weights. */
  readonly bytes: number
}

const pipelines = ['CogVideoXImageToVideoPipeline']
const schedulers = ['CogVideoXDDIMScheduler', 'CogVideoXDPMScheduler']

/**
 * Opens and checks a folder. Throws UserError, in one line that names the file, what is in it, what should be, and the way out, when
 * anything is missing, too much, of another shape or type, damaged, or of a model that this program does not have.
 */
export function openDiffusersFolder(place: string): DiffusersFolder {
  const index = path.join(place, 'model_index.json')
  if (!statOf(place)?.isDirectory() || !existsSync(index))
    throw new UserError(
      `"${place}" is not a model folder: it has no model_index.json; give the folder that holds transformer, vae and scheduler`,
    )
  const dir = realpathSync(place)
  const at = (...names: string[]): string => path.join(dir, ...names)
  checkIndex(readJsonObject(index), index)

  const transformerFile = at('transformer', 'config.json')
  const [transformerJson, transformerConfig] = config(transformerFile, parseTransformerConfig, [
    'CogVideoXTransformer3DModel',
  ])
  const [vaeJson, vaeConfig] = config(at('vae', 'config.json'), parseVaeConfig, ['AutoencoderKLCogVideoX'])
  const [scheduleJson, schedule] = config(at('scheduler', 'scheduler_config.json'), parseScheduleConfig, schedulers)
  if (vaeConfig.latent_channels !== transformerConfig.out_channels)
    throw new UserError(
      `"${dir}": the VAE has ${vaeConfig.latent_channels} latent channels (latent_channels), the transformer makes ${transformerConfig.out_channels} (out_channels); get both of one model`,
    )

  const parts: Record<string, PartFacts> = {}
  const open = (name: string, stem: string, specs: Parameters<typeof openPart>[0]['specs'], aliases = {}): Part => {
    const part = openPart({ folder: at(name), stem, specs, aliases })
    parts[name] = part.facts
    return part
  }
  const stem = 'diffusion_pytorch_model'
  const transformer = open('transformer', stem, transformerSpecs(transformerConfig))
  const vae = open('vae', stem, vaeSpecs(vaeConfig))
  const hash = createHash('sha256')
  for (const json of [transformerJson, vaeJson, scheduleJson]) hash.update(canonical(json))
  let textEncoder: DiffusersFolder['textEncoder']
  if (existsSync(at('text_encoder'))) {
    const [json, textConfig] = config(at('text_encoder', 'config.json'), parseT5Config)
    const tokenizer = at('tokenizer', 'spiece.model')
    checkText(dir, textConfig, transformerConfig, tokenizer)
    const { weights } = open('text_encoder', 'model', t5Specs(textConfig), {
      'encoder.embed_tokens.weight': 'shared.weight',
    })
    textEncoder = { config: textConfig, weights, tokenizer }
    hash.update(canonical(json)).update(readFileSync(tokenizer))
  }
  for (const weights of [transformer.weights, vae.weights, textEncoder?.weights ?? {}]) fingerprint(hash, weights)
  const imageLatentScale = latentScale(transformerJson, transformerConfig, vaeConfig, transformerFile)
  return {
    dir,
    hash: hash.digest('hex'),
    transformer: { config: transformerConfig, weights: transformer.weights },
    vae: { config: vaeConfig, weights: vae.weights },
    ...(textEncoder ? { textEncoder } : {}),
    schedule,
    solver: scheduleJson._class_name === 'CogVideoXDPMScheduler' ? 'dpm' : 'ddim',
    imageLatentScale,
    parts,
    bytes: Object.values(parts).reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

/** The pipeline and its parts must be those that this program has. */
function checkIndex(index: JsonObject, file: string): void {
  if (!pipelines.includes(index._class_name as string))
    throw new UserError(
      `"${file}" is of a ${shown(index._class_name)}, not of a ${pipelines.join(' or ')}; choose a CogVideoX image-to-video model`,
    )
  const classes: Readonly<Record<string, readonly string[]>> = {
    transformer: ['CogVideoXTransformer3DModel'],
    vae: ['AutoencoderKLCogVideoX'],
    scheduler: schedulers,
  }
  for (const [part, names] of Object.entries(classes)) {
    const named = index[part]
    const name: unknown = Array.isArray(named) ? named[1] : undefined
    if (!names.includes(name as string))
      throw new UserError(
        `"${file}" names ${shown(name)} as its ${part}, not ${names.join(' or ')}; choose a CogVideoX image-to-video model`,
      )
  }
}

/** A part's config, as it is and as it was understood; its class must be one of `classes` where they are given. */
function config<T>(
  file: string,
  parse: (json: unknown, source: string) => T,
  classes?: readonly string[],
): [JsonObject, T] {
  const json = readJsonObject(file)
  if (classes && !classes.includes(json._class_name as string))
    throw new UserError(
      `"${file}" is the config of a ${shown(json._class_name)}, not of a ${classes.join(' or ')}; download it again`,
    )
  try {
    return [json, parse(json, `"${file}"`)]
  } catch (error) {
    if (!isUserError(error)) throw error
    throw new UserError(`${error.message}; choose a model that this program has, such as CogVideoX1.5-5B-I2V`)
  }
}

function checkText(
  dir: string,
  config: T5Config,
  { text_embed_dim: width }: TransformerConfig,
  tokenizer: string,
): void {
  if (config.d_model !== width)
    throw new UserError(
      `"${dir}": the text encoder makes ${config.d_model} features (d_model), the transformer reads ${width} (text_embed_dim); get both of one model`,
    )
  const { count } = readSpiece(tokenizer)
  if (count > config.vocab_size)
    throw new UserError(
      `"${tokenizer}" has ${count} pieces, the text encoder knows ${config.vocab_size} (vocab_size); get both of one model`,
    )
}

/** A config for the hash: in the order of its keys, without what only says which program wrote it. */
const canonical = (json: JsonObject): string =>
  JSON.stringify(
    Object.entries(json)
      .filter(([key]) => !key.startsWith('_') && key !== 'transformers_version')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/**
 * 1 for the published 1.5 models, whose decoder latents are scaled inversely; the VAE's factor for the others. A model tuned with the
 * public scripts (0.7), or one to be compared with diffusers (1 / 0.7), says so in its transformer/config.json.
 */
function latentScale(json: JsonObject, { patch_size_t }: TransformerConfig, vae: VaeConfig, file: string): number {
  const own = json.image_latent_scale
  if (own === undefined) return patch_size_t === null ? vae.scaling_factor : 1
  if (typeof own === 'number' && own > 0 && own < 100) return own
  throw new UserError(`"${file}": image_latent_scale is ${shown(own)}; give a number above 0, such as 1 or 0.7`)
}
