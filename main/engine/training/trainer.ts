// The training loop: for each step one batch, one run of the training program for the batch's shape, one AdamW step. Everything random
// is drawn from the seed and the step's number, so that a resumed run goes on bit for bit.
import { existsSync } from 'node:fs'
import { compile } from '../backends/onnx'
import type { Executable } from '../backends/onnx'
import type { HostTensor } from '../ir'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { initialise } from '../nn'
import { UserError } from '../../media/errors'
import { AdamW } from './adamw'
import { loadCheckpoint, saveCheckpoint, saveModel } from './checkpoint'
import type { RunIdentity } from './checkpoint'
import { objective } from './objective'
import type { BatchShape, Objective } from './objective'
import type { Stage } from './stages'

/** Where batches come from. The same step always gives the same batch. */
export interface BatchSource {
  batch(step: number): Promise<{ readonly shape: BatchShape; readonly feeds: Record<string, HostTensor> }>
}

export interface TrainingOptions {
  readonly config: AnimateAnywhereConfig
  readonly stage: Stage
  /** Steps in all, those of an earlier part of a resumed run included. */
  readonly steps: number
  readonly learningRate: number
  readonly seed: number
  readonly batch: number
  /** Says what the data was; part of the run's identity. */
  readonly data: string
  /** Weights to start from; those that it lacks are initialised from the seed. */
  readonly start?: Readonly<Record<string, HostTensor>>
  readonly baseFrozen: boolean
  /** The model file; the checkpoint lies beside it. */
  readonly out: string
  readonly resume: boolean
  /** Steps between checkpoints. */
  readonly every: number
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
}

/** Steps over which the learning rate rises from 0, so that AdamW's moments settle before it matters. */
const warmup = 100
/** Of the running average of the weights: about the last 200 steps. */
const emaDecay = 0.995

export const checkpointFile = (out: string): string => `${out}.checkpoint.safetensors`

/** Trains to `options.steps` and writes the model; when aborted, writes checkpoint and model and throws the signal's reason. */
export async function train(source: BatchSource, options: TrainingOptions): Promise<void> {
  const { config, stage, seed, baseFrozen, out, resume } = options
  const run: RunIdentity = { stage, seed, batch: options.batch, data: options.data, learningRate: options.learningRate }
  const programs = new Map<string, Promise<{ objective: Objective; executable: Executable }>>()
  const forShape = (shape: BatchShape) => {
    const key = JSON.stringify(shape)
    const known = programs.get(key)
    if (known) return known
    const made = build(config, stage, shape, baseFrozen)
    programs.set(key, made)
    return made
  }
  const first = await source.batch(0)
  const { trained } = (await forShape(first.shape)).objective
  const fresh = initialise(objective(config, 'joint', first.shape, baseFrozen).specs, seed)
  const weights: Record<string, HostTensor> = Object.fromEntries(
    Object.entries(fresh).map(([name, tensor]) => [name, checked(name, options.start?.[name], tensor)]),
  )
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
      const about = {
        stage,
        seed: String(seed),
        steps: String(optimiser.steps),
        data: options.data,
        batch: String(options.batch),
      }
      saveModel(out, { ...weights, ...optimiser.average }, config, about)
    }
    while (optimiser.steps < options.steps) {
      if (options.signal?.aborted) {
        save()
        throw options.signal.reason
      }
      const { shape, feeds } = await source.batch(optimiser.steps)
      const { objective: built, executable } = await forShape(shape)
      const inputs: Record<string, HostTensor> = {}
      for (const { name } of built.program.inputs) {
        const value = optimiser.parameters[name!] ?? weights[name!] ?? feeds[name!]
        if (value) inputs[name!] = value
      }
      const results = await executable.run(inputs)
      const losses = Object.fromEntries(built.losses.map((name) => [name, (results[name]!.data as Float32Array)[0]!]))
      const gradients = Object.fromEntries(trained.map((name) => [name, results[`grad.${name}`]!]))
      const rate = options.learningRate * Math.min(1, (optimiser.steps + 1) / warmup)
      const { norm } = await optimiser.step(gradients, rate)
      await options.onStep?.({ step: optimiser.steps, of: options.steps, losses, norm, flops: executable.flops })
      if (optimiser.steps % options.every === 0 || optimiser.steps === options.steps) save()
    }
  } finally {
    await optimiser.dispose()
    for (const built of programs.values()) await (await built).executable.dispose()
  }
}

async function build(config: AnimateAnywhereConfig, stage: Stage, shape: BatchShape, baseFrozen: boolean) {
  const built = objective(config, stage, shape, baseFrozen)
  return { objective: built, executable: await compile(built.program, { training: true }) }
}

function checked(name: string, given: HostTensor | undefined, fresh: HostTensor): HostTensor {
  if (!given) return fresh
  if (given.shape.join() !== fresh.shape.join())
    throw new UserError(
      `cannot start from this model: ${name} is [${given.shape.join(', ')}], the preset needs [${fresh.shape.join(', ')}]`,
    )
  return given
}
