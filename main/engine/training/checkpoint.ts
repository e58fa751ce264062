// What a training run leaves behind: a checkpoint from which it continues bit for bit, and the model itself (the running average of
// the weights, float16). Both are safetensors, written whole or not at all.
import { UserError } from '../../media/errors'
import { hostTensor } from '../ir'
import type { HostTensor } from '../ir'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { float32ToFloat16 } from '../weights/float16'
import { readSafetensors, writeSafetensors } from '../weights/safetensors'

/** What identifies a run: a checkpoint is only continued by the run that wrote it. */
export interface RunIdentity {
  readonly stage: string
  readonly seed: number
  readonly batch: number
  readonly data: string
  readonly learningRate: number
  /** Only where gradients are averaged over several batches. */
  readonly accumulate?: number
  /** Only where the camera's likeness counts. */
  readonly likeness?: number
  /** Which epipolar loss the objective has. Checkpoints from before there was a choice do not say, and are gone on from with any. */
  readonly epipolar?: string
  /** What the hand loss sees with; the same holds. */
  readonly hand?: string
}

/** What checkpoints of earlier versions do not say. */
const sinceLately: readonly string[] = ['epipolar', 'hand'] satisfies (keyof RunIdentity)[]

export interface Checkpoint {
  /** All weights of the model, trained or not. */
  readonly weights: Record<string, HostTensor>
  /** `AdamW.state()` */
  readonly optimiser: Record<string, Float32Array>
}

const weightPrefix = 'weight.'
const optimiserPrefix = 'optimiser.'

export function saveCheckpoint(
  file: string,
  checkpoint: Checkpoint,
  run: RunIdentity,
  config: AnimateAnywhereConfig,
): void {
  const tensors: Record<string, HostTensor> = {}
  for (const [name, tensor] of Object.entries(checkpoint.weights)) tensors[weightPrefix + name] = tensor
  for (const [name, data] of Object.entries(checkpoint.optimiser))
    tensors[optimiserPrefix + name] = hostTensor(data, [data.length])
  writeSafetensors(file, tensors, { run: JSON.stringify(run), config: JSON.stringify(config) })
}

/** Throws a UserError when the checkpoint belongs to a run with other settings, naming the first that differs. */
export function loadCheckpoint(file: string, run: RunIdentity): Checkpoint {
  const { metadata, tensors } = readSafetensors(file)
  if (!metadata.run) throw new UserError(`${file} is not a training checkpoint; it cannot be resumed`)
  const written = JSON.parse(metadata.run) as RunIdentity
  for (const key of Object.keys(run) as (keyof RunIdentity)[])
    if (written[key] !== run[key] && !(sinceLately.includes(key) && written[key] === undefined))
      throw new UserError(
        `${file} was trained with ${key} ${written[key]}, this run has ${run[key]}; give the same or another --out`,
      )
  const weights: Record<string, HostTensor> = {}
  const optimiser: Record<string, Float32Array> = {}
  for (const [name, tensor] of tensors) {
    if (name.startsWith(weightPrefix)) weights[name.slice(weightPrefix.length)] = tensor
    else optimiser[name.slice(optimiserPrefix.length)] = tensor.data as Float32Array
  }
  return { weights, optimiser }
}

/** Writes a model for rendering: float16 weights and its config. `about` is kept as readable metadata. */
export function saveModel(
  file: string,
  weights: Readonly<Record<string, HostTensor>>,
  config: AnimateAnywhereConfig,
  about: Readonly<Record<string, string>>,
): void {
  const half = Object.entries(weights).map(([name, tensor]) => [
    name,
    hostTensor(float32ToFloat16(tensor.data as Float32Array), tensor.shape, 'float16'),
  ])
  writeSafetensors(file, Object.fromEntries(half) as Record<string, HostTensor>, {
    ...about,
    format: 'animate-anywhere 1',
    config: JSON.stringify(config),
  })
}
