import { describe, expect, it } from 'vitest'
import { Random } from '../nn'
import { symmetricEigenvalues } from './eigenvalues'
import { frechetDistance, squaredDistance } from './frechet'

describe('symmetricEigenvalues', () => {
  const sorted = (values: Float64Array) => [...values].sort((a, b) => a - b)

  it('finds 2 - 2 cos(k pi / (n + 1)) for second differences', () => {
    const n = 40
    const matrix = new Float64Array(n * n).map((_, at) => [2, -1][Math.abs(Math.floor(at / n) - (at % n))] ?? 0)
    const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)))
    sorted(symmetricEigenvalues(matrix, n)).forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k]!, 12)
    })
  })

  it('finds them behind a random rotation, repeated and zero ones included', () => {
    const n = 12
    const wanted = [-3, 0, 0, 0, 1, 1, 1, 2, 5, 5, 100, 1000]
    const random = new Random('rotation')
    let matrix = new Float64Array(n * n)
    wanted.forEach((value, i) => (matrix[i * n + i] = value))
    for (let turn = 0; turn < 100; turn++) {
      const [p, q, angle] = [turn % n, (turn + 1 + random.int(n - 1)) % n, random.uniform(0, 6)]
      if (p === q) continue
      const turned = (i: number): readonly (readonly [number, number])[] => {
        if (i === p) return [[p, Math.cos(angle)], [q, Math.sin(angle)]] // prettier-ignore
        return i === q ? [[p, -Math.sin(angle)], [q, Math.cos(angle)]] : [[i, 1]] // prettier-ignore
      }
      matrix = matrix.map((_, at) => {
        let sum = 0
        for (const [i, a] of turned(Math.floor(at / n)))
          for (const [j, b] of turned(at % n)) sum += a * b * matrix[i * n + j]!
        return sum
      })
    }
    expect(matrix.filter((value) => Math.abs(value) > 1e-3).length).toBeGreaterThan(100)
    sorted(symmetricEigenvalues(matrix, n)).forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 9)
    })
  })

  it('takes the smallest matrices, and says when it is given something else', () => {
    expect([...symmetricEigenvalues(Float64Array.of(7), 1)]).toEqual([7])
    expect(() => symmetricEigenvalues(new Float64Array(5), 2)).toThrow('no 2 x 2 matrix')
    expect(() => symmetricEigenvalues(new Float64Array(9).fill(NaN), 3)).toThrow('finite')
  })
})

/** Samples with exactly this mean and, with n - 1, the covariance L L': plus and minus each column, scaled. */
function samplesOf(mean: readonly number[], columns: readonly (readonly number[])[]): Float64Array[] {
  const scale = Math.sqrt((2 * columns.length - 1) / 2)
  return columns.flatMap((column) =>
    [1, -1].map((sign) => Float64Array.from(mean, (m, i) => m + sign * scale * column[i]!)),
  )
}

describe('frechetDistance', () => {
  it('is 0 for the same samples, in any order', () => {
    const random = new Random('same')
    const rows = Array.from({ length: 9 }, () => random.normals(30))
    expect(frechetDistance(rows, [...rows].reverse())).toBeCloseTo(0, 8)
  })

  it('of Gaussians with the same axes is |difference of means|^2 + sum of (deviation - deviation)^2', () => {
    const a = samplesOf([1, 2, 3], [[2, 0, 0], [0, 5, 0], [0, 0, 0.1]]) // prettier-ignore
    const b = samplesOf([1, 0, 7], [[3, 0, 0], [0, 1, 0], [0, 0, 0.5]]) // prettier-ignore
    expect(frechetDistance(a, b)).toBeCloseTo(4 + 16 + (1 + 16 + 0.16), 9)
  })

  it('of Gaussians with crossed axes is what two dimensions allow in closed form', () => {
    // Tr (S1 S2)^(1/2) = sqrt(Tr S1 S2 + 2 sqrt(det S1 det S2)) for 2 x 2.
    const [a, b] = [samplesOf([0, 0], [[2, 1], [0, 1]]), samplesOf([0, 0], [[1, 0], [3, 0.5]])] // prettier-ignore
    const [s1, s2] = [[4, 2, 2], [10, 1.5, 0.25]] as const // prettier-ignore
    const product = s1[0] * s2[0] + 2 * s1[1] * s2[1] + s1[2] * s2[2]
    const root = Math.sqrt(product + 2 * Math.sqrt((s1[0] * s1[2] - s1[1] ** 2) * (s2[0] * s2[2] - s2[1] ** 2)))
    expect(frechetDistance(a, b)).toBeCloseTo(s1[0] + s1[2] + s2[0] + s2[2] - 2 * root, 9)
  })

  it('gives the same by Cholesky (more samples than features) and directly, features that add nothing included', () => {
    const random = new Random('many')
    const rows = (count: number, gain: number) =>
      Array.from({ length: count }, () => Array.from({ length: 5 }, () => gain * random.normal()))
    const [a, b] = [rows(40, 1), rows(30, 1.7)]
    const within = frechetDistance(a, b)
    // The same numbers as 60 features, most of them constant or copies: fewer samples than features.
    const wide = (row: readonly number[]) => Array.from({ length: 60 }, (_, i) => (i < 5 ? row[i]! : i < 10 ? 7 : 0))
    expect(frechetDistance(a.map(wide), b.map(wide))).toBeCloseTo(within, 5) // roots of what rounding leaves of zero
    const copied = (row: readonly number[]) => [...row, row[0]!, 3]
    const doubled = (row: readonly number[]) => [row[0]! * Math.SQRT2, ...row.slice(1)]
    expect(frechetDistance(a.map(copied), b.map(copied))).toBeCloseTo(
      frechetDistance(a.map(doubled), b.map(doubled)),
      6,
    )
  })

  it('needs two samples a side, all of one length', () => {
    expect(() => frechetDistance([[1]], [[1], [2]])).toThrow('1 and 2 samples have no covariance')
    expect(() => frechetDistance([[1], [2, 3]], [[1], [2]])).toThrow('same number of features')
    expect(squaredDistance([1, 2], [4, 6])).toBe(25)
  })
})
