import { describe, expect, it } from 'vitest'
import { compare, estimate, studentQuantile } from './statistics'

describe('error bars', () => {
  it("are Student's: quantiles as in the tables", () => {
    expect(studentQuantile(2)).toBe(4.303)
    for (const [freedom, quantile] of [
      [13, 2.16],
      [20, 2.086],
      [60, 2.0],
      [1000, 1.962],
    ] as const)
      // prettier-ignore
      expect(Math.abs(studentQuantile(freedom) - quantile)).toBeLessThan(2e-3)
  })

  it('of 1, 2, 3 are 2 +- 4.303 / sqrt 3, and of one value there are none', () => {
    const { mean, half } = estimate([1, 2, 3])
    expect(mean).toBe(2)
    expect(half).toBeCloseTo(4.303 / Math.sqrt(3), 6)
    expect(estimate([5])).toEqual({ mean: 5, half: Infinity })
  })
})

describe('a claim that the first is better', () => {
  it('holds when every seed says so by about as much, though the seeds themselves differ', () => {
    expect(compare([1, 5, 9], [0.9, 4.89, 8.91], 'higher').verdict).toBe('holds')
    expect(compare([1, 5, 9], [0.9, 4.89, 8.91], 'lower').verdict).toBe('does not hold')
  })

  it('is not resolved by seeds that disagree, or by one', () => {
    expect(compare([1, 2, 3], [2, 1, 2], 'higher').verdict).toBe('not resolved')
    expect(compare([2], [1], 'higher').verdict).toBe('not resolved')
  })
})
