import { describe, expect, it } from 'vitest'
import { projectMotion, walk } from '../../../motion'
import { mapKeypoints, resamplePoses } from '../../../motion/keypoints'
import type { Keypoints, PoseSequence } from '../../../motion/types'
import { compile } from '../../backends/onnx'
import { hostTensor, input, program } from '../../ir'
import { contactSpots, shadeContacts, spotsInput } from './contact-shadow'

const [W, H] = [120, 160]
const framing = { mode: 'follow', x: 0.5, y: 0.5, height: 0.8, yaw: 90 } as const
const steps = projectMotion(walk({}), { width: W, height: H, fps: 12, frames: 12, framing }).frames
const sequence = (frames: Keypoints[]): PoseSequence => ({ width: W, height: H, fps: 12, frames })
const raised = (pose: Keypoints, by: number) => mapKeypoints(pose, (x, y) => [x, y - by])
/** How dark the spots under right foot, left foot and body are, per frame. */
const darkness = (poses: PoseSequence) => {
  const { data } = contactSpots(poses)
  return poses.frames.map((_, t) => [0, 1, 2].map((spot) => data[(t * 3 + spot) * 5 + 4] as number))
}

describe('the spots under a person', () => {
  it('are darkest under the foot that stands, one after the other', () => {
    const dark = darkness(sequence(steps))
    for (const foot of [0, 1]) {
      const mine = dark.map((frame) => frame[foot]!)
      expect(Math.max(...mine)).toBeCloseTo(0.35, 2)
      expect(Math.min(...mine)).toBeLessThan(0.25)
    }
    for (const [right, left] of dark) expect(Math.max(right!, left!)).toBeGreaterThan(0.3)
  })

  it('fade while both feet are in the air, and are whole again after the landing', () => {
    const jumping = [0, 0, 0, 10, 30, 30, 10, 0, 0, 0].map((by) => raised(steps[0]!, by))
    for (const rate of [1, 2, 5]) {
      const dark = darkness(resamplePoses(sequence(jumping), 12 * rate)).map((frame) => frame[2]!)
      expect(dark[4 * rate]! / dark[0]!).toBeLessThan(0.35)
      for (const t of [1, 8]) expect(dark[t * rate]).toBeCloseTo(dark[0]!, 5)
    }
  })

  it('are as dark under somebody who comes nearer, slowly lower in the frame', () => {
    const coming = steps.map((_, t) => raised(steps[0]!, -2 * t))
    for (const frame of darkness(sequence(coming))) expect(frame[2]).toBeCloseTo(0.1, 2)
  })

  it('are none where no foot is known', () => {
    const cut = mapKeypoints(steps[0]!, (x, y) => [x, y])
    for (const ankle of [10, 13]) cut.body[ankle * 3 + 2] = 0
    expect(darkness(sequence([cut]))).toEqual([[0, 0, 0]])
  })

  it('darken the floor round the sole and leave the rest alone', async () => {
    const spots = contactSpots(sequence(steps.slice(0, 1)))
    const place = shadeContacts(spotsInput(), input('place', [1, 1, 3, H, W]))
    const executable = await compile(program('shade', { place }))
    const white = hostTensor(new Float32Array(3 * H * W).fill(1), [1, 1, 3, H, W])
    const result = await executable.run({ spots: hostTensor(spots.data, [1, 1, 3, 5]), place: white })
    await executable.dispose()
    const at = (x: number, y: number) => result.place!.data[Math.round(y) * W + Math.round(x)] as number
    const [x, y] = spots.data as Float32Array
    expect(at(x!, y!)).toBeLessThan(0.4)
    expect(at(x!, y!)).toBeGreaterThan(-0.2)
    expect(at(x!, 10)).toBeCloseTo(1, 4)
  })
})
