// One training run: how far it is, how the losses go, and what becomes of its model.
import { Check, Play, Square } from 'lucide-react'
import type { Asset, Job, TrainRequest } from '../../../main/api'
import { call } from '../../app/client'
import { useJobs } from '../../app/stores/jobs'
import { useLibrary } from '../../app/stores/library'
import { edit, useProject } from '../../app/stores/project'
import { complain, say } from '../../app/stores/ui'
import { Button, ProgressBar } from '../../ui'
import { clock, pace, spell } from '../queue/words'
import { LossChart } from './LossChart'
import { useLosses } from './losses'
import { stageName, stateWords } from './words'
import css from './training.module.css'

export type TrainJob = Job & { readonly request: TrainRequest }

export function Run({ job }: { job: TrainJob }) {
  const points = useLosses(job)
  const { request, progress, state } = job
  const model = useLibrary((library) => (job.result ? library.assets.get(job.result) : undefined))
  const active = state === 'running' || state === 'queued'
  const again = state === 'failed' || state === 'cancelled' || state === 'interrupted'
  const step = progress?.step ?? points.at(-1)?.step ?? 0
  return (
    <div className={css.run}>
      <header className={css.head}>
        <div>
          <h2>{request.name}</h2>
          <p>
            <span data-state={state}>{stateWords[state]}</span> · {stageName(request.stage)} · {request.batch}{' '}
            {request.batch === 1 ? 'clip' : 'clips'} per step · rate {request.learningRate} · seed {request.seed}
          </p>
        </div>
        <div className={css.actions}>
          {active && (
            <Button icon={Square} onClick={() => void call('jobs.cancel', { ids: [job.id] }).catch(complain)}>
              Stop
            </Button>
          )}
          {again && (
            <Button icon={Play} onClick={() => void call('jobs.retry', { ids: [job.id] }).catch(complain)}>
              Resume
            </Button>
          )}
          {model && <UseModel model={model} base={request.model} />}
        </div>
      </header>
      <div className={css.progress}>
        <ProgressBar
          share={state === 'done' ? 1 : (progress?.share ?? step / request.steps)}
          label="Training progress"
        />
        <p>
          <span>
            Step {Math.min(step, request.steps).toLocaleString('en')} of {request.steps.toLocaleString('en')}
          </span>
          <Pace job={job} />
        </p>
      </div>
      {job.error && (
        <p className={css.error} role="alert">
          {job.error}
        </p>
      )}
      <LossChart key={job.id} points={points} of={request.steps} />
    </div>
  )
}

function Pace({ job }: { job: TrainJob }) {
  const paused = useJobs((state) => state.paused)
  if (job.state === 'queued') return <span>{paused ? 'The queue is paused' : 'Begins when the queue comes to it'}</span>
  if (job.state === 'running') {
    if (job.progress?.secondsPerStep === undefined) return <span>Getting ready</span>
    const { secondsPerStep, etaSeconds } = job.progress
    return (
      <span>
        {pace(secondsPerStep)}
        {etaSeconds !== undefined && ` · ${clock(etaSeconds)} left`}
      </span>
    )
  }
  if (!job.started || !job.finished) return null
  return <span>{spell((Date.parse(job.finished) - Date.parse(job.started)) / 1000)}</span>
}

/** The project renders with this model from now on, or with this adapter and the model `base` that it was trained on. */
function UseModel({ model: { id, kind, name }, base }: { model: Asset; base: TrainRequest['model'] }) {
  const settings = useProject((state) => state.project?.document.settings)
  const there = useLibrary((library) => base === 'mini' || library.assets.has(base))
  const wanted =
    kind === 'adapter'
      ? { adapter: id, ...(there && base !== 'new' ? { model: base } : {}) }
      : { model: id, adapter: null }
  if (settings && settings.model === (wanted.model ?? settings.model) && settings.adapter === wanted.adapter)
    return (
      <Button variant="quiet" icon={Check} disabled>
        Used in this project
      </Button>
    )
  const use = (): void => {
    edit(`Use ${name}`, (document) => ({ ...document, settings: { ...document.settings, ...wanted } }))
    say('info', `This project now renders with ${name}`)
  }
  return (
    <Button variant="primary" onClick={use} disabled={!settings}>
      Use in this project
    </Button>
  )
}
