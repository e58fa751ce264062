import { describe, expect, it } from 'vitest'
import { drawPose } from './draw'
import { projectMotion } from './framing'
import { idle, walk } from './samples'
import { BODY, emptyKeypoints } from './types'

const pose = (width: number, height: number) => projectMotion(idle(), { width, height, fps: 1, frames: 1 }).frames[0]!
const pixel = (image: Uint8Array, width: number, x: number, y: number) => [
  ...image.subarray((Math.floor(y) * width + Math.floor(x)) * 3).subarray(0, 3),
]

describe('drawPose', () => {
  it('is black without a person', () => {
    expect(drawPose(emptyKeypoints(), 20, 10)).toEqual(new Uint8Array(600))
  })
  it('gives each side its OpenPose colour', () => {
    const keypoints = pose(640, 360)
    const image = drawPose(keypoints, 640, 360)
    const middle = (a: number, b: number) =>
      pixel(
        image,
        640,
        (keypoints.body[a * 3]! + keypoints.body[b * 3]!) / 2,
        (keypoints.body[a * 3 + 1]! + keypoints.body[b * 3 + 1]!) / 2,
      )
    expect(middle(BODY.rightShoulder, BODY.rightElbow)).toEqual([153, 102, 0])
    expect(middle(BODY.leftKnee, BODY.leftAnkle)).toEqual([0, 51, 153])
    expect(pixel(image, 640, keypoints.body[BODY.neck * 3]!, keypoints.body[BODY.neck * 3 + 1]!)).toEqual([255, 85, 0])
  })
  it.each([
    [96, 64],
    [64, 96],
    [192, 128],
    [1280, 720],
  ])('is a person at %ix%i: every limb bright along its whole length', (width, height) => {
    const keypoints = projectMotion(walk(), {
      width,
      height,
      fps: 1,
      frames: 1,
      framing: { mode: 'follow', x: 0.5, y: 0.5, height: 0.8, yaw: 40 },
    }).frames[0]!
    const image = drawPose(keypoints, width, height)
    for (const [a, b] of [
      [BODY.neck, BODY.leftHip],
      [BODY.rightHip, BODY.rightKnee],
      [BODY.leftElbow, BODY.leftWrist],
    ] as const)
      for (let t = 0; t <= 1; t += 0.05) {
        const at = (axis: number) =>
          keypoints.body[a * 3 + axis]! + t * (keypoints.body[b * 3 + axis]! - keypoints.body[a * 3 + axis]!)
        expect(Math.max(...pixel(image, width, at(0), at(1)))).toBeGreaterThan(60)
      }
    const lit = image.filter((_, i) => i % 3 === 0 && image[i]! + image[i + 1]! + image[i + 2]! > 0).length
    expect(lit / (width * height)).toBeLessThan(0.15)
  })
  it('clips what lies outside and fades what is uncertain', () => {
    const keypoints = emptyKeypoints()
    keypoints.body.set([-1e6, -50, 1], BODY.neck * 3)
    keypoints.body.set([1e6, 70, 1], BODY.rightShoulder * 3)
    expect(drawPose(keypoints, 40, 20).some((value) => value > 0)).toBe(true)
    const faint = emptyKeypoints()
    faint.body.set([10, 10, 0.2], BODY.nose * 3)
    const half = Math.max(...drawPose(faint, 20, 20))
    faint.body[2] = 1
    expect(half / Math.max(...drawPose(faint, 20, 20))).toBeCloseTo(0.5, 1)
  })
  it('takes less than a millisecond for the network', () => {
    const keypoints = pose(192, 128)
    for (let i = 0; i < 200; i++) drawPose(keypoints, 192, 128)
    const start = performance.now()
    for (let i = 0; i < 100; i++) drawPose(keypoints, 192, 128)
    expect((performance.now() - start) / 100).toBeLessThan(1)
  })
})
