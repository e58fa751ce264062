// Work that takes a while: rendering, training, exporting. One durable queue, two lanes: the engine's, and ffmpeg's exports.
import { z } from 'zod'
import { assetId, grantId, thingName } from './ids'
import { renderSettings } from './settings'

export const renderRequest = z.object({
  kind: z.literal('render'),
  human: assetId,
  background: assetId,
  motion: assetId,
  settings: renderSettings,
})
export type RenderRequest = z.infer<typeof renderRequest>

export const exportFormats = ['mp4', 'hevc', 'prores', 'png', 'gif', 'contact-sheet'] as const
export const exportRequest = z.object({
  kind: z.literal('export'),
  clips: z.array(assetId).min(1).max(2000),
  format: z.enum(exportFormats),
  /** MP4, HEVC and GIF only. */
  quality: z.enum(['draft', 'good', 'best']),
  /** null: the clip's own. The long side in pixels; the shape stays. */
  longSide: z.number().int().min(64).max(4096).nullable(),
  fps: z.number().min(1).max(60).nullable(),
  /** The folder to write into, from host.choose; null: the studio's own export folder. Files are named after the clips. */
  folder: grantId.nullable(),
})
export type ExportRequest = z.infer<typeof exportRequest>

export const trainStages = ['poses', 'places', 'control', 'reference', 'joint', 'adapter'] as const
export const trainRequest = z.object({
  kind: z.literal('train'),
  name: thingName,
  /** What to start from: 'new' is the untrained mini preset. */
  model: z.union([z.literal('new'), z.literal('mini'), assetId]),
  stage: z.enum(trainStages),
  /** A dataset folder from host.choose, or synthetic footage made as it goes. */
  data: z.union([z.literal('synth'), grantId]),
  steps: z.number().int().min(1).max(10_000_000),
  batch: z.number().int().min(1).max(64),
  learningRate: z.number().min(0).max(1),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
})
export type TrainRequest = z.infer<typeof trainRequest>

export const jobRequest = z.discriminatedUnion('kind', [renderRequest, exportRequest, trainRequest])
export type JobRequest = z.infer<typeof jobRequest>

/**
 * queued -> running -> done | failed | cancelled. 'interrupted': it ran when the app ended; it can be retried (a training
 * run goes on from its checkpoint).
 */
export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const
export type JobState = (typeof jobStates)[number]

export interface JobProgress {
  /** 'load', 'find the person', 'sample', 'compose', 'encode', 'train'... */
  readonly stage: string
  /** Finished steps of the stage. */
  readonly step: number
  readonly of: number
  /** Known after the first finished step. */
  readonly secondsPerStep?: number
  /** Of the whole job; known after two finished steps. */
  readonly etaSeconds?: number
  /** The whole job, 0..1. */
  readonly share: number
  /** Training: the newest losses by name. */
  readonly losses?: Readonly<Record<string, number>>
}

export interface Estimate {
  /** From clips made before on this machine; a rough figure until there are some. */
  readonly seconds: number
  /** Peak memory, bytes. */
  readonly memory: number
  /** Whether `seconds` was measured here. */
  readonly measured: boolean
  /** Why it cannot be done as it is, in one line: adding it would be refused. */
  readonly refused?: string
}

export interface Job {
  readonly id: string
  readonly request: JobRequest
  /** 'Mara × Promenade', 'Export of 4 clips'. */
  readonly title: string
  readonly state: JobState
  /** Order within the queue; only that of queued jobs matters. */
  readonly position: number
  /** ISO times. */
  readonly created: string
  readonly started?: string
  readonly finished?: string
  readonly estimate: Estimate
  readonly progress?: JobProgress
  /** failed, interrupted: one line for the user. */
  readonly error?: string
  /** render: the clip made. train: the model or adapter made. */
  readonly result?: string
  /** export: the files made (names) and where they are, for display only. */
  readonly files?: { readonly folder: string; readonly names: readonly string[] }
  /** Grows with each new preview picture; GET /media/preview/<job id>?n=<preview>. */
  readonly preview?: number
}

export interface Queue {
  readonly jobs: readonly Job[]
  readonly paused: boolean
  /** 'recovered': the app did not end cleanly and there is work left. */
  readonly reason?: 'user' | 'recovered'
}

/** One point of a training run's loss curve. */
export interface LossPoint {
  readonly step: number
  readonly losses: Readonly<Record<string, number>>
}
