// Half-precision storage. JavaScript on Node 20 has no 16-bit floats, so both formats are kept as raw bits in a Uint16Array
// and converted at the edge. Rounding is to nearest, ties to even, as PyTorch does.

const scratch = new DataView(new ArrayBuffer(4))

/** One IEEE 754 binary16 bit pattern as a number (subnormals, infinities and NaN included). */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const halfTable = new Float32Array(65536).map((_, bits) => halfToNumber(bits))

function float32Bits(value: number): number {
  scratch.setFloat32(0, value)
  return scratch.getUint32(0)
}

function numberToHalf(value: number): number {
  const bits = float32Bits(value)
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= 0x477ff000) return sign | 0x7c00 // 65520 and above round to infinity
  if (magnitude < 0x38800000) {
    // Below 2^-14: the result is a multiple of 2^-24, and scaling by a power of two is exact.
    const scaled = Math.abs(value) * 2 ** 24
    const floor = Math.floor(scaled)
    const rest = scaled - floor
    return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor)
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1) // a carry out of the fraction rightly raises the exponent
  return sign | ((rounded >>> 13) - (112 << 10))
}

/** IEEE binary16 bits to float32 values (exact). */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const out = new Float32Array(bits.length)
  for (let i = 0; i < bits.length; i++) out[i] = halfTable[bits[i]!]!
  return out
}

/** Float32 values to IEEE binary16 bits, nearest-even; beyond 65504 becomes infinity. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) out[i] = numberToHalf(values[i]!)
  return out
}

/** bfloat16 bits (the upper half of a float32) to float32 values (exact). */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  const out = new Uint32Array(bits.length)
  for (let i = 0; i < bits.length; i++) out[i] = bits[i]! << 16
  return new Float32Array(out.buffer)
}

/** Float32 values to bfloat16 bits, nearest-even; NaN stays NaN. */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const out = new Uint16Array(values.length)
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!
    const isNan = (word & 0x7fffffff) > 0x7f800000
    out[i] = isNan ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  }
  return out
}
