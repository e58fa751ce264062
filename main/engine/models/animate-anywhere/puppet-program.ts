// The candidates program's inputs and feeds: the puppet's maps as tensors, for training and rendering alike.
import type { Keypoints } from '../../../motion/types'
import { hostTensor, input } from '../../ir'
import type { HostTensor } from '../../ir'
import { boneCount as K } from './bones'
import { puppetMaps } from './puppet'
import type { ReferenceHuman } from './reference-human'

/** Inputs for one clip of T frames and a reference human of h x w pixels. */
export function puppetInputs(T: number, h: number, w: number) {
  return {
    layers: input('layers', [1, K, 4, h, w]),
    along: input('along', [1, K, T, 3]),
    across: input('across', [1, K, T, 3]),
    overshoot: input('overshoot', [1, K, T]),
    taper: input('taper', [1, K, T]),
    known: input('known', [1, K, T]),
    hides: input('hides', [1, K, T, K]),
    toReference: input('to_reference', [1, K, 6]),
  }
}

/** Feeds for a human who goes through `poses` (pixels of the frame that is composed). */
export function puppetFeeds(human: ReferenceHuman, poses: readonly Keypoints[]): Record<string, HostTensor> {
  const maps = puppetMaps(human.keypoints, human, poses)
  const T = poses.length
  return {
    layers: hostTensor(human.layers, [1, K, 4, human.height, human.width]),
    along: hostTensor(maps.along, [1, K, T, 3]),
    across: hostTensor(maps.across, [1, K, T, 3]),
    overshoot: hostTensor(maps.overshoot, [1, K, T]),
    taper: hostTensor(maps.taper, [1, K, T]),
    known: hostTensor(maps.known, [1, K, T]),
    hides: hostTensor(maps.hides, [1, K, T, K]),
    to_reference: hostTensor(maps.toReference, [1, K, 6]),
  }
}

const overTime = ['along', 'across', 'overshoot', 'taper', 'known', 'hides'] as const

/** The same feeds for some of the frames only. */
export function pickFrames(
  feeds: Readonly<Record<string, HostTensor>>,
  frames: readonly number[],
): Record<string, HostTensor> {
  return { ...feeds, ...Object.fromEntries(overTime.map((name) => [name, picked(feeds[name]!, frames)])) }
}

/** Frames of [1, K, T, ...]. */
function picked(tensor: HostTensor, frames: readonly number[]): HostTensor {
  const [, , T, ...rest] = tensor.shape as [number, number, number, ...number[]]
  const size = rest.reduce((a, b) => a * b, 1)
  const out = new Float32Array(K * frames.length * size)
  for (let k = 0; k < K; k++)
    frames.forEach((t, i) => {
      const from = (k * T + t) * size
      out.set((tensor.data as Float32Array).subarray(from, from + size), (k * frames.length + i) * size)
    })
  return hostTensor(out, [1, K, frames.length, ...rest])
}
