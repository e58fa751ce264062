import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { hostTensor, input, program } from '../../ir'
import { Random, Scope, initialise } from '../../nn'
import { boneCount } from './bones'
import { compose, puppet } from './composition'
import { personLight } from './light'

const [B, W, H, P] = [2, 48, 32, 128]
const K = boneCount
const random = new Random('light')
const noise = () =>
  hostTensor(
    Float32Array.from({ length: B * 3 * H * W }, () => random.uniform(-1, 1)),
    [B, 3, H, W],
  )
const grey = hostTensor(new Float32Array(B * 3 * H * W), [B, 3, H, W])
const [place, human] = [noise(), noise()]

/** The light that a network of these weights finds, [B, 3]. */
async function found(std: number, changed: { background?: typeof place; human?: typeof place; pose?: number } = {}) {
  const scope = new Scope()
  const picture = (name: string) => input(name, [B, 3, H, W])
  const light = personLight(scope, picture('background'), picture('human'), input('pose', [B, 1, P]))
  expect(light.shape).toEqual([B, 3])
  const drawn = [...scope.specs].map(([name, spec]) => {
    return [name, std ? { ...spec, init: { kind: 'normal', std } as const } : spec] as const
  })
  const executable = await compile(program('light', { light }), { initializers: initialise(new Map(drawn), 0) })
  const pose = hostTensor(new Float32Array(B * P).fill(changed.pose ?? 0), [B, 1, P])
  const result = await executable.run({ background: place, human, ...changed, pose })
  await executable.dispose()
  return [...(result.light!.data as Float32Array)]
}

describe('how bright a person is in a place', () => {
  it('is as in their picture before anything is learned', async () => {
    expect(await found(0)).toEqual(Array(B * 3).fill(0))
  })

  it('depends on the place, on the picture and on where the person stands', async () => {
    const plain = await found(0.1)
    expect(new Set(plain).size).toBe(B * 3)
    for (const other of [{ background: grey }, { human: grey }, { pose: 1 }])
      expect(await found(0.1, other)).not.toEqual(plain)
  })
})

describe('what is composed', () => {
  const [h, w] = [8, 8]
  const from = { colour: input('colour', [1, K, 3, 1, h, w]), prior: input('prior', [1, K, 1, h, w]) }
  const made = compose(puppet(from), input('background', [1, 1, 3, h, w]), input('gain', [1, 1, 3, 1, 1]))
  const person = -0.5 // a quarter of white
  const prior = new Float32Array(K * h * w).fill(-30)
  prior.fill(30, 0, (h * w) / 2) // the first bone covers the upper half
  const at = (x: number, y: number) => y * w + x
  const composed = async (gain: number) => {
    const executable = await compile(program('compose', { ...made }))
    const { frames, ground } = await executable.run({
      colour: hostTensor(new Float32Array(K * 3 * h * w).fill(person), [1, K, 3, 1, h, w]),
      prior: hostTensor(prior, [1, K, 1, h, w]),
      background: hostTensor(new Float32Array(3 * h * w).fill(0.2), [1, 1, 3, h, w]),
      gain: hostTensor(new Float32Array(3).fill(Math.log(gain)), [1, 1, 3, 1, 1]),
    })
    await executable.dispose()
    return { frames: frames!.data as Float32Array, ground: ground!.data as Float32Array }
  }

  it('is the puppet over its place while nothing is learned', async () => {
    const { frames, ground } = await composed(1)
    expect(frames[at(3, 1)]).toBeCloseTo(person, 4)
    expect(frames[at(3, 6)]).toBeCloseTo(0.2, 4)
    expect([ground[at(3, 1)], ground[at(3, 6)]].map((v) => Math.round(v!))).toEqual([0, 1])
  })

  it('has its person brighter by the gain, in the display values 0..1, and the place as it was', async () => {
    const { frames } = await composed(2)
    expect(frames[at(3, 1)]).toBeCloseTo(0, 4) // half of white
    expect(frames[at(3, 6)]).toBeCloseTo(0.2, 4)
  })
})
