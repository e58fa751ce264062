// One run of an ablation: a variant of the method, a seed, the budget. Trains its stages, measures the result on unseen clips, and
// leaves the model and its figures in a folder of its own. Whatever is already there is gone on from.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { UserError } from '../../media/errors'
import { writeJsonAtomic } from '../../media/partials'
import { flopsOf } from '../backends/onnx'
import { measureModel } from '../evaluation'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { loadModel } from '../render/model'
import type { Model } from '../render/model'
import { hasCheckpoint } from '../training/run'
import { objective } from '../training/objective'
import type { BatchShape } from '../training/objective'
import { isTrained } from '../training/stages'
import { clipSource, composedFrames, placeSource, poseSource } from '../training/sources'
import { checkpointFile, train } from '../training/trainer'
import type { BatchSource } from '../training/trainer'
import { readSafetensors } from '../weights/safetensors'
import type { Budget } from './budget'
import type { Footage } from './footage'
import { variantName } from './plan'
import type { Variant } from './plan'
import { probe } from './probe'

const resultSchema = z.object({
  variant: z.string(),
  seed: z.number(),
  /** Digest of all that the figures depend on. */
  made: z.string(),
  /** By name; null where no clip allows the measure. */
  metrics: z.record(z.string(), z.number().nullable()),
  parameters: z.number(),
  /** Floating-point operations of a training step, by stage, in 1e9. */
  gigaflops: z.object({ control: z.number(), joint: z.number() }),
})
/** What a run leaves in result.json. */
export type Result = z.infer<typeof resultSchema>

/** How far a run is: steps of its stages, then clips of its evaluation, `unitsOf` in all. */
export type OnUnit = (what: AblationStage | 'evaluate', done: number) => void
type AblationStage = 'poses' | 'places' | 'control' | 'joint'

/** Units of work that a run reports before each of its parts. */
export function unitsBefore({ places, poses, control, joint }: Budget): Record<Parameters<OnUnit>[0], number> {
  const drawn = places.steps + poses.steps + control.steps
  return {
    ...{ places: 0, poses: places.steps, control: places.steps + poses.steps },
    ...{ joint: drawn, evaluate: drawn + joint.steps },
  }
}

/** Units of work that a run reports. */
export const unitsOf = (budget: Budget): number => unitsBefore(budget).evaluate + budget.measuring.clips

/** Version of what is measured: results of an earlier one are measured again. */
const measuringVersion = 3

/** Digests of all that each stage, then the figures depend on. */
function identities({ epipolar }: Variant, config: AnimateAnywhereConfig, budget: Budget) {
  const digest = (value: unknown) => createHash('sha1').update(JSON.stringify(value)).digest('hex').slice(0, 12)
  const { width, height, poses, places, control, joint, measuring } = budget
  const given = digest([budget.config, width, height, places])
  const posed = digest([config, width, height, poses])
  const first = digest([given, posed, control])
  const { mode, percentile } = epipolar
  const second = digest([first, joint, { mode, percentile }])
  return {
    places: given,
    poses: posed,
    control: first,
    joint: second,
    made: digest([second, measuring, measuringVersion]),
  }
}

/** A run and where it is kept. */
export interface Run {
  readonly variant: Variant
  readonly seed: number
  readonly budget: Budget
  readonly footage: Footage
  /** Holds a folder for every run. */
  readonly folder: string
  readonly onUnit: OnUnit
  readonly signal: AbortSignal
}

/** Trains and measures. When aborted, what is trained so far is saved and the signal's reason thrown. */
export async function runVariant(run: Run): Promise<Result> {
  const { variant, seed, budget, footage, folder, onUnit, signal } = run
  const name = variantName(variant)
  const config = { ...budget.config, backgroundMotion: variant.backgroundMotion }
  const { made, ...trained } = identities(variant, config, budget)
  const file = path.join(folder, `${name}-seed${seed}`, 'result.json')
  const known = readResult(file)
  if (known?.made === made) return known

  // What a place is to somebody does not depend on who moves the camera: all variants share it.
  const places = path.join(folder, `places-seed${seed}`, 'places.safetensors')
  const seen = placeSource(footage.places, budget.places.batch, seed)
  await trainStage(run, budget.config, 'places', { source: seen, out: places, data: trained.places })
  // The epipolar loss looks at pictures, so that variants which differ in it alone share the stages before there are any.
  const shared = path.join(folder, `${variant.backgroundMotion}-seed${seed}`)
  const poses = path.join(shared, 'poses.safetensors')
  const numbers = poseSource(config, 'poses', footage.poses, budget.poses.batch, seed)
  const start = learned(places, 'places')
  await trainStage(run, config, 'poses', { source: numbers, out: poses, data: trained.poses, start })
  const control = path.join(shared, 'control.safetensors')
  const drawn = poseSource(config, 'control', footage.control, budget.control.batch, seed)
  const posed = loadModel(poses).weights
  await trainStage(run, config, 'control', { source: drawn, out: control, data: trained.control, start: posed })
  const joint = path.join(path.dirname(file), 'joint.safetensors')
  const pictures = clipSource(config, footage.pictures, budget.joint.batch, seed, variant.epipolar)
  await trainStage(run, config, 'joint', {
    source: pictures,
    out: joint,
    data: trained.joint,
    start: loadModel(control).weights,
  })

  const model = loadModel(joint)
  const { clips, ...sampling } = budget.measuring
  const { metrics } = await measureModel(model, clips, (index) => footage.unseen.read(index), {
    ...{ ...sampling, seed: 0, signal },
    onClip: (done) => { onUnit('evaluate', done) }, // prettier-ignore
  })
  const measured: Record<string, number> = { ...metrics, ...(await probe(model, footage.unseen, budget)) }
  const result: Result = {
    ...{ variant: name, seed, made },
    metrics: Object.fromEntries(Object.entries(measured).map(([of, v]) => [of, Number.isFinite(v) ? v : null])),
    ...sizes(variant, config, budget),
  }
  writeJsonAtomic(file, result)
  return result
}

/** Trains a stage into the model file `out`, from where it was left. A finished stage is one whose checkpoint is gone. */
async function trainStage(
  { variant, seed, budget, onUnit, signal }: Run,
  config: AnimateAnywhereConfig,
  which: AblationStage,
  {
    source,
    out,
    data,
    start,
  }: { source: BatchSource<BatchShape>; out: string; data: string; start?: Model['weights'] },
): Promise<void> {
  const begun = hasCheckpoint(out)
  if (existsSync(out) && !begun) {
    if (readSafetensors(out).metadata.data === data) return
    throw new UserError(`${out} was trained with another budget; give the same --train-steps, or another --out`)
  }
  const { steps, batch, learningRate } = budget[which]
  await train(source, {
    ...{ config, stage: which, steps, batch, learningRate, seed, every: budget.every, out, signal, data },
    build: (of, shape) => objective(config, of, shape, { epipolar: variant.epipolar }),
    resume: begun,
    ...(start ? { start } : {}),
    onStep: ({ step }) => { onUnit(which, step) }, // prettier-ignore
  })
  rmSync(checkpointFile(out), { force: true })
}

/** What a stage taught the model in `file`. */
const learned = (file: string, stage: AblationStage): Model['weights'] =>
  Object.fromEntries(Object.entries(loadModel(file).weights).filter(([name]) => isTrained(name, stage, false)))

/** Weights of a model, and what a training step of each stage costs. */
function sizes(
  { epipolar }: Variant,
  config: AnimateAnywhereConfig,
  budget: Budget,
): Pick<Result, 'parameters' | 'gigaflops'> {
  const built = (which: 'control' | 'joint') => {
    const { width, height } = budget
    const { frames } = config
    return objective(
      config,
      which,
      {
        batch: budget[which].batch,
        frames,
        width,
        height,
        composed: Math.min(composedFrames, frames),
      },
      { epipolar },
    )
  }
  const [control, joint] = [built('control'), built('joint')]
  return {
    parameters: [...joint.specs.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    gigaflops: { control: flopsOf(control.program) / 1e9, joint: flopsOf(joint.program) / 1e9 },
  }
}

function readResult(file: string): Result | undefined {
  if (!existsSync(file)) return undefined
  try {
    return resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    throw new UserError(`${file} is damaged; delete it to measure that run again`)
  }
}
