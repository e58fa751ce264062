// Synthetic clips that were made, for when they come again: in the next epoch, or in another stage that learns from the same.
import { generateClip, samplePlace, samplePoseAndFlow } from '../synth'
import type { ClipMakers, Makes, SynthOptions } from '../synth'

const alone: { readonly [Maker in keyof Makes]: (options: SynthOptions) => Makes[Maker] } = {
  generateClip,
  samplePlace,
  samplePoseAndFlow,
}

type Made = Makes[keyof Makes]

export interface MadeClipsOptions {
  /** Of all that is kept; what was used longest ago goes first. Default 2000. */
  readonly megabytes?: number
  /** Make what is wanted soon; without them each clip is made when it is read. */
  readonly makers?: ClipMakers
}

export class MadeClips {
  private readonly kept = new Map<string, Made>()
  private readonly coming = new Map<string, Promise<void>>()
  private bytes = 0

  constructor(private readonly options: MadeClipsOptions = {}) {}

  /** What `maker` makes of `options`. */
  get<Maker extends keyof Makes>(maker: Maker, options: SynthOptions): Makes[Maker] {
    const key = keyOf(maker, options)
    const made = (this.kept.get(key) as Makes[Maker] | undefined) ?? alone[maker](options)
    this.keep(key, made)
    return made
  }

  /** Settles when what the makers make of `options` is here; rejects when they cannot. */
  async soon(maker: keyof Makes, options: SynthOptions): Promise<void> {
    const { makers } = this.options
    const key = keyOf(maker, options)
    if (!makers || this.kept.has(key)) return
    const coming = this.coming.get(key) ?? this.fetch(key, makers.make(maker, options))
    this.coming.set(key, coming)
    await coming
  }

  private async fetch(key: string, making: Promise<Made>): Promise<void> {
    try {
      this.keep(key, await making)
    } finally {
      this.coming.delete(key)
    }
  }

  /** `made` as the latest used. */
  private keep(key: string, made: Made): void {
    const { megabytes = 2000 } = this.options
    if (!this.kept.delete(key)) this.bytes += sizeOf(made)
    this.kept.set(key, made)
    for (const [oldest, old] of this.kept) {
      if (this.bytes <= megabytes * 1e6 || oldest === key) break
      this.bytes -= sizeOf(old)
      this.kept.delete(oldest)
    }
  }
}

const keyOf = (maker: keyof Makes, { seed, width, height, frames, fps, hint }: SynthOptions): string =>
  `${maker} ${seed} ${width}x${height} ${frames} ${fps} ${hint ?? ''}`

/** Bytes of all arrays of a clip. */
function sizeOf(clip: Made): number {
  const bytes = (value: unknown): number => {
    if (ArrayBuffer.isView(value)) return value.byteLength
    if (Array.isArray(value)) return value.reduce((sum: number, item: unknown) => sum + bytes(item), 0)
    if (value && typeof value === 'object') return bytes(Object.values(value))
    return 0
  }
  return bytes(clip)
}
