// The training loop: for each step one batch, one run of the training program for the batch's shape, one AdamW step. Everything random
// is drawn from the seed and the step's number, so that a resumed run goes on bit for bit.
import { existsSync } from 'node:fs'
import { compileSegments, memoryPlan } from '../backends/onnx'
import type { Executable, ExternalWeight, Initializer, MemoryPlan } from '../backends/onnx'
import { hostTensor } from '../ir'
import type { HostTensor } from '../ir'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { initialise } from '../nn'
import { UserError } from '../../media/errors'
import { writeAdapter } from '../weights/adapter'
import { readExternal } from '../weights/external'
import { AdamW } from './adamw'
import { loadCheckpoint, saveCheckpoint, saveModel } from './checkpoint'
import type { RunIdentity } from './checkpoint'
import type { Objective } from './objective'
import type { Stage } from './stages'

/** Where batches come from. The same step always gives the same batch. */
export interface BatchSource<Shape> {
  /** `notes`: what should be known of this batch, for people. */
  batch(step: number): Promise<{
    readonly shape: Shape
    readonly feeds: Record<string, HostTensor>
    readonly notes?: readonly string[]
  }>
}

export interface TrainingOptions<Shape> {
  readonly config: AnimateAnywhereConfig
  readonly stage: Stage
  /** Steps in all, those of an earlier part of a resumed run included. */
  readonly steps: number
  readonly learningRate: number
  readonly seed: number
  readonly batch: number
  /** Says what the data was; part of the run's identity. */
  readonly data: string
  /** Says which epipolar loss is in the objective; part of the run's identity. */
  readonly epipolar?: string
  /** Says what the hand loss sees with; part of the run's identity. */
  readonly hand?: string
  /** Weight of the camera's likeness in the objective; part of the run's identity. Default 0. */
  readonly likeness?: number
  /** Batches whose gradients are averaged for one step of the optimiser. Default 1. */
  readonly accumulate?: number
  /** Weights to start from; those that it lacks are initialised from the seed. What is not trained may stay in its file. */
  readonly start?: Readonly<Record<string, Initializer>>
  /** Weights that programs read beside the model's own: nobody trains or keeps them. */
  readonly beside?: Readonly<Record<string, ExternalWeight>>
  /** SHA-256 of the model that an adapter is for. */
  readonly startHash?: string
  /** The imported folder that the model belongs to: what was trained is written, not the folder's weights. */
  readonly base?: { readonly dir: string; readonly hash: string }
  /** The training program of a stage for batches of this shape. */
  readonly build: (stage: Stage, shape: Shape) => Objective
  /** The model file; the checkpoint lies beside it. */
  readonly out: string
  readonly resume: boolean
  /** Steps between checkpoints. */
  readonly every: number
  /** Told of each shape's program before it runs, where weights stay in their files. */
  readonly onMemory?: (plan: MemoryPlan) => void
  /** Waited for. */
  readonly onStep?: (report: StepReport) => void | Promise<void>
  readonly signal?: AbortSignal
}

export interface StepReport {
  readonly step: number
  readonly of: number
  readonly losses: Readonly<Record<string, number>>
  /** Norm of all gradients. */
  readonly norm: number
  /** Floating-point operations of the training program's matrix products and convolutions. */
  readonly flops: number
  /** What was said of the batches, each once in a run. */
  readonly notes: readonly string[]
}

/** Steps over which the learning rate rises from 0, so that AdamW's moments settle before it matters. */
const warmup = 100
/** Of the running average of the weights: about the last 200 steps. */
const emaDecay = 0.995

export const checkpointFile = (out: string): string => `${out}.checkpoint.safetensors`

/** Trains to `options.steps` and writes the model; when aborted, writes checkpoint and model and throws the signal's reason. */
export async function train<Shape>(source: BatchSource<Shape>, options: TrainingOptions<Shape>): Promise<void> {
  const { config, stage, seed, out, resume, accumulate = 1 } = options
  const run: RunIdentity = {
    ...{ stage, seed, batch: options.batch, data: options.data, learningRate: options.learningRate },
    ...(accumulate > 1 ? { accumulate } : {}),
    ...(options.likeness ? { likeness: options.likeness } : {}),
    ...(options.epipolar ? { epipolar: options.epipolar } : {}),
    ...(options.hand ? { hand: options.hand } : {}),
  }
  const first = await source.batch(0)
  const firstObjective = options.build(stage, first.shape)
  const { trained } = firstObjective
  const { weights, external } = startingWeights(options, firstObjective, first.shape)
  const programs = new Map<string, { objective: Objective; executable: Executable }>()
  const forShape = (shape: Shape) => {
    const key = JSON.stringify(shape)
    const known = programs.get(key)
    if (known) return known
    const objective = key === JSON.stringify(first.shape) ? firstObjective : options.build(stage, shape)
    const initializers = { ...external, ...options.beside }
    if (Object.keys(external).length > 0) options.onMemory?.(memoryPlan(objective.program, initializers))
    const executable = compileSegments(objective.program, { training: true, initializers })
    const made = { objective, executable }
    programs.set(key, made)
    return made
  }
  const optimiser = new AdamW(Object.fromEntries(trained.map((name) => [name, weights[name]!])), {
    betas: [0.9, 0.99],
    weightDecay: 0.01,
    decayVectors: false,
    clipNorm: 5,
    emaDecay,
  })
  try {
    if (resume) {
      if (!existsSync(checkpointFile(out)))
        throw new UserError(`nothing to resume: ${checkpointFile(out)} does not exist`)
      const saved = loadCheckpoint(checkpointFile(out), run)
      Object.assign(weights, saved.weights)
      optimiser.load(saved.weights, saved.optimiser)
    }
    const save = () => {
      const now = { ...weights, ...optimiser.parameters }
      saveCheckpoint(checkpointFile(out), { weights: now, optimiser: optimiser.state() }, run, config)
      saveResult(options, optimiser, weights)
    }
    const noted = new Set<string>()
    while (optimiser.steps < options.steps) {
      const notes: string[] = []
      const gradients: Record<string, HostTensor> = {}
      const losses: Record<string, number> = {}
      let flops = 0
      for (let part = 0; part < accumulate; part++) {
        if (options.signal?.aborted) {
          save()
          throw options.signal.reason
        }
        const { shape, feeds, notes: said = [] } = await source.batch(optimiser.steps * accumulate + part)
        for (const note of said) if (!noted.has(note)) notes.push(note)
        for (const note of said) noted.add(note)
        const { objective: built, executable } = forShape(shape)
        const inputs: Record<string, HostTensor> = {}
        for (const { name } of built.program.inputs) {
          const value = optimiser.parameters[name!] ?? weights[name!] ?? feeds[name!]
          if (value) inputs[name!] = value
        }
        const results = await executable.run(inputs)
        flops += executable.flops
        for (const name of built.losses)
          losses[name] = (losses[name] ?? 0) + (results[name]!.data as Float32Array)[0]! / accumulate
        for (const name of trained) gradients[name] = averaged(gradients[name], results[`grad.${name}`]!, accumulate)
      }
      const rate = options.learningRate * Math.min(1, (optimiser.steps + 1) / warmup)
      const { norm } = await optimiser.step(gradients, rate)
      await options.onStep?.({ step: optimiser.steps, of: options.steps, losses, norm, flops, notes })
      if (optimiser.steps % options.every === 0 || optimiser.steps === options.steps) save()
    }
  } finally {
    await optimiser.dispose()
    for (const { executable } of programs.values()) await executable.dispose()
  }
}

/** What training starts from: weights in memory, and those that stay in their files. */
function startingWeights<Shape>(
  { build, stage, seed, start = {} }: TrainingOptions<Shape>,
  { trained, specs }: Objective,
  shape: Shape,
) {
  // All that the model has, whether this stage's program uses it or not.
  const all = stage === 'joint' ? specs : new Map([...build('joint', shape).specs, ...specs])
  const fresh = initialise(new Map([...all].filter(([name]) => !start[name])), seed)
  const weights: Record<string, HostTensor> = { ...fresh }
  const external: Record<string, ExternalWeight> = {}
  for (const [name, { shape: needed }] of all) {
    const given = start[name]
    if (!given) continue
    if ('path' in given && !trained.includes(name)) external[name] = given
    else weights[name] = checked(name, 'path' in given ? hostTensor(readExternal(given), needed) : given, needed)
  }
  return { weights, external }
}

/** The file that a run is for: an adapter, or the model as far as it is not an imported folder's. */
function saveResult<Shape>(
  options: TrainingOptions<Shape>,
  optimiser: AdamW,
  weights: Record<string, HostTensor>,
): void {
  const { stage, out, config, base } = options
  const about = {
    stage,
    seed: String(options.seed),
    steps: String(optimiser.steps),
    data: options.data,
    batch: String(options.batch),
  }
  if (stage === 'adapter') writeAdapter(out, optimiser.average, { ...about, model: options.startHash ?? '' })
  else
    saveModel(out, { ...weights, ...optimiser.average }, config, {
      ...about,
      ...(base ? { base: JSON.stringify(base) } : {}),
    })
}

/** The sum so far and one more share of the average. */
function averaged(sum: HostTensor | undefined, gradient: HostTensor, count: number): HostTensor {
  if (count === 1) return gradient
  const data = (gradient.data as Float32Array).map((v, i) => ((sum?.data[i] as number | undefined) ?? 0) + v / count)
  return hostTensor(data, gradient.shape)
}

function checked(name: string, given: HostTensor, needed: readonly number[]): HostTensor {
  if (given.shape.join() !== needed.join())
    throw new UserError(
      `cannot start from this model: ${name} is [${given.shape.join(', ')}], the preset needs [${needed.join(', ')}]`,
    )
  return given
}
