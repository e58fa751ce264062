import { describe, expect, it } from 'vitest'
import { follow } from '../geometry/similarity'
import { joinPaths } from './joining'

/** A camera that takes the same step every frame. */
function steady(step: readonly number[], frames: number): Float32Array {
  const path = new Float32Array(frames * 4)
  for (let t = 1; t < frames; t++) path.set(follow(path.subarray(t * 4 - 4, t * 4), step), t * 4)
  return path
}

describe('camera paths of two windows', () => {
  it('that agree are one path', () => {
    const step = [0.03, -0.01, 0.02, 0.01]
    const joined = joinPaths(steady(step, 13), steady(step, 13), 9)
    steady(step, 22).forEach((v, i) => expect(joined[i]).toBeCloseTo(v, 4))
  })

  it('go over from one speed to the other and never beyond either', () => {
    const joined = joinPaths(steady([0.01, 0, 0, 0], 13), steady([0.03, 0, 0, 0], 13), 9)
    const speeds = Array.from({ length: 21 }, (_, t) => joined[(t + 1) * 4]! - joined[t * 4]!)
    speeds.forEach((speed, t) => {
      expect(speed).toBeGreaterThan(0.0099)
      expect(speed).toBeLessThan(0.0301)
      if (t > 0) expect(Math.abs(speed - speeds[t - 1]!)).toBeLessThan(0.0051)
    })
    expect(speeds.at(-1)).toBeCloseTo(0.03, 5)
  })

  it('keep the direction of a camera that has turned', () => {
    const joined = joinPaths(steady([0, 0, 0, Math.PI / 16], 9), steady([0.1, 0, 0, 0], 3), 8)
    const [x, y] = [joined[10 * 4]!, joined[10 * 4 + 1]!]
    expect(x).toBeCloseTo(0, 5)
    expect(y).toBeCloseTo(0.2, 5)
  })
})
