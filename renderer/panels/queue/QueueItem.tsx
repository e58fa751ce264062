// One job of the queue: title, how it stands, and what can be done with it in that state.
import { useRef } from 'react'
import type { HTMLAttributes } from 'react'
import {
  ArrowDown,
  ArrowUp,
  Check,
  Download,
  FolderOpen,
  GripVertical,
  RotateCcw,
  TriangleAlert,
  X,
} from 'lucide-react'
import { exportUrl, previewUrl } from '../../../main/api'
import type { Job } from '../../../main/api'
import { bridge, call } from '../../app/client'
import { complain } from '../../app/stores/ui'
import { IconButton, ProgressBar, classes } from '../../ui'
import { openClip } from '../viewer/open'
import { clock, hasSteps, pace, spell, stageWords } from './words'
import css from './queue.module.css'

interface Props {
  readonly job: Job
  /** Of the drag handle: only waiting jobs have one. */
  readonly handle?: HTMLAttributes<HTMLElement>
  readonly dragged?: boolean
  /** Where a dragged job would go. */
  readonly drop?: 'above' | 'below' | undefined
  readonly onUp?: (() => void) | undefined
  readonly onDown?: (() => void) | undefined
}

export function QueueItem({ job, handle, dragged, drop, onUp, onDown }: Props) {
  const item = useRef<HTMLLIElement>(null)
  const { id, title, state } = job
  const ask = (method: 'jobs.cancel' | 'jobs.retry'): void => {
    // The job goes to another list: the focus goes to its neighbour first, so that it is not lost.
    focusBeside(item.current)
    call(method, { ids: [id] }).catch(complain)
  }
  const active = state === 'queued' || state === 'running'
  return (
    <li
      ref={item}
      aria-label={title}
      data-job={id}
      data-state={state}
      className={classes(css.item, dragged && css.dragged, drop && css[drop])}
    >
      <div className={css.line}>
        {handle && (
          <span className={css.grip} {...handle} aria-hidden>
            <GripVertical size={12} />
          </span>
        )}
        <span className={css.title} title={title}>
          {title}
        </span>
        <span className={css.buttons}>
          {handle && <IconButton icon={ArrowUp} size="small" label="Move up" aria-disabled={!onUp} onClick={onUp} />}
          {handle && (
            <IconButton icon={ArrowDown} size="small" label="Move down" aria-disabled={!onDown} onClick={onDown} />
          )}
          {active && <IconButton icon={X} size="small" label="Cancel" onClick={() => ask('jobs.cancel')} />}
          {(state === 'failed' || state === 'cancelled' || state === 'interrupted') && (
            <IconButton icon={RotateCcw} size="small" label="Retry" onClick={() => ask('jobs.retry')} />
          )}
          {state === 'done' && job.files && bridge.host === 'electron' && (
            <IconButton
              icon={FolderOpen}
              size="small"
              label="Show"
              onClick={() => void call('host.reveal', { job: id }).catch(complain)}
            />
          )}
        </span>
        <Aside job={job} />
      </div>
      {state === 'running' && <Progress job={job} />}
      {(state === 'failed' || state === 'interrupted') && job.error && <p className={css.error}>{job.error}</p>}
      {state === 'done' && job.files && <Files job={job} />}
    </li>
  )
}

/** At the right: the time a job will take, or how it ended. */
function Aside({ job }: { readonly job: Job }) {
  switch (job.state) {
    case 'running':
      return (
        <span className={css.time}>{job.progress?.etaSeconds === undefined ? '' : clock(job.progress.etaSeconds)}</span>
      )
    case 'queued':
      return (
        <span
          className={css.time}
          title={job.estimate.measured ? undefined : 'A rough figure until a clip was made here'}
        >
          {clock(job.estimate.seconds)}
        </span>
      )
    case 'done':
      return <Done job={job} />
    case 'failed':
      return <TriangleAlert className={css.bad} size={14} aria-label="Failed" />
    case 'interrupted':
      return <span className={css.time}>Interrupted</span>
    case 'cancelled':
      return <span className={css.time}>Cancelled</span>
  }
}

function Done({ job }: { readonly job: Job }) {
  const { request, result, started, finished } = job
  const took = started && finished ? spell((Date.parse(finished) - Date.parse(started)) / 1000) : ''
  return request.kind === 'render' && result ? (
    <button type="button" className={css.open} onClick={() => openClip(result)}>
      Open
    </button>
  ) : (
    <span className={css.time}>
      {took} <Check className={css.ok} size={13} aria-label="Done" />
    </span>
  )
}

function Progress({ job }: { readonly job: Job }) {
  const { progress, preview, title } = job
  return (
    <>
      <ProgressBar share={progress?.share ?? 0} label={title} className={css.bar} />
      <p className={css.stage}>
        <span>{progress ? stageWords(progress) : 'Starting'}</span>
        {progress?.secondsPerStep !== undefined && hasSteps(progress) && <span>{pace(progress.secondsPerStep)}</span>}
      </p>
      {preview !== undefined && preview > 0 && (
        <img className={css.preview} src={previewUrl(job.id, preview)} alt="Newest frame" decoding="async" />
      )}
    </>
  )
}

/** So many files are linked one by one; a longer list is only counted. */
const linked = 24

function Files({ job }: { readonly job: Job }) {
  const { folder, names } = job.files!
  if (bridge.host === 'electron') return <p className={css.stage}>{folder}</p>
  return (
    <ul className={css.files} aria-label="Files">
      {names.slice(0, linked).map((name, n) => (
        <li key={name}>
          <a href={exportUrl(job.id, n)} download={name}>
            <Download size={12} aria-hidden />
            {name}
          </a>
        </li>
      ))}
      {names.length > linked && (
        <li className={css.stage}>
          and {names.length - linked} more in {folder}
        </li>
      )}
    </ul>
  )
}

/** To the same button of the job beside it (or its last one), else to the buttons under the list. */
function focusBeside(item: HTMLElement | null): void {
  const focused = document.activeElement
  if (!item?.contains(focused)) return
  const beside = item.nextElementSibling ?? item.previousElementSibling
  const buttons = [...(beside?.querySelectorAll<HTMLElement>('button') ?? [])]
  const same = buttons.find((button) => button.ariaLabel === focused?.ariaLabel)
  const below = item.closest('section')?.querySelector<HTMLElement>(':scope > div > button:not(:disabled)')
  ;(same ?? buttons.at(-1) ?? below)?.focus()
}
