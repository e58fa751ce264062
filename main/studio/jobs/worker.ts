// What a lane of the queue is: something that does one job at a time and can be stopped.
import type { Job } from '../../api'
import type { Step } from './progress'
import type { Kept } from './store'

export interface Watch {
  onStep(step: Step): void
  /** Newest picture, JPEG. */
  onPreview(jpeg: Uint8Array): void
}

/** What a finished job has made. */
export type Made = Pick<Job, 'result' | 'files'>

export interface Work {
  /** Throws Stopped, UserError, TaskFailed... */
  readonly finished: Promise<Made>
  stop(): void
}

/** The job was stopped because `stop` was called. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
}

export interface Worker {
  start(job: Kept, watch: Watch): Work
  /** What the job has left on the disk when the studio ended in the midst of it: what it had finished, or undefined. */
  recover(job: Kept): Promise<Made | undefined>
  /** The job will not go on: whatever it keeps for that is removed. */
  forget(job: Kept): void
}
