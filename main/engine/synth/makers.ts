// Synthetic footage by as many threads as there are cores, while the one that asks does something else: what a clip is, follows from its
// options, whoever makes it. For a checkout, where TypeScript is translated as it is loaded.
import { availableParallelism } from 'node:os'
import { Tinypool } from 'tinypool'
import { neighbourhood } from './action'
import type { generateClip, samplePlace, samplePoseAndFlow } from './generate'
import type { SynthOptions } from './generate'

/** What can be made, by the name of the function that makes it. */
export interface Makes {
  generateClip: ReturnType<typeof generateClip>
  samplePlace: ReturnType<typeof samplePlace>
  samplePoseAndFlow: ReturnType<typeof samplePoseAndFlow>
}

export class ClipMakers {
  private readonly threads: Tinypool[]

  /** Threads are started when there is something to do. */
  constructor(count = availableParallelism()) {
    const filename = new URL('./maker-thread.mjs', import.meta.url).href
    // By itself an idle thread ends at once, and with it what it had compiled and remembered.
    const options = { filename, minThreads: 0, maxThreads: 1, idleTimeout: 60_000 }
    this.threads = Array.from({ length: count }, () => new Tinypool(options))
  }

  /** The same as the function called `maker` gives for `options`; rejects with what it throws. */
  make<Maker extends keyof Makes>(maker: Maker, options: SynthOptions): Promise<Makes[Maker]> {
    // Neighbours go to one thread, which has then what they share.
    const thread = this.threads[neighbourhood(options.seed) % this.threads.length]!
    return thread.run(options, { name: maker }) as Promise<Makes[Maker]>
  }

  /** Ends the threads; what has not been made yet is rejected. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.destroy()))
  }
}
