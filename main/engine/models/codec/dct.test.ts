import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { hostTensor, input, program } from '../../ir'
import { dctDecode, dctEncode } from './dct'

async function through(pixels: Float32Array, shape: number[]): Promise<Float32Array> {
  const x = input('x', shape)
  const executable = await compile(program('codec', { y: dctDecode(dctEncode(x)) }))
  return (await executable.run({ x: hostTensor(pixels, shape) })).y!.data as Float32Array
}

describe('the DCT codec', () => {
  it('keeps flat colours exactly', async () => {
    const pixels = Float32Array.from({ length: 3 * 256 }, (_, i) => [0.3, -0.7, 0.9][Math.floor(i / 256)]!)
    const back = await through(pixels, [1, 1, 3, 16, 16])
    expect(Math.max(...back.map((v, i) => Math.abs(v - pixels[i]!)))).toBeLessThan(1e-5)
  })

  it('is a projection: what came out goes through unchanged', async () => {
    const pixels = Float32Array.from({ length: 2 * 3 * 16 * 24 }, (_, i) => Math.sin(i * 12.9898) * 0.8)
    const once = await through(pixels, [1, 2, 3, 16, 24])
    const twice = await through(once, [1, 2, 3, 16, 24])
    expect(Math.max(...twice.map((v, i) => Math.abs(v - once[i]!)))).toBeLessThan(1e-5)
  })

  it('keeps a smooth ramp to within a few levels of 255', async () => {
    const pixels = Float32Array.from({ length: 3 * 256 }, (_, i) => ((i % 16) + Math.floor((i % 256) / 16)) / 15 - 1)
    const back = await through(pixels, [1, 1, 3, 16, 16])
    expect(Math.max(...back.map((v, i) => Math.abs(v - pixels[i]!)))).toBeLessThan(0.03)
  })

  it('refuses sides that are not multiples of 8', () => {
    expect(() => dctEncode(input('x', [1, 1, 3, 12, 16]))).toThrow(/12,16.*8h, 8w/)
  })
})
