// The dataset `synth`: clips are made when they are asked for, and the latest are kept as far as memory allows.
import { SYNTH_FPS, SYNTH_FRAMES, SYNTH_SIZES, generateClip, samplePlace, samplePoseAndFlow } from '../synth'
import type { SynthOptions } from '../synth'
import type { PoseClip } from './clip'
import { datasetOf } from './dataset'
import type { Dataset } from './dataset'

export interface SyntheticOptions {
  /** How many different clips; seeds seed..seed + clips - 1. */
  clips: number
  seed: number
  frames?: number
  fps?: number
  /** Sizes that the clips have in turn. */
  sizes?: readonly (readonly [width: number, height: number])[]
  /** Memory for clips that were made, and again for their poses, megabytes. Below what all take, nothing is found again. */
  cacheMegabytes?: number
}

/** Clips from this seed on are kept for evaluation: training never sees them. */
export const unseenSeeds = 1_000_000

/** Synthetic footage as a dataset; the same options always give the same clips. */
export function openSynthetic(options: SyntheticOptions): Dataset {
  const { frames = SYNTH_FRAMES, fps = SYNTH_FPS, sizes = SYNTH_SIZES, cacheMegabytes = 512 } = options
  const shapes = Array.from({ length: options.clips }, (_, i) => synthOptions(options.seed, i, { frames, fps, sizes }))
  const whole = new Cache((index) => generateClip(shapes[index]!), cacheMegabytes * 1e6)
  const places = new Cache((index) => samplePlace(shapes[index]!), cacheMegabytes * 1e6)
  const poses = new Cache((index) => samplePoseAndFlow(shapes[index]!), cacheMegabytes * 1e6)
  return datasetOf(
    'synth',
    shapes,
    {
      read: (index) => whole.get(index),
      readPlace: (index) => places.get(index),
      readPoses: (index) => poses.get(index),
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

/** Keeps what was made, the latest used longest, up to `limit` bytes. */
class Cache<T extends PoseClip> {
  private readonly kept = new Map<number, T>()
  private bytes = 0

  constructor(
    private readonly make: (index: number) => T,
    private readonly limit: number,
  ) {}

  get(index: number): T {
    let item = this.kept.get(index)
    if (item) this.kept.delete(index)
    else {
      item = this.make(index)
      this.bytes += sizeOf(item)
    }
    this.kept.set(index, item)
    for (const [oldest, old] of this.kept) {
      if (this.bytes <= this.limit || oldest === index) break
      this.bytes -= sizeOf(old)
      this.kept.delete(oldest)
    }
    return item
  }
}

/** Bytes of all arrays of a clip. */
function sizeOf(clip: PoseClip): number {
  const bytes = (value: unknown): number => {
    if (ArrayBuffer.isView(value)) return value.byteLength
    if (Array.isArray(value)) return value.reduce((sum: number, item: unknown) => sum + bytes(item), 0)
    if (value && typeof value === 'object') return bytes(Object.values(value))
    return 0
  }
  return bytes(clip)
}
