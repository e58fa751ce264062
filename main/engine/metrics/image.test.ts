import { describe, expect, it } from 'vitest'
import { psnr, ssim } from './image'
import { Random } from '../nn/random'

const picture = (width: number, height: number, value: (x: number, y: number, c: number) => number) => ({
  width,
  height,
  channels: 3,
  data: Float64Array.from({ length: width * height * 3 }, (_, i) =>
    value(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3),
  ),
})
const ramp = picture(24, 20, (x, y, c) => 5 * x + 3 * y + 20 * c)
const brighter = picture(24, 20, (x, y, c) => 5 * x + 3 * y + 20 * c + 10)
const random = new Random(1)
const noise = picture(24, 20, () => 255 * random.next())

describe('psnr', () => {
  it('is 20 log10(range / rms difference)', () => {
    expect(psnr(ramp, brighter)).toBeCloseTo(20 * Math.log10(255 / 10), 10)
    expect(psnr(ramp, ramp)).toBe(Infinity)
  })

  it('refuses pictures of different size', () => {
    expect(() =>
      psnr(
        ramp,
        picture(20, 24, () => 0),
      ),
    ).toThrow('24x20x3 and 20x24x3')
  })
})

describe.each(['gaussian', 'uniform'] as const)('ssim, %s window', (window) => {
  it('is 1 for the same picture, near 0 for unrelated noise, symmetric', () => {
    expect(ssim(ramp, ramp, window)).toBeCloseTo(1, 12)
    expect(Math.abs(ssim(ramp, noise, window))).toBeLessThan(0.2)
    expect(ssim(ramp, noise, window)).toBeCloseTo(ssim(noise, ramp, window), 12)
  })

  it('follows the formula where everything is flat', () => {
    const flat = (value: number) => picture(12, 12, () => value)
    const c1 = 2.55 ** 2
    expect(ssim(flat(100), flat(120), window)).toBeCloseTo((2 * 100 * 120 + c1) / (100 ** 2 + 120 ** 2 + c1), 9)
  })

  it('refuses pictures smaller than its window', () => {
    const tiny = picture(6, 6, () => 0)
    expect(() => ssim(tiny, tiny, window)).toThrow('smaller than the')
  })
})
