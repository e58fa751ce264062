// The queue as a whole, and what its finished clips mean for the project.
import type { Job } from '../../../main/api'
import { call } from '../client'
import { useJobs } from '../stores/jobs'
import { note } from '../stores/project'
import { complain } from '../stores/ui'

export const resumeQueue = (): void => void call('jobs.resume').catch(complain)
export const pauseQueue = (): void => void call('jobs.pause').catch(complain)
export const toggleQueue = (): void => (useJobs.getState().paused ? resumeQueue() : pauseQueue())
export const clearFinished = (): void => void call('jobs.clearFinished').catch(complain)

/** Takes back every job that waits or was interrupted, and lets the queue go on. */
export async function clearQueue(): Promise<void> {
  const ids = [...useJobs.getState().jobs.values()]
    .filter(({ state }) => state === 'queued' || state === 'interrupted')
    .map(({ id }) => id)
  if (ids.length > 0) await call('jobs.cancel', { ids })
  await call('jobs.clearFinished')
  await call('jobs.resume')
}

/** Interrupted jobs go back into the queue, and it goes on. */
export async function resumeRecovered(): Promise<void> {
  const ids = [...useJobs.getState().jobs.values()].filter(({ state }) => state === 'interrupted').map(({ id }) => id)
  if (ids.length > 0) await call('jobs.retry', { ids })
  await call('jobs.resume')
}

/** The clips of render jobs that are done now and were not before belong to the project. Call it before the store is patched. */
export function noteFinished(changed: readonly Job[]): void {
  const { jobs } = useJobs.getState()
  const clips = changed
    .filter((job) => job.request.kind === 'render' && job.state === 'done' && jobs.get(job.id)?.state !== 'done')
    .flatMap(({ result }) => (result === undefined ? [] : [result]))
  if (clips.length === 0) return
  note((document) => {
    const fresh = clips.filter((id) => !document.clips.includes(id))
    return fresh.length > 0 ? { ...document, clips: [...document.clips, ...fresh] } : document
  })
}
