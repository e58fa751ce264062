import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { grad, hostTensor, input, mean, mul, program } from '../../ir'
import { Random, Scope, initialise } from '../../nn'
import { boneCount } from './bones'
import { compose, puppet } from './composition'
import { refine } from './refiner'

const [N, C, H, W] = [2, 9, 16, 24]
const K = boneCount
const random = new Random('refiner')
const evidence = hostTensor(random.normals(N * C * H * W), [N, C, H, W])

describe('the refiner', () => {
  const scope = new Scope()
  const gain = refine(scope, input('evidence', [N, C, H, W]))

  it('says nothing before it has learned: a gain of none for every fourth pixel', async () => {
    const executable = await compile(program('refine', { gain }))
    const out = await executable.run({ ...initialise(scope.specs, 1), evidence })
    expect(out.gain!.shape).toEqual([N, 3, H / 4, W / 4])
    expect((out.gain!.data as Float32Array).every((v) => v === 0)).toBe(true)
    await executable.dispose()
  })

  it('sees the whole frame from every pixel: a far corner changes what is said of the first', async () => {
    const weights = initialise(scope.specs, 1)
    ;(weights['gain.weight']!.data as Float32Array).fill(0.1)
    const executable = await compile(program('refine', { gain }))
    const firstCell = async (picture: typeof evidence) => {
      const out = await executable.run({ ...weights, evidence: picture })
      return (out.gain!.data as Float32Array)[0]!
    }
    const other = hostTensor(Float32Array.from(evidence.data as Float32Array), evidence.shape)
    ;(other.data as Float32Array)[H * W - 1]! += 5
    expect(await firstCell(other)).not.toBe(await firstCell(evidence))
    await executable.dispose()
  })

  it('learns through all of its weights', () => {
    expect(() => grad(mean(mul(gain, gain)), [...scope.weights.values()])).not.toThrow()
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
