import { describe, expect, it } from 'vitest'
import { fillGaps, fitSequence, flipKeypoints, resamplePoses, scaleKeypoints } from './keypoints'
import { BODY, emptyKeypoints } from './types'
import type { Keypoints, PoseSequence } from './types'

const nose = (x: number, y: number, confidence = 1): Keypoints => {
  const keypoints = emptyKeypoints()
  keypoints.body.set([x, y, confidence], 0)
  return keypoints
}
const lost = emptyKeypoints()
const sequence = (...frames: Keypoints[]): PoseSequence => ({ width: 100, height: 50, fps: 10, frames })
const noses = ({ frames }: PoseSequence) => frames.map(({ body }) => [...body.subarray(0, 3)])

describe('key points', () => {
  it('scale with their picture; absent ones stay absent', () => {
    expect([...scaleKeypoints(nose(10, 20), 2, 3, 1, 0).body.subarray(0, 6)]).toEqual([21, 60, 1, 0, 0, 0])
  })
  it('mirror with their picture', () => {
    const keypoints = emptyKeypoints()
    keypoints.body.set([30, 5, 1], BODY.leftWrist * 3)
    keypoints.leftHand.set([31, 6, 1], 0)
    const flipped = flipKeypoints(keypoints, 100)
    expect([...flipped.body.subarray(BODY.rightWrist * 3, BODY.rightWrist * 3 + 3)]).toEqual([70, 5, 1])
    expect(flipped.rightHand[0]).toBe(69)
    expect(flipKeypoints(flipped, 100)).toEqual(keypoints)
  })
})

describe('a sequence', () => {
  it('fits another frame whole and centred', () => {
    expect(noses(fitSequence(sequence(nose(50, 25)), 200, 200))[0]).toEqual([100, 100, 1])
  })
  it('has other rates and lengths, the last pose held', () => {
    const faster = resamplePoses(sequence(nose(0, 0), nose(10, 0), nose(20, 0)), 20, 7)
    expect(noses(faster).map(([x]) => x)).toEqual([0, 5, 10, 15, 20, 20, 20])
    expect(resamplePoses(faster, 10).frames.length).toBe(4)
  })
  it('takes a point that only one neighbour has from the nearer one', () => {
    expect(noses(resamplePoses(sequence(nose(8, 0), lost), 30, 3)).map(([x]) => x)).toEqual([8, 8, 0])
  })
  it('bridges short gaps, not long ones, not ends', () => {
    const gaps = sequence(lost, nose(0, 0, 0.8), lost, lost, nose(30, 6), lost, lost, lost, lost, nose(0, 0))
    const filled = noses(fillGaps(gaps, 0.3))
    expect(filled[2]).toEqual([10, 2, expect.closeTo(0.8)])
    expect(filled[3]![0]).toBe(20)
    expect(filled[0]![2]).toBe(0)
    expect(filled[6]![2]).toBe(0)
  })
})
