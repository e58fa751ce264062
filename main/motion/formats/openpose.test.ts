import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedPath } from '../../../test/shared'
import { projectMotion } from '../framing'
import { flipKeypoints, scaleKeypoints } from '../keypoints'
import { present } from '../project'
import { walk } from '../samples'
import { BODY, BODY_POINTS, emptyKeypoints } from '../types'
import type { Keypoints } from '../types'
import { importOpenPose } from './openpose'

const size = { width: 640, height: 480 }
const poses = projectMotion(walk({ seconds: 2 }), { ...size, fps: 24, frames: 24 }).frames
const person = ({ body, leftHand, rightHand }: Keypoints) => ({
  pose_keypoints_2d: [...body],
  hand_left_keypoints_2d: [...leftHand],
  hand_right_keypoints_2d: [...rightHand],
})
const file = (name: string, ...people: Keypoints[]) => ({ name, json: { version: 1.3, people: people.map(person) } })
const numbered = (i: number) => `clip_7_${String(i).padStart(12, '0')}_keypoints.json`
/** Rounds to what float32 keeps. */
const near = (points: Float32Array) => [...points].map((value) => expect.closeTo(value, 2) as number)

describe('an OpenPose folder', () => {
  it('comes back as it was written, hands too, whatever the order of the files', () => {
    const files = poses.map((pose, i) => file(numbered(i), pose)).reverse()
    const sequence = importOpenPose(files, { fps: 24 })
    expect(sequence).toMatchObject({ ...size, fps: 24 })
    expect(sequence.frames).toHaveLength(24)
    expect([...sequence.frames[5]!.body]).toEqual(near(poses[5]!.body))
    expect([...sequence.frames[5]!.leftHand]).toEqual(near(poses[5]!.leftHand))
  })
  it('may be numbered oddly: not from zero, in steps, 9 before 10', () => {
    for (const name of [(i: number) => `frame${i * 5 + 3}.json`, (i: number) => `${i}.json`]) {
      const sequence = importOpenPose(poses.map((pose, i) => file(name(i), pose)))
      expect(sequence.frames).toHaveLength(24)
      expect([...sequence.frames[11]!.body]).toEqual(near(poses[11]!.body))
    }
  })
  it('fills frames without a file and frames without a person on the way', () => {
    const files = poses
      .map((pose, i) => (i === 9 ? file(numbered(i)) : file(numbered(i), pose)))
      .filter((_, i) => i !== 12 && i !== 13)
    const { frames } = importOpenPose(files)
    expect(frames).toHaveLength(24)
    for (const i of [9, 12, 13]) {
      expect(present(frames[i]!.body, BODY.leftAnkle)).toBe(true)
      expect(frames[i]!.body[BODY.nose * 3]!).toBeCloseTo(poses[i]!.body[BODY.nose * 3]!, -1)
    }
  })
  it('follows the larger of two people even when they change places in the list', () => {
    const files = poses.map((pose, i) => {
      const small = scaleKeypoints(flipKeypoints(pose, 640), 0.5, 0.5, 400, 100)
      return i % 3 === 0 ? file(numbered(i), small, pose) : file(numbered(i), pose, small)
    })
    importOpenPose(files).frames.forEach((frame, i) => expect([...frame.body]).toEqual(near(poses[i]!.body)))
  })
  it('reads BODY_25 without its middle of the hips and its feet', () => {
    const body25 = (pose: Keypoints) => {
      const points = BODY_POINTS.map((_, i) => [...pose.body.subarray(i * 3, i * 3 + 3)])
      return [
        ...points.slice(0, 8),
        [1, 1, 1],
        ...points.slice(8),
        ...Array.from({ length: 6 }, () => [2, 2, 1]),
      ].flat()
    }
    const files = poses.map((pose, i) => ({
      name: numbered(i),
      json: { people: [{ pose_keypoints_2d: body25(pose) }] },
    }))
    const { frames } = importOpenPose(files)
    expect([...frames[3]!.body]).toEqual(near(poses[3]!.body))
    expect(frames[3]!.leftHand.every((value) => value === 0)).toBe(true)
  })
  it('takes shares of the frame, and the canvas editors write', () => {
    const shares = poses.map((pose, i) => file(numbered(i), scaleKeypoints(pose, 1 / 640, 1 / 480)))
    expect([...importOpenPose(shares, size).frames[0]!.body]).toEqual(near(poses[0]!.body))
    const canvas = {
      name: 'poses.json',
      json: poses.map((pose) => ({ people: [person(pose)], canvas_width: 900, canvas_height: 500 })),
    }
    expect(importOpenPose([canvas])).toMatchObject({ width: 900, height: 500 })
    expect(importOpenPose([canvas]).frames).toHaveLength(24)
  })
  it.each([
    ['nothing', [], /holds no \.json files/],
    ['nobody', [file('a1.json'), file('a2.json', emptyKeypoints())], /nobody in 2 files/],
    ['something else', [{ name: 'package.json', json: { name: 'x' } }], /package\.json: people/],
    [
      'other skeletons',
      [{ name: '1.json', json: { people: [{ pose_keypoints_2d: [1, 2, 3] }] } }],
      /1\.json: a person of 3 numbers/,
    ],
    ['one frame twice', [file('a_1.json', poses[0]!), file('b_1.json', poses[1]!)], /both frame 1/],
  ])('with %s in it is told in one line', (_, files, message) => expect(() => importOpenPose(files)).toThrow(message))
})

const folder = sharedPath('data/motions/openpose_json')
describe.skipIf(!folder).each(['motionet_0', 'motionet_4', 'treadmill_27'])('real folder %s', (name) => {
  it('is one person, seen all the time, moving steadily between cuts', () => {
    const directory = path.join(folder!, name)
    const names = readdirSync(directory)
    const sequence = importOpenPose(
      names.map((n) => ({ name: n, json: JSON.parse(readFileSync(path.join(directory, n), 'utf8')) as unknown })),
    )
    expect(sequence.frames).toHaveLength(names.length)
    const bodies = sequence.frames.map((frame) => frame.body)
    expect(bodies.every((body) => body.every(Number.isFinite) && present(body, BODY.neck))).toBe(true)
    const jumps = bodies.slice(1).map((body, i) => Math.hypot(body[3]! - bodies[i]![3]!, body[4]! - bodies[i]![4]!))
    expect(jumps.filter((jump) => jump > 40).length).toBeLessThanOrEqual(2) // one of the clips has two cuts
  })
})
