// A model ready to use: its config, its weights, and a hash that says exactly which one made a clip. Three kinds of place hold one:
// a file of the mini architecture, an imported diffusers folder, and a file of what training added to such a folder.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { UserError } from '../../media/errors'
import { resource } from '../../media/resources'
import type { Initializer } from '../backends/onnx'
import type { HostTensor } from '../ir'
import { importedConfig, importedWeights, parseConfig } from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { readAdapter } from '../weights/adapter'
import { parseBaseFolder } from '../weights/base-folder'
import { openDiffusersFolder } from '../weights/diffusers-folder'
import type { DiffusersFolder } from '../weights/diffusers-folder'
import { readSafetensors } from '../weights/safetensors'
import { toFloat32 } from '../weights/load'
import { sizes } from './adapter-fit'

export interface Model {
  readonly name: string
  readonly config: AnimateAnywhereConfig
  /** Weights by full name: in memory as float32, or where they lie in an imported folder's files. Those of an adapter begin 'adapter.'. */
  readonly weights: Readonly<Record<string, Initializer>>
  /** SHA-256 of the weights file; of an imported folder what `openDiffusersFolder` says, and of the file on top of it. */
  readonly hash: string
  /** The imported folder that the weights belong to: it has the VAE, the text encoder and the schedule as well. */
  readonly folder?: DiffusersFolder
  readonly adapter?: { readonly rank: number; readonly hash: string }
}

/** The bundled model's file. */
export const miniModelFile = resource('models/mini.safetensors')

/** Sampling steps and frames per second where nothing else is asked for. */
export const usualSettings = ({ config }: Model): { readonly steps: number; readonly fps: number } =>
  config.head === 'latent' ? { steps: 50, fps: config.fps } : { steps: 2, fps: 24 }

/**
 * Loads 'mini' (bundled), a safetensors file made by `anywhere train`, or an imported diffusers folder; `adapter` is the file of an
 * adapter for it. Throws UserError for what is missing, damaged or does not fit together.
 */
export function loadModel(which: string, adapter?: string): Model {
  const place = which === 'mini' ? miniModelFile : which
  if (!existsSync(place))
    throw new UserError(
      `model "${which}" does not exist (nothing at ${place}); give "mini", a .safetensors file or a diffusers folder`,
    )
  const model = statSync(place).isDirectory() ? fromFolder(which, openDiffusersFolder(place)) : fromFile(which, place)
  return adapter === undefined ? model : withAdapter(model, adapter)
}

function fromFile(which: string, file: string): Model {
  const { metadata, tensors } = readSafetensors(file)
  const weights = Object.fromEntries([...tensors].map(([name, tensor]) => [name, toFloat32(tensor)]))
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
  if (metadata.base === undefined) return { name: which, config: parseConfig(metadata.config, file), weights, hash }
  const { dir, hash: expected } = parseBaseFolder(metadata.base, file)
  if (!existsSync(dir))
    throw new UserError(`${file} was trained on the model folder ${dir}, which is not there any more; put it back`)
  const folder = openDiffusersFolder(dir)
  if (folder.hash !== expected)
    throw new UserError(`${file} was trained on another model than the one that is now in ${dir}; put the old one back`)
  return fromFolder(which, folder, weights, hash)
}

function fromFolder(
  name: string,
  folder: DiffusersFolder,
  method: Readonly<Record<string, HostTensor>> = {},
  hash = '',
): Model {
  const config = importedConfig(folder.transformer.config, folder.dir)
  return {
    name,
    config,
    weights: importedWeights(config, folder.transformer.weights, method),
    hash: hash ? createHash('sha256').update(folder.hash).update(hash).digest('hex') : folder.hash,
    folder,
  }
}

function withAdapter(model: Model, file: string): Model {
  if (!existsSync(file)) throw new UserError(`adapter "${file}" does not exist`)
  const { weights, rank, hash } = readAdapter(file, sizes(model.config.transformer))
  return { ...model, weights: { ...model.weights, ...weights }, adapter: { rank, hash } }
}
