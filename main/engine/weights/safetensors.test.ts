import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { UserError } from '../../media/errors'
import { Random } from '../nn/random'
import { parseHeader } from './safetensors-header'
import { readHeader, readSafetensors, writeSafetensors } from './safetensors'

const folder = mkdtempSync(path.join(tmpdir(), 'safetensors-'))
afterAll(() => rmSync(folder, { recursive: true }))

const place = (name: string) => path.join(folder, name)
const example = {
  bytes: { dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 255) },
  matrix: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, -2, 3.5, NaN) },
  half: { dtype: 'float16', shape: [1, 2], data: Uint16Array.of(0x3c00, 0xc000) },
  long: { dtype: 'int64', shape: [2], data: BigInt64Array.of(-1n, 1n << 40n) },
  empty: { dtype: 'float32', shape: [0, 7], data: new Float32Array(0) },
  scalar: { dtype: 'bool', shape: [], data: Uint8Array.of(1) },
} as const

/** A file made by hand, so that its header can lie. */
function forge(header: string | Buffer | object | null, data = 0, { claimed }: { claimed?: bigint } = {}): string {
  const json = Buffer.isBuffer(header)
    ? header
    : Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(claimed ?? BigInt(json.length))
  const file = place('forged.safetensors')
  writeFileSync(file, Buffer.concat([prefix, json, Buffer.alloc(data)]))
  return file
}

describe('safetensors', () => {
  it('reads back what was written', () => {
    const file = place('example.safetensors')
    writeSafetensors(file, example, { config: '{"layers": 2}' })
    const { metadata, tensors } = readSafetensors(file)
    expect(metadata).toEqual({ config: '{"layers": 2}' })
    expect(Object.fromEntries(tensors)).toEqual(example)
  })

  it('reads only the tensors wanted, and headers without data', () => {
    const file = place('example.safetensors')
    expect([...readSafetensors(file, (name) => name === 'long').tensors.keys()]).toEqual(['long'])
    const entry = readHeader(file).tensors.get('matrix')!
    expect(entry).toMatchObject({ dtype: 'float32', shape: [2, 2], length: 16 })
    expect(readFileSync(file).readFloatLE(entry.offset + 8)).toBe(3.5)
  })

  it('gives the same bytes for the same content, whatever the order', () => {
    writeSafetensors(place('a'), example, { x: '1', y: '2' })
    writeSafetensors(place('b'), Object.fromEntries(Object.entries(example).reverse()), { y: '2', x: '1' })
    expect(readFileSync(place('a'))).toEqual(readFileSync(place('b')))
  })

  it('leaves nothing behind when it cannot write', () => {
    mkdirSync(place('taken'))
    const before = readdirSync(folder)
    expect(() => writeSafetensors(place('taken'), example)).toThrow(UserError)
    expect(readdirSync(folder)).toEqual(before)
  })

  const float = (shape: unknown, begin: unknown, end: unknown) => ({ dtype: 'F32', shape, data_offsets: [begin, end] })
  it.each([
    ['an empty file', () => (writeFileSync(place('e'), ''), place('e')), 'only 0 bytes'],
    ['a missing file', () => place('absent'), 'no such file'],
    ['a folder', () => folder, 'not a regular file'],
    ['a huge header length', () => forge('{}', 0, { claimed: 2n ** 63n }), 'header claims 9223372036854775808 bytes'],
    ['a header longer than the file', () => forge('{}', 0, { claimed: 3n }), 'header claims 3 bytes'],
    ['bad JSON', () => forge('{"a":NaN}'), 'not JSON'],
    ['bad UTF-8', () => forge(Buffer.from('{"\xff": 1}', 'latin1')), 'not JSON'],
    ['JSON that is no object', () => forge('[]'), 'not a JSON object'],
    ['deep nesting', () => forge(`{"a":{"dtype":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`), 'more than 64 deep'],
    ['a very long text', () => forge(`{"a":"${'\\\\n'.repeat(1e6)}"}`), 'not described'],
    ['a null header', () => forge('null'), 'not a JSON object'],
    ['an unknown dtype', () => forge({ a: { dtype: 'F77', shape: [1], data_offsets: [0, 4] } }, 4), 'dtype "F77"'],
    ['a missing dtype', () => forge({ a: {} }), 'dtype nothing'],
    ['a tensor that is no object', () => forge({ a: 3 }), 'not described by an object'],
    ['offsets beyond the file', () => forge({ a: float([4], 0, 16) }, 8), 'need'],
    ['data that nothing describes', () => forge({ a: float([1], 0, 4) }, 8), 'need'],
    ['a gap', () => forge({ a: float([1], 0, 4), b: float([1], 8, 12) }, 12), 'starts at byte'],
    ['an overlap', () => forge({ a: float([2], 0, 8), b: float([2], 4, 12) }, 12), 'starts at byte'],
    ['two tensors in one place', () => forge({ a: float([1], 0, 4), b: float([1], 0, 4) }, 4), 'starts at byte'],
    ['offsets in the wrong order', () => forge({ a: float([1], 4, 0) }, 4), 'its offsets hold -4'],
    ['a shape that does not fit', () => forge({ a: float([3], 0, 4) }, 4), 'needs 12 bytes'],
    [
      'a shape too large for numbers',
      () => forge({ a: float([2 ** 52, 2 ** 52], 0, 4) }, 4),
      'bytes, its offsets hold',
    ],
    ['a negative size', () => forge({ a: float([-1], 0, 4) }, 4), 'shape [-1]'],
    ['a fractional size', () => forge({ a: float([0.5], 0, 2) }, 2), 'shape [0.5]'],
    ['a size that is text', () => forge({ a: float(['1'], 0, 4) }, 4), 'shape ["1"]'],
    ['one offset only', () => forge({ a: { dtype: 'F32', shape: [1], data_offsets: [0] } }, 4), 'data_offsets [0]'],
    [
      'a name twice',
      () =>
        forge(
          '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
        ),
      'twice',
    ],
    [
      'a name of the prototype',
      () => forge('{"__proto__":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
      'not allowed',
    ],
    ['metadata that is no text', () => forge({ __metadata__: { a: 1 } }), 'map names to strings'],
    ['metadata of the prototype', () => forge('{"__metadata__":{"constructor":"x"}}'), 'not allowed'],
  ])('refuses %s with one clear line', (_, make, message) => {
    const file = make()
    const read = () => readSafetensors(file)
    expect(read).toThrow(UserError)
    expect(read).toThrow(message)
    expect(read).not.toThrow(/\n/)
  })

  it('answers every damaged file with one UserError or a valid result', () => {
    writeSafetensors(place('good'), example, { config: '{}' })
    const good = readFileSync(place('good'))
    const headerEnd = 8 + Number(good.readBigUInt64LE(0))
    const random = new Random(7)
    const interesting = Buffer.from('0123456789-.eE{}[]",:\\ \x00\xff', 'latin1')
    const damage = (): Buffer => {
      let bytes = Buffer.from(good)
      for (let edits = 1 + random.int(3); edits > 0 && bytes.length > 0; edits--) {
        const at = random.int(random.next() < 0.9 ? headerEnd : bytes.length)
        const how = random.int(4)
        if (how === 0) bytes[at] = random.int(256)
        else if (how === 1) bytes[at] = interesting[random.int(interesting.length)]!
        else if (how === 2) bytes = bytes.subarray(0, at)
        else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.int(bytes.length))])
      }
      return bytes
    }
    /** Bytes of tensor data accepted, undefined when refused. Disks are slow: only some of the cases go through one. */
    const read = (bytes: Buffer, throughFile: boolean): number | undefined => {
      try {
        if (!throughFile) {
          const header = parseHeader('damaged', bytes.subarray(8, headerEnd), bytes.length)
          return [...header.tensors.values()].reduce((sum, { length }) => sum + length, 0)
        }
        writeFileSync(place('damaged'), bytes)
        const { tensors } = readSafetensors(place('damaged'))
        return [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0)
      } catch (error) {
        if (error instanceof UserError) return undefined
        throw error
      }
    }
    let refused = 0
    for (let round = 0; round < 10_000; round++) {
      const bytes = damage()
      const total = read(bytes, round % 20 === 0)
      if (total === undefined) refused++
      else if (total > bytes.length) throw new Error(`${total} bytes of tensors from a file of ${bytes.length}`)
    }
    expect(refused).toBeGreaterThan(5_000)
    expect(refused).toBeLessThan(10_000)
  })
})
