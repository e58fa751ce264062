// What is said between the studio and the engine process. Both sides check what they get: the other may be an older bundle, or a
// process on its way to die. Everything here can be cloned by Electron's and by Node's message channels.
import { z } from 'zod'
import { hints } from '../motion/hints'
import { providers } from './device'
import { stages } from './training/stages'

const id = z.string().min(1)
const file = z.string().min(1)
const count = z.number().int().min(0)
/** What the task is computed on; it is known to work here. */
const device = z.enum(providers)

/** A clip to make, all of its files by absolute path. */
export const renderTask = z.object({
  type: z.literal('render'),
  id,
  human: file,
  /** Names the human's content: who was found in it is remembered under this. */
  humanSha256: z.string(),
  background: file,
  motion: file,
  /** 'mini', a safetensors file, or the folder of an imported model. */
  model: file,
  /** Of an adapter for that model. */
  adapter: file.optional(),
  /** Where the MP4 goes, whole or not at all; <out>.json, with a `RenderOutcome`, lies there just before it. */
  out: file,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  frames: z.number().int().positive().nullable(),
  fps: z.number().positive(),
  steps: z.number().int().positive(),
  guidance: z.number(),
  bml: z.number(),
  hint: z.enum(hints),
  hintStrength: z.number(),
  seed: count,
  crop: z.object({ x: z.number(), y: z.number(), zoom: z.number() }),
  device,
})
export type RenderTask = z.infer<typeof renderTask>

export const renderOutcome = z.object({
  frames: z.number().int().positive(),
  fps: z.number().positive(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  modelSha256: z.string(),
  adapterSha256: z.string().optional(),
  /** From the first file read to the last frame written. */
  seconds: z.number(),
  /** Most resident memory seen, bytes. */
  memory: z.number(),
})
export type RenderOutcome = z.infer<typeof renderOutcome>

/** A training run. It goes on from the checkpoint beside `out` where there is one. */
export const trainTask = z.object({
  type: z.literal('train'),
  id,
  /** 'new' is the untrained preset, 'mini' the bundled model, else a safetensors file. */
  model: file,
  stage: z.enum(stages),
  /** 'synth' or a dataset folder. */
  data: file,
  steps: z.number().int().positive(),
  batch: z.number().int().positive(),
  learningRate: z.number(),
  seed: count,
  out: file,
  device,
})
export type TrainTask = z.infer<typeof trainTask>

/** What a provider is worth on this machine. */
export const providerStatus = z.object({
  available: z.boolean(),
  /** Why not, and the way out. */
  reason: z.string().optional(),
  /** How many times as fast as the processor at a transformer block with gradients; of one in software, at a product. */
  speed: z.number().optional(),
  /** Largest difference from the processor's numbers, as a share of the largest. */
  difference: z.number().optional(),
  /** Nodes of that block that the processor ran in its place, by ONNX operator. */
  fallen: z.record(z.string(), z.number()).optional(),
})
export type ProviderStatus = z.infer<typeof providerStatus>

/** A model folder that is whole. */
export const inspectedModel = z.object({
  /** Absolute. */
  dir: file,
  name: z.string(),
  /** The same wherever the folder lies. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: count,
  /** What is missing or noteworthy, each in one line. */
  notes: z.array(z.string()),
})
export type InspectedModel = z.infer<typeof inspectedModel>

export const toEngine = z.discriminatedUnion('type', [
  renderTask,
  trainTask,
  /** Stops the task within one step; answered by 'cancelled'. Says nothing where the task is not running. */
  z.object({ type: z.literal('cancel'), id }),
  /** Whether a provider works here, and how well; answered by 'probed'. It may take seconds, and the process with it. */
  z.object({ type: z.literal('probe'), provider: device }),
  /** Checks a diffusers folder; answered by 'inspected' or 'failed'. Its headers are read, which may take seconds from a slow disk. */
  z.object({ type: z.literal('inspect'), id, folder: file }),
])
export type ToEngine = z.infer<typeof toEngine>
export type EngineTask = RenderTask | TrainTask

export const fromEngine = z.discriminatedUnion('type', [
  /** Once, when the process has loaded. */
  z.object({ type: z.literal('ready'), memory: z.number() }),
  z.object({
    type: z.literal('progress'),
    id,
    stage: z.string(),
    /** Finished steps of the stage. */
    step: count,
    of: count,
    /** The task's stages with their part of its work, in order; the sum is 1. */
    plan: z.array(z.object({ stage: z.string(), share: z.number() })),
    losses: z.record(z.string(), z.number()).optional(),
    /** Resident memory now, bytes. */
    memory: z.number(),
  }),
  /** The newest frame, JPEG. */
  z.object({ type: z.literal('preview'), id, jpeg: z.custom<Uint8Array>((value) => value instanceof Uint8Array) }),
  z.object({ type: z.literal('rendered'), id, outcome: renderOutcome }),
  z.object({ type: z.literal('trained'), id, losses: z.record(z.string(), z.number()), memory: z.number() }),
  z.object({ type: z.literal('cancelled'), id }),
  /** `user`: the message is meant for the artist as it is. */
  z.object({ type: z.literal('failed'), id, message: z.string(), user: z.boolean() }),
  z.object({ type: z.literal('probed'), provider: device, status: providerStatus }),
  /** The device failed in the midst of a task; the task goes on on another. `note` says so to the artist. */
  z.object({ type: z.literal('device'), id, device, note: z.string() }),
  z.object({ type: z.literal('inspected'), id, model: inspectedModel }),
])
export type FromEngine = z.infer<typeof fromEngine>
export type EngineProgress = Extract<FromEngine, { type: 'progress' }>
