import { describe, expect, it } from 'vitest'
import { BODY } from '../../motion/types'
import { generateClip } from '../synth'
import { mirrorClip } from './mirror'

const clip = generateClip({ seed: 12, width: 96, height: 64, frames: 5, fps: 12, hint: 'pan-left' })
const seen = mirrorClip(clip)
const { width: W } = clip

describe('a clip in a mirror', () => {
  it('of a mirror is the clip', () => {
    const again = mirrorClip(seen)
    const close = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).every((v, i) => Math.abs(v - b[i]!) < 1e-3)
    expect(again.frames).toEqual(clip.frames)
    expect(again.referenceMask).toEqual(clip.referenceMask)
    expect(again.hint).toBe(clip.hint)
    for (const name of ['backgroundFlow', 'cameraPath', 'travel', 'nearness', 'intrinsics', 'extrinsics'] as const)
      expect(close(again[name], clip[name]), name).toBe(true)
    again.poses.forEach((pose, t) => expect(close(pose.body, clip.poses[t]!.body)).toBe(true))
  })

  it('has left for right: pixels, hands, the camera and what it is asked for', () => {
    expect(seen.frames.slice(0, 3)).toEqual(clip.frames.slice(3 * (W - 1), 3 * W))
    const [own, other] = [clip.poses[0]!.body, seen.poses[0]!.body]
    expect(other[BODY.leftWrist * 3]).toBeCloseTo(W - own[BODY.rightWrist * 3]!, 3)
    expect(seen.cameraPath[16]).toBe(-clip.cameraPath[16]!)
    expect(seen.cameraPath[18]).toBe(clip.cameraPath[18])
    expect(seen.hint).toBe('pan-right')
  })

  it('is what its mirrored camera sees: points of the world fall on the mirrored pixels', () => {
    const project = ({ intrinsics: K, extrinsics: E }: typeof clip, [x, y, z]: readonly [number, number, number]) => {
      const row = (r: number) => E[r * 4]! * x + E[r * 4 + 1]! * y + E[r * 4 + 2]! * z + E[r * 4 + 3]!
      return [(K[0]! * row(0)) / row(2) + K[2]!, (K[4]! * row(1)) / row(2) + K[5]!] as const
    }
    for (const point of [
      [0.3, 1, 0.2],
      [-0.6, 0.4, -0.5],
      [0, 1.6, 0],
    ] as const) {
      const [x, y] = project(clip, point)
      const [mx, my] = project(seen, [-point[0], point[1], point[2]])
      expect(mx).toBeCloseTo(W - x, 2)
      expect(my).toBeCloseTo(y, 2)
    }
  })
})
