// Time and scale between pictures and latents (cogvideox-facts 9): frame counts, the doubled first frame, and the way back.
import { describe, expect, it } from 'vitest'
import { hostTensor } from '../../ir'
import { Random } from '../../nn'
import { cogVideoXConfig as config } from './config'
import {
  atFirstFrame,
  clipFrames,
  referenceLatents,
  sampleMoments,
  towardsModel,
  towardsVae,
  wholeClip,
} from './latent-space'

describe('frames of a clip', () => {
  it('are 8 k + 1: enough for a render, not more than there are for training', () => {
    expect([1, 2, 9, 10, 80, 81].map((n) => clipFrames(config, n))).toEqual([1, 9, 9, 17, 81, 81])
    expect([1, 8, 9, 16, 17].map((n) => wholeClip(config, n))).toEqual([1, 1, 9, 9, 17])
  })
})

describe('latents', () => {
  /** [C, t, h, w] = [2, 3, 1, 2]: channel, frame and column as digits. */
  const ofVae = hostTensor([0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121], [2, 3, 1, 2])

  it('become frames first, the first one doubled, and scaled', () => {
    const first = [0, 1, 100, 101]
    const expected = [...first, ...first, 10, 11, 110, 111, 20, 21, 120, 121]
    expect([...towardsModel(ofVae, 0.5, config)]).toEqual(expected.map((v) => v / 2))
  })

  it('come back without the doubled frame', () => {
    const shape = { frames: 4, channels: 2, height: 1, width: 2 }
    expect(towardsVae(towardsModel(ofVae, 0.5, config), shape, 3, 0.5)).toEqual(ofVae)
  })

  it('of the background stand at the first frame alone', () => {
    expect([...atFirstFrame(Float32Array.of(7, 8), 3)]).toEqual([7, 8, 0, 0, 0, 0])
  })

  it('of the human fill one token frame, pose picture on the next channels', () => {
    expect([...referenceLatents(Float32Array.of(1), Float32Array.of(2), config)]).toEqual([1, 2, 1, 2])
  })

  it('are the mode without a source of chance, else a sample with the variance that is said', () => {
    const size = 20_000
    const moments = {
      mean: hostTensor(new Float32Array(size).fill(3), [1, 1, 1, size]),
      logvar: hostTensor(new Float32Array(size).fill(Math.log(4)), [1, 1, 1, size]),
    }
    expect(sampleMoments(moments)).toBe(moments.mean)
    const values = [...(sampleMoments(moments, new Random(1)).data as Float32Array)]
    const mean = values.reduce((a, b) => a + b, 0) / size
    expect(mean).toBeCloseTo(3, 1)
    expect(Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / size)).toBeCloseTo(2, 1)
  })
})
