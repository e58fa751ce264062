import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/library'
import { loadKeypointsFile } from './keypoints-file'

const size = { width: 640, height: 480 }
/** 18 points on a line. */
const body = Array.from({ length: 18 }, (_, i) => [100 + i, 200 + i, 0.5]).flat()

function load(content: unknown) {
  const file = path.join(temporaryFolder(), 'points.json')
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return loadKeypointsFile(file, size)
}

describe('key points from a file', () => {
  it('of the own format; scores beyond 0..1 are cut', () => {
    const points = load({ body: [...body.slice(0, 51), 1, 2, -3], leftHand: Array(63).fill(7) })
    expect([...points.body.slice(0, 3)]).toEqual([100, 200, 0.5])
    expect(points.body[53]).toBe(0)
    expect([...points.leftHand.slice(0, 3)]).toEqual([7, 7, 1])
    expect([...points.rightHand]).toEqual(Array(63).fill(0))
  })
  it('of OpenPose, scaled from the canvas it names', () => {
    const json = { canvas_width: 320, canvas_height: 240, people: [{ pose_keypoints_2d: body }] }
    expect([...load(json).body.slice(0, 3)]).toEqual([200, 400, 0.5])
  })
  it.each([
    ['a place beyond all numbers', { body: [1e300, ...body.slice(1)] }, 'body.0'],
    ['too few', { body: body.slice(3) }, 'body'],
    ['no JSON', '{', 'cannot be read as JSON'],
  ])('refuses %s in one line', (_, content, message) => {
    expect(() => load(content)).toThrow(message)
    expect(() => load(content)).toThrow(/^[^\n]{1,480}$/)
  })
})
