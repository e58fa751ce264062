import { describe, expect, it } from 'vitest'
import { emptyKeypoints } from '../types'
import type { PoseSequence } from '../types'
import { importOpenPose } from './openpose'
import { openPoseJson, readMotionContent, serializePoses } from './content'

/** A standing figure that shifts to the right, one frame of it lost. */
function shifting(frames: number): PoseSequence {
  const poses = Array.from({ length: frames }, (_, f) => {
    const keypoints = emptyKeypoints()
    for (let i = 0; i < 18; i++) keypoints.body.set([200 + f * 2 + (i % 3) * 20, 100 + i * 15, 0.9], i * 3)
    keypoints.leftHand.set([250, 200, 0.5], 0)
    return keypoints
  })
  return { width: 640, height: 480, fps: 30, frames: poses }
}

describe('a motion file', () => {
  it('of OpenPose keeps its poses when it is written and read again', () => {
    const poses = shifting(12)
    const read = readMotionContent(serializePoses(poses), 'walk.json')
    if (read.kind !== 'poses') throw new Error('it was read as a motion')
    expect({ ...read.poses, frames: read.poses.frames.length }).toEqual({
      width: 640,
      height: 480,
      fps: 30,
      frames: 12,
    })
    read.poses.frames.forEach((frame, f) =>
      frame.body.forEach((value, i) => expect(value).toBeCloseTo(poses.frames[f]!.body[i]!, 2)),
    )
  })

  it('written from many files is the motion that the files were', () => {
    const frames = JSON.parse(serializePoses(shifting(9))) as unknown[]
    const files = frames.map((json, i) => ({ name: `clip_00000${i}_keypoints.json`, json }))
    const many = importOpenPose(files)
    expect(readMotionContent(serializePoses(many), 'clip.json')).toEqual({ kind: 'poses', poses: many })
  })

  it('that is neither is told apart by its content, not by its name', () => {
    expect(openPoseJson('HIERARCHY', 'a.json')).toBeUndefined()
    expect(openPoseJson('{"format":"animate-anywhere-motion"}', 'a.json')).toBeUndefined()
    expect(() => readMotionContent('{"format":', 'a.json')).toThrow('motion a.json: not a JSON file')
    expect(() => readMotionContent('[1, 2]', 'a.json')).toThrow('OpenPose motion: a.json')
  })
})
