import { expect, test } from 'vitest'
import { projectMotion, readMotionContent } from '../../main/motion'
import { sampleClip } from './motion-sample'
import type { SampledBody } from './motion-sample'
import walkText from '../../assets/motions/walk.json?raw'

const walk = readMotionContent(walkText, 'walk')
const shape = { width: 640, height: 368, fps: 24, frames: null }
const body = (frames: number | null = null) => sampleClip(walk, { ...shape, frames }) as SampledBody

test('a clip is as long as its motion, at most ten seconds, or as long as asked for', () => {
  expect(body().frames).toBe(108)
  expect(body(30).frames).toBe(30)
  expect(sampleClip(walk, { ...shape, fps: 60, frames: null }).frames).toBe(270)
  const long = readMotionContent(walkText.replace(/"duration":[\d.]+/, '"duration":60'), 'long')
  expect(sampleClip(long, shape).frames).toBe(240)
})

test('its cameras and joints are those of a render', () => {
  const sampled = body(40)
  if (walk.kind !== 'motion') throw new Error('walk is a motion')
  const rendered = projectMotion(walk.motion, { ...shape, frames: 40 })
  const frame = 33
  const camera = sampled.cameras[frame]
  const at = (frame * sampled.names.length + sampled.names.indexOf('leftFoot')) * 3
  const [x, y, z] = sampled.joints.subarray(at, at + 3)
  const m = camera.w2c
  const depth = m[8] * x + m[9] * y + m[10] * z + m[11]
  const u = (camera.K[0] * (m[0] * x + m[1] * y + m[2] * z + m[3])) / depth + camera.K[2]
  expect(u).toBeCloseTo(rendered.frames[frame].body[13 * 3], 2)
})

test('a walker’s feet stand in turn, and its legs swing and rest', () => {
  const { contacts, activity } = body()
  expect(contacts.left.length).toBeGreaterThan(2)
  expect(contacts.right.length).toBeGreaterThan(2)
  const swing = activity['Left leg']
  expect(Math.max(...swing)).toBeCloseTo(1)
  expect(Math.min(...swing)).toBeLessThan(0.5)
})

test('flat poses are fitted whole into the frame, as a render does', () => {
  const pose = { pose_keypoints_2d: Array.from({ length: 18 }, () => [50, 50, 1]).flat() }
  const json = JSON.stringify([{ canvas_width: 100, canvas_height: 100, people: [pose] }])
  const sampled = sampleClip(readMotionContent(json, 'one'), { ...shape, width: 400, height: 200 })
  if (sampled.kind !== 'poses') throw new Error('these are poses')
  expect([...sampled.poses[0].body.slice(0, 2)]).toEqual([200, 100])
})
