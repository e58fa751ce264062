import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { miniConfig } from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { loadModel } from '../render/model'
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

function run(name: string, more: Partial<TrainingOptions> = {}): Promise<void> {
  const out = path.join(folder, name)
  const usual = { stage: 'joint', steps: 4, learningRate: 1e-3, seed: 5, batch: 2, data: 'synth' } as const
  return train(source, { config, ...usual, baseFrozen: false, out, resume: false, every: 100, ...more })
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

  it('trains only the parts of its stage when the base is frozen', async () => {
    await run('joint.safetensors', { steps: 1 })
    const before = loadModel(path.join(folder, 'joint.safetensors')).weights
    await run('reference.safetensors', { stage: 'reference', steps: 1, start: before, baseFrozen: true })
    const after = loadModel(path.join(folder, 'reference.safetensors')).weights
    const changed = Object.keys(after).filter((name) => !after[name]!.data.every((v, i) => v === before[name]!.data[i]))
    expect(changed.length).toBeGreaterThan(5)
    expect(changed.every((name) => /^(reference|head)\./.test(name))).toBe(true)
  })
})
