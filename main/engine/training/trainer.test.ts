import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { miniConfig } from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import type { HostTensor } from '../ir'
import { loadModel } from '../render/model'
import { objective } from './objective'
import type { BatchShape } from './objective'
import { clipSource } from './sources'
import { openSynthetic } from './synthetic'
import { checkpointFile, train } from './trainer'
import type { TrainingOptions } from './trainer'

const config: AnimateAnywhereConfig = {
  ...miniConfig,
  transformer: { ...miniConfig.transformer, num_layers: 2, num_attention_heads: 2 },
}
const dataset = openSynthetic({ clips: 4, seed: 7, frames: 3, sizes: [[32, 48], [48, 32]] }) // prettier-ignore
const source = clipSource(config, dataset, 2, 5)

let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anywhere-train-'))))
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function run(name: string, more: Partial<TrainingOptions<BatchShape>> = {}): Promise<void> {
  const out = path.join(folder, name)
  const usual = { stage: 'joint', steps: 4, learningRate: 1e-3, seed: 5, batch: 2, data: 'synth' } as const
  const build: TrainingOptions<BatchShape>['build'] = (stage, shape) => objective(config, stage, shape)
  return train(source, { config, ...usual, build, out, resume: false, every: 100, ...more })
}
const bytes = (name: string) => readFileSync(path.join(folder, name))

describe('training', () => {
  it('goes on bit for bit after a break, over batches of different shapes', async () => {
    await run('whole.safetensors')
    await run('broken.safetensors', { steps: 2 })
    await run('broken.safetensors', { resume: true })
    expect(bytes('broken.safetensors').equals(bytes('whole.safetensors'))).toBe(true)
  })

  it('saves what it has when it is stopped, and goes on from there', async () => {
    const stop = new AbortController()
    const onStep = ({ step }: { step: number }) => {
      if (step === 2) stop.abort(new Error('stopped'))
    }
    await expect(run('a.safetensors', { onStep, signal: stop.signal })).rejects.toThrow('stopped')
    expect(existsSync(checkpointFile(path.join(folder, 'a.safetensors')))).toBe(true)
    const steps: number[] = []
    await run('a.safetensors', { resume: true, onStep: ({ step }) => void steps.push(step) })
    expect(steps).toEqual([3, 4])
  })

  it('refuses to go on with other settings, naming the one that differs', async () => {
    await run('a.safetensors', { steps: 1 })
    await expect(run('a.safetensors', { resume: true, learningRate: 0.5 })).rejects.toThrow(/learningRate 0.001.*0.5/)
    await expect(run('b.safetensors', { resume: true })).rejects.toThrow(/nothing to resume/)
  })

  it('averages the gradients of several batches for one step', async () => {
    const losses: number[] = []
    const onStep = (report: { losses: Readonly<Record<string, number>> }) => void losses.push(report.losses.loss!)
    await run('one.safetensors', { steps: 2, onStep })
    await run('both.safetensors', { steps: 1, accumulate: 2, learningRate: 0, onStep })
    await run('first.safetensors', { steps: 2, learningRate: 0, onStep })
    expect(losses[2]).toBeCloseTo((losses[3]! + losses[4]!) / 2, 5)
  })

  it('makes an adapter that changes what the model does, and nothing of the model', async () => {
    await run('model.safetensors', { steps: 1 })
    const file = path.join(folder, 'model.safetensors')
    const { weights, hash } = loadModel(file)
    await run('adapter.safetensors', { stage: 'adapter', steps: 2, start: weights, startHash: hash })
    const made = loadModel(file, path.join(folder, 'adapter.safetensors'))
    const values = ([, tensor]: [string, unknown]) => (tensor as HostTensor).data as Float32Array
    const own = Object.entries(made.weights).filter(([name]) => name.startsWith('adapter.'))
    expect(made.adapter?.rank).toBe(16)
    expect(own).toHaveLength(2 * 4 * 2) // blocks, projections, A and B
    expect(own.filter(([name]) => name.includes('lora_B')).every((entry) => values(entry).some((v) => v !== 0))).toBe(
      true,
    )
    expect(Object.keys(made.weights)).toHaveLength(Object.keys(weights).length + own.length)
  })

  it('trains only the parts of its stage when the base is frozen', async () => {
    await run('joint.safetensors', { steps: 1 })
    const weightsOf = (name: string) => loadModel(path.join(folder, name)).weights as Record<string, HostTensor>
    const before = weightsOf('joint.safetensors')
    const build: TrainingOptions<BatchShape>['build'] = (stage, shape) =>
      objective(config, stage, shape, { baseFrozen: true })
    await run('reference.safetensors', { stage: 'reference', steps: 1, start: before, build })
    const after = weightsOf('reference.safetensors')
    const changed = Object.keys(after).filter((name) => !after[name]!.data.every((v, i) => v === before[name]!.data[i]))
    expect(changed.length).toBeGreaterThan(5)
    expect(changed.every((name) => /^(reference|head)\./.test(name))).toBe(true)
  })
})
