// Reading a flatbuffer by field number, with every offset checked: a model file comes from outside and may be cut off or damaged,
// and the format is all offsets. The official runtime trusts them (a bad one reads as zeros); this one stops at the first lie.
import { UserError } from '../../media/errors'

/** Writers let equal lists share their bytes; that saves little in a model. A small file that reads as a large one was made to. */
const mostReading = 8

/** The bytes of one file and its name, for messages. Reads beyond the end throw a UserError. */
export class FlatBuffer {
  readonly view: DataView
  /** Bytes of all lists read so far, those read again included. */
  private spent = 0

  constructor(
    readonly bytes: Uint8Array,
    readonly name: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  fail(what: string): never {
    throw new UserError(
      `${this.name} is not a usable .tflite model: ${what}. The file is damaged or cut off; install or download it again`,
    )
  }

  /** Checks that `length` bytes at `position` lie in the file, and gives the position back. */
  at(position: number, length: number): number {
    if (position < 0 || position + length > this.bytes.length)
      this.fail(`byte ${position} is needed, the file has ${this.bytes.length}`)
    return position
  }

  /** As `at`, for what is then read as a list. */
  list(position: number, length: number): number {
    this.spent += length
    if (this.spent > mostReading * this.bytes.length) this.fail('its lists are read over and over')
    return this.at(position, length)
  }

  u16(position: number): number {
    return this.view.getUint16(this.at(position, 2), true)
  }

  u32(position: number): number {
    return this.view.getUint32(this.at(position, 4), true)
  }

  i32(position: number): number {
    return this.view.getInt32(this.at(position, 4), true)
  }

  /** The root table. */
  root(): Table {
    return new Table(this, this.u32(0))
  }
}

/** One table of a flatbuffer; fields are asked for by their number in the schema, absent ones give the default. */
export class Table {
  private readonly vtable: number
  private readonly fields: number

  constructor(
    readonly buffer: FlatBuffer,
    private readonly position: number,
  ) {
    this.vtable = position - buffer.i32(position)
    this.fields = (buffer.u16(this.vtable) - 4) / 2
  }

  private field(id: number): number | undefined {
    if (id >= this.fields) return undefined
    const offset = this.buffer.u16(this.vtable + 4 + 2 * id)
    return offset === 0 ? undefined : this.position + offset
  }

  private target(id: number): number | undefined {
    const position = this.field(id)
    return position === undefined ? undefined : position + this.buffer.u32(position)
  }

  u8(id: number, otherwise = 0): number {
    const position = this.field(id)
    return position === undefined ? otherwise : this.buffer.bytes[this.buffer.at(position, 1)]!
  }

  i8(id: number, otherwise = 0): number {
    return (this.u8(id, otherwise) << 24) >> 24
  }

  i32(id: number, otherwise = 0): number {
    const position = this.field(id)
    return position === undefined ? otherwise : this.buffer.i32(position)
  }

  u32(id: number, otherwise = 0): number {
    const position = this.field(id)
    return position === undefined ? otherwise : this.buffer.u32(position)
  }

  table(id: number): Table | undefined {
    const position = this.target(id)
    return position === undefined ? undefined : new Table(this.buffer, position)
  }

  text(id: number): string {
    return new TextDecoder().decode(this.vector(id, 1).bytes)
  }

  /** The raw vector of elements of `size` bytes: its length and bytes (a view), empty when absent. At most `limit` elements. */
  vector(id: number, size: number, limit = Infinity): { length: number; bytes: Uint8Array; start: number } {
    const position = this.target(id)
    if (position === undefined) return { length: 0, bytes: new Uint8Array(0), start: 0 }
    const length = this.buffer.u32(position)
    if (length > limit) this.buffer.fail(`a list of ${length} entries where at most ${limit} make sense`)
    const start = this.buffer.list(position + 4, length * size)
    return { length, bytes: this.buffer.bytes.subarray(start, start + length * size), start }
  }

  i32s(id: number, limit?: number): number[] {
    const { length, start } = this.vector(id, 4, limit)
    return Array.from({ length }, (_, i) => this.buffer.i32(start + 4 * i))
  }

  tables(id: number, limit: number): Table[] {
    const { length, start } = this.vector(id, 4, limit)
    return Array.from({ length }, (_, i) => new Table(this.buffer, start + 4 * i + this.buffer.u32(start + 4 * i)))
  }
}
