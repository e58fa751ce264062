// Spoiling of bytes whose meaning is not known: what disks, networks and hostile hands do to any file.
import type { Dice } from './dice'

/** Numbers at the edges of what formats and languages can hold. */
export const extremes: readonly number[] = [
  0,
  -0,
  1,
  -1,
  2,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  2 ** 63,
  -(2 ** 31),
  1e-300,
  1e38,
  1e308,
  NaN,
  Infinity,
  -Infinity,
]

/** Overwrites a number somewhere in `view`, in one of the widths that formats use, little-endian. */
export function writeExtreme(view: DataView, at: number, width: number, dice: Dice): void {
  const value = dice.pick(extremes)
  const whole = Number.isFinite(value) ? BigInt(Math.trunc(value)) : -1n
  if (width === 1) view.setUint8(at, Number(BigInt.asUintN(8, whole)))
  else if (width === 2) view.setUint16(at, Number(BigInt.asUintN(16, whole)), true)
  else if (width === 4 && dice.chance(0.3)) view.setFloat32(at, value, true)
  else if (width === 4) view.setUint32(at, Number(BigInt.asUintN(32, whole)), true)
  else if (dice.chance(0.3)) view.setFloat64(at, value, true)
  else view.setBigUint64(at, BigInt.asUintN(64, whole), true)
}

/** A spoilt copy of `bytes`: one to four accidents, among them pieces of `other` in the wrong place. */
export function spoilBytes(bytes: Uint8Array, dice: Dice, other: Uint8Array = bytes): Uint8Array {
  let spoilt: Uint8Array = bytes.slice()
  for (let n = 1 + dice.below(4); n > 0; n--) spoilt = spoilOnce(spoilt, dice, other)
  return spoilt
}

function spoilOnce(bytes: Uint8Array, dice: Dice, other: Uint8Array): Uint8Array {
  if (bytes.length === 0) return other.slice(0, dice.below(64))
  const [a, b] = [dice.below(bytes.length), dice.below(bytes.length)]
  const [from, to] = a < b ? [a, b] : [b, a]
  switch (dice.below(9)) {
    case 0:
      bytes[a] = bytes[a]! ^ (1 << dice.below(8))
      return bytes
    case 1:
      bytes[a] = dice.chance(0.5) ? dice.below(256) : dice.pick([0, 0x7f, 0x80, 0xff])
      return bytes
    case 2: {
      const width = dice.pick([1, 2, 4, 8])
      if (bytes.length < width) return bytes
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      writeExtreme(view, Math.min(a, bytes.length - width), width, dice)
      return bytes
    }
    case 3: // cut off
      return bytes.subarray(0, a)
    case 4: // a piece is missing
      return joined(bytes.subarray(0, from), bytes.subarray(Math.min(to, from + 64)))
    case 5: // a piece is there twice
      return joined(bytes.subarray(0, to), bytes.subarray(from, Math.min(to, from + 256)), bytes.subarray(to))
    case 6: // something in between
      return joined(
        bytes.subarray(0, a),
        Uint8Array.from({ length: 1 + dice.below(16) }, () => dice.below(256)),
        bytes.subarray(a),
      )
    case 7: // a piece of another file
      return joined(bytes.subarray(0, a), other.subarray(dice.below(other.length)))
    default: // one piece over another
      bytes.copyWithin(b, a, a + 1 + dice.below(32))
      return bytes
  }
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
