// The line at the bottom: engine, device and model; the queue and the running job; when the project was saved.
import { useEffect, useState } from 'react'
import type { Job } from '../../../main/api'
import { run } from '../../app/commands'
import { assetOf } from '../../app/stores/library'
import { inOrder, useJobs } from '../../app/stores/jobs'
import { useProject } from '../../app/stores/project'
import { useSystem } from '../../app/stores/system'
import { useUi } from '../../app/stores/ui'
import { Kbd, ProgressBar, Tooltip } from '../../ui'
import { clock, pace, stageWords } from '../queue/words'
import { engineWords, isIdle, savedWords } from './words'
import css from './status.module.css'

export function StatusBar() {
  return (
    <footer className={css.bar}>
      <Engine />
      <QueueLine />
      <span className={css.space} />
      <Saved />
      <button type="button" className={css.link} onClick={() => run('help.shortcuts')}>
        <Kbd keys="Shift+/" /> Shortcuts
      </button>
    </footer>
  )
}

function Engine() {
  const engine = useSystem((state) => state.engine)
  const model = useProject((state) => state.project?.document.settings.model)
  if (!engine) return null
  const parts = [engineWords(engine), engine.device, model === 'mini' ? 'mini' : assetOf(model)?.name].filter(Boolean)
  return (
    <Tooltip text={engine.reason ?? 'Settings of the engine'} side="top">
      <button type="button" className={css.link} onClick={() => run('app.settings')}>
        <span className={css.dot} data-state={isIdle(engine) ? 'idle' : engine.state} />
        {parts.join(' · ')}
      </button>
    </Tooltip>
  )
}

function QueueLine() {
  const jobs = useJobs((state) => state.jobs)
  const paused = useJobs((state) => state.paused)
  const order = inOrder(jobs)
  const waiting = order.filter(({ state }) => state === 'queued').length
  const running = order.filter(({ state }) => state === 'running')
  const toQueue = (): void => useUi.setState({ workspace: 'gallery', side: 'queue' })
  if (waiting + running.length === 0) return <span>Queue empty</span>
  return (
    <>
      <button type="button" className={css.link} onClick={toQueue}>
        Queue {waiting + running.length}
        {paused && ' · paused'}
      </button>
      {running[0] && <Running job={running[0]} />}
    </>
  )
}

function Running({ job }: { job: Job }) {
  const { progress } = job
  if (!progress) return <span>Starting</span>
  const { secondsPerStep, etaSeconds } = progress
  const words = [
    stageWords(progress),
    secondsPerStep === undefined ? undefined : pace(secondsPerStep),
    etaSeconds === undefined ? undefined : `${clock(etaSeconds)} left`,
  ]
  return (
    <>
      <ProgressBar className={css.progress} share={progress.share} label={job.title} />
      <span>{words.filter(Boolean).join(' · ')}</span>
    </>
  )
}

function Saved() {
  const project = useProject((state) => state.project)
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000)
    return () => clearInterval(timer)
  }, [])
  if (!project) return null
  return <span>{savedWords(project, Math.max(now, Date.parse(project.savedAt ?? '') || 0))}</span>
}
