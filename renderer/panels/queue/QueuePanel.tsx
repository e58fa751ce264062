// The queue: what runs now, what waits in which order, what is over and how it ended.
import { useEffect, useMemo, useRef, useState } from 'react'
import type { PointerEvent } from 'react'
import { ListVideo } from 'lucide-react'
import type { Job } from '../../../main/api'
import { clearFinished, pauseQueue, resumeQueue } from '../../app/actions/queue'
import { call } from '../../app/client'
import { useCommands } from '../../app/commands'
import { inOrder, useJobs } from '../../app/stores/jobs'
import { complain } from '../../app/stores/ui'
import { Button, EmptyState } from '../../ui'
import { onEscape } from '../viewer/drag'
import { gapAt, moveBy, moveToGap } from './order'
import { QueueItem } from './QueueItem'
import { count, secondsLeft, spell } from './words'
import css from './queue.module.css'

/** Rows of each list that are shown at first; more on request. */
const shownAtFirst = 100

export function QueuePanel() {
  const { jobs, paused, reason } = useJobs()
  const ordered = useMemo(() => inOrder(jobs), [jobs])
  const running = ordered.filter(({ state }) => state === 'running')
  const queued = ordered.filter(({ state }) => state === 'queued')
  const over = ordered.filter(({ state }) => state !== 'running' && state !== 'queued')
  const left = [...running, ...queued].reduce((sum, job) => sum + secondsLeft(job), 0)
  useCommands({ 'queue.clear': clearFinished, 'queue.toggle': paused ? resumeQueue : pauseQueue }, [paused])

  if (ordered.length === 0 && !paused)
    return (
      <section className={css.panel} aria-label="Queue">
        <EmptyState icon={ListVideo} title="Nothing in the queue">
          Select cells and queue them, or press Render.
        </EmptyState>
      </section>
    )
  return (
    <section className={css.panel} aria-label="Queue">
      {paused && (
        <p className={css.paused} role="status">
          {reason === 'recovered'
            ? 'Paused: the app did not end cleanly. What had been running is marked as interrupted; nothing starts before you say so.'
            : 'Paused. What is running is finished, nothing new begins.'}
        </p>
      )}
      {running.length > 0 && (
        <ul className={css.list} aria-label="Running">
          {running.map((job) => (
            <QueueItem key={job.id} job={job} />
          ))}
        </ul>
      )}
      <Waiting jobs={queued} />
      <div className={css.actions}>
        {paused ? <Button onClick={resumeQueue}>Resume</Button> : <Button onClick={pauseQueue}>Pause</Button>}
        <Button variant="quiet" disabled={over.length === 0} onClick={clearFinished}>
          Clear finished
        </Button>
      </div>
      <p className={css.sum}>
        {running.length + queued.length > 0
          ? `${count(running.length + queued.length, 'job')}, about ${spell(left)}`
          : 'Nothing left to do'}
      </p>
      {over.length > 0 && <Over jobs={over} />}
    </section>
  )
}

function Over({ jobs }: { readonly jobs: readonly Job[] }) {
  const [limit, setLimit] = useState(shownAtFirst)
  return (
    <>
      <h3 className={css.heading}>Finished</h3>
      <ul className={css.list} aria-label="Finished">
        {jobs.slice(0, limit).map((job) => (
          <QueueItem key={job.id} job={job} />
        ))}
      </ul>
      <More hidden={jobs.length - limit} onMore={() => setLimit(limit + shownAtFirst)} />
    </>
  )
}

/** Waiting jobs: ordered by dragging a handle, with buttons, or with Alt and an arrow. */
function Waiting({ jobs }: { readonly jobs: readonly Job[] }) {
  const list = useRef<HTMLUListElement>(null)
  const [limit, setLimit] = useState(shownAtFirst)
  const [drag, setDrag] = useState<{ readonly id: string; readonly gap: number }>()
  const dragging = drag !== undefined
  useEffect(() => (dragging ? onEscape(() => setDrag(undefined)) : undefined), [dragging])
  if (jobs.length === 0) return null

  const move = (id: string, before: string | null | undefined): void => {
    if (before !== undefined) call('jobs.move', { id, before }).catch(complain)
  }
  const gapUnder = (event: PointerEvent): number =>
    gapAt(
      [...list.current!.children].map((row) => row.getBoundingClientRect()),
      event.clientY,
    )
  const handle = (id: string) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return
      event.preventDefault()
      event.currentTarget.setPointerCapture(event.pointerId)
      setDrag({ id, gap: gapUnder(event) })
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag) setDrag({ id, gap: gapUnder(event) })
    },
    onPointerUp: () => {
      if (drag) move(id, moveToGap(jobs, id, drag.gap))
      setDrag(undefined)
    },
    onPointerCancel: () => setDrag(undefined),
  })
  const shown = jobs.slice(0, limit)
  return (
    <>
      <ul
        ref={list}
        className={css.list}
        aria-label="Waiting"
        onKeyDown={(event) => {
          const by = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined
          const id = (event.target as HTMLElement).closest<HTMLElement>('[data-job]')?.dataset.job
          if (by === undefined || id === undefined) return
          event.preventDefault()
          move(id, moveBy(jobs, id, by))
        }}
      >
        {shown.map((job, at) => (
          <QueueItem
            key={job.id}
            job={job}
            handle={handle(job.id)}
            dragged={drag?.id === job.id}
            drop={
              drag?.gap === at ? 'above' : drag?.gap === shown.length && at === shown.length - 1 ? 'below' : undefined
            }
            onUp={at > 0 ? () => move(job.id, moveBy(jobs, job.id, -1)) : undefined}
            onDown={at < jobs.length - 1 ? () => move(job.id, moveBy(jobs, job.id, 1)) : undefined}
          />
        ))}
      </ul>
      <More hidden={jobs.length - limit} onMore={() => setLimit(limit + shownAtFirst)} />
    </>
  )
}

function More({ hidden, onMore }: { readonly hidden: number; readonly onMore: () => void }) {
  return hidden > 0 ? (
    <Button variant="quiet" className={css.more} onClick={onMore}>
      {hidden.toLocaleString('en')} more
    </Button>
  ) : null
}
