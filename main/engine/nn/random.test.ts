import { describe, expect, it } from 'vitest'
import { Random } from './random'

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.next())
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length

describe('Random', () => {
  it('repeats itself for a seed, for ever: these numbers are part of every trained model', () => {
    expect(draws(new Random(1), 3)).toEqual(draws(new Random(1), 3))
    expect(draws(new Random(1), 3)).not.toEqual(draws(new Random(2), 3))
    expect(draws(new Random(0), 3)).toMatchInlineSnapshot(`
      [
        0.9582490447983408,
        0.9286410144933797,
        0.927520306592941,
      ]
    `)
    expect(new Random(0).fork('a').next()).toMatchInlineSnapshot(`0.6071361563107129`)
  })

  it('is uniform in [0, 1)', () => {
    const values = draws(new Random(3), 20_000)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
    expect(mean(values)).toBeCloseTo(0.5, 2)
    expect(mean(values.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 3)
    expect(mean(values.slice(1).map((value, i) => (value - 0.5) * (values[i]! - 0.5)))).toBeCloseTo(0, 3)
  })

  it('draws standard normal numbers', () => {
    const values = new Random(4).normals(40_000)
    expect(mean(values)).toBeCloseTo(0, 1)
    expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1, 1)
    expect(mean(values.map((value) => value ** 4))).toBeGreaterThan(2.8)
    expect(mean(values.map((value) => value ** 4))).toBeLessThan(3.2)
  })

  it('forks streams that depend on the label only', () => {
    const fresh = new Random(5).fork('step 7')
    const used = new Random(5)
    draws(used, 10)
    expect(draws(used.fork('step 7'), 3)).toEqual(draws(fresh, 3))
    expect(used.fork('a').next()).not.toBe(used.fork('b').next())
  })

  it('gives unrelated streams to neighbouring labels', () => {
    const firsts = Array.from({ length: 2000 }, (_, i) => new Random(5).fork(i).next())
    expect(mean(firsts)).toBeCloseTo(0.5, 1)
    expect(mean(firsts.slice(1).map((value, i) => (value - 0.5) * (firsts[i]! - 0.5)))).toBeCloseTo(0, 2)
  })

  it('shuffles without losing anything, and reaches every order', () => {
    const random = new Random(6)
    const seen = new Set(Array.from({ length: 200 }, () => random.shuffle([1, 2, 3]).join('')))
    expect([...seen].sort()).toEqual(['123', '132', '213', '231', '312', '321'])
  })

  it('picks whole numbers of the range', () => {
    const random = new Random(8)
    const seen = new Set(Array.from({ length: 200 }, () => random.int(5)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4])
  })
})
