// Error bars over few seeds: Student's t for means, and for the differences of runs that share a seed.

/** Two-sided 95% quantiles of Student's t for 1, 2, ... degrees of freedom. */
const quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179]

/** 0.975 quantile of Student's t; beyond the table by the first terms of its expansion around the normal, right to 0.002. */
export function studentQuantile(freedom: number): number {
  const known = quantiles[freedom - 1]
  if (known !== undefined) return known
  const z = 1.959964
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
}

export interface Estimate {
  readonly mean: number
  /** Half the width of the 95% interval; infinite for a single value. */
  readonly half: number
}

/** Mean of `values` and its 95% interval. */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length
  const mean = values.reduce((a, b) => a + b, 0) / n
  if (n < 2) return { mean, half: Infinity }
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1)
  return { mean, half: studentQuantile(n - 1) * Math.sqrt(variance / n) }
}

export type Verdict = 'holds' | 'does not hold' | 'not resolved'

export interface Comparison extends Estimate {
  readonly verdict: Verdict
}

/**
 * Whether `first` is better than `second`: mean of the paired differences (same seeds, same order), positive where the first is better.
 * 'holds' when the whole interval is above 0, 'does not hold' when it is below, else the seeds do not tell.
 */
export function compare(first: readonly number[], second: readonly number[], better: 'higher' | 'lower'): Comparison {
  const sign = better === 'higher' ? 1 : -1
  const { mean, half } = estimate(first.map((value, i) => sign * (value - second[i]!)))
  return { mean, half, verdict: mean - half > 0 ? 'holds' : mean + half < 0 ? 'does not hold' : 'not resolved' }
}
