// A model ready to render: its config, its weights, and a hash that says exactly which one made a clip.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { UserError } from '../../media/errors'
import { resource } from '../../media/resources'
import type { HostTensor } from '../ir'
import { parseConfig } from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { readSafetensors } from '../weights/safetensors'
import { toFloat32 } from '../weights/load'

export interface Model {
  readonly name: string
  readonly config: AnimateAnywhereConfig
  /** Weights by full name, float32. */
  readonly weights: Record<string, HostTensor>
  /** SHA-256 of the weights file. */
  readonly hash: string
}

/** The bundled model's file. */
export const miniModelFile = resource('models/mini.safetensors')

/** Loads 'mini' (bundled) or a safetensors file made by `anywhere train`. */
export function loadModel(which: string): Model {
  const file = which === 'mini' ? miniModelFile : which
  if (!existsSync(file))
    throw new UserError(`model "${which}" does not exist (no file ${file}); give "mini" or a .safetensors file`)
  if (statSync(file).isDirectory())
    throw new UserError(
      `model "${which}" is a folder; rendering with an imported diffusers folder is not supported yet, give "mini" or a .safetensors file`,
    )
  const { metadata, tensors } = readSafetensors(file)
  const config = parseConfig(metadata.config, file)
  const weights = Object.fromEntries([...tensors].map(([name, tensor]) => [name, toFloat32(tensor)]))
  return { name: which, config, weights, hash: createHash('sha256').update(readFileSync(file)).digest('hex') }
}
