// The epipolar loss in a training run: it falls, it reaches the BML, and footage without cameras does without it.
// Ten seconds on two idle cores; a busy machine may take its time.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import type { HostTensor } from '../ir'
import { miniConfig } from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { initialise } from '../nn'
import { datasetOf } from './dataset'
import type { Dataset } from './dataset'
import { paperEpipolar } from './epipolar-loss'
import type { EpipolarOptions } from './epipolar-loss'
import { objective } from './objective'
import { clipSource } from './sources'
import { openSynthetic } from './synthetic'
import { train } from './trainer'
import type { StepReport } from './trainer'

const config: AnimateAnywhereConfig = {
  ...miniConfig,
  transformer: { ...miniConfig.transformer, num_layers: 2, num_attention_heads: 2 },
}
const dataset = openSynthetic({ clips: 4, seed: 7, frames: 3, sizes: [[64, 48]] })

/** The same footage by someone who does not know the cameras. */
const withoutCameras: Dataset = datasetOf('real', dataset.clips, {
  ...dataset,
  read: (index) => ({ ...dataset.read(index), intrinsics: new Float32Array(3 * 9) }),
})

let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anywhere-epipolar-'))))
afterEach(() => {
  rmSync(folder, { recursive: true })
})

interface Run {
  name?: string
  data?: Dataset
  steps: number
  resume?: boolean
  /** What the run says of its epipolar loss; absent: nothing, as before there was one. */
  says?: string
}

async function run(epipolar: EpipolarOptions, { name = 'model', data = dataset, steps, resume = false, says }: Run) {
  const reports: StepReport[] = []
  await train(clipSource(config, data, 2, 5, epipolar), {
    ...{ config, stage: 'joint', steps, learningRate: 4e-3, seed: 5, batch: 2, data: 'synth', every: 100, resume },
    ...(says === undefined ? {} : { epipolar: says }),
    out: path.join(folder, `${name}.safetensors`),
    build: (stage, shape) => objective(config, stage, shape, { epipolar }),
    onStep: (report) => void reports.push(report),
  })
  return reports
}
const mean = (reports: readonly StepReport[]) =>
  reports.reduce((sum, r) => sum + r.losses.epipolar!, 0) / reports.length

describe('training with the epipolar loss', { timeout: 600_000 }, () => {
  it('pushes weak attention off the epipolar lines down, which training without it does not', async () => {
    const [trained, watched] = [await run(paperEpipolar, { steps: 40 }), await run({ ...paperEpipolar, weight: 1e-9 }, { steps: 40 })] // prettier-ignore
    const fall = (reports: readonly StepReport[]) => mean(reports.slice(-10)) / mean(reports.slice(0, 10))
    expect(fall(trained)).toBeLessThan(0.5)
    expect(fall(watched)).toBeGreaterThan(0.8)
  })

  it('gives the BML of the blocks before its attention a gradient, and is left out by mode none', async () => {
    const { shape, feeds } = await clipSource(config, dataset, 2, 5, paperEpipolar).batch(0)
    const gradients = async (epipolar: EpipolarOptions) => {
      const { program, specs, losses } = objective(config, 'joint', shape, { epipolar })
      const weights = initialise(specs, 1)
      const inputs = program.inputs.map(({ name }) => [name!, weights[name!] ?? feeds[name!]!] as const)
      const executable = await compile(program, { training: true })
      const results = await executable.run(Object.fromEntries<HostTensor>(inputs))
      await executable.dispose()
      return { losses, bml: results['grad.bml.1.to_q.lora_B.weight']!.data as Float32Array }
    }
    const size = (values: Float32Array) => Math.hypot(...values)
    const [with_, without] = [await gradients(paperEpipolar), await gradients({ ...paperEpipolar, mode: 'none' })]
    // a fresh head is closed: until it opens, nothing else reaches the BML
    expect(size(without.bml)).toBe(0)
    expect(size(with_.bml)).toBeGreaterThan(1e-4)
    expect([with_.losses.includes('epipolar'), without.losses.includes('epipolar')]).toEqual([true, false])
  })

  it('skips clips without cameras and says so by name, once', async () => {
    const reports = await run(paperEpipolar, { data: withoutCameras, steps: 4 })
    expect(mean(reports)).toBe(0)
    const notes = reports.flatMap((report) => report.notes)
    expect(notes).toHaveLength(4)
    expect(notes[0]).toMatch(/^synth-\d+-64x48: no epipolar loss, its cameras are unknown$/)
  })

  it('goes on from a checkpoint that says nothing of it, but not from one of another epipolar loss', async () => {
    await run(paperEpipolar, { steps: 1 })
    await run(paperEpipolar, { steps: 2, resume: true, says: 'adaptive 30 0.2' })
    const other = run(paperEpipolar, { steps: 3, resume: true, says: 'strict 30 0.2' })
    await expect(other).rejects.toThrow('epipolar adaptive 30 0.2, this run has strict 30 0.2')
  })
})
