import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { jointsAt, rigOf, worldAt } from '../motion'
import type { Motion } from '../motion'
import { SAMPLE_MOTIONS, run, walk } from '.'

const RATE = 240
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
    for (const keys of Object.values(motion.bones))
      for (const { value } of keys) expect(Math.hypot(...value)).toBeCloseTo(1, 4)
    for (const joints of every(motion, (time) => jointsAt(motion, time)).slice(0, 50))
      for (const place of joints.values()) expect(Number.isFinite(place.x + place.y + place.z)).toBe(true)
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
    for (const { positions, rotations } of every(motion, (time) => worldAt(motion, time)).filter(
      (__, i) => i % 8 === 0,
    ))
      for (const side of ['left', 'right'] as const) {
        const place = (joint: 'UpperLeg' | 'LowerLeg' | 'Foot' | 'UpperArm' | 'LowerArm' | 'Hand') =>
          positions.get(`${side}${joint}`)!
        const knee = place('LowerLeg')
          .clone()
          .sub(place('UpperLeg').clone().add(place('Foot')).multiplyScalar(0.5))
        const front = new Vector3(0, 0, 1).applyQuaternion(rotations.get(`${side}UpperLeg`)!)
        expect(knee.dot(front)).toBeGreaterThan(-0.001)
        const elbow = place('LowerArm')
          .clone()
          .sub(place('UpperArm').clone().add(place('Hand')).multiplyScalar(0.5))
        const back = new Vector3(0, 0, -1).applyQuaternion(rotations.get(`${side}UpperArm`)!)
        expect(elbow.dot(back)).toBeGreaterThan(-0.001)
      }
  })
  it('moves smoothly: no joint is faster than a person can be', () => {
    const frames = every(motion, (time) => jointsAt(motion, time))
    for (let i = 1; i < frames.length; i++)
      for (const [name, place] of frames[i]!)
        expect(place.distanceTo(frames[i - 1]!.get(name)!) * RATE).toBeLessThan(16)
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
