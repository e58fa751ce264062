// Writes flatbuffers, and remembers where each number of their structure lies: the fuzzer turns just those. Values are laid out front to
// back (a table, then what it points to), since every offset of the format but that to a table's field list points forwards.

/** What a place in the file means to a reader. */
export interface Mark {
  readonly at: number
  readonly bytes: 1 | 2 | 4
  readonly kind: 'offset' | 'length' | 'fields' | 'value'
}

export type Value =
  | { readonly kind: 'i8'; readonly value: number }
  | { readonly kind: 'i32'; readonly value: number }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'i32s'; readonly value: readonly number[] }
  | { readonly kind: 'table'; readonly value: Fields }
  | { readonly kind: 'tables'; readonly value: readonly Fields[] }

/** A table: values by their field numbers; what is undefined is absent. */
export type Fields = Readonly<Record<number, Value | undefined>>

export const i8 = (value: number): Value => ({ kind: 'i8', value })
export const i32 = (value: number): Value => ({ kind: 'i32', value })
export const bytes = (value: Uint8Array): Value => ({ kind: 'bytes', value })
export const text = (value: string): Value => bytes(new TextEncoder().encode(value))
export const i32s = (value: readonly number[]): Value => ({ kind: 'i32s', value })
export const table = (value: Fields): Value => ({ kind: 'table', value })
export const tables = (value: readonly Fields[]): Value => ({ kind: 'tables', value })

/** The file of `root` with its four-letter mark, and the places in it. */
export function writeFlatbuffer(root: Fields, identifier: string): { bytes: Uint8Array; marks: Mark[] } {
  const writer = new Writer()
  writer.number(0, 4, 'offset')
  for (const letter of identifier) writer.number(letter.charCodeAt(0), 1, 'value')
  writer.point(0, writer.table(root))
  return { bytes: Uint8Array.from(writer.bytes), marks: writer.marks }
}

class Writer {
  readonly bytes: number[] = []
  readonly marks: Mark[] = []

  number(value: number, bytes: Mark['bytes'], kind: Mark['kind']): number {
    const at = this.bytes.length
    for (let i = 0; i < bytes; i++) this.bytes.push((value >> (8 * i)) & 255)
    this.marks.push({ at, bytes, kind })
    return at
  }

  /** Makes the offset at `from` lead to `to`. */
  point(from: number, to: number): void {
    for (let i = 0; i < 4; i++) this.bytes[from + i] = ((to - from) >> (8 * i)) & 255
  }

  table(fields: Fields): number {
    const present = Object.entries(fields).flatMap(([id, value]) => (value ? [[Number(id), value] as const] : []))
    const last = Math.max(-1, ...present.map(([id]) => id))
    this.align()
    const list = this.bytes.length
    this.number(4 + 2 * (last + 1), 2, 'fields')
    const size = this.number(0, 2, 'fields')
    for (let id = 0; id <= last; id++) this.number(0, 2, 'fields')
    this.align()
    const start = this.bytes.length
    this.number(start - list, 4, 'offset')
    const later: [at: number, value: Value][] = []
    for (const [id, value] of present) {
      const place = this.bytes.length - start
      this.bytes[list + 4 + 2 * id] = place & 255
      this.bytes[list + 5 + 2 * id] = place >> 8
      if (value.kind === 'i8') this.number(value.value, 1, 'value')
      else if (value.kind === 'i32') this.number(value.value, 4, 'value')
      else later.push([this.number(0, 4, 'offset'), value])
    }
    this.bytes[size] = (this.bytes.length - start) & 255
    this.bytes[size + 1] = (this.bytes.length - start) >> 8
    for (const [at, value] of later) this.point(at, this.target(value))
    return start
  }

  private target(value: Value): number {
    if (value.kind === 'table') return this.table(value.value)
    this.align()
    const list = typeof value.value === 'object' ? value.value : []
    const start = this.number(list.length, 4, 'length')
    if (value.kind === 'bytes') for (const byte of value.value) this.bytes.push(byte)
    if (value.kind === 'i32s') for (const one of value.value) this.number(one, 4, 'value')
    if (value.kind === 'tables') {
      const offsets = value.value.map(() => this.number(0, 4, 'offset'))
      value.value.forEach((fields, i) => this.point(offsets[i]!, this.table(fields)))
    }
    return start
  }

  private align(): void {
    while (this.bytes.length % 4 !== 0) this.bytes.push(0)
  }
}
