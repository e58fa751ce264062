// The feature networks against a second, plain implementation in PyTorch (features.py beside this file) with random weights.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../../main/engine/backends/onnx'
import { hostTensor, input, program, reshape, slice } from '../../main/engine/ir'
import type { HostTensor, Tensor } from '../../main/engine/ir'
import { lpips } from '../../main/engine/metrics/lpips'
import { i3dLogits } from '../../main/engine/models/i3d'
import { inceptionPool3 } from '../../main/engine/models/inception'
import { vgg16Taps, vggFeatures } from '../../main/engine/models/vgg'
import { Random, Scope } from '../../main/engine/nn'
import { readSafetensors, writeSafetensors } from '../../main/engine/weights/safetensors'
import { torchPython } from './torch'

interface Net {
  readonly shape: readonly number[]
  readonly outputs: (scope: Scope, x: Tensor) => Record<string, Tensor>
}

const stages = (features: readonly Tensor[]) => Object.fromEntries(features.map((x, i) => [`stage${i + 1}`, x]))
const vgg19Taps = ['relu1_2', 'relu2_2', 'relu3_4', 'relu4_4', 'relu5_4'] as const
const nets: Record<string, Net> = {
  vgg16: { shape: [2, 3, 37, 50], outputs: (scope, x) => stages(vggFeatures(scope, x, 'vgg16', vgg16Taps)) },
  vgg19: { shape: [1, 3, 32, 32], outputs: (scope, x) => stages(vggFeatures(scope, x, 'vgg19', vgg19Taps)) },
  lpips: {
    shape: [2, 2, 3, 48, 34],
    outputs: (scope, x) => {
      const side = (i: number) => slice(x, 0, i, i + 1)
      const flat = (t: Tensor) => reshape(t, t.shape.slice(1))
      return { out: lpips(scope, flat(side(0)), flat(side(1))) }
    },
  },
  inception: { shape: [1, 3, 64, 96], outputs: (scope, x) => ({ out: inceptionPool3(scope, x) }) },
  i3d: { shape: [1, 3, 11, 224, 224], outputs: (scope, x) => ({ out: i3dLogits(scope, x) }) },
}

const random = new Random('features')
/** Drawn once and repeated from another place for each weight: 60 million draws would take longer than the networks. */
const drawn = Float32Array.from({ length: 9973 }, () => random.uniform(-1, 1))

/** Random weights that keep the signal's size through ReLUs, with statistics that are not trivial. */
function randomWeights(specs: Scope['specs']): Record<string, HostTensor> {
  return Object.fromEntries(
    [...specs].map(([name, { shape }]) => {
      const fanIn = shape.slice(1).reduce((a, b) => a * b, 1)
      const positive = name.endsWith('running_var') || name.endsWith('bn.weight')
      const [middle, spread] = shape.length > 1 ? [0, Math.sqrt(6 / fanIn)] : positive ? [1, 0.3] : [0, 0.1]
      const from = random.int(drawn.length)
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
      for (let i = 0; i < data.length; i++) data[i] = middle + spread * drawn[(from + i) % drawn.length]!
      // The heads of LPIPS are not negative.
      return [name, hostTensor(name.startsWith('lin') ? data.map(Math.abs) : data, shape)]
    }),
  )
}

const python = torchPython()

describe.skipIf(!python)('feature networks against PyTorch (needs python3-torch)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'features-'))
  const ours: Record<string, HostTensor> = {}
  let theirs: ReadonlyMap<string, HostTensor>

  beforeAll(async () => {
    const given: Record<string, HostTensor> = {}
    for (const [net, { shape, outputs }] of Object.entries(nets)) {
      const scope = new Scope()
      const made = program(net, outputs(scope, input('x', shape)))
      const weights = randomWeights(scope.specs)
      const x = hostTensor(
        new Float32Array(shape.reduce((a, b) => a * b, 1)).map(() => random.uniform(-1, 1)),
        shape,
      )
      const executable = await compile(made, { initializers: weights })
      for (const [name, value] of Object.entries(await executable.run({ x }))) ours[`${net}.${name}`] = value
      await executable.dispose()
      given[`${net}.input`] = x
      for (const [name, weight] of Object.entries(weights)) given[`${net}.weight.${name}`] = weight
    }
    const [from, to] = [path.join(folder, 'in.safetensors'), path.join(folder, 'out.safetensors')]
    writeSafetensors(from, given)
    execFileSync(python!, [fileURLToPath(new URL('features.py', import.meta.url)), from, to])
    theirs = readSafetensors(to).tensors
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it.each(Object.keys(nets))('%s agrees to 1e-4 of its largest value', (net) => {
    const expected = [...theirs].filter(([name]) => name.startsWith(`${net}.`))
    expect(expected.map(([name]) => name).sort()).toEqual(
      Object.keys(ours)
        .filter((name) => name.startsWith(`${net}.`))
        .sort(),
    )
    for (const [name, { shape, data }] of expected) {
      expect(ours[name]!.shape).toEqual(shape)
      const [a, b] = [ours[name]!.data as Float32Array, data as Float32Array]
      const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(largest).toBeGreaterThan(1e-3)
      const error = b.reduce((most, value, i) => Math.max(most, Math.abs(value - a[i]!)), 0) / largest
      expect(error, name).toBeLessThan(1e-4)
    }
  })
})
