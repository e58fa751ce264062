// The bundled model's recipe in small, from nothing: what `npm run retrain -- --brief` does, and whether anything was learned.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { evaluate } from '../../main/engine/evaluation'
import { loadModel } from '../../main/engine/render/model'
import { ClipMakers } from '../../main/engine/synth/makers'
import { MadeClips } from '../../main/engine/training/made-clips'
import { briefRecipe, followRecipe } from '../../main/engine/training/recipe'
import { openSynthetic, unseenSeeds } from '../../main/engine/training/synthetic'

const folder = mkdtempSync(path.join(os.tmpdir(), 'anywhere-retrain-'))
const makers = new ClipMakers()
afterAll(async () => {
  await makers.close()
  rmSync(folder, { recursive: true })
})

const clips = 24

it(
  'makes in minutes a model whose place follows the poses on clips that it never saw',
  { timeout: 900_000 },
  async () => {
    const losses: Record<string, number[]> = {}
    const signal = new AbortController().signal
    const file = await followRecipe({
      ...{ recipe: briefRecipe, folder, signal, made: new MadeClips({ makers }) },
      onStep: (stage, report) => (losses[stage] ??= []).push(report.losses.loss!),
    })
    expect(Object.keys(losses)).toEqual(['poses', 'places', 'control', 'reference', 'joint'])
    expect(readdirSync(folder).filter((name) => name.includes('checkpoint'))).toEqual([])
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
    expect(mean(losses.poses!.slice(-40))).toBeLessThan(0.75 * mean(losses.poses!.slice(0, 40)))

    const model = loadModel(file)
    const unseen = openSynthetic({ clips, seed: unseenSeeds, frames: model.config.frames, fps: model.config.fps })
    const { metrics, baselines } = await evaluate(model, clips, (index) => unseen.read(index), {
      steps: 1,
      guidance: 1,
      seed: 0,
    })
    // The puppet's place stands still.
    expect(Math.abs(baselines.puppet.pan_r)).toBeLessThan(0.2)
    expect(metrics.pan_r).toBeGreaterThan(0.5)
    expect(metrics.zoom_r).toBeGreaterThan(0.25)
  },
)
