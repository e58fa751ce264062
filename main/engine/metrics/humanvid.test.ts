import { describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { hostTensor, input, program } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import { inceptionPool3 } from '../models/inception'
import { Scope } from '../nn'
import { styleGanVCrop } from './fvd'
import { humanVidFrames, humanVidSquare } from './humanvid'
import { ssim, ssimHumanVid } from './image'

/** What one run of a program gives. */
async function once(y: Tensor, feeds: Readonly<Record<string, HostTensor>>): Promise<Float32Array> {
  const executable = await compile(program('once', { y }))
  const result = await executable.run(feeds)
  await executable.dispose()
  return result.y!.data as Float32Array
}

describe('what the variants do to pictures', () => {
  it('HumanVid: every third of more than 72 frames, 24 at most', () => {
    expect(humanVidFrames(13)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(humanVidFrames(72).at(-1)).toBe(23)
    expect(humanVidFrames(81)).toEqual(Array.from({ length: 24 }, (_, i) => 3 * i))
  })

  it("HumanVid's SSIM surrounds the pictures with black: by hand in the corner, and above or below the plain one", () => {
    const even = (value: number) => ({ width: 11, height: 11, channels: 1, data: new Float64Array(121).fill(value) })
    expect(ssimHumanVid(even(0), even(0))).toBeCloseTo(1, 12)
    // On an even picture a window that reaches out has variance: contrast differs, too, where only brightness did.
    expect(ssim(even(100), even(120))).toBeCloseTo((2 * 100 * 120 + 2.55 ** 2) / (100 ** 2 + 120 ** 2 + 2.55 ** 2), 6)
    expect(ssimHumanVid(even(100), even(120))).toBeLessThan(ssim(even(100), even(120)))
    expect(() => ssimHumanVid(even(1), { ...even(1), width: 1, height: 121 })).toThrow('differ in size')
  })

  it("HumanVid's FID: 768 x 768 by triangles, which keep an even picture and a mean", async () => {
    const big = input('big', [1, 3, 1536, 800])
    const data = new Float32Array(3 * 1536 * 800).map((_, i) => (i % 800 < 400 ? 1 : -1))
    const y = await once(humanVidSquare(big), { big: hostTensor(data, [1, 3, 1536, 800]) })
    expect(y.length).toBe(3 * 768 * 768)
    expect(y[0]).toBeCloseTo(1, 5)
    expect(y[767]).toBeCloseTo(-1, 5)
    expect(y.slice(0, 768).reduce((sum, v) => sum + v, 0)).toBeCloseTo(0, 2)
    expect([...y.slice(380, 388)].every((v, i, all) => i === 0 || v <= all[i - 1]!)).toBe(true)
  })

  it('StyleGAN-V: the shorter side becomes 224, the middle is kept', async () => {
    const wide = input('wide', [1, 3, 32, 96])
    const data = Float32Array.from({ length: 3 * 32 * 96 }, (_, i) => (i % 96) / 96)
    const y = await once(styleGanVCrop(wide), { wide: hostTensor(data, [1, 3, 32, 96]) })
    expect(y.length).toBe(3 * 224 * 224)
    // 672 columns, of which 224..447 are kept: thirds of the ramp.
    expect(y[0]).toBeCloseTo(1 / 3 - 0.5 / 96 + 0.5 / 672, 3)
    expect(y[223]).toBeCloseTo(2 / 3 - 0.5 / 96 - 0.5 / 672, 3)
  })

  it('Inception sees any size', () => {
    expect(inceptionPool3(new Scope(), input('a', [1, 3, 32, 48])).shape).toEqual([1, 2048])
  })
})
