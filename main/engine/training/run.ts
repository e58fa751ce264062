// A training run from what a user names: a model to start from, a stage, a dataset folder or synthetic footage. The command line and
// the engine process both start their runs here.
import { existsSync, rmSync } from 'node:fs'
import type { MemoryPlan } from '../backends/onnx'
import { presets } from '../models/animate-anywhere'
import type { Model } from '../render/model'
import { openDataset } from './dataset'
import { paperEpipolar } from './epipolar-loss'
import type { EpipolarOptions } from './epipolar-loss'
import { defaultHandOptions } from './hand-loss'
import type { HandOptions } from './hand-loss'
import { vaePrefix } from './hand-latents'
import { latentSource } from './latent-batch'
import { latentObjective } from './latent-objective'
import type { MadeClips } from './made-clips'
import { objective } from './objective'
import { clipSource, placeSource, poseSource } from './sources'
import type { Stage } from './stages'
import { openSynthetic, unseenSeeds } from './synthetic'
import { UserError } from '../../media/errors'
import { checkpointFile, train } from './trainer'
import type { StepReport } from './trainer'

/** Clips that the dataset 'synth' makes; after that they come again in another order. */
const synthClips = { poses: 40_000, places: 20_000, control: 12_000, pictures: 1000 }

const seesClips = (stage: Stage): stage is 'reference' | 'joint' | 'adapter' =>
  stage === 'reference' || stage === 'joint' || stage === 'adapter'

export interface TrainingRun {
  /** Absent: the preset 'mini', untrained. */
  readonly start?: Model
  readonly stage: Stage
  /** 'synth' or a dataset folder. */
  readonly data: string
  /** How many different clips 'synth' makes. Default: what suits the stage. */
  readonly clips?: number
  /** Where they are kept, for runs that share them, and who makes them. Default: a memory of its own, made when their turn comes. */
  readonly made?: MadeClips
  readonly steps: number
  readonly batch: number
  /** Batches whose gradients make one step. Default 1. */
  readonly accumulate?: number
  /** The epipolar loss of the stages that see pictures. Default: the paper's. */
  readonly epipolar?: EpipolarOptions
  /** The hand loss of the same stages. Default: the paper's weight, seen by our own filter bank. */
  readonly hand?: HandOptions
  /** Weight of what makes the camera likely instead of average (`ObjectiveOptions`). Default 0. */
  readonly likeness?: number
  readonly learningRate: number
  readonly seed: number
  /** Steps between checkpoints. */
  readonly every: number
  /** The model file; the checkpoint lies beside it. */
  readonly out: string
  readonly resume: boolean
  /** Told before a program runs whose weights stay in their files. */
  readonly onMemory?: (plan: MemoryPlan) => void
  /** Waited for. */
  readonly onStep: (report: StepReport) => void | Promise<void>
  readonly signal: AbortSignal
}

/** Whether there is something to resume beside the model file `out`. */
export const hasCheckpoint = (out: string): boolean => existsSync(checkpointFile(out))

/** Trains. When aborted, a checkpoint and the model so far are written and the signal's reason is thrown. */
export async function runTraining(training: TrainingRun): Promise<void> {
  const {
    start,
    stage,
    data,
    clips,
    made,
    batch,
    seed,
    epipolar = paperEpipolar,
    hand = defaultHandOptions,
    likeness = 0,
    ...rest
  } = training
  const config = start?.config ?? presets.mini
  const shape = {
    frames: config.frames,
    fps: config.fps,
    seed: (seed * 10_000) % unseenSeeds,
    ...(made ? { made } : {}),
  }
  const dataset =
    data === 'synth'
      ? openSynthetic({ ...shape, clips: clips ?? synthClips[seesClips(stage) ? 'pictures' : stage] })
      : openDataset(data)
  const common = {
    ...{ ...rest, config, stage, batch, seed, data, likeness },
    ...(seesClips(stage)
      ? {
          epipolar: `${epipolar.mode} ${epipolar.percentile} ${epipolar.weight}`,
          hand: `${hand.vgg16 ? 'vgg16' : 'filter bank'} ${hand.weight}`,
        }
      : {}),
    ...(start ? { start: start.weights, startHash: start.hash } : {}),
  }
  const folder = start?.folder
  if ((stage === 'poses' || stage === 'places') && !(config.poseNumbers && config.head === 'composition'))
    throw new UserError(`stage '${stage}' is for models that compose pictures, like mini: begin with stage 'control'`)
  if (folder) {
    const cache = `${rest.out}.latents`
    const { vae } = folder
    const terms = stage === 'control' ? {} : { epipolar, hand: { ...hand, vae: vae.config } }
    const decoder = Object.entries(vae.weights).map(([name, weight]) => [vaePrefix + name, weight] as const)
    await train(latentSource({ config, folder, dataset, batch, seed, ...terms, cache }), {
      ...{ ...common, base: { dir: folder.dir, hash: folder.hash } },
      beside: Object.fromEntries(decoder),
      build: (of, batchShape) => latentObjective(config, of, batchShape, terms),
    })
    rmSync(cache, { recursive: true, force: true })
    return
  }
  const source = seesClips(stage)
    ? clipSource(config, dataset, batch, seed, epipolar)
    : stage === 'places'
      ? placeSource(dataset, batch, seed)
      : poseSource(config, stage, dataset, batch, seed)
  await train(source, {
    ...common,
    build: (of, batchShape) => objective(config, of, batchShape, { epipolar, hand, likeness }),
  })
}
