// Whether an adapter fits a model, known before anything is loaded: the queue refuses what the engine would refuse an hour later.
import path from 'node:path'
import { statSync } from 'node:fs'
import { UserError } from '../../media/errors'
import { resource } from '../../media/resources'
import { parseConfig } from '../models/animate-anywhere/config'
import { innerDim, parseTransformerConfig } from '../models/cogvideox/config'
import type { TransformerConfig } from '../models/cogvideox/config'
import { describeAdapter } from '../weights/adapter-header'
import type { AdapterTarget } from '../weights/adapter-header'
import { parseBaseFolder } from '../weights/base-folder'
import { readJsonObject } from '../weights/diffusers-json'
import { readHeader } from '../weights/safetensors'

/** A thing of the library: where it lies, and its name for the user. A model may be 'mini'. */
export interface Named {
  readonly file: string
  readonly name: string
}

/** Throws UserError, in one line that says what to do, when the adapter's sizes are not the model's. */
export function assertAdapterFits(adapter: Named, model: Named): void {
  const { layers, width } = describeAdapter(adapter.file, adapter.name)
  const target = sizesOf(model)
  if (layers <= target.layers && width === target.width) return
  throw new UserError(
    `the adapter "${adapter.name}" is for a model of ${layers} blocks that are ${width} wide, "${model.name}" has ${target.layers} of ${target.width}; choose the model that it was trained on, or no adapter`,
  )
}

/** Blocks and width of a model, from its header or its folder's config. */
function sizesOf({ file, name }: Named): AdapterTarget {
  const place = file === 'mini' ? resource('models/mini.safetensors') : file
  if (statSync(place).isDirectory()) return sizes(folderConfig(place))
  const { metadata } = readHeader(place)
  if (metadata.base === undefined) return sizes(parseConfig(metadata.config, `"${name}"`).transformer)
  return sizes(folderConfig(parseBaseFolder(metadata.base, `"${name}"`).dir))
}

function folderConfig(folder: string): TransformerConfig {
  const file = path.join(folder, 'transformer', 'config.json')
  return parseTransformerConfig(readJsonObject(file), `"${file}"`)
}

/** What an adapter for a model with this transformer must fit. */
export const sizes = (transformer: TransformerConfig): AdapterTarget => ({
  layers: transformer.num_layers,
  width: innerDim(transformer),
})
