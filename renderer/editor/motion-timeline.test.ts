import { expect, test } from 'vitest'
import { follow, frameToX, pan, rulerTicks, wholeClip, xToFrame, zoomAt } from './motion-timeline'

const frames = 73
const width = 720
const whole = wholeClip(frames)

test('frames and pixels are each other’s inverse', () => {
  expect(frameToX(whole, width, 36)).toBe(360)
  for (const frame of [0, 1, 35, 72]) expect(xToFrame(whole, width, frameToX(whole, width, frame), frames)).toBe(frame)
})

test('a pointer beyond the track means the first or last frame', () => {
  expect(xToFrame(whole, width, -50, frames)).toBe(0)
  expect(xToFrame(whole, width, 9999, frames)).toBe(72)
})

test('zooming keeps the frame under the pointer where it is', () => {
  const near = zoomAt(whole, 3, width, 240, frames)
  expect(near.to - near.from).toBeCloseTo(24)
  expect(frameToX(near, width, 24)).toBeCloseTo(240)
})

test('zooming ends at a few frames and at the whole clip', () => {
  const closest = zoomAt(whole, 1e6, width, 100, frames)
  expect(closest.to - closest.from).toBe(8)
  expect(zoomAt(closest, 1e-6, width, 100, frames)).toEqual(whole)
  expect(zoomAt(wholeClip(1), 4, width, 10, 1)).toEqual({ from: 0, to: 1 })
})

test('the view never leaves the clip', () => {
  const near = zoomAt(whole, 3, width, 0, frames)
  expect(pan(near, -10, frames).from).toBe(0)
  expect(pan(near, 1000, frames).to).toBe(72)
})

test('a playhead that leaves the view takes it along by a page', () => {
  expect(follow({ from: 0, to: 24 }, 12, frames)).toEqual({ from: 0, to: 24 })
  expect(follow({ from: 0, to: 24 }, 25, frames)).toEqual({ from: 25, to: 49 })
  expect(follow({ from: 40, to: 64 }, 0, frames)).toEqual({ from: 0, to: 24 })
})

test('the ruler counts from 1 in round steps, never closer than can be read', () => {
  const { named, lines } = rulerTicks(whole, width, frames)
  expect(named.map(({ label }) => label)).toEqual(['1', '10', '20', '30', '40', '50', '60', '70'])
  expect(named.every(({ frame, label }) => frame === Number(label) - 1)).toBe(true)
  expect(lines.length).toBeGreaterThan(named.length)
  for (const count of [1, 2, 24, 3600]) {
    const ticks = rulerTicks(wholeClip(count), width, count).named
    expect(ticks[0].label).toBe('1')
    for (let i = 2; i < ticks.length; i++)
      expect(
        frameToX(wholeClip(count), width, ticks[i].frame) - frameToX(wholeClip(count), width, ticks[i - 1].frame),
      ).toBeGreaterThanOrEqual(56)
  }
})
