import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluation'
import { metricNames } from './metrics/summary'
import { miniConfig } from './models/animate-anywhere'
import { openSuite } from './metrics/suite'
import { initialise } from './nn'
import { surveyProgram, samplingProgram } from './render/thinking-programs'
import { openSynthetic, unseenSeeds } from './training/synthetic'

const dataset = openSynthetic({ clips: 3, seed: unseenSeeds, frames: 5, sizes: [[64, 48]] }) // prettier-ignore
const specs = new Map([samplingProgram, surveyProgram].flatMap((made) => [...made(miniConfig, 5, 64, 48).specs]))
const untrained = { name: 'untrained', config: miniConfig, weights: initialise(specs, 0), hash: '' }

describe('evaluation', () => {
  it('finds that an untrained model is the puppet, whose background stands still and whose person is about right', async () => {
    const done: number[] = []
    const options = { steps: 2, guidance: 2.5, seed: 0, onClip: (clip: number) => done.push(clip) }
    const report = await evaluate(untrained, 3, (i) => dataset.read(i), options)
    expect(done).toEqual([1, 2, 3])
    for (const name of metricNames) expect(report.metrics[name]).toBeCloseTo(report.baselines.puppet[name], 2)
    expect(report.metrics.mask_iou).toBeGreaterThan(0.5)
    expect(report.baselines.static.mask_iou).toBe(0)
    expect(report.metrics.psnr).toBeGreaterThan(report.baselines.static.psnr)
    for (const [low, high] of Object.values(report.ci)) expect(Number.isNaN(low) || low <= high).toBe(true)
  })

  it('measures what else is asked for, for the model and the baselines alike', async () => {
    const suite = openSuite(['lpips', 'fid_proxy'])
    const options = { steps: 1, guidance: 1, seed: 0, suite }
    const { metrics, baselines, ci } = await evaluate(untrained, 2, (i) => dataset.read(i), options)
    await suite.dispose()
    expect(Object.keys(metrics)).toEqual([...metricNames, 'lpips_proxy', 'fid_proxy'])
    expect(metrics.lpips_proxy).toBeLessThan(baselines.static.lpips_proxy!)
    expect(metrics.fid_proxy).toBeLessThan(baselines.static.fid_proxy!)
    const [low, high] = ci.lpips_proxy!
    expect(low <= metrics.lpips_proxy! && metrics.lpips_proxy! <= high).toBe(true)
    expect(ci).not.toHaveProperty('fid_proxy')
  })

  it('says so when there is nothing to evaluate', async () => {
    const none = evaluate(untrained, 0, (i) => dataset.read(i), { steps: 1, guidance: 1, seed: 0 })
    await expect(none).rejects.toThrow(/no clips/)
  })
})
