import { describe, expect, it } from 'vitest'
import { emptyKeypoints } from '../../motion/types'
import type { Hint } from '../../motion/hints'
import { hostTensor } from '../ir'
import { miniConfig, planes, prepareReferenceHuman } from '../models/animate-anywhere'
import { initialise, Random } from '../nn'
import { think } from './thinking'
import { surveyProgram, samplingProgram } from './thinking-programs'

const [width, height, frames] = [48, 32, 5]
const pose = emptyKeypoints()
;[[0, 4], [0, 8], [-3, 8], [-4, 13], [-4, 17], [3, 8], [4, 13], [4, 17], [-2, 17], [-2, 23], [-2, 29], [2, 17], [2, 23], [2, 29]].forEach(([x, y], i) => { pose.body.set([24 + x!, y!, 1], i * 3) }) // prettier-ignore
const grey = new Uint8Array(3 * width * height).fill(127)
const small = prepareReferenceHuman(grey, new Float32Array(width * height).fill(1), width, height, pose)

/** A network that has learned nothing, but lets everything it is told through: its weights are drawn at random. */
const random = new Random('weights')
const shape = [frames, width, height] as const
const specs = new Map([samplingProgram, surveyProgram].flatMap((made) => [...made(miniConfig, ...shape).specs]))
const drawn = Object.entries(initialise(specs, 0)).map(([name, { data, shape }]) => {
  const values = (data as Float32Array).map((v) => v + 0.05 * random.normal())
  return [name, hostTensor(values, shape)] as const
})
const model = { name: 'drawn', config: miniConfig, weights: Object.fromEntries(drawn), hash: 'drawn' }

const camera = async (hint: Hint, hintStrength?: number) => {
  const seen: [number, number][] = []
  const thoughts = await think({
    model,
    human: { native: small, small, picture: planes(grey), pose: planes(grey) },
    background: planes(grey),
    reach: { up: 0.2, down: 0.2 },
    poses: Array<typeof pose>(frames).fill(pose),
    ...{ width, height, hint, steps: 1, guidance: { reference: 1, pose: 1 }, bml: 1, seed: 0 },
    ...(hintStrength === undefined ? {} : { hintStrength }),
    onStep: (step, of) => void seen.push([step, of]),
  })
  return { path: [...(thoughts.path.data as Float32Array)], seen }
}

describe("a hint's strength", () => {
  it("at 0 is 'auto', at 1 the hint, at 2 as far again, and costs a second pass only in between and beyond", async () => {
    const [auto, none, full, twice, usual] = [
      await camera('auto', 2),
      await camera('pan-left', 0),
      await camera('pan-left', 1),
      await camera('pan-left', 2),
      await camera('pan-left'),
    ]
    expect(none.path).toEqual(auto.path)
    expect(full.path).toEqual(usual.path)
    expect(Math.max(...full.path.map((v, i) => Math.abs(v - auto.path[i]!)))).toBeGreaterThan(1e-4)
    twice.path.forEach((v, i) => {
      expect(v).toBeCloseTo(2 * full.path[i]! - auto.path[i]!, 4)
    })
    expect([auto, none, full].map(({ seen }) => seen)).toEqual([[[1, 1]], [[1, 1]], [[1, 1]]]) // prettier-ignore
    expect(twice.seen).toEqual([[1, 2], [2, 2]]) // prettier-ignore
  })
})
