import { describe, expect, it } from 'vitest'
import { projectMotion } from './framing'
import type { Framing, Motion } from './motion'
import { hipCentre } from './project'
import { bodyRatios, retarget } from './retarget'
import type { Part } from './retarget'
import { AVERAGE } from './rig'
import type { Proportions } from './rig'
import { idle, jump, squat, walk, wave } from './samples'
import { BODY } from './types'
import type { Keypoints } from './types'

const size = { width: 320, height: 320 }
const follow = (yaw: number): Framing => ({ mode: 'follow', x: 0.5, y: 0.5, height: 0.75, yaw })
type Make = (options: { proportions?: Partial<Proportions> }) => Motion
const driven = (make: Make = walk, yaw = 20) => projectMotion(make({}), { ...size, fps: 12, framing: follow(yaw) })
const human = (proportions: Partial<Proportions>, yaw = 0, make: Make = idle, start = 0) => {
  const picture = { width: 500, height: 700 }
  return {
    ...picture,
    keypoints: projectMotion(make({ proportions }), { ...picture, fps: 1, frames: 1, start, framing: follow(yaw) })
      .frames[0]!,
  }
}
const without = (reference: ReturnType<typeof human>, ...points: number[]) => {
  const body = reference.keypoints.body.slice()
  for (const point of points) body.fill(0, point * 3, point * 3 + 3)
  return { ...reference, keypoints: { ...reference.keypoints, body } }
}
const span = ({ body }: Keypoints, a: number, b: number) =>
  Math.hypot(body[a * 3]! - body[b * 3]!, body[a * 3 + 1]! - body[b * 3 + 1]!)
const lowest = ({ body }: Keypoints) => Math.max(body[BODY.leftAnkle * 3 + 1]!, body[BODY.rightAnkle * 3 + 1]!)

describe('retargeting to a body like the driving one', () => {
  it.each([
    ['from the front', human({})],
    ['side on', human({}, 90)],
    ['three quarters', human({}, 45)],
    ['from behind', human({}, 180)],
    ['sitting', human({}, 0, squat, 1.35)],
    ['sitting side on', human({}, 80, squat, 1.35)],
    ['waving', human({}, 10, wave, 1.5)],
    ['cut at the knees', without(human({}), BODY.leftKnee, BODY.rightKnee, BODY.leftAnkle, BODY.rightAnkle)],
    [
      'only head and shoulders',
      without(
        human({}),
        ...Array.from({ length: 12 }, (_, i) => i + 2).filter(
          (i) => i !== BODY.leftShoulder && i !== BODY.rightShoulder,
        ),
      ),
    ],
  ])('hardly changes anything when the human is seen %s', (_, reference) => {
    for (const sequence of [driven(), driven(wave, 0), driven(walk, 85)]) {
      for (const ratio of Object.values(bodyRatios(sequence, reference))) {
        expect(ratio).toBeGreaterThan(0.75)
        expect(ratio).toBeLessThan(1.3)
      }
      const { frames } = retarget(sequence, reference, size)
      frames.forEach((frame, i) => {
        const shoulders = span(frame, BODY.leftShoulder, BODY.rightShoulder)
        expect(shoulders).toBeLessThan(1.3 * span(sequence.frames[i]!, BODY.leftShoulder, BODY.rightShoulder) + 1)
      })
    }
  })
})

describe('retargeting to another body', () => {
  const broad = { shoulderWidth: AVERAGE.shoulderWidth * 1.2 }
  const longLegs = { upperLeg: AVERAGE.upperLeg * 1.12, lowerLeg: AVERAGE.lowerLeg * 1.12 }
  const child = { head: AVERAGE.head * 1.2, upperLeg: AVERAGE.upperLeg * 0.86, lowerLeg: AVERAGE.lowerLeg * 0.86 }
  it.each<[string, Partial<Proportions>, Part, 1 | -1]>([
    ['broad shoulders', broad, 'shoulderWidth', 1],
    ['long legs', longLegs, 'upperLeg', 1],
    ['short legs', child, 'lowerLeg', -1],
    ['a large head', child, 'head', 1],
  ])('gives %s', (_, proportions, part, sign) => {
    const ratios = bodyRatios(driven(), human(proportions))
    expect(sign * (ratios[part] / ratios.torso - 1)).toBeGreaterThan(0.05)
  })

  it('keeps the place, the height of the figure and the line of the feet', () => {
    for (const proportions of [longLegs, child]) {
      const sequence = driven()
      const { frames } = retarget(sequence, human(proportions), size)
      frames.forEach((frame, i) => {
        expect(lowest(frame)).toBeCloseTo(lowest(sequence.frames[i]!), -0.7)
        expect(hipCentre(frame)![0]).toBeCloseTo(hipCentre(sequence.frames[i]!)![0], 1)
        const height = (pose: Keypoints) => lowest(pose) - pose.body[BODY.nose * 3 + 1]!
        expect(height(frame) / height(sequence.frames[i]!)).toBeCloseTo(1, 0.9)
      })
    }
  })
  it('leaves the ground in a jump as the driving one does', () => {
    const sequence = driven(jump)
    const { frames } = retarget(sequence, human(longLegs), size)
    const rise = (poses: Keypoints[]) => Math.max(...poses.map(lowest)) - Math.min(...poses.map(lowest))
    expect(rise(frames) / rise(sequence.frames)).toBeCloseTo(1, 1)
  })
  it('is steady: a bone whose direction rests keeps its length', () => {
    const { frames } = retarget(driven(idle, 0), human(broad), size)
    const widths = frames.map((frame) => span(frame, BODY.leftShoulder, BODY.rightShoulder))
    expect(Math.max(...widths) - Math.min(...widths)).toBeLessThan(0.04 * widths[0]!)
  })
  it('fits the output frame', () => {
    const wide = retarget(driven(), human({}), { width: 640, height: 320 })
    expect(wide).toMatchObject({ width: 640, height: 320, fps: 12 })
    expect(hipCentre(wide.frames[0]!)![0]).toBeCloseTo(320, -1)
  })
})
