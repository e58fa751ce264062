// What the training objective says of a model on clips that no training has seen: less noisy than what is read off the produced frames,
// and the only way to see where the network looks.
import { compile } from '../backends/onnx'
import { program } from '../ir'
import type { Model } from '../render/model'
import type { Dataset } from '../training/dataset'
import { paperEpipolar } from '../training/epipolar-loss'
import { objective } from '../training/objective'
import { clipSource } from '../training/sources'
import type { Budget } from './budget'

export interface Probe {
  /** Mean Huber error of the background's flow, pixels. */
  readonly flow_error: number
  /** Attention of background queries to background outside their epipolar bands, 1 = as much as an even spread would give. */
  readonly outside_band: number
}

/** Measures `model` on the unseen clips, with the same noise, timesteps and query rows for every model. */
export async function probe({ config, weights }: Model, unseen: Dataset, { measuring }: Budget): Promise<Probe> {
  const batch = Math.min(8, measuring.clips)
  const strict = { ...paperEpipolar, mode: 'strict' } as const
  const source = clipSource(config, unseen, batch, 0, strict)
  const { shape } = await source.batch(0)
  const { flow, epipolar } = objective(config, 'joint', shape, { epipolar: strict }).program.outputs
  const built = program('probe', { flow: flow!, epipolar: epipolar! })
  const asked = new Set(built.inputs.map(({ name }) => name!))
  const only = <T>(of: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(of).filter(([name]) => asked.has(name)))
  const executable = await compile(built, { initializers: only(weights) })
  const batches = Math.ceil(measuring.clips / batch)
  const sums = { flow_error: 0, outside_band: 0 }
  for (let b = 0; b < batches; b++) {
    const results = await executable.run(only((await source.batch(b)).feeds))
    sums.flow_error += (results.flow!.data as Float32Array)[0]! / batches
    sums.outside_band += (results.epipolar!.data as Float32Array)[0]! / batches
  }
  await executable.dispose()
  return sums
}
