import { expect, test } from 'vitest'
import { curvesOf, lossText, smoothed, withPoint } from './curves'

const point = (step: number, loss: number) => ({ step, losses: { flow: loss / 2, loss } })

test('there is a curve for each loss, the sum first', () => {
  const curves = curvesOf([point(1, 4), point(2, 2)], 0)
  expect(curves.names).toEqual(['loss', 'flow'])
  expect(curves.steps).toEqual([1, 2])
  expect(curves.raw).toEqual([
    [4, 2],
    [2, 1],
  ])
  expect(curves.smooth).toEqual(curves.raw)
})

test('a loss that is not a number leaves a gap', () => {
  const curves = curvesOf([point(1, 1), { step: 2, losses: { loss: NaN } }, point(3, 1)], 0.5)
  expect(curves.raw[0]).toEqual([1, null, 1])
  expect(curves.smooth[0]).toEqual([1, null, 1])
})

test('smoothing starts at the first value, not at zero, and follows slowly', () => {
  expect(smoothed([2, 2, 2], 0.9)).toEqual([2, 2, 2].map((value) => expect.closeTo(value)))
  const [first, second] = smoothed([0, 1], 0.5) as number[]
  expect(first).toBe(0)
  expect(second).toBeCloseTo(2 / 3)
})

test('new points follow; a resumed run replaces what it trains again', () => {
  const points = [point(1, 3), point(2, 2), point(3, 1)]
  expect(withPoint(points, point(4, 0.5))).toHaveLength(4)
  expect(withPoint(points, point(3, 9))).toBe(points)
  expect(withPoint(points, point(2, 9))).toEqual([point(1, 3), point(2, 9)])
})

test('a loss is shown by the figures that matter', () => {
  expect([12.345, 0.01234, 0.0000123, 0, null].map(lossText)).toEqual(['12.3', '0.0123', '1.23e-5', '0.00', '–'])
})
