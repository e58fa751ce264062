import { describe, expect, it } from 'vitest'
import { distanceToLine, epipolarLine, fundamentalMatrix, relativePose } from './epipolar'

const K1 = [500, 0, 320, 0, 500, 240, 0, 0, 1]
const K2 = [800, 0, 300, 0, 810, 250, 0, 0, 1]
const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1]

const turn = (angle: number) => [Math.cos(angle), 0, Math.sin(angle), 0, 1, 0, -Math.sin(angle), 0, Math.cos(angle)]
const camera = (R: number[], t: number[]) => [...R.slice(0, 3), t[0]!, ...R.slice(3, 6), t[1]!, ...R.slice(6), t[2]!]
const see = (K: number[], w2c: number[], [x, y, z]: readonly [number, number, number]): [number, number] => {
  const row = (i: number) => w2c[4 * i]! * x + w2c[4 * i + 1]! * y + w2c[4 * i + 2]! * z + w2c[4 * i + 3]!
  return [K[0]! * (row(0) / row(2)) + K[2]!, K[4]! * (row(1) / row(2)) + K[5]!]
}

describe('epipolar geometry', () => {
  it('puts every point of the second picture on the line of its match, whatever its depth and the zoom', () => {
    const [first, second] = [camera(turn(0.1), [0.2, 0, 1]), camera(turn(-0.2), [-0.5, 0.1, 1.2])]
    const F = fundamentalMatrix(K1, K2, relativePose(first, second))!
    for (const point of [
      [0, 0, 4],
      [1, -0.5, 6],
      [-1, 0.7, 2.5],
    ] as const) {
      const line = epipolarLine(F, see(K1, first, point))!
      expect(Math.hypot(line[0], line[1])).toBeCloseTo(1, 12)
      expect(distanceToLine(line, see(K2, second, point))).toBeLessThan(1e-9)
    }
    expect(Math.hypot(...F)).toBeCloseTo(1, 12)
  })

  it('gives horizontal lines when the camera moves sideways', () => {
    const F = fundamentalMatrix(K1, K1, { R: identity, t: [1, 0, 0] })!
    const line = epipolarLine(F, [100, 77])!
    expect(distanceToLine(line, [5, 77])).toBeCloseTo(0, 9)
    expect(distanceToLine(line, [500, 87.5])).toBeCloseTo(10.5, 9)
  })

  it('says that there are no lines when the camera only turns, and none at the epipole', () => {
    expect(fundamentalMatrix(K1, K2, { R: turn(0.3), t: [0, 0, 0] })).toBeUndefined()
    const forward = fundamentalMatrix(K1, K1, { R: identity, t: [0, 0, 1] })!
    expect(epipolarLine(forward, [320, 240])).toBeUndefined()
  })

  it('refuses a camera matrix without inverse', () => {
    expect(() => fundamentalMatrix(new Array(9).fill(0), K2, { R: identity, t: [1, 0, 0] })).toThrow('has no inverse')
  })
})
