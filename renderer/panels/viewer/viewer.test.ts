import { describe, expect, it } from 'vitest'
import { follow, frameAt, timecode, timeOf } from './frames'
import { fit, rightOf, wipeAt, wipeByKey } from './wipe'

describe('frames of a clip', () => {
  it.each([23.976, 24, 25, 29.97, 60])('a seek to a frame shows that frame (%d fps)', (fps) => {
    for (let frame = 0; frame < 300; frame++) expect(frameAt(timeOf(frame, fps, 300), fps, 300)).toBe(frame)
  })
  it('a player that stops just short of a frame is on it', () => expect(frameAt(2 / 24 - 1e-6, 24, 48)).toBe(2))
  it('stays within the clip', () => {
    expect(frameAt(99, 24, 48)).toBe(47)
    expect(frameAt(-1, 24, 48)).toBe(0)
    expect(timeOf(99, 24, 48)).toBeCloseTo(47.5 / 24)
  })
  it('counts as an editor does', () => expect([timecode(0, 24), timecode(61, 24)]).toEqual(['0:00.00', '0:02.13']))
})

describe('a clip that follows another', () => {
  it('is left alone when together', () => expect(follow(1, 0.99, 1, 0.02)).toBeNull())
  it('hurries when behind, waits when ahead', () => {
    expect(follow(1, 0.9, 1, 0.02)).toBeGreaterThan(1)
    expect(follow(1, 1.1, 1, 0.02)).toBeLessThan(1)
  })
  it('jumps when far away', () => expect(follow(3, 0, 1, 0.02)).toBe('seek'))
})

describe('the wipe', () => {
  const box = { left: 100, width: 400 }
  it('is where the pointer is, within the picture', () => {
    expect([100, 300, 500, 40, 900].map((x) => wipeAt(box, x))).toEqual([0, 0.5, 1, 0, 1])
  })
  it('keeps the distance at which it was grabbed', () => expect(wipeAt(box, 306, 6)).toBe(0.5))
  it('is moved by arrows, further with Shift, and stops at the ends', () => {
    expect(wipeByKey(0.5, 'ArrowLeft', false)).toBeCloseTo(0.49)
    expect(wipeByKey(0.5, 'ArrowRight', true)).toBeCloseTo(0.6)
    expect(wipeByKey(0.005, 'ArrowLeft', false)).toBe(0)
    expect(wipeByKey(0.5, 'End', false)).toBe(1)
    expect(wipeByKey(0.5, 'a', false)).toBeUndefined()
  })
  it('cuts the right clip', () => expect(rightOf(0.25)).toBe('inset(0 0 0 25.000%)'))
  it('the picture is as large as it can be', () => {
    expect(fit(2, 1000, 1000)).toEqual({ width: 1000, height: 500 })
    expect(fit(0.5, 1000, 1000)).toEqual({ width: 500, height: 1000 })
  })
})
