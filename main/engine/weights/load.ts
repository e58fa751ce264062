// Weights as every program of ours takes them: float32, by name, from one file or from a diffusers folder with shards.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../media/errors'
import { parseJson } from '../../motion/formats/json'
import type { HostTensor } from '../ir'
import { bfloat16ToFloat32, float16ToFloat32 } from './float16'
import { readSafetensors } from './safetensors'

/**
 * All weights of a .safetensors file, or of a folder (its `*.safetensors.index.json` says which shards belong to it; without an
 * index, the folder's one .safetensors file), widened to float32. Throws UserError when something is missing or malformed.
 */
export function loadWeights(place: string): Record<string, HostTensor> {
  const weights: [string, HostTensor][] = []
  for (const file of weightFiles(place))
    for (const [name, tensor] of readSafetensors(file).tensors) weights.push([name, toFloat32(tensor)])
  return Object.fromEntries(weights)
}

/** The tensor with its values as float32; integers and booleans stay what they are. */
export function toFloat32(tensor: HostTensor): HostTensor {
  const { dtype, shape, data } = tensor
  if (dtype === 'float16') return { dtype: 'float32', shape, data: float16ToFloat32(data as Uint16Array) }
  if (dtype === 'bfloat16') return { dtype: 'float32', shape, data: bfloat16ToFloat32(data as Uint16Array) }
  return tensor
}

/** The .safetensors files that hold the weights of `place` (a file or a folder), in order. */
export function weightFiles(place: string): string[] {
  if (!existsSync(place)) throw new UserError(`no model at ${place}`)
  if (!statSync(place).isDirectory()) return [place]
  const names = readdirSync(place).sort()
  const index = names.find((name) => name.endsWith('.safetensors.index.json'))
  if (index) return shards(path.join(place, index)).map((name) => path.join(place, name))
  const files = names.filter((name) => name.endsWith('.safetensors'))
  if (files.length !== 1)
    throw new UserError(`${place} has ${files.length} .safetensors files and no index that says which to load`)
  return [path.join(place, files[0]!)]
}

function shards(indexFile: string): string[] {
  let map: unknown
  try {
    map = (parseJson(readFileSync(indexFile, 'utf8')) as { weight_map?: unknown }).weight_map
  } catch {
    throw new UserError(`${indexFile} is not JSON`)
  }
  const names = typeof map === 'object' && map !== null ? [...new Set(Object.values(map as object))] : []
  const plain = (name: unknown): name is string => typeof name === 'string' && name === path.basename(name)
  if (names.length === 0 || !names.every(plain))
    throw new UserError(`${indexFile} must map weight names to file names beside it (weight_map)`)
  return names.sort()
}
