// The pace of work from the steps that have finished. No estimate is given before two steps have finished, since the first one carries
// the start-up costs.

/** Something finished: `step` of `of` in a stage. Other numbers (a loss) are shown as they are. */
export interface Progress {
  readonly stage: string
  /** Finished steps; 0 says that the stage has begun. */
  readonly step: number
  readonly of: number
  readonly [detail: string]: number | string | undefined
}

export interface Paced extends Progress {
  /** Seconds; absent while unknown. */
  readonly secondsPerStep?: number
  readonly etaSeconds?: number
}

/** How many of the last intervals speak for the pace: enough to be calm, few enough to follow a change. */
const remembered = 20

/** Keeps the pace of the running stage. */
export class Pace {
  private stage: string | undefined
  private last = { step: 0, time: 0 }
  private intervals: number[] = []
  private finished = 0

  /** Takes what was reported at `time` (seconds) and adds the pace as far as it is known. */
  add(progress: Progress, time: number): Paced {
    if (progress.stage !== this.stage || progress.step < this.last.step) {
      this.stage = progress.stage
      this.intervals = []
      this.finished = progress.step > 0 ? 1 : 0
    } else if (progress.step > this.last.step) {
      const steps = progress.step - this.last.step
      this.finished += steps
      this.intervals = [...this.intervals, (time - this.last.time) / steps].slice(-remembered)
    }
    this.last = { step: progress.step, time }
    if (this.intervals.length === 0) return progress
    const secondsPerStep = median(this.intervals)
    if (this.finished < 2) return { ...progress, secondsPerStep }
    return { ...progress, secondsPerStep, etaSeconds: secondsPerStep * (progress.of - progress.step) }
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
