// How long a job takes and how much memory it needs, told before it is queued: by what such work has cost on this machine, or by what
// it cost on ours until there is something to go by.
import os from 'node:os'
import type { Estimate, JobRequest } from '../../api'
import type { JobStore, Measurement } from './store'

export type Work = Readonly<Record<string, number>>

/** Clips without a length of their own are as long as their motion, ten seconds at most. */
const mostSeconds = 10

/** What a job amounts to. `secondsOf`: length of a motion or clip of the library in seconds. */
export function workOf(request: JobRequest, secondsOf: (id: string) => number | undefined): Work {
  switch (request.kind) {
    case 'render': {
      const { width, height, fps, steps, frames } = request.settings
      const seconds = frames === null ? Math.min(secondsOf(request.motion) ?? mostSeconds, mostSeconds) : frames / fps
      return {
        pixelFrames: width * height * Math.max(1, Math.round(seconds * fps)),
        stepSeconds: steps * seconds,
        pixels: width * height,
      }
    }
    case 'export':
      return { clipSeconds: request.clips.reduce((sum, id) => sum + (secondsOf(id) ?? 5), 0) }
    case 'train':
      return {
        clips:
          request.steps *
          request.batch *
          { poses: 0.1, places: 0.2, control: 1, reference: 12, joint: 12, adapter: 12 }[request.stage],
      }
  }
}

/** Measured with the mini model on two cores: seconds = fixed + the sum of each amount times its factor; memory likewise, in bytes. */
const costs: Record<JobRequest['kind'], { seconds: Work & { fixed: number }; memory: Work & { fixed: number } }> = {
  render: {
    seconds: { fixed: 3.5, pixelFrames: 0.3e-6, stepSeconds: 0.04 },
    memory: { fixed: 700e6, pixels: 650 },
  },
  export: { seconds: { fixed: 0.5, clipSeconds: 0.4 }, memory: { fixed: 150e6 } },
  train: { seconds: { fixed: 10, clips: 0.06 }, memory: { fixed: 1.2e9 } },
}
const measuredCores = 2
/** How many of the latest measurements speak. */
const heard = 12

function cost(factors: Work & { fixed: number }, work: Work): number {
  return Object.entries(factors).reduce(
    (sum, [name, factor]) => sum + factor * (name === 'fixed' ? 1 : (work[name] ?? 0)),
    0,
  )
}

/** An estimator for many jobs at once: what was measured is read but once. */
export function estimator(store: JobStore, secondsOf: (id: string) => number | undefined) {
  const known = new Map<JobRequest['kind'], readonly Measurement[]>()
  return (request: JobRequest): Estimate => {
    const { kind } = request
    const past = known.get(kind) ?? store.measurements(kind).slice(-heard)
    known.set(kind, past)
    const work = workOf(request, secondsOf)
    const { seconds, memory } = costs[kind]
    // This machine against the measured one: the median of how much longer such work took here than it was thought to.
    const slower = median(past.map((one) => one.seconds / cost(seconds, one.work)))
    const larger = median(past.map((one) => one.memory / cost(memory, one.work)))
    const factor = slower ?? measuredCores / Math.max(1, os.availableParallelism())
    return {
      seconds: cost(seconds, work) * factor,
      memory: cost(memory, work) * (larger ?? 1),
      measured: slower !== undefined,
    }
  }
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
