import { describe, expect, it } from 'vitest'
import { sharedPath } from '../../../test/shared'
import { hostTensor } from '../ir'
import type { HostTensor } from '../ir'
import { readSafetensors } from '../weights/safetensors'
import { AdamW } from './adamw'

const file = sharedPath('fixtures/numerics/adamw.safetensors')

const weights = (): Record<string, HostTensor> => ({
  'layer.weight': hostTensor([1, -2, 3, 0.5, 0.25, -1], [2, 3]),
  'layer.bias': hostTensor([0.1, -0.2, 0.3], [3]),
})
const gradients = (step: number): Record<string, HostTensor> => ({
  'layer.weight': hostTensor([0.3, -0.1, 0.2, step, -0.5, 0.7], [2, 3]),
  'layer.bias': hostTensor([-0.2, 0.1 * step, 0.4], [3]),
})
const values = (t: HostTensor | undefined): number[] => [...(t!.data as Float32Array)]

describe('AdamW', () => {
  it.skipIf(!file)('follows the trajectory of torch.optim.AdamW', async () => {
    const { tensors } = readSafetensors(file!)
    const optimiser = new AdamW({ w: tensors.get('param0')! }, { betas: [0.9, 0.95], eps: 1e-8, weightDecay: 0.1 })
    const grads = tensors.get('grads')!.data as Float32Array
    const expected = tensors.get('params')!.data as Float32Array
    for (let i = 0; i < 8; i++) {
      await optimiser.step({ w: hostTensor(grads.slice(i * 30, i * 30 + 30), [6, 5]) }, 1e-2)
      values(optimiser.parameters.w).forEach((value, k) => expect(value).toBeCloseTo(expected[i * 30 + k]!, 6))
    }
    await optimiser.dispose()
  })

  it('continues bit for bit from its state', async () => {
    const options = { clipNorm: 1, emaDecay: 0.9, decayVectors: false }
    const first = new AdamW(weights(), options)
    for (let step = 1; step <= 3; step++) await first.step(gradients(step), 0.01)
    const second = new AdamW(weights(), options)
    second.load(first.parameters, first.state())
    for (const optimiser of [first, second])
      for (let step = 4; step <= 5; step++) await optimiser.step(gradients(step), 0.02)
    for (const name of Object.keys(weights())) {
      expect(values(second.parameters[name])).toEqual(values(first.parameters[name]))
      expect(values(second.average[name])).toEqual(values(first.average[name]))
    }
    await Promise.all([first.dispose(), second.dispose()])
  })

  it('clips by the norm of all gradients together', async () => {
    const [free, clipped] = [new AdamW(weights(), { eps: 1 }), new AdamW(weights(), { eps: 1, clipNorm: 0.5 })]
    const big = gradients(2)
    const { norm } = await clipped.step(big, 0.1)
    expect(norm).toBeCloseTo(Math.hypot(0.3, 0.1, 0.2, 2, 0.5, 0.7, 0.2, 0.2, 0.4), 5)
    const small = Object.fromEntries(
      Object.entries(big).map(([name, t]) => [
        name,
        hostTensor(
          values(t).map((g) => (g * 0.5) / norm),
          t.shape,
        ),
      ]),
    )
    await free.step(small, 0.1)
    values(free.parameters['layer.weight']).forEach((value, i) =>
      expect(values(clipped.parameters['layer.weight'])[i]).toBeCloseTo(value, 6),
    )
    await Promise.all([free.dispose(), clipped.dispose()])
  })

  it('reaches every number of parameters of any length', async () => {
    // The first step moves each number by the rate against its gradient's sign.
    const lengths = [3, 70_001, 200_000, 5]
    const make = (value: (i: number) => number): Record<string, HostTensor> =>
      Object.fromEntries(
        lengths.map((n, k) => [
          `p${k}`,
          hostTensor(
            Float32Array.from({ length: n }, (_, i) => value(i)),
            [n],
          ),
        ]),
      )
    const optimiser = new AdamW(
      make(() => 1),
      { weightDecay: 0 },
    )
    await optimiser.step(
      make((i) => (i % 3) - 1),
      0.25,
    )
    for (const { data } of Object.values(optimiser.parameters)) {
      const wrong = (data as Float32Array).findIndex((value, i) => Math.abs(value - (1 - 0.25 * ((i % 3) - 1))) > 1e-5)
      expect(wrong).toBe(-1)
    }
    await optimiser.dispose()
  })

  it('decays only matrices when asked', async () => {
    const optimiser = new AdamW(weights(), { weightDecay: 0.5, decayVectors: false })
    const still = Object.fromEntries(
      Object.entries(weights()).map(([name, t]) => [name, hostTensor(new Float32Array(t.data.length), t.shape)]),
    )
    await optimiser.step(still, 0.1)
    expect(values(optimiser.parameters['layer.bias'])).toEqual(values(weights()['layer.bias']))
    expect(values(optimiser.parameters['layer.weight'])[0]).toBeCloseTo(0.95, 6)
    await optimiser.dispose()
  })

  it('names the gradient that is missing, misshapen or not finite', async () => {
    const optimiser = new AdamW(weights())
    const { 'layer.bias': bias } = gradients(1)
    await expect(optimiser.step({ 'layer.bias': bias! }, 0.1)).rejects.toThrow(
      'gradient for layer.weight [2,3] is missing',
    )
    await expect(optimiser.step({ ...gradients(1), 'layer.bias': hostTensor([1], [1]) }, 0.1)).rejects.toThrow(
      'layer.bias is float32 [1], needs float32 [3]',
    )
    await expect(optimiser.step(gradients(NaN), 0.1)).rejects.toThrow("gradient's norm is NaN in step 1")
    expect(optimiser.steps).toBe(0)
  })
})
