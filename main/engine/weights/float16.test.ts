import { describe, expect, it } from 'vitest'
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from './float16'

describe('float16', () => {
  it('knows the landmarks of the format', () => {
    const bits = Uint16Array.of(0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0xfc00)
    const values = [0, -0, 1, -2, 65504, 2 ** -24, 2 ** -14, Infinity, -Infinity]
    expect([...float16ToFloat32(bits)]).toEqual(values)
    expect([...float32ToFloat16(Float32Array.from(values))]).toEqual([...bits])
  })

  it('survives the round trip for every bit pattern', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const values = float16ToFloat32(all)
    const back = float32ToFloat16(values)
    const wrong = [...all].filter((bits, i) => !Number.isNaN(values[i]) && back[i] !== bits)
    expect(wrong).toEqual([])
    expect(values.filter(Number.isNaN).length).toBe(2 * 1023)
  })

  it('rounds to nearest, ties to even', () => {
    const ulp = 2 ** -10
    const cases = [
      1 + ulp / 2,
      1 + 1.5 * ulp,
      1 + 0.51 * ulp,
      65519,
      65520,
      2 ** -25,
      2 ** -25 * 1.5,
      2 ** -14 - 2 ** -26,
    ]
    expect([...float16ToFloat32(float32ToFloat16(Float32Array.from(cases)))]).toEqual([
      1,
      1 + 2 * ulp,
      1 + ulp,
      65504,
      Infinity,
      0,
      2 ** -24,
      2 ** -14,
    ])
  })
})

describe('bfloat16', () => {
  it('is the upper half of a float32, rounded to nearest even', () => {
    const values = Float32Array.of(1, -2.5, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 3.4e38, NaN)
    const back = bfloat16ToFloat32(float32ToBfloat16(values))
    expect([...back]).toEqual([1, -2.5, 1, 1 + 2 ** -6, Infinity, NaN])
  })
})
