import { describe, expect, it } from 'vitest'
import { givenHints, movementOf, obeys, wilson } from './hint-evaluation'
import type { GivenHint, Movement } from './hint-evaluation'
import { frameOf } from './produced-clip'
import { generateClip } from './synth'
import { unseenSeeds } from './training/synthetic'

const movement = (x: number, y: number, zoom: number): Movement => ({
  whole: [x, y, zoom],
  drift: Math.hypot(x, y) / 2,
})
const stillness = movement(0, 0, 0)
const ways: Record<GivenHint, readonly [right: Movement, wrong: Movement]> = {
  static: [stillness, movement(0.05, 0, 0)],
  'pan-left': [movement(-0.1, 0, 0), movement(0.1, 0, 0)],
  'pan-right': [movement(0.1, 0, 0), movement(-0.1, 0, 0)],
  'tilt-up': [movement(0, -0.1, 0), movement(0, 0.1, 0)],
  'tilt-down': [movement(0, 0.1, 0), movement(0, -0.1, 0)],
  'zoom-in': [movement(0, 0, -0.1), movement(0, 0, 0.1)],
  'zoom-out': [movement(0, 0, 0.1), movement(0, 0, -0.1)],
  'orbit-left': [movement(0.1, 0, 0), movement(-0.1, 0, 0)],
  'orbit-right': [movement(-0.1, 0, 0), movement(0.1, 0, 0)],
  follow: [movement(0.1, 0.01, 0), movement(-0.1, 0, 0)],
}
const truth = movement(0.2, 0, 0.01)

describe('hints', () => {
  it.each(givenHints)('%s is obeyed by its own direction only, and by standing still only if it says so', (hint) => {
    const [right, wrong] = ways[hint]
    expect(obeys(hint, right, () => truth)).toBe(true)
    expect(obeys(hint, wrong, () => truth)).toBe(false)
    expect(obeys(hint, stillness, () => truth)).toBe(hint === 'static')
  })

  it.each(['static', 'pan-left', 'tilt-down', 'zoom-in', 'zoom-out', 'orbit-right'] as const)(
    '%s is found in the true frames of a clip that was filmed so',
    (hint) => {
      const clip = generateClip({ seed: unseenSeeds + 3, width: 96, height: 64, frames: 7, fps: 12, hint })
      const frames = clip.poses.map((_, t) => ({
        picture: frameOf(clip.frames, t, 3 * 96 * 64),
        person: frameOf(clip.humanMask, t, 96 * 64),
      }))
      expect(obeys(hint, movementOf(frames, clip), () => truth)).toBe(true)
    },
  )

  it('come with an interval that knows how few the clips are', () => {
    const [low, high] = wilson(95, 100)
    expect(low).toBeCloseTo(0.888, 2)
    expect(high).toBeCloseTo(0.978, 2)
    expect(wilson(4, 4)[0]).toBeLessThan(0.55)
    expect(wilson(0, 4)[0]).toBe(0)
  })
})
