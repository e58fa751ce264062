// What the engine process does when it is told to: clips and training runs, with what is worth keeping between them.
import { writeJsonAtomic } from '../media/partials'
import { encodeJpeg } from '../media/pictures'
import type { FromEngine, RenderOutcome, RenderTask, TrainTask } from './process-messages'
import { findHuman, makeClip } from './render/clip'
import type { Plan } from './render/clip'
import type { FoundHuman } from './render/human'
import { loadModel } from './render/model'
import type { Model } from './render/model'
import { Recent } from './recent'
import { hasCheckpoint, runTraining } from './training/run'

export type Say = (message: FromEngine) => void

/** Milliseconds between previews of a clip in the making, and their long side in pixels. */
const previewEvery = 1000
const previewSide = 640
/** Found people are kept up to this many bytes. */
const mostHumanBytes = 256e6
/** Steps between the checkpoints of a training run: what a crash costs at most. */
const checkpointEvery = 50

/** Messages that have arrived meanwhile (a 'cancel') are read now: onnxruntime blocks the thread while it computes. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

let model: { readonly which: string; readonly adapter: string | undefined; readonly loaded: Model } | undefined

/** A library's files never change, so that paths name a model and its adapter for good. */
function modelOf(which: string, adapter: string | undefined): Model {
  if (model?.which !== which || model.adapter !== adapter) model = { which, adapter, loaded: loadModel(which, adapter) }
  return model.loaded
}

const humans = new Recent<FoundHuman>(mostHumanBytes, ({ picture, mask }) => picture.data.byteLength + mask.byteLength)

/** Follows the resident memory of a task. */
class Memory {
  most = 0
  now(): number {
    const bytes = process.memoryUsage.rss()
    this.most = Math.max(this.most, bytes)
    return bytes
  }
}

export async function doRender(task: RenderTask, say: Say, signal: AbortSignal): Promise<void> {
  const { id, out, frames, width, height, ...asked } = task
  const started = performance.now()
  const memory = new Memory()
  let plan: Plan = []
  let previewed = -Infinity
  const progress = (stage: string, step: number, of: number): void => {
    say({ type: 'progress', id, stage, step, of, plan: [...plan], memory: memory.now() })
  }
  progress('load', 0, 1)
  const model = modelOf(task.model, task.adapter)
  let outcome: RenderOutcome | undefined
  await makeClip({
    ...{ ...asked, out, model, size: { width, height }, signal },
    ...(frames ? { frames } : {}),
    find: (file) => humans.get(task.humanSha256, () => findHuman(file)),
    onPlan: (known) => (plan = known),
    onProgress: async ({ stage, step, of }) => {
      progress(stage, step, of)
      await breathe()
    },
    onPicture: async (picture) => {
      if (performance.now() - previewed < previewEvery) return
      previewed = performance.now()
      say({ type: 'preview', id, jpeg: await encodeJpeg(picture, previewSide) })
    },
    onDone: (made) => {
      memory.now()
      const seconds = (performance.now() - started) / 1000
      const used = { modelSha256: model.hash, ...(model.adapter ? { adapterSha256: model.adapter.hash } : {}) }
      outcome = { ...made, ...used, seconds, memory: memory.most }
      writeJsonAtomic(`${out}.json`, outcome)
    },
  })
  say({ type: 'rendered', id, outcome: outcome! })
}

export async function doTrain(task: TrainTask, say: Say, signal: AbortSignal): Promise<void> {
  const { id, stage, data, steps, batch, learningRate, seed, out } = task
  const memory = new Memory()
  let losses: Readonly<Record<string, number>> = {}
  const plan = [{ stage: 'train', share: 1 }]
  say({ type: 'progress', id, stage: 'load', step: 0, of: 1, plan, memory: memory.now() })
  const start = task.model === 'new' ? undefined : loadModel(task.model)
  await runTraining({
    ...{ stage, data, steps, batch, learningRate, seed, out, signal },
    ...(start ? { start } : {}),
    every: checkpointEvery,
    resume: hasCheckpoint(out),
    onStep: async (report) => {
      losses = { ...report.losses }
      const { step, of } = report
      say({ type: 'progress', id, stage: 'train', step, of, plan, losses: { ...losses }, memory: memory.now() })
      await breathe()
    },
  })
  say({ type: 'trained', id, losses: { ...losses }, memory: memory.most })
}
