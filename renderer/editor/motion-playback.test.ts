import { expect, test } from 'vitest'
import { advance, clampRange, startFrame, stepFrame } from './motion-playback'

const range = { first: 0, last: 23 }
const at = { fps: 24, speed: 1, range, loop: true }

test('steps stop at the ends, or go round when looping', () => {
  expect(stepFrame(23, 1, 24, false)).toBe(23)
  expect(stepFrame(23, 1, 24, true)).toBe(0)
  expect(stepFrame(0, -1, 24, true)).toBe(23)
  expect(stepFrame(0, -1, 24, false)).toBe(0)
  expect(stepFrame(0, 1, 1, true)).toBe(0)
})

test('a second of playing is a second of the clip, at any speed', () => {
  expect(advance(0, 0.5, at).place).toBeCloseTo(12)
  expect(advance(0, 0.5, { ...at, speed: 0.5 }).place).toBeCloseTo(6)
})

test('a loop shows its last frame for its whole time, then goes on at the first', () => {
  expect(Math.floor(advance(23, 0.9 / 24, at).place)).toBe(23)
  expect(advance(23, 1 / 24, at).place).toBeCloseTo(0)
  expect(advance(23.5, 1, at).place).toBeCloseTo(23.5)
})

test('without a loop playing ends on the last frame', () => {
  expect(advance(22, 10, { ...at, loop: false })).toEqual({ place: 23, ended: true })
})

test('a narrowed range is what loops', () => {
  const narrow = { first: 10, last: 13 }
  expect(advance(13.5, 0.5 / 24, { ...at, range: narrow }).place).toBeCloseTo(10)
  expect(advance(10, 9.25, { ...at, range: narrow }).place).toBeLessThan(14)
})

test('playing begins where the playhead is, unless that is outside the range or its end', () => {
  expect(startFrame(5, range, false)).toBe(5)
  expect(startFrame(23, range, false)).toBe(0)
  expect(startFrame(23, range, true)).toBe(23)
  expect(startFrame(2, { first: 10, last: 13 }, true)).toBe(10)
})

test('a range stays within the clip, first before last', () => {
  expect(clampRange({ first: 30, last: -4 }, 24)).toEqual({ first: 0, last: 23 })
})
