import { afterAll, describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { hostTensor, input, program } from '../../ir'
import { Random } from '../../nn'
import { bankDistance, bankFeatures, bankSummary } from '.'

const [H, W] = [48, 64]

/** A scene with edges in many directions, texture and colour: planes in [-1, 1], seen from `shift` pixels to the right. */
function scene(shift = 0): Float32Array {
  const value = (c: number, y: number, x: number) => {
    const disc = Math.hypot(x - 20, y - 22) < 13
    const stripes = Math.sin((x + 2 * y) / 2.2) > 0
    const base = disc ? [0.7, -0.2, -0.5][c]! : 0.4 * Math.sin(x / 9) - 0.2 * c
    return Math.max(-1, Math.min(1, base + (x > 40 && stripes ? 0.4 : 0)))
  }
  return Float32Array.from({ length: 3 * H * W }, (_, i) =>
    value(Math.floor(i / (H * W)), Math.floor(i / W) % H, (i % W) + shift),
  )
}

function noisy(picture: Float32Array, amount: number): Float32Array {
  const random = new Random('noise')
  return picture.map((value) => value + amount * random.normal())
}

/** Box blur of 2 radius + 1 pixels each way. */
function blurred(picture: Float32Array, radius: number): Float32Array {
  return picture.map((_, i) => {
    const [plane, y, x] = [Math.floor(i / (H * W)) * H * W, Math.floor(i / W) % H, i % W]
    let sum = 0
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++) {
        const [v, u] = [Math.min(H - 1, Math.max(0, y + dy)), Math.min(W - 1, Math.max(0, x + dx))]
        sum += picture[plane + v * W + u]!
      }
    return sum / (2 * radius + 1) ** 2
  })
}

const shape = [1, 3, H, W]
const [a, b] = [input('a', shape), input('b', shape)]
const distance = await compile(program('distance', { d: bankDistance(a, b) }))
const summary = await compile(program('summary', { s: bankSummary(a) }))
const between = async (x: Float32Array, y: Float32Array): Promise<number> => {
  const { d } = await distance.run({ a: hostTensor(x, shape), b: hostTensor(y, shape) })
  return (d!.data as Float32Array)[0]!
}
afterAll(async () => {
  await distance.dispose()
  await summary.dispose()
})

describe('the proxy distance', () => {
  const distances = async (made: readonly Float32Array[]) => Promise.all(made.map((other) => between(scene(), other)))
  const grows = (values: readonly number[]) => {
    values.slice(1).forEach((value, i) => {
      expect(value).toBeGreaterThan(values[i]! * 1.05)
    })
  }

  it('is nothing for the same picture and the same both ways', async () => {
    expect(await between(scene(), scene())).toBe(0)
    expect(await between(scene(), scene(3))).toBeCloseTo(await between(scene(3), scene()), 6)
  })

  it('grows with noise, with blur and with a shift of up to half a bar', async () => {
    grows([0, ...(await distances([0.02, 0.05, 0.1, 0.2, 0.4].map((amount) => noisy(scene(), amount))))])
    grows([0, ...(await distances([1, 2, 3, 5].map((radius) => blurred(scene(), radius))))])
    grows([0, ...(await distances([0.5, 1, 2, 4].map(scene)))])
  })

  it('minds blur more, and a change of brightness less, than the squared error does', async () => {
    const square = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0) / x.length
    const soft = blurred(scene(), 1)
    const step = Math.sqrt(square(scene(), soft))
    const brighter = scene().map((value) => value + step)
    expect(square(scene(), brighter)).toBeCloseTo(square(scene(), soft), 5)
    expect(await between(scene(), soft)).toBeGreaterThan(2 * (await between(scene(), brighter)))
  })
})

describe('the features', () => {
  it('are nothing on an even surface, at all four scales', async () => {
    const p = program('features', Object.fromEntries(bankFeatures(a).map((x, s) => [`s${s}`, x])))
    const executable = await compile(p)
    const result = await executable.run({ a: hostTensor(new Float32Array(3 * H * W).fill(0.37), shape) })
    await executable.dispose()
    expect(Object.values(result).map((x) => x.shape)).toEqual([0, 1, 2, 3].map((s) => [1, 11, H >> s, W >> s]))
    for (const { data } of Object.values(result))
      expect((data as Float32Array).every((v) => Math.abs(v) < 1e-5)).toBe(true)
  })

  it('sum up to 34 figures that hardly depend on where things are, but on how sharp they are', async () => {
    const of = async (picture: Float32Array) =>
      (await summary.run({ a: hostTensor(picture, shape) })).s!.data as Float32Array
    const gap = (x: Float32Array, y: Float32Array) => Math.hypot(...x.map((value, i) => value - y[i]!))
    const [here, moved, soft] = [await of(scene()), await of(scene(1)), await of(blurred(scene(), 1))]
    expect(here.length).toBe(34)
    expect(gap(here, soft)).toBeGreaterThan(5 * gap(here, moved))
  })
})
