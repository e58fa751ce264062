import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { hostTensor, input, program } from '../../ir'
import { Random, Scope, initialise } from '../../nn'
import { nearest, nearness } from './nearness'

const [B, W, H, P] = [2, 48, 32, 5]
const random = new Random('places')
const picture = hostTensor(Float32Array.from({ length: B * 3 * H * W }, () => random.uniform(-1, 1)), [B, 3, H, W]) // prettier-ignore
const pose = (value: number) => hostTensor(new Float32Array(B * P).fill(value), [B, 1, P])

/** How near a network of these weights finds the pictures to be, [B, 1, H/8, W/8]. */
async function found(std: number, firstPose = pose(0)) {
  const scope = new Scope()
  const near = nearness(scope, input('picture', [B, 3, H, W]), input('pose', [B, 1, P]))
  expect(near.shape).toEqual([B, 1, H / 8, W / 8])
  const drawn = [...scope.specs].map(([name, spec]) => {
    return [name, std ? { ...spec, init: { kind: 'normal', std } as const } : spec] as const
  })
  const executable = await compile(program('near', { near }), { initializers: initialise(new Map(drawn), 0) })
  const result = await executable.run({ picture, pose: firstPose })
  await executable.dispose()
  return [...(result.near!.data as Float32Array)]
}

describe('how near a place is', () => {
  it('is as near as the person before anything is learned', async () => {
    for (const q of await found(0)) expect(q).toBeCloseTo(1, 6)
  })

  it('is never behind the sky nor nearer than the nearest', async () => {
    const wild = await found(0.3)
    expect(Math.min(...wild)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...wild)).toBeLessThanOrEqual(nearest)
    expect(new Set(wild).size).toBeGreaterThan(1)
  })

  it('depends on who stands in it, and of each picture on that picture alone', async () => {
    const plain = await found(0.06)
    expect(await found(0.06, pose(1))).not.toEqual(plain)
    const half = plain.length / 2
    expect(plain.slice(0, half)).not.toEqual(plain.slice(half))
  })
})
