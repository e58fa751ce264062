import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { intrinsics, lookAt, projectPoint } from './camera'
import { frameCameras, projectMotion } from './framing'
import type { Framing, Motion } from './motion'
import { hipCentre, projectJoints } from './project'
import { jointsAt } from './motion'
import { idle, jump, walk } from './samples'
import { BODY, pointArrays } from './types'
import type { Keypoints } from './types'

const size = { width: 320, height: 192, fps: 12 }
const follow = (over: Partial<Extract<Framing, { mode: 'follow' }>> = {}): Framing => ({
  mode: 'follow',
  x: 0.5,
  y: 0.5,
  height: 0.7,
  yaw: 0,
  ...over,
})
const x = (keypoints: Keypoints, point: number) => keypoints.body[point * 3]!
const y = (keypoints: Keypoints, point: number) => keypoints.body[point * 3 + 1]!
const confidence = (keypoints: Keypoints, point: number) => keypoints.body[point * 3 + 2]!
const spread = (values: number[]) => Math.max(...values) - Math.min(...values)

describe('a camera', () => {
  it('has OpenCV axes: right, down, forward', () => {
    const camera = {
      K: intrinsics(100, 200, 100),
      w2c: lookAt(new Vector3(0, 1, 5), new Vector3(0, 1, 0)),
      width: 200,
      height: 100,
    }
    expect(projectPoint(camera, new Vector3(0, 1, 0))).toEqual([100, 50, 5])
    expect(projectPoint(camera, new Vector3(1, 1, 0))[0]).toBeCloseTo(120) // +x is to the right of a camera that looks along -z
    expect(projectPoint(camera, new Vector3(0, 2, 0))[1]).toBeCloseTo(30)
  })
})

describe("framing 'follow'", () => {
  const aside = walk({ heading: Math.PI / 2, seconds: 4 })
  it('keeps a walker in place while its legs go', () => {
    const { frames } = projectMotion(aside, { ...size, framing: follow() })
    const hips = frames.map((frame) => hipCentre(frame)!)
    expect(spread(hips.map(([hx]) => hx))).toBeLessThan(0.02 * size.width)
    expect(hips[20]![0]).toBeCloseTo(size.width / 2, -1)
    expect(spread(frames.map((frame) => x(frame, BODY.leftAnkle)))).toBeGreaterThan(0.1 * size.width)
  })
  it('leaves the camera level with the ground, travelling with the walker', () => {
    const cameras = frameCameras(aside, { ...size, framing: follow() })
    const last = cameras.at(-1)!
    expect(last.w2c[4]).toBeCloseTo(0)
    expect(last.w2c[3]! - cameras[0]!.w2c[3]!).toBeCloseTo(-1.3 * ((cameras.length - 1) / size.fps), 1)
  })
  it('puts the subject where and as large as it is told', () => {
    const { frames } = projectMotion(idle(), { ...size, frames: 1, framing: follow({ x: 0.25, y: 0.6, height: 0.5 }) })
    const [frame] = frames
    expect(hipCentre(frame!)![0]).toBeCloseTo(0.25 * size.width, -1)
    expect(y(frame!, BODY.leftAnkle)).toBeCloseTo((0.6 + 0.25 - 0.02) * size.height, -1)
    expect(y(frame!, BODY.nose)).toBeCloseTo((0.6 - 0.25 + 0.04) * size.height, -1)
  })
  it("'auto' keeps every joint inside, also in a tall frame", () => {
    for (const frame of [size, { width: 108, height: 192, fps: 12 }]) {
      const { frames } = projectMotion(jump(), { ...frame, framing: follow({ height: 'auto' }) })
      for (const points of frames.flatMap(pointArrays))
        for (let i = 0; i < points.length; i += 3) {
          if (points[i + 2] === 0) continue
          expect(points[i]).toBeGreaterThan(0)
          expect(points[i]).toBeLessThan(frame.width)
          expect(points[i + 1]).toBeGreaterThan(0)
          expect(points[i + 1]).toBeLessThan(frame.height)
        }
    }
  })
})

describe("framing 'static'", () => {
  it('lets the subject walk through a frame that stands, and keeps it visible', () => {
    const motion = walk({ heading: Math.PI / 2, seconds: 4 })
    const cameras = frameCameras(motion, { ...size, framing: { mode: 'static', height: 'auto', yaw: 0 } })
    expect(new Set(cameras.map((camera) => camera.w2c.join())).size).toBe(1)
    const { frames } = projectMotion(motion, { ...size, framing: { mode: 'static', height: 'auto', yaw: 0 } })
    const hips = frames.map((frame) => hipCentre(frame)![0])
    expect(hips.at(-1)! - hips[0]!).toBeGreaterThan(0.5 * size.width)
    expect(Math.min(...hips)).toBeGreaterThan(0)
    expect(Math.max(...hips)).toBeLessThan(size.width)
  })
})

describe('framing by keys', () => {
  const motion: Motion = {
    ...idle(),
    framing: {
      mode: 'keys',
      keys: [
        { time: 0, x: 0.5, y: 0.5, height: 0.4, yaw: 0 },
        { time: 2, x: 0.7, y: 0.5, height: 0.8, yaw: 180 },
      ],
    },
  }
  it('moves the subject, its size and the side it is seen from', () => {
    const { frames } = projectMotion(motion, { ...size, frames: 25 })
    const heightOf = (frame: Keypoints) => y(frame, BODY.leftAnkle) - y(frame, BODY.neck)
    expect(heightOf(frames[24]!) / heightOf(frames[0]!)).toBeCloseTo(2, 1)
    expect(hipCentre(frames[24]!)![0]).toBeCloseTo(0.7 * size.width, -1)
    expect(x(frames[0]!, BODY.leftShoulder)).toBeGreaterThan(x(frames[0]!, BODY.rightShoulder))
    expect(x(frames[24]!, BODY.leftShoulder)).toBeLessThan(x(frames[24]!, BODY.rightShoulder))
  })
})

describe('the face', () => {
  const seen = (yaw: number) => projectMotion(idle(), { ...size, frames: 1, framing: follow({ yaw }) }).frames[0]!
  const points = [BODY.nose, BODY.leftEye, BODY.rightEye, BODY.leftEar, BODY.rightEar]
  it.each([
    ['the front', 0, [1, 1, 1, 1, 1]],
    ['its left', 90, [1, 1, 0, 1, 0]],
    ['behind', 180, [0, 0, 0, 1, 1]],
    ['its right', 270, [1, 0, 1, 0, 1]],
  ])('seen from %s shows what a detector would find', (_, yaw, expected) => {
    expect(points.map((point) => Math.round(confidence(seen(yaw), point)))).toEqual(expected)
  })
  it('is nowhere behind the camera', () => {
    const camera = {
      K: intrinsics(100, 200, 100),
      w2c: lookAt(new Vector3(0, 1, 3), new Vector3(0, 1, 9)),
      width: 200,
      height: 100,
    }
    expect([...projectJoints(jointsAt(idle(), 0), camera).body].every((value) => value === 0)).toBe(true)
  })
})
