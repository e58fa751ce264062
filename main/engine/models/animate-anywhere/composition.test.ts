import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { program } from '../../ir'
import { emptyKeypoints } from '../../../motion/types'
import type { Keypoints } from '../../../motion/types'
import { candidates } from './candidates'
import { puppet } from './composition'
import { puppetMaps } from './puppet'
import { puppetFeeds, puppetInputs } from './puppet-program'
import { prepareReferenceHuman } from './reference-human'

const standing = [
  [32, 10], [32, 18], [26, 18], [24, 28], [23, 37], [38, 18], [40, 28], [41, 37],
  [28, 37], [28, 49], [28, 60], [36, 37], [36, 49], [36, 60], [31, 9], [33, 9], [29, 10], [35, 10],
] as const // prettier-ignore
const W = 64
const H = 64

function figure(move: (x: number, y: number) => [number, number] = (x, y) => [x, y]): Keypoints {
  const keypoints = emptyKeypoints()
  standing.forEach(([x, y], i) => keypoints.body.set([...move(x, y), 1], i * 3))
  return keypoints
}

/** A person-shaped blob around the bones, left half red, right half blue. */
function picture() {
  const rgb = new Uint8Array(W * H * 3).fill(127)
  const mask = new Float32Array(W * H)
  for (let y = 4; y < 62; y++)
    for (let x = 22; x < 43; x++) {
      mask[y * W + x] = 1
      rgb.set(x < 32 ? [220, 40, 40] : [40, 40, 220], (y * W + x) * 3)
    }
  return prepareReferenceHuman(rgb, mask, W, H, figure())
}

async function person(pose: Keypoints): Promise<{ share: Float32Array; colour: Float32Array }> {
  const executable = await compile(program('person', { ...puppet(candidates(puppetInputs(1, H, W), W, H)) }))
  const { share, person } = await executable.run(puppetFeeds(picture(), [pose]))
  return { share: share!.data as Float32Array, colour: person!.data as Float32Array }
}

describe('the puppet', () => {
  it('in its own pose is the picture', async () => {
    const { share, colour } = await person(figure())
    const at = (x: number, y: number) => y * W + x
    expect(share[at(28, 30)]).toBeGreaterThan(0.9)
    expect(share[at(10, 30)]).toBeLessThan(0.01)
    expect(colour[at(28, 30)]! / share[at(28, 30)]!).toBeCloseTo(220 / 127.5 - 1, 1)
    expect(colour[2 * W * H + at(36, 30)]! / share[at(36, 30)]!).toBeCloseTo(220 / 127.5 - 1, 1)
  })

  it('goes where the pose goes, and grows with it', async () => {
    const { share } = await person(figure((x, y) => [(x - 32) * 0.5 + 44, (y - 32) * 0.5 + 40]))
    expect(share[40 * W + 44]).toBeGreaterThan(0.9)
    expect(share[40 * W + 32]).toBeLessThan(0.05)
    const area = share.reduce((sum, v) => sum + v, 0)
    expect(area / (58 * 21)).toBeGreaterThan(0.18)
    expect(area / (58 * 21)).toBeLessThan(0.36)
  })

  it('leaves out a limb that the picture does not show', async () => {
    const cut = figure()
    for (const joint of [10, 13]) cut.body[joint * 3 + 2] = 0
    const maps = puppetMaps(cut, { width: W, height: H }, [figure()])
    expect([...maps.known].filter((v) => v === 0)).toHaveLength(4) // the shins, and the feet below them
  })
})
