// Reading a zip from a stranger: through its directory at the end, every claim checked against the file before it is believed, one
// entry at a time and never more of it than it claimed. Nothing is ever written by the name an entry has.
import { Inflate } from 'fflate'
import fs from 'node:fs/promises'

/** The file is no zip, is cut off, or contradicts itself. */
export class ZipError extends Error {
  override readonly name = 'ZipError'
}

export interface ZipEntry {
  readonly name: string
  /** Bytes as stored, and as they will be. */
  readonly packed: number
  readonly size: number
  readonly deflated: boolean
  readonly crc: number
  /** Of its local header in the file. */
  readonly offset: number
}

const endLength = 22
const longestComment = 0xffff
const longestDirectory = 32 * 2 ** 20
/** More than deflate can shrink anything. */
const densest = 1032
/** Bytes read at once; packed ones may become a thousand times as many. */
const [smallStep, largeStep] = [2 ** 14, 2 ** 18]

export class ZipReader {
  private constructor(
    private readonly handle: fs.FileHandle,
    /** Where the entries end and the directory begins. */
    private readonly directory: number,
    readonly entries: ReadonlyMap<string, ZipEntry>,
  ) {}

  /** Throws ZipError. */
  static async open(file: string): Promise<ZipReader> {
    const handle = await fs.open(file, 'r')
    try {
      const { size } = await handle.stat()
      const tail = await readAt(
        handle,
        Math.max(0, size - endLength - longestComment),
        Math.min(size, endLength + longestComment),
      )
      const end = findEnd(tail)
      if (end === undefined) throw new ZipError('it is no zip file, or its end is missing')
      const at = tail.byteOffset + end
      const view = new DataView(tail.buffer, at, endLength)
      const [count, length, start] = [view.getUint16(10, true), view.getUint32(12, true), view.getUint32(16, true)]
      if (view.getUint16(4, true) !== 0 || view.getUint16(8, true) !== count)
        throw new ZipError('it is a part of a zip in several files')
      if (length > longestDirectory || start + length > size - tail.length + end)
        throw new ZipError('its directory is not where it should be')
      const entries = readDirectory(await readAt(handle, start, length), count, start)
      return new ZipReader(handle, start, entries)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** The entry's bytes, piece by piece; exactly as many as it claims. Throws ZipError. */
  async *stream(entry: ZipEntry): AsyncGenerator<Uint8Array, void> {
    const start = await this.dataStart(entry)
    const inflated: Uint8Array[] = []
    const inflate = new Inflate((chunk) => inflated.push(chunk))
    let given = 0
    const step = entry.deflated ? smallStep : largeStep
    for (let done = 0; done < entry.packed;) {
      const chunk = await readAt(this.handle, start + done, Math.min(step, entry.packed - done))
      done += chunk.length
      if (entry.deflated) {
        try {
          inflate.push(chunk, done === entry.packed)
        } catch (error) {
          throw new ZipError(`${entry.name} cannot be unpacked (${(error as Error).message})`)
        }
      } else inflated.push(chunk)
      for (const piece of inflated.splice(0)) {
        given += piece.length
        if (given > entry.size) throw new ZipError(`${entry.name} is larger than it claims`)
        yield piece
      }
    }
    if (given !== entry.size) throw new ZipError(`${entry.name} is smaller than it claims`)
  }

  /** The whole entry, its checksum compared; at most `most` bytes. Throws ZipError. */
  async read(entry: ZipEntry, most: number): Promise<Uint8Array> {
    if (entry.size > most) throw new ZipError(`${entry.name} is too large (${entry.size} bytes)`)
    const bytes = new Uint8Array(entry.size)
    let at = 0
    for await (const piece of this.stream(entry)) {
      bytes.set(piece, at)
      at += piece.length
    }
    if (crc32(bytes) !== entry.crc) throw new ZipError(`${entry.name} does not match its checksum`)
    return bytes
  }

  close(): Promise<void> {
    return this.handle.close()
  }

  private async dataStart({ name, offset, packed }: ZipEntry): Promise<number> {
    const header = await readAt(this.handle, offset, 30)
    const view = new DataView(header.buffer, header.byteOffset)
    if (view.getUint32(0, true) !== 0x04034b50) throw new ZipError(`${name} is not where the directory says`)
    const start = offset + 30 + view.getUint16(26, true) + view.getUint16(28, true)
    if (start + packed > this.directory) throw new ZipError(`${name} reaches beyond its place`)
    return start
  }
}

/** The last end record whose comment reaches exactly to the end. */
function findEnd(tail: Uint8Array): number | undefined {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength)
  for (let at = tail.length - endLength; at >= 0; at--)
    if (view.getUint32(at, true) === 0x06054b50 && view.getUint16(at + 20, true) === tail.length - at - endLength)
      return at
  return undefined
}

function readDirectory(bytes: Uint8Array, count: number, dataEnd: number): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries = new Map<string, ZipEntry>()
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw new ZipError('its directory is broken')
    const short = (offset: number) => view.getUint16(at + offset, true)
    const long = (offset: number) => view.getUint32(at + offset, true)
    const next = at + 46 + short(28) + short(30) + short(32)
    if (next > bytes.length) throw new ZipError('its directory is broken')
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + short(28)))
    const [flags, method] = [short(8), short(10)]
    const entry = { name, packed: long(20), size: long(24), deflated: method === 8, crc: long(16), offset: long(42) }
    if (flags & 1) throw new ZipError('it is locked with a password')
    if (method !== 0 && method !== 8)
      throw new ZipError(`${printable(name)} is packed in a way that is not known (${method})`)
    if (/^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\0/.test(name))
      throw new ZipError(`it holds a name that leads elsewhere (${printable(name)})`)
    if (entries.has(name)) throw new ZipError(`it holds ${printable(name)} twice`)
    if (entry.offset + 30 + entry.packed > dataEnd) throw new ZipError(`${printable(name)} reaches beyond its place`)
    const fits = entry.deflated ? entry.size <= entry.packed * densest : entry.size === entry.packed
    if (!fits) throw new ZipError(`${printable(name)} claims a size that it cannot have`)
    entries.set(name, entry)
    at = next
  }
  return entries
}

async function readAt(handle: fs.FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) throw new ZipError('it is cut off')
    done += bytesRead
  }
  return bytes
}

const printable = (name: string): string => JSON.stringify(name.slice(0, 80))

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff]!
  return ~crc >>> 0
}
