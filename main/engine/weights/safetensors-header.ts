// Validation of a safetensors header. Apart from the file handling, because everything hostile is decided here:
// the header's claims must agree with each other and with the file's size before a byte of data is read.
import { UserError, reason } from '../../media/errors'
import { parseJson } from '../../motion/formats/json'
import type { DType } from '../ir'

export interface SafetensorsEntry {
  dtype: DType
  shape: readonly number[]
  /** Absolute position in the file, bytes. */
  offset: number
  /** Bytes. */
  length: number
}

export interface SafetensorsHeader {
  metadata: Record<string, string>
  tensors: Map<string, SafetensorsEntry>
}

const dtypes = new Map<unknown, { dtype: DType; bytes: number }>([
  ['F32', { dtype: 'float32', bytes: 4 }],
  ['F16', { dtype: 'float16', bytes: 2 }],
  ['BF16', { dtype: 'bfloat16', bytes: 2 }],
  ['I64', { dtype: 'int64', bytes: 8 }],
  ['I32', { dtype: 'int32', bytes: 4 }],
  ['U8', { dtype: 'uint8', bytes: 1 }],
  ['BOOL', { dtype: 'bool', bytes: 1 }],
])

/**
 * Parses the JSON part (`bytes`) of a file of `fileSize` bytes. The tensors must cover the data exactly: no gap, no overlap,
 * nothing beyond the end. Throws UserError.
 */
export function parseHeader(file: string, bytes: Uint8Array, fileSize: number): SafetensorsHeader {
  const fail = (what: string): never => {
    throw new UserError(`${file} is not a valid safetensors file: ${what}`)
  }
  const decoded = decode(bytes)
  if (typeof decoded === 'string') return fail(`its header is not JSON (${decoded})`)
  const { text, json } = decoded
  if (!isRecord(json)) return fail('its header is not a JSON object')
  if (countTopLevelKeys(text) !== Object.keys(json).length) fail('its header names a tensor twice')

  const dataStart = 8 + bytes.length
  let metadata: Record<string, string> = {}
  const tensors = new Map<string, SafetensorsEntry>()
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__') {
      if (!isRecord(value) || !Object.values(value).every((entry) => typeof entry === 'string'))
        return fail('__metadata__ must map names to strings')
      // Weights and metadata are kept in plain records, so a name must never be one that records already have.
      Object.keys(value).forEach((key) => key in Object.prototype && fail(`metadata name ${quote(key)} is not allowed`))
      metadata = value as Record<string, string>
      continue
    }
    if (name in Object.prototype) fail(`tensor name ${quote(name)} is not allowed`)
    tensors.set(
      name,
      parseEntry(value, dataStart, (what) => fail(`tensor ${quote(name)} ${what}`)),
    )
  }

  let end = dataStart
  for (const [name, { offset, length }] of [...tensors].sort(
    ([, a], [, b]) => a.offset - b.offset || a.length - b.length,
  )) {
    if (offset !== end) fail(`tensor ${quote(name)} starts at byte ${offset}, but the data before it ends at ${end}`)
    end += length
  }
  if (end !== fileSize) fail(`its tensors need ${end} bytes, the file has ${fileSize}`)
  return { metadata, tensors }
}

function parseEntry(value: unknown, dataStart: number, fail: (what: string) => never): SafetensorsEntry {
  if (!isRecord(value)) return fail('is not described by an object')
  const kind = dtypes.get(value.dtype)
  if (!kind) return fail(`has dtype ${quote(value.dtype)}; known are ${[...dtypes.keys()].join(', ')}`)
  if (!isSizes(value.shape)) return fail(`has shape ${quote(value.shape)}; expected a list of whole numbers >= 0`)
  if (!isSizes(value.data_offsets) || value.data_offsets.length !== 2)
    return fail(`has data_offsets ${quote(value.data_offsets)}; expected [start, end]`)
  const [start, stop] = value.data_offsets as [number, number]
  const length = value.shape.reduce((a, b) => a * b, kind.bytes)
  if (stop - start !== length)
    return fail(
      `of shape ${quote(value.shape)} and dtype ${String(value.dtype)} needs ${length} bytes, its offsets hold ${stop - start}`,
    )
  return { dtype: kind.dtype, shape: value.shape, offset: dataStart + start, length }
}

/** The header's text and content, or what is wrong with it. */
function decode(bytes: Uint8Array): { text: string; json: unknown } | string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { text, json: parseJson(text) }
  } catch (error) {
    return reason(error)
  }
}

/** JSON keeps the last of two equal keys; counting the keys in the text finds them. `text` is valid JSON. */
function countTopLevelKeys(text: string): number {
  let depth = 0
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '"') {
      while (text[++i] !== '"') if (text[i] === '\\') i++
    } else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    else if (character === ':' && depth === 1) count++
  }
  return count
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

/** A short, single-line form of a stranger's value for an error message. */
function quote(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.slice(0, 8).map((item) => (typeof item === 'object' ? '...' : quote(item)))
    return `[${items.join(', ')}${value.length > 8 ? ', ...' : ''}]`
  }
  if (typeof value === 'object' && value !== null) return 'an object'
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80)
}
