// 36 operations and their gradients against PyTorch, within 1e-4 of the largest value.
import { describe, expect, it } from 'vitest'
import { sharedPath } from '../../../test/shared'
import { compile } from '../backends/onnx'
import { constant, grad, input, mul, program, sum } from '../ir'
import type { HostTensor } from '../ir'
import { readSafetensors } from '../weights/safetensors'
import { opsParity } from './numerics'

const file = sharedPath('fixtures/numerics/ops.safetensors')

function relativeError(found: HostTensor, expected: HostTensor): number {
  expect(found.shape).toEqual(expected.shape)
  const values = expected.data as Float32Array
  const scale = values.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-6)
  return values.reduce((worst, value, i) => Math.max(worst, Math.abs(value - Number(found.data[i]))), 0) / scale
}

describe.skipIf(!file)('operations and gradients agree with PyTorch', () => {
  const { tensors, metadata } = file
    ? readSafetensors(file)
    : { tensors: new Map<string, HostTensor>(), metadata: { ops: '{}' } }
  const ops = JSON.parse(metadata.ops!) as Record<string, Record<string, unknown>>

  it.each(Object.entries(ops))('%s', async (name, attrs) => {
    const get = (part: string): HostTensor => tensors.get(`${name}.${part}`)!
    const hosts: HostTensor[] = []
    while (tensors.has(`${name}.in${hosts.length}`)) hosts.push(get(`in${hosts.length}`))
    const inputs = hosts.map((host, i) => input(`in${i}`, host.shape))
    const out = opsParity[name]!(inputs, attrs)
    const gradients = grad(sum(mul(out, constant(get('gout')))), inputs)
    const outputs = { out, ...Object.fromEntries(gradients.map((g, i) => [`grad${i}`, g])) }
    const executable = await compile(program(name, outputs), { training: true, threads: 1 })
    const found = await executable.run(Object.fromEntries(hosts.map((host, i) => [`in${i}`, host])))
    await executable.dispose()
    for (const [key, value] of Object.entries(found))
      expect(relativeError(value, get(key)), `${name}.${key}`).toBeLessThan(1e-4)
  })
})
