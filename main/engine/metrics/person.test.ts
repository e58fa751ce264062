import { describe, expect, it } from 'vitest'
import { emptyKeypoints } from '../../motion/types'
import type { Keypoints } from '../../motion/types'
import { openSynthetic, unseenSeeds } from '../training/synthetic'
import { backgroundSteps } from './background-motion'
import { flicker } from './flicker'
import { identity, wasserstein } from './identity'
import type { Seen } from './identity'
import { openKeypoints } from './keypoints'
import { concluded } from './meter'
import { nearestPart, onOtherPart, partsOf } from './parts'

const [W, H, T] = [64, 64, 5]

/** Somebody who stands at x with the right arm stretched out: body points of OpenPose. */
function standing(x: number): Keypoints {
  const pose = emptyKeypoints()
  const points = [[0, 8], [0, 16], [-6, 16], [-14, 16], [-22, 16], [6, 16], [7, 24], [8, 31], [-4, 32], [-4, 44], [-4, 56], [4, 32], [4, 44], [4, 56]] // prettier-ignore
  points.forEach(([dx, y], i) => {
    pose.body.set([x + dx!, y!, 1], i * 3)
  })
  return pose
}
const poses = Array.from({ length: T }, (_, t) => standing(30 + t))
const person = poses.map((pose) => {
  const parts = partsOf(pose)
  return Uint8Array.from({ length: W * H }, (_, i) => {
    const [x, y] = [(i % W) + 0.5, Math.floor(i / W) + 0.5]
    const part = parts[nearestPart(parts, x, y)]!
    const [px, py] = onOtherPart(part, { p: [0, 0], q: [10, 0], radius: 1 }, x, y)
    return Math.abs(py) < 4 && px > -3 && px < 13 ? 255 : 0
  })
})
/** A red, striped jumper that moves along with its wearer, before a textured wall. */
const frames = person.map((mask, t) =>
  Uint8Array.from({ length: W * H * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % W, Math.floor(i / 3 / W)]
    if (mask[Math.floor(i / 3)]) return [190, 60, 50][i % 3]! + 25 * Math.sin((x - t) * 0.9)
    return 120 + 40 * Math.sin(x * 0.37 + y * 0.11) + 40 * Math.sin(y * 0.41 - x * 0.2)
  }),
)
const truth: Seen = { frames, person }
/** The clip with its person's bytes changed. */
const dressed = (change: (value: number, channel: number, t: number) => number): Seen => ({
  person,
  frames: frames.map((frame, t) => frame.map((v, i) => (person[t]![Math.floor(i / 3)] ? change(v, i % 3, t) : v))),
})
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

describe('parts of the body', () => {
  it('are those nearest, and go where their bones go', () => {
    const parts = partsOf(standing(30))
    const [head, torso, , forearm] = [0, 1, 2, 3]
    expect(nearestPart(parts, 30, 24)).toBe(torso)
    expect(nearestPart(parts, 10, 17)).toBe(forearm)
    expect(nearestPart(parts, 31, 6)).toBe(head)
    expect(onOtherPart(parts[forearm]!, partsOf(standing(40))[forearm]!, 12, 18)).toEqual([22, 18])
  })
})

describe('identity', () => {
  const score = (produced: Seen) => identity(produced, truth, poses, W)

  it('is 1 for the true person, little less a pixel aside, and falls with other clothes', () => {
    expect(score(truth)).toBe(1)
    const aside = { person: person.map((mask) => mask.map((_, i) => mask[i + 1] ?? 0)), frames: frames.map((frame) => frame.map((_, i) => frame[i + 3] ?? 0)) } // prettier-ignore
    expect(score(aside)).toBeGreaterThan(0.9)
    const darker = score(dressed((v) => v - 15))
    const blue = score(dressed((v, c) => (c === 0 ? v - 130 : c === 2 ? v + 130 : v)))
    expect(darker).toBeLessThan(0.75)
    expect(blue).toBeLessThan(0.2)
  })

  it('falls when the pattern is washed out, and is 0 when nobody is there', () => {
    const plain = score(dressed((_, c) => [190, 60, 50][c]!))
    expect(plain).toBeLessThan(0.8)
    expect(plain).toBeGreaterThan(0.2)
    expect(score({ frames, person: person.map((mask) => mask.map(() => 0)) })).toBe(0)
  })

  it('measures how far values must move', () => {
    expect(wasserstein([1, 2, 3], [3, 1, 2])).toBe(0)
    expect(wasserstein([0, 0, 10], [5, 5, 15])).toBeCloseTo(5)
    expect(wasserstein([0, 10], [0, 0, 10, 10])).toBeCloseTo(0)
  })
})

describe('flicker', () => {
  const hidden = person
  const score = (produced: Seen) =>
    flicker(produced, truth, backgroundSteps(produced.frames, frames, hidden, W, H), hidden, poses, W)

  it('is nothing for the true clip, nor for one that is darker throughout', () => {
    expect(score(truth)).toBe(0)
    expect(score({ person, frames: frames.map((frame) => frame.map((v) => v * 0.9)) })).toBeLessThan(0.05)
  })

  it('finds a person who blinks and a place that does, in grey levels', () => {
    const blink = (t: number) => (t % 2 ? 6 : -6)
    expect(score(dressed((v, _, t) => v + blink(t)))).toBeGreaterThan(3)
    const place = frames.map((frame, t) => frame.map((v, i) => (person[t]![Math.floor(i / 3)] ? v : v + blink(t))))
    expect(score({ person, frames: place })).toBeGreaterThan(3)
  })

  it('does not take a moving camera for flicker', () => {
    const panned = frames.map((_, t) =>
      Uint8Array.from({ length: W * H * 3 }, (_, i) => {
        const [x, y] = [(Math.floor(i / 3) % W) + 2 * t, Math.floor(i / 3 / W)]
        if (person[t]![Math.floor(i / 3)]) return frames[t]![i]!
        return 120 + 40 * Math.sin(x * 0.37 + y * 0.11) + 40 * Math.sin(y * 0.41 - x * 0.2)
      }),
    )
    expect(score({ person, frames: panned })).toBeLessThan(1)
  })
})

describe('keypoints', () => {
  it('are found again in the true frames, and not where nobody is', async () => {
    const meter = openKeypoints()
    const dataset = openSynthetic({ clips: 5, seed: unseenSeeds, frames: 2, sizes: [[96, 96]] }) // prettier-ignore
    const own: number[] = []
    const empty: number[] = []
    for (let i = 0; i < 5; i++) {
      const clip = dataset.read(i)
      const { width, height } = clip
      const of = (all: Uint8Array) => clip.poses.map((_, t) => all.subarray(t * width * height * 3, (t + 1) * width * height * 3)) // prettier-ignore
      const truth = of(clip.frames)
      const found = async (produced: Uint8Array[]) =>
        concluded([await meter.clip({ produced, truth, poses: clip.poses, width, height })])
      own.push(await found(truth))
      empty.push(await found(of(clip.background)))
    }
    await meter.dispose()
    // Where the network finds nobody in the true frame (too near, too small), the clip says nothing.
    const told = own.filter(Number.isFinite)
    expect(told.length).toBeGreaterThanOrEqual(3)
    expect(told.every((value) => value === 1)).toBe(true)
    expect(mean(empty.filter(Number.isFinite))).toBeLessThan(0.6)
  })
})
