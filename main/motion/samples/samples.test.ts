import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { jointsAt, rigOf, worldAt } from '../motion'
import type { Motion } from '../motion'
import { SAMPLE_MOTIONS, run, seatOf, sit, walk } from '.'

const RATE = 120
const every = <T>(motion: Motion, read: (time: number) => T) =>
  Array.from({ length: Math.floor(motion.duration * RATE) }, (_, i) => read(i / RATE))

/** How far the ball of a foot wanders while it is on the ground, metres: the largest over all its stands of at least 0.1 s. */
function wander(motion: Motion, side: 'left' | 'right'): { worst: number; stands: number } {
  const ground = 0.25 * rigOf(motion).proportions.ankle
  let stand: Vector3[] = []
  let worst = 0
  let stands = 0
  const close = () => {
    if (stand.length > 0.1 * RATE) {
      stands++
      worst = Math.max(worst, ...stand.map((place) => Math.hypot(place.x - stand[0]!.x, place.z - stand[0]!.z)))
    }
    stand = []
  }
  for (const ball of every(motion, (time) => jointsAt(motion, time).get(`${side}Toes`)!)) {
    if (ball.y < ground + 0.003) stand.push(ball)
    else close()
  }
  close()
  return { worst, stands }
}

describe.each(Object.entries(SAMPLE_MOTIONS))('%s', (_, make) => {
  const motion = make()
  it('is finite, unit turns, and the same each time', () => {
    expect(make()).toEqual(motion)
    const turns = Object.values(motion.bones).flatMap((keys) => keys.map(({ value }) => Math.hypot(...value)))
    expect(Math.max(...turns.map((length) => Math.abs(length - 1)))).toBeLessThan(1e-4)
    const places = every(motion, (time) => [...jointsAt(motion, time).values()]).flat()
    expect(places.every(({ x, y, z }) => Number.isFinite(x + y + z))).toBe(true)
  })
  it('keeps planted feet where they are and nothing under the ground', () => {
    for (const side of ['left', 'right'] as const) {
      const { worst, stands } = wander(motion, side)
      expect(stands).toBeGreaterThan(0)
      expect(worst).toBeLessThan(0.008)
    }
    const lowest = Math.min(
      ...every(motion, (time) => Math.min(...[...jointsAt(motion, time).values()].map(({ y }) => y))),
    )
    expect(lowest).toBeGreaterThan(-0.012)
  })
  it('bends knees and elbows the human way', () => {
    const bends = every(motion, (time) => worldAt(motion, time)).flatMap(({ positions, rotations }) =>
      (['left', 'right'] as const).flatMap((side) => {
        const out = (...[top, middle, end]: ['UpperLeg', 'LowerLeg', 'Foot'] | ['UpperArm', 'LowerArm', 'Hand']) => {
          const [a, b, c] = [top, middle, end].map((joint) => positions.get(`${side}${joint}`)!)
          return b!.clone().sub(a!.clone().add(c!).multiplyScalar(0.5))
        }
        const knee = out('UpperLeg', 'LowerLeg', 'Foot').dot(
          new Vector3(0, 0, 1).applyQuaternion(rotations.get(`${side}UpperLeg`)!),
        )
        const elbow = out('UpperArm', 'LowerArm', 'Hand').dot(
          new Vector3(0, 0, -1).applyQuaternion(rotations.get(`${side}UpperArm`)!),
        )
        return [knee, elbow]
      }),
    )
    expect(Math.min(...bends)).toBeGreaterThan(-0.001)
  })
  it('moves smoothly: no joint is faster than a person can be', () => {
    const frames = every(motion, (time) => jointsAt(motion, time))
    const speeds = frames
      .slice(1)
      .flatMap((frame, i) => [...frame].map(([name, place]) => place.distanceTo(frames[i]!.get(name)!) * RATE))
    expect(speeds.reduce((a, b) => Math.max(a, b))).toBeLessThan(16)
  })
})

describe.each(['talk', 'freestyle', 'fight', 'sit'] as const)('%s, made anew for every seed', (name) => {
  it('differs from seed to seed, on large and small bodies, with the feet where they stand', () => {
    const small = { upperLeg: 0.3, lowerLeg: 0.28, ankle: 0.06, foot: 0.16, torso: 0.36 }
    const motions = [0, 1, 2, 3].map((seed) =>
      SAMPLE_MOTIONS[name]({ seed, ...(seed % 2 ? { proportions: small } : {}) }),
    )
    const halfway = motions.map((motion) => jointsAt(motion, 1.9).get('leftHand')!)
    for (const [i, place] of halfway.entries())
      for (const other of halfway.slice(i + 1)) expect(place.distanceTo(other)).toBeGreaterThan(0.005)
    for (const motion of motions)
      for (const side of ['left', 'right'] as const) expect(wander(motion, side).worst).toBeLessThan(0.012)
  })
})

describe('sitting', () => {
  it('is on the seat that goes with the legs', () => {
    const hips = jointsAt(sit(), 2.5).get('hips')!
    const seat = seatOf()
    expect(hips.y - seat.height).toBeCloseTo(0, 1)
    expect(hips.z).toBeCloseTo(-seat.behind, 1)
  })
})

describe('walking', () => {
  it.each([
    [0.7, 0],
    [1.3, 1],
    [1.9, 2],
  ])('at %f m/s gets as far as it should and stays locked', (speed, seed) => {
    const motion = walk({ speed, seed, seconds: 3 })
    const [from, to] = [jointsAt(motion, 0).get('hips')!, jointsAt(motion, motion.duration).get('hips')!]
    expect(to.z - from.z).toBeCloseTo(speed * motion.duration, 1)
    expect(wander(motion, 'left').worst).toBeLessThan(0.008)
  })
  it('follows a curve, feet locked', () => {
    const motion = walk({ heading: (time) => 0.7 * time, seconds: 5 })
    expect(motion.loop).toBe(false)
    const hips = jointsAt(motion, motion.duration).get('hips')!
    expect(hips.x).toBeGreaterThan(1)
    expect(wander(motion, 'right').worst).toBeLessThan(0.008)
  })
  it('suits other legs', () => {
    const motion = walk({ proportions: { upperLeg: 0.3, lowerLeg: 0.28, ankle: 0.06, foot: 0.16 } })
    expect(wander(motion, 'left').worst).toBeLessThan(0.008)
  })
})

describe('running', () => {
  it('leaves the ground', () => {
    const motion = run()
    const ankles = every(motion, (time) => {
      const joints = jointsAt(motion, time)
      return Math.min(
        joints.get('leftToeTip')!.y,
        joints.get('rightToeTip')!.y,
        joints.get('leftHeel')!.y,
        joints.get('rightHeel')!.y,
      )
    })
    expect(ankles.filter((height) => height > 0.02).length).toBeGreaterThan(0.1 * ankles.length)
  })
})
