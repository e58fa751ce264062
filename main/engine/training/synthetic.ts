// The dataset `synth`: clips are made when they are asked for, and the latest are kept as far as memory allows.
import { SYNTH_FPS, SYNTH_FRAMES, SYNTH_SIZES, generateClip, samplePlace, samplePoseAndFlow } from '../synth'
import type { ClipMakers, SynthOptions } from '../synth'
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
  /** Who makes the clips that are wanted soon; without them each is made when it is read. */
  makers?: ClipMakers
}

/** Clips from this seed on are kept for evaluation: training never sees them. */
export const unseenSeeds = 1_000_000

/** Synthetic footage as a dataset; the same options always give the same clips. */
export function openSynthetic(options: SyntheticOptions): Dataset {
  const { frames = SYNTH_FRAMES, fps = SYNTH_FPS, sizes = SYNTH_SIZES, cacheMegabytes = 512, makers } = options
  const shapes = Array.from({ length: options.clips }, (_, i) => synthOptions(options.seed, i, { frames, fps, sizes }))
  const limit = cacheMegabytes * 1e6
  const caches = {
    read: new Cache(generateClip, (of) => makers?.make('generateClip', of), limit),
    readPlace: new Cache(samplePlace, (of) => makers?.make('samplePlace', of), limit),
    readPoses: new Cache(samplePoseAndFlow, (of) => makers?.make('samplePoseAndFlow', of), limit),
  }
  return datasetOf(
    'synth',
    shapes,
    {
      read: (index) => caches.read.get(index, shapes[index]!),
      readPlace: (index) => caches.readPlace.get(index, shapes[index]!),
      readPoses: (index) => caches.readPoses.get(index, shapes[index]!),
      soon: async (reader, clips) => {
        await Promise.all(clips.map((index) => caches[reader].soon(index, shapes[index]!)))
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

/** Keeps what was made, the latest used longest, up to `limit` bytes. */
class Cache<T extends PoseClip> {
  private readonly kept = new Map<number, T>()
  private readonly coming = new Map<number, Promise<void>>()
  private bytes = 0

  /** `make` makes a clip at once, `order` has it made by others, if there are any. */
  constructor(
    private readonly make: (options: SynthOptions) => T,
    private readonly order: (options: SynthOptions) => Promise<T> | undefined,
    private readonly limit: number,
  ) {}

  get(index: number, options: SynthOptions): T {
    return this.keep(index, this.kept.get(index) ?? this.make(options))
  }

  /** Settles when what others make of `options` is here. */
  async soon(index: number, options: SynthOptions): Promise<void> {
    if (this.kept.has(index)) return
    if (!this.coming.has(index)) this.coming.set(index, this.fetch(index, options))
    await this.coming.get(index)
  }

  private async fetch(index: number, options: SynthOptions): Promise<void> {
    try {
      const item = await this.order(options)
      if (item) this.keep(index, item)
    } finally {
      this.coming.delete(index)
    }
  }

  /** `item` as the latest used. */
  private keep(index: number, item: T): T {
    if (!this.kept.delete(index)) this.bytes += sizeOf(item)
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
