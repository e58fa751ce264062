import { describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { hostTensor, input, program } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import { feedForward, layerNorm, linear, lora, sinusoid } from './layers'
import { initialise, Scope } from './scope'

const x = input('x', [1, 2, 3])
const values = hostTensor([1, 2, 3, -1, 0, 1], [1, 2, 3])

async function run(y: Tensor, weights: Record<string, HostTensor>): Promise<Float32Array> {
  const executable = await compile(program('layer', { y }))
  const result = await executable.run({ x: values, ...weights })
  await executable.dispose()
  return result.y!.data as Float32Array
}

describe('layers', () => {
  it('linear is x W^T + b', async () => {
    const weights = { 'a.weight': hostTensor([1, 0, 0, 1, 1, 1], [2, 3]), 'a.bias': hostTensor([10, 20], [2]) }
    expect([...(await run(linear(new Scope(), 'a', x, 2), weights))]).toEqual([11, 26, 9, 20])
  })

  it('linear may keep its weight in another shape, without changing a number', async () => {
    const weights = { 'a.weight': hostTensor([1, 0, 0, 1, 1, 1], [2, 3, 1, 1]) }
    const y = linear(new Scope(), 'a', x, 2, { bias: false, weightShape: [2, 3, 1, 1] })
    expect([...(await run(y, weights))]).toEqual([1, 6, -1, 0])
  })

  it('layerNorm normalises the last axis, then scales and shifts', async () => {
    const weights = { 'n.weight': hostTensor([1, 1, 2], [3]), 'n.bias': hostTensor([0, 5, 0], [3]) }
    const y = await run(layerNorm(new Scope(), 'n', x, 1e-5), weights)
    const unit = 1 / Math.sqrt(2 / 3)
    ;[-unit, 5, 2 * unit].forEach((value, i) => expect(y[i]).toBeCloseTo(value, 4))
    const plain = await run(layerNorm(new Scope(), 'n', x, 1e-5, false), {}) // no weights to feed
    expect(plain[2]).toBeCloseTo(unit, 4)
  })

  it('feedForward has the names of diffusers', () => {
    const scope = new Scope()
    feedForward(scope.child('ff'), x, 12)
    expect([...scope.specs].map(([name, { shape }]) => `${name} ${shape}`)).toEqual([
      'ff.net.0.proj.weight 12,3',
      'ff.net.0.proj.bias 12',
      'ff.net.2.weight 3,12',
      'ff.net.2.bias 3',
    ])
  })

  it('lora starts by adding nothing', async () => {
    const scope = new Scope()
    const y = lora(scope, 'to_q', x, 5, 2, 0.5)
    expect([...scope.specs].map(([name, { shape }]) => `${name} ${shape}`)).toEqual([
      'to_q.lora_A.weight 2,3',
      'to_q.lora_B.weight 5,2',
    ])
    expect(await run(y, initialise(scope.specs, 1))).toEqual(new Float32Array(10))
  })
})

describe('sinusoid', () => {
  it('has the values of diffusers (cogvideox-facts 4.1)', () => {
    const time = sinusoid([999], 3072).data
    const known = { 0: 0.9996498, 1: 0.9598385, 2: 0.8075269, 1536: -0.0264608, 1537: 0.2805532 }
    for (const [i, value] of Object.entries(known)) expect(time[Number(i)]).toBeCloseTo(value, 4)
    const ofs = sinusoid([2], 512).data
    const knownOfs = { 0: -0.4161468, 1: -0.3508952, 255: 1, 256: 0.9092974, 511: 0.0002073 }
    for (const [i, value] of Object.entries(knownOfs)) expect(ofs[Number(i)]).toBeCloseTo(value, 6)
  })

  it('needs an even width', () => {
    expect(() => sinusoid([1], 3)).toThrow('width must be even, got 3')
  })
})
