// The Train workspace: starts, follows and stops training runs; what they make goes into the library.
import { useState } from 'react'
import { GraduationCap } from 'lucide-react'
import type { Job } from '../../../main/api'
import { useJobs } from '../../app/stores/jobs'
import { EmptyState, Section } from '../../ui'
import { Run } from './Run'
import type { TrainJob } from './Run'
import { TrainForm } from './TrainForm'
import { stageName, stateWords } from './words'
import css from './training.module.css'

const isTraining = (job: Job): job is TrainJob => job.request.kind === 'train'

export function TrainWorkspace() {
  const jobs = useJobs((state) => state.jobs)
  const [chosen, setChosen] = useState<string>()
  const runs = [...jobs.values()].filter(isTraining).sort((a, b) => (a.created < b.created ? 1 : -1))
  const shown = runs.find(({ id }) => id === chosen) ?? runs.find(({ state }) => state === 'running') ?? runs[0]
  return (
    <section className={css.workspace} aria-label="Training run">
      <div className={css.side}>
        <TrainForm onStarted={(job) => setChosen(job.id)} />
        {runs.length > 0 && (
          <Section title="Runs">
            <ul className={css.runs}>
              {runs.map((run) => (
                <li key={run.id}>
                  <button type="button" aria-pressed={run === shown} onClick={() => setChosen(run.id)}>
                    <b>{run.request.name}</b>
                    <span>
                      <i data-state={run.state} aria-hidden />
                      {stateWords[run.state]}
                      {run.state === 'running' && run.progress && ` ${Math.floor(100 * run.progress.share)}%`}
                    </span>
                    <small>
                      {stageName(run.request.stage)} · {run.request.steps.toLocaleString('en')} steps
                    </small>
                    <small>{when(run.created)}</small>
                  </button>
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
      {shown ? (
        <Run key={shown.id} job={shown} />
      ) : (
        <EmptyState icon={GraduationCap} title="Teach the model your footage">
          <p>
            Out of the box the studio renders with <b>mini</b>, a small model trained on synthetic people and places. A
            training run goes on from it: with your own footage it learns how your people stand out and how your cameras
            move.
          </p>
          <p>
            Choose what to start from and what it sees, then press Start training. It runs in the queue like a render,
            can be stopped and resumed at any time, and leaves a model or an adapter in the library.
          </p>
        </EmptyState>
      )}
    </section>
  )
}

/** '14:05' today, '3 Nov' before. */
function when(iso: string): string {
  const date = new Date(iso)
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
}
