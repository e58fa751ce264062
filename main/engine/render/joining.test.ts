import { describe, expect, it } from 'vitest'
import { follow } from '../geometry/similarity'
import { forgetting, joinPaths, measuredByPlace } from './joining'

const reach = { up: 0.2, down: 0.2 }

/** A camera that turns by the same step every frame. */
function steady(step: readonly number[], frames: number): Float32Array {
  const path = new Float32Array(frames * 7)
  for (let t = 1; t < frames; t++) path.set(follow(path.subarray(t * 7 - 7, t * 7), step), t * 7)
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
    const speeds = Array.from({ length: 21 }, (_, t) => joined[(t + 1) * 7]! - joined[t * 7]!)
    speeds.forEach((speed, t) => {
      expect(speed).toBeGreaterThan(0.0099)
      expect(speed).toBeLessThan(0.0301)
      if (t > 0) expect(Math.abs(speed - speeds[t - 1]!)).toBeLessThan(0.0051)
    })
    expect(speeds.at(-1)).toBeCloseTo(0.03, 5)
  })

  it('keep the direction of a camera that has turned', () => {
    const joined = joinPaths(steady([0, 0, 0, Math.PI / 16], 9), steady([0.1, 0, 0, 0], 3), 8)
    const [x, y] = [joined[10 * 7]!, joined[10 * 7 + 1]!]
    expect(x).toBeCloseTo(0, 5)
    expect(y).toBeCloseTo(0.2, 5)
  })

  it('forget in time what was gone past; the place as a whole goes on as fast', () => {
    const window = new Float32Array(13 * 7)
    for (let t = 0; t < 13; t++) window[t * 7 + 4] = 0.01 * t
    let whole: Float32Array = window
    for (let start = 9; start < 400; start += 9) whole = joinPaths(whole, window, start)
    const path = forgetting(whole, 12, reach)
    const [shift, travel] = [0, 4].map((k) => (t: number) => path[t * 7 + k]!)
    expect(travel!(12)).toBeGreaterThan(0.1)
    expect(travel!(400)).toBeLessThan(0.18)
    expect(shift!(400) + travel!(400)).toBeCloseTo(4, 3)
  })
})

describe('a long clip', () => {
  /** How much more of the place is seen in frame t than in frame 0. */
  const seen = (path: Float32Array, t: number) => Math.exp(path[t * 7 + 2]!) * (1 - path[t * 7 + 6]!)
  const drawingBack = { zooming: [2, 0.03], going: [6, -0.03] } as const

  it('draws back no farther than its picture reaches, and slows down before it does', () => {
    for (const [k, step] of Object.values(drawingBack)) {
      const endless = new Float32Array(300 * 7).map((_, i) => (i % 7 === k ? step * Math.floor(i / 7) : 0))
      const path = forgetting(endless, 12, reach)
      expect(seen(path, 12)).toBeCloseTo(seen(endless, 12), 5)
      const speeds = Array.from({ length: 287 }, (_, t) => seen(path, t + 13) - seen(path, t + 12))
      expect(Math.min(...speeds)).toBeGreaterThan(-1e-4)
      expect(Math.max(...speeds.map((speed, t) => speed - (speeds[t - 1] ?? speed)))).toBeLessThan(0.003)
      expect(seen(path, 299)).toBeLessThan(Math.exp(0.4) + 0.01)
    }
  })

  it('neither climbs nor tips over without end, and travels sideways as far as it likes', () => {
    const perFrame = [0, 0.01, 0, 0.005, 0.01, 0, 0]
    const endless = new Float32Array(300 * 7).map((_, i) => perFrame[i % 7]! * Math.floor(i / 7))
    const [x, y, , roll, travelX, travelY] = forgetting(endless, 12, reach).subarray(299 * 7)
    expect(Math.abs(y! + travelY!)).toBeLessThan(0.21)
    expect(Math.abs(roll!)).toBeLessThan(0.13)
    expect(x! + travelX!).toBeGreaterThan(2.5)
  })

  it('climbs as far as its picture is tall', () => {
    const rising = new Float32Array(300 * 7).map((_, i) => (i % 7 === 1 ? -0.01 * Math.floor(i / 7) : 0))
    const top = (up: number) => forgetting(rising, 12, { up, down: 0 })[299 * 7 + 1]!
    expect(top(1.5)).toBeGreaterThan(-1.51)
    expect(top(1.5)).toBeLessThan(-1.2)
    expect(top(0)).toBeCloseTo(rising[12 * 7 + 1]!, 5)
  })

  it('that has drawn back comes closer again at once', () => {
    const zoom = (t: number) => (t < 100 ? 0.03 * t : 3 - 0.03 * (t - 99))
    const path = forgetting(
      new Float32Array(120 * 7).map((_, i) => (i % 7 === 2 ? zoom(Math.floor(i / 7)) : 0)),
      12,
      reach,
    )
    expect(path[110 * 7 + 2]! - path[100 * 7 + 2]!).toBeCloseTo(-0.3, 4)
  })
})

describe('a camera measured by the place', () => {
  it('goes half as far before a place twice as far away', () => {
    const truck = Float32Array.from([0, 0, 0, 0, 0, 0, 0, 0.1, 0, 0, 0, 0.2, 0, 0.4])
    const { path, nearness } = measuredByPlace(truck, new Float32Array(6).fill(0.5))
    expect([...nearness]).toEqual(Array(6).fill(1))
    ;[0.1, 0, 0, 0, 0.1, 0, 0.2].forEach((v, k) => expect(path[7 + k]).toBeCloseTo(v, 6))
  })
})
