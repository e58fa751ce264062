// The queue as the window knows it, kept up to date by the studio's events.
import { create } from 'zustand'
import type { Job, Queue } from '../../../main/api'

interface JobsState {
  readonly jobs: ReadonlyMap<string, Job>
  readonly paused: boolean
  readonly reason: 'user' | 'recovered' | undefined
}

export const useJobs = create<JobsState>(() => ({ jobs: new Map(), paused: false, reason: undefined }))

export const fillJobs = (queue: Queue): void =>
  useJobs.setState({
    jobs: new Map(queue.jobs.map((job) => [job.id, job])),
    paused: queue.paused,
    reason: queue.reason,
  })

export function patchJobs(changed: readonly Job[], removed: readonly string[]): void {
  const jobs = new Map(useJobs.getState().jobs)
  for (const job of changed) jobs.set(job.id, job)
  for (const id of removed) jobs.delete(id)
  useJobs.setState({ jobs })
}

/** Running first, then queued in their order, then the finished ones, newest first. */
export function inOrder(jobs: ReadonlyMap<string, Job>): Job[] {
  const rank = (job: Job) => (job.state === 'running' ? 0 : job.state === 'queued' ? 1 : 2)
  return [...jobs.values()].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (rank(a) === 2 ? ((a.finished ?? a.created) < (b.finished ?? b.created) ? 1 : -1) : a.position - b.position),
  )
}
