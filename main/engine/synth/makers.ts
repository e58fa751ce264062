// Synthetic footage by as many threads as there are cores, while the one that asks does something else: what a clip is, follows from its
// options, whoever makes it. For a checkout, where TypeScript is translated as it is loaded.
import { availableParallelism } from 'node:os'
import { Tinypool } from 'tinypool'
import type { generateClip, samplePlace, samplePoseAndFlow } from './generate'
import type { SynthOptions } from './generate'

/** What can be made, by the name of the function that makes it. */
export interface Makes {
  generateClip: ReturnType<typeof generateClip>
  samplePlace: ReturnType<typeof samplePlace>
  samplePoseAndFlow: ReturnType<typeof samplePoseAndFlow>
}

export class ClipMakers {
  private readonly pool: Tinypool

  /** Threads are started when there is something to do, and `threads` of them at most. */
  constructor(threads = availableParallelism()) {
    const filename = new URL('./maker-thread.mjs', import.meta.url).href
    this.pool = new Tinypool({ filename, minThreads: 0, maxThreads: threads })
  }

  /** The same as the function called `maker` gives for `options`; rejects with what it throws. */
  make<Maker extends keyof Makes>(maker: Maker, options: SynthOptions): Promise<Makes[Maker]> {
    return this.pool.run(options, { name: maker }) as Promise<Makes[Maker]>
  }

  /** Ends the threads; what has not been made yet is rejected. */
  close(): Promise<void> {
    return this.pool.destroy()
  }
}
