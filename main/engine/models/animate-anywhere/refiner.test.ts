import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { grad, hostTensor, input, mean, mul, program } from '../../ir'
import { Random, Scope, initialise } from '../../nn'
import { compose } from './composition'
import { boneCount } from './puppet'
import { lightChannels, refine } from './refiner'

const [N, C, H, W] = [2, 9, 16, 24]
const K = boneCount
const random = new Random('refiner')
const evidence = hostTensor(random.normals(N * C * H * W), [N, C, H, W])

describe('the refiner', () => {
  const scope = new Scope()
  const refined = refine(scope, input('evidence', [N, C, H, W]), K)

  it('says nothing before it has learned: logits for each pixel, light for every fourth, all zero', async () => {
    const executable = await compile(program('refine', { ...refined }))
    const out = await executable.run({ ...initialise(scope.specs, 1), evidence })
    expect(out.logits!.shape).toEqual([N, K + 1, H, W])
    expect(out.light!.shape).toEqual([N, lightChannels, H / 4, W / 4])
    expect([...(out.logits!.data as Float32Array), ...(out.light!.data as Float32Array)].every((v) => v === 0)).toBe(true)
    await executable.dispose()
  })

  it('sees the whole frame from every pixel: a far corner changes what is said of the first', async () => {
    const weights = initialise(scope.specs, 1)
    for (const [name, tensor] of Object.entries(weights))
      if (name.startsWith('light.weight')) (tensor.data as Float32Array).fill(0.1)
    const executable = await compile(program('refine', { light: refined.light }))
    const firstCell = async (picture: typeof evidence) => {
      const used = Object.fromEntries(Object.entries(weights).filter(([name]) => !name.startsWith('logits') && !name.startsWith('up.1')))
      const { light } = await executable.run({ ...used, evidence: picture })
      return (light!.data as Float32Array)[0]!
    }
    const other = hostTensor(Float32Array.from(evidence.data as Float32Array), evidence.shape)
    ;(other.data as Float32Array)[H * W - 1]! += 5
    expect(await firstCell(other)).not.toBe(await firstCell(evidence))
    await executable.dispose()
  })

  it('learns through all of its weights but those behind a zero', () => {
    const loss = mean(mul(refined.logits, refined.logits))
    const names = [...scope.weights.keys()].filter((name) => !name.startsWith('light'))
    expect(() => grad(loss, names.map((name) => scope.weights.get(name)!))).not.toThrow()
  })
})

describe('the light', () => {
  it('brightens the person by its gain and leaves the place, in the display values 0..1', async () => {
    const [h, w] = [4, 4]
    const from = { colour: input('colour', [1, K, 3, 1, h, w]), prior: input('prior', [1, K, 1, h, w]) }
    const made = compose(from, input('background', [1, 1, 3, h, w]), {
      logits: input('logits', [1, 1, K + 1, 1, 1]),
      light: input('light', [1, 1, lightChannels, 1, 1]),
    })
    const executable = await compile(program('compose', { ...made }))
    const person = -0.5 // a quarter of white
    const prior = new Float32Array(K * h * w).fill(-30)
    prior.fill(30, 0, (h * w) / 2) // the first bone covers the upper half
    const light = new Float32Array(lightChannels)
    light.fill(Math.log(2), 0, 3)
    const { frames, ground } = await executable.run({
      colour: hostTensor(new Float32Array(K * 3 * h * w).fill(person), [1, K, 3, 1, h, w]),
      prior: hostTensor(prior, [1, K, 1, h, w]),
      background: hostTensor(new Float32Array(3 * h * w).fill(0.2), [1, 1, 3, h, w]),
      logits: hostTensor(new Float32Array(K + 1), [1, 1, K + 1, 1, 1]),
      light: hostTensor(light, [1, 1, lightChannels, 1, 1]),
    })
    expect((frames!.data as Float32Array)[0]).toBeCloseTo(0, 4) // half of white
    expect((frames!.data as Float32Array)[h * w - 1]).toBeCloseTo(0.2, 4)
    expect((ground!.data as Float32Array)[0]).toBeCloseTo(0, 4)
    expect((ground!.data as Float32Array)[h * w - 1]).toBeCloseTo(1, 4)
    await executable.dispose()
  })
})
