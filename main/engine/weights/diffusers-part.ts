// One part of a diffusers folder (transformer, vae, text_encoder): its index, its shards, and whether together they are exactly what the
// part's config asks for. Only headers are read; each mistake is one line that names the file, the tensor and the way out.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { isUserError, UserError } from '../../media/errors'
import { statOf } from '../../media/files'
import type { ExternalWeight } from '../backends/onnx'
import { sameShape, showShape } from '../ir'
import type { DType, Shape } from '../ir'
import { readJsonObject, shown } from './diffusers-json'
import { readHeader } from './safetensors'
import type { SafetensorsEntry } from './safetensors'

export interface Part {
  readonly weights: Readonly<Record<string, ExternalWeight>>
  readonly facts: PartFacts
}

/** What a part has in it, for people. */
export interface PartFacts {
  readonly files: number
  readonly tensors: number
  readonly parameters: number
  /** Bytes of the weights, by their type in the files. */
  readonly dtypes: Readonly<Partial<Record<DType, number>>>
  /** Bytes of the weights. */
  readonly bytes: number
}

export interface PartLayout {
  readonly folder: string
  /** Of the files: `stem`.safetensors, or `stem`.safetensors.index.json with `stem`-00001-of-0000N.safetensors. */
  readonly stem: string
  readonly specs: ReadonlyMap<string, { readonly shape: Shape }>
  /** Other names under which a tensor may be stored. */
  readonly aliases?: Readonly<Record<string, string>>
}

interface Found extends SafetensorsEntry {
  readonly file: string
}

const allowed: readonly DType[] = ['float32', 'float16', 'bfloat16']

/** Opens a part. Throws UserError unless every tensor of `specs` is there, of its shape, in the file that the index says, and no other. */
export function openPart({ folder, stem, specs, aliases = {} }: PartLayout): Part {
  if (!statOf(folder)?.isDirectory()) throw new UserError(`the folder "${folder}" is missing; download the model whole`)
  const index = path.join(folder, `${stem}.safetensors.index.json`)
  const found = existsSync(index) ? fromShards(folder, stem, index) : fromOneFile(folder, stem)
  for (const [alias, name] of Object.entries(aliases)) {
    const entry = found.get(alias)
    if (!entry) continue
    found.delete(alias)
    if (!found.has(name)) found.set(name, entry)
  }
  check(folder, found, specs)
  const dtypes: Partial<Record<DType, number>> = {}
  for (const { dtype, length } of found.values()) dtypes[dtype] = (dtypes[dtype] ?? 0) + length
  const entries = [...specs.keys()].map((name) => [name, found.get(name)!] as const)
  const count = (shape: Shape): number => shape.reduce((a, b) => a * b, 1)
  return {
    weights: Object.fromEntries(
      entries.map(([name, { file, offset, length, dtype }]) => [name, { path: file, offset, length, dtype }]),
    ),
    facts: {
      files: new Set([...found.values()].map(({ file }) => file)).size,
      tensors: entries.length,
      parameters: entries.reduce((sum, [, { shape }]) => sum + count(shape), 0),
      dtypes,
      bytes: entries.reduce((sum, [, { length }]) => sum + length, 0),
    },
  }
}

function fromOneFile(folder: string, stem: string): Map<string, Found> {
  const file = path.join(folder, `${stem}.safetensors`)
  if (existsSync(file)) return new Map([...headerOf(file)].map(([name, entry]) => [name, { ...entry, file }]))
  const pickled = readdirSync(folder).some((name) => name.endsWith('.bin'))
  throw new UserError(
    `"${folder}" has neither ${stem}.safetensors nor ${stem}.safetensors.index.json; ` +
      (pickled ? 'its .bin files are not read, get the safetensors ones' : 'download the folder again'),
  )
}

function fromShards(folder: string, stem: string, index: string): Map<string, Found> {
  const map = weightMap(index)
  const shards = [...new Set(map.values())].sort()
  const ofShard = new RegExp(`^${stem}-\\d+-of-\\d+\\.safetensors$`)
  const stray = readdirSync(folder).find((name) => ofShard.test(name) && !shards.includes(name))
  if (stray !== undefined)
    throw new UserError(
      `"${path.join(folder, stray)}" is a shard that ${path.basename(index)} does not list: the files are of two downloads; remove the one that is too much`,
    )
  const found = new Map<string, Found>()
  for (const shard of shards) {
    const file = path.join(folder, shard)
    if (!existsSync(file)) {
      const count = [...map.values()].filter((name) => name === shard).length
      throw new UserError(
        `the shard "${file}" is missing; ${path.basename(index)} places ${count} tensors in it; download it again`,
      )
    }
    for (const [name, entry] of headerOf(file)) {
      const place = map.get(name)
      if (place === undefined)
        throw new UserError(
          `"${file}" holds the tensor ${shown(name)}, which ${path.basename(index)} does not list; download both files again`,
        )
      if (place !== shard)
        throw new UserError(
          `the tensor ${shown(name)} is in "${shard}", but ${path.basename(index)} places it in "${place}" (${folder}); download the files again`,
        )
      found.set(name, { ...entry, file })
    }
  }
  const lost = [...map].filter(([name]) => !found.has(name))
  if (lost.length > 0)
    throw new UserError(
      `"${path.join(folder, lost[0]![1])}" lacks the tensor ${shown(lost[0]![0])}${more(lost.length)} that ${path.basename(index)} places in it; download it again`,
    )
  checkTotal(index, found)
  return found
}

/** Tensor name -> shard beside the index. */
function weightMap(index: string): Map<string, string> {
  const { weight_map: map } = readJsonObject(index)
  if (typeof map !== 'object' || map === null || Array.isArray(map) || Object.keys(map).length === 0)
    throw new UserError(`"${index}" has no weight_map from tensor names to files; download it again`)
  return new Map(
    Object.entries(map).map(([name, file]: [string, unknown]) => {
      if (typeof file !== 'string' || !/^[^/\\]+\.safetensors$/.test(file))
        throw new UserError(
          `"${index}" places the tensor ${shown(name)} in ${shown(file)}, which is not a .safetensors file beside it; download it again`,
        )
      return [name, file]
    }),
  )
}

/** `metadata.total_size` counts a tensor that is stored under two names once or twice; both are right. */
function checkTotal(index: string, found: ReadonlyMap<string, Found>): void {
  const { metadata } = readJsonObject(index)
  const total = typeof metadata === 'object' && metadata !== null && 'total_size' in metadata ? metadata.total_size : 0
  const lengths = [...found.values()].map(({ length }) => length)
  const bytes = lengths.reduce((sum, length) => sum + length, 0)
  const largest = lengths.reduce((most, length) => Math.max(most, length), 0)
  if (
    typeof total === 'number' &&
    total !== 0 &&
    total !== bytes &&
    total !== bytes - largest &&
    total !== bytes + largest
  )
    throw new UserError(
      `"${index}" says that the shards hold ${total} bytes, they hold ${bytes}: index and shards are of two downloads; download them again`,
    )
}

function check(folder: string, found: ReadonlyMap<string, Found>, specs: PartLayout['specs']): void {
  const config = path.join(path.basename(folder), 'config.json')
  const missing = [...specs].filter(([name]) => !found.has(name))
  if (missing.length > 0) {
    const [name, { shape }] = missing[0]!
    throw new UserError(
      `"${folder}" lacks the tensor ${shown(name)} ${showShape(shape)}${more(missing.length)} that ${config} asks for; get weights and config of one model`,
    )
  }
  const extra = [...found.keys()].filter((name) => !specs.has(name))
  if (extra.length > 0)
    throw new UserError(
      `"${found.get(extra[0]!)!.file}" holds the tensor ${shown(extra[0])}${more(extra.length)} that ${config} does not ask for; get weights and config of one model`,
    )
  for (const [name, { shape }] of specs) {
    const { file, shape: has, dtype } = found.get(name)!
    if (!sameShape(has, shape))
      throw new UserError(
        `the tensor ${shown(name)} in "${file}" is ${showShape(has)}, ${config} makes it ${showShape(shape)}; get weights and config of one model`,
      )
    if (!allowed.includes(dtype))
      throw new UserError(
        `the tensor ${shown(name)} in "${file}" is ${dtype}; weights are float32, float16 or bfloat16, so get an unquantised copy of the model`,
      )
  }
}

const more = (count: number): string => (count > 1 ? ` (and ${count - 1} more)` : '')

function headerOf(file: string): ReadonlyMap<string, SafetensorsEntry> {
  if (statSync(file).size < 1024 && readFileSync(file, 'latin1').startsWith('version https://git-lfs'))
    throw new UserError(`"${file}" is only a pointer of Git LFS, not the weights; run "git lfs pull" in the folder`)
  try {
    return readHeader(file).tensors
  } catch (error) {
    throw isUserError(error) ? new UserError(`${error.message}; download it again`) : error
  }
}
