// How the bundled model is made from nothing: which stages, on how many clips, for how long, from which seeds. Every number that
// `npm run retrain` needs is here; the same stages in small, a matter of minutes, show that it still works.
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { loadModel } from '../render/model'
import type { MadeClips } from './made-clips'
import { hasCheckpoint, runTraining } from './run'
import type { Stage } from './stages'
import { checkpointFile } from './trainer'
import type { StepReport } from './trainer'

/** One stage of a recipe. */
export interface RecipeStage {
  readonly stage: Exclude<Stage, 'adapter'>
  readonly steps: number
  readonly batch: number
  readonly learningRate: number
  /** Different synthetic clips; in a mirror they are twice as many. Their seeds begin at 10,000 times `seed`. */
  readonly clips: number
  readonly seed: number
  /** Weight of what makes the camera likely instead of average, at the end of its training. */
  readonly likeness?: number
}

export type Recipe = readonly RecipeStage[]

/**
 * The bundled model. Poses and places are drawn anew when they have been seen some times: what is seen too often stops teaching. Their last runs
 * are slower ones. At the end the camera makes up its mind.
 */
export const fullRecipe: Recipe = [
  { stage: 'poses', steps: 9000, batch: 64, learningRate: 1e-3, clips: 40_000, seed: 0 },
  { stage: 'poses', steps: 6000, batch: 64, learningRate: 1e-3, clips: 40_000, seed: 10 },
  { stage: 'poses', steps: 2500, batch: 64, learningRate: 2e-4, clips: 40_000, seed: 14 },
  { stage: 'places', steps: 2500, batch: 32, learningRate: 1e-3, clips: 20_000, seed: 0 },
  { stage: 'places', steps: 1700, batch: 32, learningRate: 1e-3, clips: 20_000, seed: 7 },
  { stage: 'places', steps: 1000, batch: 32, learningRate: 2e-4, clips: 20_000, seed: 9 },
  { stage: 'control', steps: 700, batch: 16, learningRate: 1e-3, clips: 12_000, seed: 0 },
  { stage: 'reference', steps: 150, batch: 8, learningRate: 1e-3, clips: 1800, seed: 5 },
  { stage: 'joint', steps: 600, batch: 8, learningRate: 5e-4, clips: 1800, seed: 5 },
  { stage: 'control', steps: 600, batch: 16, learningRate: 6e-4, clips: 12_000, seed: 1 },
  { stage: 'reference', steps: 200, batch: 8, learningRate: 5e-4, clips: 1800, seed: 5 },
  { stage: 'poses', steps: 3000, batch: 64, learningRate: 3e-4, clips: 40_000, seed: 18, likeness: 1 },
  { stage: 'poses', steps: 2500, batch: 64, learningRate: 2e-4, clips: 40_000, seed: 22, likeness: 2 },
]

/** The same in a few minutes: enough for the place to follow the poses, not to be kept. */
export const briefRecipe: Recipe = [
  { stage: 'poses', steps: 400, batch: 48, learningRate: 2e-3, clips: 4000, seed: 0 },
  { stage: 'places', steps: 60, batch: 16, learningRate: 2e-3, clips: 480, seed: 0 },
  { stage: 'control', steps: 40, batch: 8, learningRate: 2e-3, clips: 320, seed: 0 },
  { stage: 'reference', steps: 12, batch: 4, learningRate: 2e-3, clips: 24, seed: 5 },
  { stage: 'joint', steps: 24, batch: 4, learningRate: 1e-3, clips: 24, seed: 5 },
]

export interface RecipeOptions {
  readonly recipe: Recipe
  /** Models and checkpoints of the stages; what is there is gone on from. */
  readonly folder: string
  /** Where the clips of all stages are kept, and who makes them. */
  readonly made: MadeClips
  readonly onStep: (stage: Stage, report: StepReport) => void
  readonly signal: AbortSignal
}

/** Follows a recipe and gives the last stage's model file. When aborted, what is trained so far is kept and the signal's reason thrown. */
export async function followRecipe({ recipe, folder, onStep, ...options }: RecipeOptions): Promise<string> {
  let latest: string | undefined
  for (const [i, { stage, ...how }] of recipe.entries()) {
    const out = path.join(folder, `${i + 1}-${stage}.safetensors`)
    const resume = hasCheckpoint(out)
    // A finished stage is one whose checkpoint is gone.
    if (resume || !existsSync(out)) {
      await runTraining({
        ...{ ...how, ...options, stage, out, resume, data: 'synth', every: 100 },
        ...(latest ? { start: loadModel(latest) } : {}),
        onStep: (report) => { onStep(stage, report) }, // prettier-ignore
      })
      rmSync(checkpointFile(out), { force: true })
    }
    latest = out
  }
  return latest!
}
