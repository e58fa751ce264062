// Lines at the bottom of the window: what was done, what went wrong; and, after an unclean end, the recovered queue.
import { CircleAlert, LoaderCircle, X } from 'lucide-react'
import { Button, IconButton } from '../ui'
import { count } from '../panels/queue/words'
import { clearQueue, resumeRecovered } from './actions/queue'
import { useJobs } from './stores/jobs'
import { complain, dismiss, useUi } from './stores/ui'
import css from './app.module.css'

export function Notices() {
  const notices = useUi((state) => state.notices)
  return (
    <div className={css.notices} role="log" aria-label="Notices" aria-live="polite">
      {notices.map(({ id, level, text, action }) => (
        <div key={id} className={css.notice} data-level={level} role={level === 'error' ? 'alert' : undefined}>
          {level === 'error' && <CircleAlert size={16} aria-hidden />}
          {level === 'busy' && <LoaderCircle size={16} className={css.spin} aria-hidden />}
          <span data-selectable>{text}</span>
          {action && (
            <Button
              variant="quiet"
              onClick={() => {
                action.run()
                dismiss(id)
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon={X} size="small" label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  )
}

export function RecoveredBanner() {
  const recovered = useJobs((state) => state.paused && state.reason === 'recovered')
  const left = useJobs(
    (state) => [...state.jobs.values()].filter((job) => job.state === 'queued' || job.state === 'interrupted').length,
  )
  if (!recovered) return null
  return (
    <div className={css.banner} role="status">
      <CircleAlert size={16} aria-hidden />
      <span>
        The app did not end cleanly.{' '}
        {left > 0 ? `The queue came back with ${count(left, 'job')}, paused.` : 'Nothing is left to do.'}
      </span>
      <Button variant="primary" onClick={() => void resumeRecovered().catch(complain)}>
        Resume
      </Button>
      <Button variant="plain" onClick={() => void clearQueue().catch(complain)}>
        Clear
      </Button>
    </div>
  )
}
