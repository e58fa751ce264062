// Where a trainer's batches come from. Each step's batch follows from the seed and the step's number alone, so that a resumed run sees
// what an uninterrupted one would have seen. Shapes are mixed: each batch has one.
import type { HostTensor } from '../ir'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { Random } from '../nn'
import { SYNTH_SIZES, samplePoseAndFlow } from '../synth'
import { controlFeeds, pictureFeeds } from './batch'
import type { Clip, PoseClip } from './clip'
import type { BatchShape } from './objective'
import type { BatchSource } from './trainer'

/** Frames of each clip that are composed and compared in a picture step. */
const composedFrames = 4
/** Different clips that the control stage sees; after that they come again, with other noise. */
const controlClips = 6000

/** Poses and true background flow without pixels, made as they are needed: for the control stage. */
export function poseSource(config: AnimateAnywhereConfig, batch: number, seed: number): BatchSource {
  const random = new Random(`poses ${seed}`)
  const made = new Map<number, PoseClip>()
  const clipOf = (index: number, width: number, height: number) => {
    const known = made.get(index)
    if (known) return known
    const clip = samplePoseAndFlow({ seed: index, width, height, frames: config.frames, fps: config.fps })
    made.set(index, clip)
    return clip
  }
  const perSize = Math.floor(controlClips / SYNTH_SIZES.length)
  return {
    batch: async (step) => {
      const draw = random.fork(step)
      const size = step % SYNTH_SIZES.length
      const [width, height] = SYNTH_SIZES[size]!
      const shape: BatchShape = { batch, frames: config.frames, width, height, composed: composedFrames }
      const clips = Array.from({ length: batch }, () => clipOf(size * perSize + draw.int(perSize), width, height))
      return { shape, feeds: controlFeeds(clips, shape, config, draw) }
    },
  }
}

/** Whole clips of a dataset, in an order shuffled anew each epoch: for the stages that look at pictures. */
export function clipSource(
  config: AnimateAnywhereConfig,
  dataset: { readonly batches: (epoch: number) => readonly (readonly number[])[]; readonly read: (index: number) => Clip },
  seed: number,
): BatchSource {
  const random = new Random(`clips ${seed}`)
  const length = dataset.batches(0).length
  return {
    batch: async (step): Promise<{ shape: BatchShape; feeds: Record<string, HostTensor> }> => {
      const clips = dataset.batches(Math.floor(step / length))[step % length]!.map((index) => dataset.read(index))
      const { width, height, poses } = clips[0]!
      const shape: BatchShape = { batch: clips.length, frames: poses.length, width, height, composed: Math.min(composedFrames, poses.length) }
      return { shape, feeds: await pictureFeeds(clips, shape, config, random.fork(step)) }
    },
  }
}
