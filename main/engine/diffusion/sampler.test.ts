import { describe, expect, it } from 'vitest'
import { guided, sample } from './sampler'
import type { Given } from './sampler'

const clean = Float32Array.of(0.5, -1, 2)
const options = { length: 3, steps: 5, seed: 1, guidance: { reference: 1, pose: 1 } }

describe('sampling', () => {
  it('arrives where a denoiser that always knows the answer points', async () => {
    const { extra } = await sample(async (noisy) => ({ clean, extra: noisy }), options)
    const last = await sample(async () => ({ clean, extra: 0 }), options)
    expect([...last.clean]).toEqual([...clean])
    expect(extra.every(Number.isFinite)).toBe(true)
  })

  it('gives the same with the same seed and something else with another', async () => {
    const echo = async (noisy: Float32Array) => ({ clean: noisy.map((v) => v / 2), extra: undefined })
    const [a, b, c] = await Promise.all([
      sample(echo, options),
      sample(echo, options),
      sample(echo, { ...options, seed: 2 }),
    ])
    expect(a.clean).toEqual(b.clean)
    expect(a.clean).not.toEqual(c.clean)
  })

  it('stops within a step when aborted', async () => {
    const stop = new AbortController()
    let passes = 0
    const run = sample(
      async () => {
        if (++passes === 2) stop.abort(new Error('cancelled'))
        return { clean, extra: undefined }
      },
      { ...options, signal: stop.signal },
    )
    await expect(run).rejects.toThrow('cancelled')
    expect(passes).toBe(2)
  })
})

describe('guidance over two conditions', () => {
  const effect = { none: 1, reference: 10, pose: 100 }
  const denoise = async (_: Float32Array, __: number, given: Given) => ({
    clean: Float32Array.of(effect.none + (given.reference ? effect.reference : 0) + (given.pose ? effect.pose : 0)),
    extra: given,
  })

  it.each([
    [1, 1, 111],
    [2.5, 2.5, 1 + 25 + 250],
    [2, 3, 1 + 20 + 300],
    [1, 4, 1 + 10 + 400],
  ])('scales what the reference (%f) and the pose (%f) add', async (reference, pose, expected) => {
    const result = await guided(denoise, Float32Array.of(0), 999, { reference, pose })
    expect(result.clean[0]).toBeCloseTo(expected, 3)
    expect(result.extra).toEqual({ reference: true, pose: true })
  })

  it('runs no pass that would count for nothing', async () => {
    const passes: Given[] = []
    const counted = async (n: Float32Array, t: number, given: Given) => {
      passes.push(given)
      return denoise(n, t, given)
    }
    await guided(counted, Float32Array.of(0), 999, { reference: 1, pose: 1 })
    expect(passes).toHaveLength(1)
    await guided(counted, Float32Array.of(0), 999, { reference: 2.5, pose: 2.5 })
    expect(passes).toHaveLength(3)
  })
})
