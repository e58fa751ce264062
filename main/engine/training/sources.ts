// What a stage makes of a dataset: batches of feeds. Each step's batch follows from the seed and the step's number alone, so that a
// resumed run sees what an uninterrupted one would have seen. Shapes are mixed: each batch has one.
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { Random } from '../nn'
import { controlFeeds, miniEpipolarFeeds, pictureFeeds } from './batch'
import type { Dataset } from './dataset'
import { usesEpipolar } from './epipolar-loss'
import type { EpipolarOptions } from './epipolar-loss'
import type { BatchShape } from './objective'
import type { BatchSource } from './trainer'

/** Frames of each clip that are composed and compared in a picture step. */
export const composedFrames = 4

/** Poses and true background flow without pixels: for the control stage. */
export function poseSource(
  config: AnimateAnywhereConfig,
  dataset: Dataset,
  batch: number,
  seed: number,
): BatchSource<BatchShape> {
  const random = new Random(`poses ${seed}`)
  return {
    batch: async (step) => {
      const { width, height, frames, clips } = dataset.batchAt(step, seed, batch)
      const shape: BatchShape = { batch, frames, width, height, composed: Math.min(composedFrames, frames) }
      return {
        shape,
        feeds: controlFeeds(
          clips.map((index) => dataset.readPoses(index)),
          shape,
          config,
          random.fork(step),
        ),
      }
    },
  }
}

/** Whole clips: for the stages that look at pictures, with the feeds of the epipolar loss where it is wanted. */
export function clipSource(
  config: AnimateAnywhereConfig,
  dataset: Dataset,
  batch: number,
  seed: number,
  epipolar?: EpipolarOptions,
): BatchSource<BatchShape> {
  const random = new Random(`clips ${seed}`)
  return {
    batch: async (step) => {
      const { width, height, frames, clips } = dataset.batchAt(step, seed, batch)
      const shape: BatchShape = { batch, frames, width, height, composed: Math.min(composedFrames, frames) }
      const whole = clips.map((index) => dataset.read(index))
      const feeds = await pictureFeeds(whole, shape, config, random.fork(step))
      if (!usesEpipolar(epipolar)) return { shape, feeds }
      const told = miniEpipolarFeeds(whole, shape, config, random.fork(step))
      return { shape, feeds: { ...feeds, ...told.feeds }, notes: told.skipped }
    },
  }
}
