// Says when an export is done, wherever the artist is by then, and leads to its files.
import { exportUrl } from '../../../main/api'
import type { Job } from '../../../main/api'
import { bridge, call } from '../../app/client'
import { useJobs } from '../../app/stores/jobs'
import { complain, say, useUi } from '../../app/stores/ui'

/** Once per export that was started. */
export function followExport(id: string): void {
  const look = (job: Job | undefined): boolean => {
    if (!job) return false
    if (job.state === 'done') tell(job)
    else if (job.state === 'failed') say('error', `${job.title}: ${job.error ?? 'it could not be written'}`)
    return job.state !== 'queued' && job.state !== 'running'
  }
  const end = useJobs.subscribe(({ jobs }) => {
    if (look(jobs.get(id))) end()
  })
  if (look(useJobs.getState().jobs.get(id))) end()
}

function tell(job: Job): void {
  const names = job.files?.names ?? []
  if (bridge.host === 'electron')
    say('info', `${job.title} is done.`, {
      label: 'Show',
      run: () => void call('host.reveal', { job: job.id }).catch(complain),
    })
  else if (names.length === 1)
    say('info', `${job.title} is done.`, { label: 'Download', run: () => download(exportUrl(job.id, 0), names[0]!) })
  else
    say('info', `${job.title} is done: ${names.length} files.`, {
      label: 'Show',
      run: () => useUi.setState({ workspace: 'gallery', side: 'queue' }),
    })
}

function download(url: string, name: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
