// The queue as a whole, and what its finished clips mean for the project.
import type { Job, ProjectDocument } from '../../../main/api'
import { call } from '../client'
import { useJobs } from '../stores/jobs'
import { useLibrary } from '../stores/library'
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

/** Whether everything the job is made of is on the project's table: jobs of another project stay out of this one. */
export const belongs = ({ request }: Job, { humans, backgrounds, motions }: ProjectDocument): boolean =>
  request.kind === 'render' &&
  humans.includes(request.human) &&
  backgrounds.includes(request.background) &&
  motions.includes(request.motion)

/** The document with the clips of those jobs that are done and belong to it; the same document when there are none. */
export function withClipsOf(jobs: readonly Job[], document: ProjectDocument): ProjectDocument {
  const made = jobs.flatMap((job) => (job.state === 'done' && job.result && belongs(job, document) ? [job.result] : []))
  const fresh = made.filter((id) => !document.clips.includes(id))
  return fresh.length > 0 ? { ...document, clips: [...document.clips, ...fresh] } : document
}

/** Jobs have changed: clips that are done now and were not before join the project. Call it before the store is patched. */
export function noteFinished(changed: readonly Job[]): void {
  const { jobs } = useJobs.getState()
  const finished = changed.filter(({ id, state }) => state === 'done' && jobs.get(id)?.state !== 'done')
  if (finished.length > 0) note((document) => withClipsOf(finished, document))
}

/** The window has begun: clips that were done while there was none, and are still in the library, join the project. */
export function noteMissed(): void {
  const { assets } = useLibrary.getState()
  const jobs = [...useJobs.getState().jobs.values()].filter(({ result }) => result !== undefined && assets.has(result))
  note((document) => withClipsOf(jobs, document))
}
