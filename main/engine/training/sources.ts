// What a stage makes of a dataset: batches of feeds. Each step's batch follows from the seed and the step's number alone, so that a
// resumed run sees what an uninterrupted one would have seen. Shapes are mixed: each batch has one.
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { Random } from '../nn'
import { controlFeeds, miniEpipolarFeeds, pictureFeeds, placeFeeds, poseFeedsAsNumbers } from './batch'
import type { PoseClip } from './clip'
import type { Dataset, Reader } from './dataset'
import { usesEpipolar } from './epipolar-loss'
import type { EpipolarOptions } from './epipolar-loss'
import { mirrorClip, mirrorPlace, mirrorPoses } from './mirror'
import type { BatchShape } from './objective'
import type { BatchSource } from './trainer'

/** Frames of each clip that are composed and compared in a picture step. */
export const composedFrames = 4

/** Poses without pixels: as numbers alone for the stage 'poses', drawn and with the true background flow for the control stage. */
export function poseSource(
  config: AnimateAnywhereConfig,
  stage: 'poses' | 'control',
  dataset: Dataset,
  batch: number,
  seed: number,
): BatchSource<BatchShape> {
  const draw = drawn(`poses ${seed}`, dataset, 'readPoses', batch, seed)
  return {
    batch: async (step) => {
      const { shape, clips, random } = await draw(step)
      const poses = clips.map((index) => mirrored(random, dataset.readPoses(index), mirrorPoses))
      return {
        shape,
        feeds: stage === 'poses' ? poseFeedsAsNumbers(poses, shape) : controlFeeds(poses, shape, config, random),
      }
    },
  }
}

/** Places as the first frames show them, and how near they are: for the stage 'places'. */
export function placeSource(dataset: Dataset, batch: number, seed: number): BatchSource<BatchShape> {
  const draw = drawn(`places ${seed}`, dataset, 'readPlace', batch, seed)
  return {
    batch: async (step) => {
      const { shape, clips, random } = await draw(step)
      const places = clips.map((index) => mirrored(random, dataset.readPlace(index), mirrorPlace))
      return { shape, feeds: placeFeeds(places, shape) }
    },
  }
}

/**
 * What every batch begins with: which clips it has, of which shape, and the stream of chance named `name` as it is at that step. While a step
 * is computed, the next one's clips are made.
 */
function drawn(name: string, dataset: Dataset, reader: Reader, batch: number, seed: number) {
  const random = new Random(name)
  return async (step: number) => {
    const { width, height, frames, clips } = dataset.batchAt(step, seed, batch)
    const shape: BatchShape = { batch, frames, width, height, composed: Math.min(composedFrames, frames) }
    await dataset.soon?.(reader, clips)
    // Who comes for it hears of what failed.
    dataset.soon?.(reader, dataset.batchAt(step + 1, seed, batch).clips).catch(() => undefined)
    return { shape, clips, random: random.fork(step) }
  }
}

/** Every other clip in a mirror. */
const mirrored = <Seen extends PoseClip>(random: Random, clip: Seen, mirror: (clip: Seen) => Seen): Seen =>
  random.next() < 0.5 ? mirror(clip) : clip

/** Whole clips: for the stages that look at pictures, with the feeds of the epipolar loss where it is wanted. */
export function clipSource(
  config: AnimateAnywhereConfig,
  dataset: Dataset,
  batch: number,
  seed: number,
  epipolar?: EpipolarOptions,
): BatchSource<BatchShape> {
  const draw = drawn(`clips ${seed}`, dataset, 'read', batch, seed)
  return {
    batch: async (step) => {
      const { shape, clips, random } = await draw(step)
      const whole = clips.map((index) => mirrored(random, dataset.read(index), mirrorClip))
      const feeds = await pictureFeeds(whole, shape, config, random)
      if (!usesEpipolar(epipolar)) return { shape, feeds }
      const told = miniEpipolarFeeds(whole, shape, config, (await draw(step)).random)
      return { shape, feeds: { ...feeds, ...told.feeds }, notes: told.skipped }
    },
  }
}
