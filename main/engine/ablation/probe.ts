// What the training objective says of a model on clips that no training has seen: less noisy than what is read off the produced frames.
import { compile } from '../backends/onnx'
import { program } from '../ir'
import { Random } from '../nn'
import type { Model } from '../render/model'
import { pictureFeeds } from '../training/batch'
import type { Dataset } from '../training/dataset'
import { objective } from '../training/objective'
import type { BatchShape } from '../training/objective'
import type { Budget } from './budget'

/** Mean Huber error of the background's flow (pixels). */
export interface Probe {
  readonly flow_error: number
}

/** Measures `model` on the unseen clips, the same noise and timesteps for every model. */
export async function probe(
  { config, weights }: Model,
  unseen: Dataset,
  { width, height, measuring }: Budget,
): Promise<Probe & Record<string, number>> {
  const batch = Math.min(8, measuring.clips)
  const shape: BatchShape = { batch, frames: config.frames, width, height, composed: 1 }
  const { outputs } = objective(config, 'joint', shape).program
  const built = program('probe', { flow: outputs.flow! })
  const asked = new Set(built.inputs.map(({ name }) => name!))
  const initializers = Object.fromEntries(Object.entries(weights).filter(([name]) => asked.has(name)))
  const executable = await compile(built, { initializers })
  const random = new Random('probe')
  const batches = Math.floor(measuring.clips / batch)
  let flow = 0
  for (let b = 0; b < batches; b++) {
    const clips = Array.from({ length: batch }, (_, i) => unseen.read(b * batch + i))
    const feeds = await pictureFeeds(clips, shape, config, random.fork(b))
    const results = await executable.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => asked.has(name))))
    flow += (results.flow!.data as Float32Array)[0]!
  }
  await executable.dispose()
  return { flow_error: flow / batches }
}
