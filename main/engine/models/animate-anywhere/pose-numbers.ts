// The pose sequence as numbers, beside its picture. In a 16-px token a face is two pixels and a step is less than one: a small model does
// not learn to read the way somebody walks from the picture alone (measured: nothing in 5,000 clips), but does from the same key points.
import type { Keypoints } from '../../../motion/types'
import { constant, mul, reshape, slice } from '../../ir'
import type { Tensor } from '../../ir'
import { bonePose, steadySizes } from './bone-pose'

const joints = 18
const perJoint = 7
/** Per joint: confidence, place in the frame (2), place in the body (2), step from the frame before (2); and the body's size and its change. */
export const poseNumbersWidth = joints * perJoint + 2
/** Steps from frame to frame are small: they are given ten times larger. */
const stepScale = 10

/** [T, 128] numbers for poses in pixels of a frame of width x height; what is absent is 0. */
export function poseNumbers(poses: readonly Keypoints[], width: number, height: number): Float32Array {
  const side = Math.sqrt(width * height)
  const sizes = steadySizes(poses.map((pose) => bonePose(pose).size))
  const out = new Float32Array(poses.length * poseNumbersWidth)
  poses.forEach(({ body }, t) => {
    const before = poses[Math.max(0, t - 1)]!.body
    const [hipX, hipY] = middle(body)
    const size = sizes[t]!
    let at = t * poseNumbersWidth
    const put = (value: number) => {
      out[at++] = Math.min(Math.max(value, -4), 4)
    }
    for (let j = 0; j < joints; j++) {
      const [x, y, c] = [body[j * 3]!, body[j * 3 + 1]!, body[j * 3 + 2]!]
      const steady = c * before[j * 3 + 2]!
      put(c)
      put((c * (x - width / 2)) / side)
      put((c * (y - height / 2)) / side)
      put((2 * c * (x - hipX)) / size)
      put((2 * c * (y - hipY)) / size)
      put((stepScale * steady * (x - before[j * 3]!)) / side)
      put((stepScale * steady * (y - before[j * 3 + 1]!)) / side)
    }
    put(Math.log(size / side))
    put(stepScale * Math.log(size / sizes[Math.max(0, t - 1)]!))
  })
  return out
}

/** Where in a frame of width x height the joints are, each axis -1 to 1: of numbers [B, T, 128], [B, T, 18, 2]; the centre for those that are absent. */
export function jointPlaces(poseNumbers: Tensor, width: number, height: number): Tensor {
  const [B, T] = poseNumbers.shape as [number, number, number]
  const side = Math.sqrt(width * height)
  const numbers = reshape(slice(poseNumbers, 2, 0, joints * perJoint), [B, T, joints, perJoint])
  return mul(slice(numbers, 3, 1, 3), constant(Float32Array.of((2 * side) / width, (2 * side) / height), [2]))
}

/** Middle of the hips, or of all that is seen. */
function middle(body: Float32Array): [number, number] {
  const seen = [8, 11].filter((j) => body[j * 3 + 2]! > 0)
  const used = seen.length ? seen : Array.from({ length: joints }, (_, j) => j).filter((j) => body[j * 3 + 2]! > 0)
  const mean = (axis: number) => used.reduce((sum, j) => sum + body[j * 3 + axis]!, 0) / Math.max(used.length, 1)
  return [mean(0), mean(1)]
}
