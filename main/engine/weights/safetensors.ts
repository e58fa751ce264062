// The safetensors file format: 8 bytes of header length, a JSON header (name -> dtype, shape, data_offsets), raw little-endian data.
// Files come from strangers, so the header is checked completely before anything of its size is allocated: every mistake is
// one UserError naming the file. Format: https://github.com/huggingface/safetensors#format
import { closeSync, fstatSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { reason, UserError } from '../../media/errors'
import { openPartial, unwritable } from '../../media/partials'
import type { DType, HostTensor } from '../ir'
import { parseHeader } from './safetensors-header'
import type { SafetensorsHeader } from './safetensors-header'

export type { SafetensorsEntry, SafetensorsHeader } from './safetensors-header'

export interface SafetensorsFile {
  metadata: Record<string, string>
  tensors: Map<string, HostTensor>
}

/** The format's own limit for the JSON part; the reference implementation refuses more, too. */
const maximumHeaderBytes = 100_000_000

const constructors = {
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} satisfies Record<DType, unknown>

const formatNames: Record<DType, string> = {
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
}

/** Names, dtypes, shapes and absolute byte positions of the tensors in `file`, without reading their data. */
export function readHeader(file: string): SafetensorsHeader {
  return withFile(file, (descriptor) => headerOf(file, descriptor))
}

/**
 * Reads the whole file, or the tensors that `wanted` accepts. Each tensor gets its own buffer of exactly its size.
 * Throws UserError for a missing file and for anything that is not a well-formed safetensors file.
 */
export function readSafetensors(file: string, wanted: (name: string) => boolean = () => true): SafetensorsFile {
  return withFile(file, (descriptor) => {
    const header = headerOf(file, descriptor)
    const tensors = new Map<string, HostTensor>()
    for (const [name, { dtype, shape, offset, length }] of header.tensors) {
      if (!wanted(name)) continue
      const bytes = new Uint8Array(length)
      readFully(file, descriptor, bytes, offset)
      tensors.set(name, { dtype, shape, data: new constructors[dtype](bytes.buffer) })
    }
    return { metadata: header.metadata, tensors }
  })
}

/**
 * Writes `tensors` with string `metadata`; the same content always gives the same bytes. The file appears whole or not at all;
 * missing folders are made. Throws UserError when the place cannot be written.
 */
export function writeSafetensors(
  file: string,
  tensors: Record<string, HostTensor>,
  metadata: Record<string, string> = {},
): void {
  const entries = Object.entries(tensors)
  for (const [name, { dtype, shape, data }] of entries) {
    const count = shape.reduce((a, b) => a * b, 1)
    if (data.length !== count)
      throw new Error(`writeSafetensors: ${name} has shape [${shape.join(', ')}] (${count}) but ${data.length} values`)
    if (!(data instanceof constructors[dtype]))
      throw new Error(`writeSafetensors: ${name} is ${dtype} but its data is a ${data.constructor.name}`)
  }
  // Wide types first keeps every tensor aligned to its element size, which external readers may map directly.
  const width = (tensor: HostTensor) => tensor.data.BYTES_PER_ELEMENT
  entries.sort(([a, x], [b, y]) => width(y) - width(x) || (a < b ? -1 : 1))
  const header: Record<string, unknown> = { __metadata__: Object.fromEntries(Object.entries(metadata).sort()) }
  let end = 0
  for (const [name, tensor] of entries) {
    const start = end
    end += tensor.data.byteLength
    header[name] = { dtype: formatNames[tensor.dtype], shape: tensor.shape, data_offsets: [start, end] }
  }
  const json = Buffer.from(JSON.stringify(header))
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ')
  json.copy(padded)
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(padded.length))
  writeWhole(file, [
    prefix,
    padded,
    ...entries.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ])
}

function writeWhole(file: string, parts: Uint8Array[]): void {
  const partial = openPartial(file)
  try {
    const descriptor = openSync(partial.path, 'w')
    try {
      for (const part of parts) for (let done = 0; done < part.length;) done += writeSync(descriptor, part, done)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    partial.discard()
    throw unwritable(file, error)
  }
  partial.commit()
}

function withFile<T>(file: string, use: (descriptor: number) => T): T {
  let descriptor: number
  try {
    // Opening a pipe would wait for ever, so look first.
    if (!statSync(file).isFile()) throw new Error('not a regular file')
    descriptor = openSync(file, 'r')
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new UserError(`cannot read ${file}: ${missing ? 'no such file' : reason(error)}`)
  }
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function headerOf(file: string, descriptor: number): SafetensorsHeader {
  const size = fstatSync(descriptor).size
  if (size < 8) throw new UserError(`${file} is not a safetensors file: it has only ${size} bytes`)
  const prefix = new Uint8Array(8)
  readFully(file, descriptor, prefix, 0)
  const length = new DataView(prefix.buffer).getBigUint64(0, true)
  if (length > BigInt(Math.min(size - 8, maximumHeaderBytes)))
    throw new UserError(
      `${file} is not a safetensors file, or is truncated: its header claims ${length} bytes, the file has ${size}`,
    )
  const bytes = new Uint8Array(Number(length))
  readFully(file, descriptor, bytes, 8)
  return parseHeader(file, bytes, size)
}

function readFully(file: string, descriptor: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length;) {
    const count = readSync(descriptor, into, done, into.length - done, position + done)
    if (count === 0) throw new UserError(`${file} became shorter while it was read`)
    done += count
  }
}
