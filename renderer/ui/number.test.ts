import { expect, test } from 'vitest'
import { fit, parseNumber, showNumber } from './number'

test('a size snaps to sixteen pixels and stays inside its range', () => {
  const side = { min: 128, max: 2048, step: 16, snap: true }
  expect(fit(641, side)).toBe(640)
  expect(fit(650, side)).toBe(656)
  expect(fit(5, side)).toBe(128)
  expect(fit(9000, side)).toBe(2048)
})

test('a grid that misses the ends of its range stays inside it', () => {
  const odd = { min: 100, max: 1000, step: 16, snap: true }
  expect(fit(1, odd)).toBe(112)
  expect(fit(5000, odd)).toBe(992)
})

test('a value keeps its decimals and no more', () => {
  expect(fit(2.5499, { min: 0, max: 20, step: 0.1, decimals: 1 })).toBe(2.5)
  expect(showNumber(2.5, 2)).toBe('2.5')
  expect(showNumber(24, 2)).toBe('24')
})

test('numbers as people type them', () => {
  expect(parseNumber(' 1 280 ')).toBe(1280)
  expect(parseNumber('2,5')).toBe(2.5)
  expect(parseNumber('1280/2')).toBe(640)
  expect(parseNumber('.5*3')).toBe(1.5)
})

test('what is no number is refused', () => {
  for (const text of ['', 'wide', '1/0', '3px', '1e9', '--2', '4/']) expect(parseNumber(text)).toBeUndefined()
})
