// The dataset `synth`: clips are made when they are asked for, or sooner by others, and kept as far as memory allows.
import { SYNTH_FPS, SYNTH_FRAMES, SYNTH_SIZES } from '../synth'
import type { Makes, SynthOptions } from '../synth'
import { datasetOf } from './dataset'
import type { Dataset, Reader } from './dataset'
import { MadeClips } from './made-clips'

export interface SyntheticOptions {
  /** How many different clips; seeds seed..seed + clips - 1. */
  clips: number
  seed: number
  frames?: number
  fps?: number
  /** Sizes that the clips have in turn. */
  sizes?: readonly (readonly [width: number, height: number])[]
  /** Where clips are kept; datasets that share it have each clip made once. Below what one takes, nothing is found again. */
  made?: MadeClips
}

/** Clips from this seed on are kept for evaluation: training never sees them. */
export const unseenSeeds = 1_000_000

const makerOf = {
  read: 'generateClip',
  readPlace: 'samplePlace',
  readPoses: 'samplePoseAndFlow',
} as const satisfies Record<Reader, keyof Makes>

/** Synthetic footage as a dataset; the same options always give the same clips. */
export function openSynthetic(options: SyntheticOptions): Dataset {
  const { frames = SYNTH_FRAMES, fps = SYNTH_FPS, sizes = SYNTH_SIZES, made = new MadeClips() } = options
  const shapes = Array.from({ length: options.clips }, (_, i) => synthOptions(options.seed, i, { frames, fps, sizes }))
  return datasetOf(
    'synth',
    shapes,
    {
      read: (index) => made.get(makerOf.read, shapes[index]!),
      readPlace: (index) => made.get(makerOf.readPlace, shapes[index]!),
      readPoses: (index) => made.get(makerOf.readPoses, shapes[index]!),
      soon: async (reader, clips) => {
        await Promise.all(clips.map((index) => made.soon(makerOf[reader], shapes[index]!)))
      },
    },
    true, // every seed is a throw of its own, and neighbours share what is dear to make
  )
}

/** Clip `index` of a synthetic dataset. */
export function synthOptions(
  seed: number,
  index: number,
  { frames, fps, sizes }: { frames: number; fps: number; sizes: readonly (readonly [width: number, height: number])[] },
): SynthOptions {
  const [width, height] = sizes[index % sizes.length]!
  return { seed: seed + index, width, height, frames, fps }
}
