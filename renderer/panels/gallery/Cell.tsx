// One combination: its clip, the job that makes one, or the place waiting for it. Memoised; clicks and keys are the matrix's.
// What is written on the picture is for the eye: the cell's name is the combination, its description says the rest.
import { memo } from 'react'
import { Plus, RotateCcw, TriangleAlert } from 'lucide-react'
import { previewUrl, thumbnailUrl } from '../../../main/api'
import type { Asset, Job } from '../../../main/api'
import { ProgressBar, classes } from '../../ui'
import { lengthOf, progressWords } from '../queue/words'
import type { CellState } from './cells'
import { ClipPicture } from './ClipPicture'
import css from './cell.module.css'

interface Props {
  readonly row: number
  readonly column: number
  readonly name: string
  readonly motion: string | undefined
  readonly background: string
  readonly state: CellState
  readonly clip: Asset | undefined
  readonly job: Job | undefined
  readonly selected: boolean
  /** The grid's one stop of the Tab key. */
  readonly current: boolean
  readonly hot: boolean
  readonly left: number
  readonly width: number
  readonly height: number
}

export const Cell = memo(function Cell(props: Props) {
  const { row, column, name, motion, background, state, clip, job, selected, current, hot, left, width, height } = props
  return (
    <div
      role="gridcell"
      aria-description={describe(props)}
      aria-selected={selected}
      aria-colindex={column + 2}
      data-state={state}
      data-spot={`${row}:${column}`}
      title={motion ? `${name}, ${motion}` : name}
      tabIndex={current ? 0 : -1}
      className={classes(css.cell, selected && css.selected)}
      style={{ left, width, height }}
    >
      <span className="visually-hidden">{name}</span>
      {state === 'done' && clip ? (
        <ClipPicture clip={clip} hot={hot} />
      ) : (
        <img
          className={css.picture}
          src={job?.preview && state === 'running' ? previewUrl(job.id, job.preview) : thumbnailUrl(background)}
          alt=""
          decoding="async"
          draggable={false}
        />
      )}
      <div aria-hidden>
        <Words state={state} job={job} />
      </div>
    </div>
  )
})

function Words({ state, job }: Pick<Props, 'state' | 'job'>) {
  switch (state) {
    case 'empty':
      return <Plus className={css.middle} size={14} aria-hidden />
    case 'cancelled':
      return <span className={css.middle}>Cancelled</span>
    case 'queued':
      return <span className={css.middle}>In queue</span>
    case 'running':
      return (
        <div className={css.running}>
          <span>{job && progressWords(job)}</span>
          <ProgressBar share={job?.progress?.share ?? 0} label={job?.title ?? 'Progress'} />
        </div>
      )
    case 'failed':
    case 'interrupted':
      return (
        <div className={css.trouble}>
          <span className={css.reason}>
            <TriangleAlert size={13} aria-hidden />
            {job?.error ?? (state === 'failed' ? 'It could not be rendered.' : 'Interrupted: the app ended.')}
          </span>
          <button type="button" tabIndex={-1} data-do="retry" className={css.retry}>
            <RotateCcw size={12} aria-hidden />
            Retry
          </button>
        </div>
      )
    case 'done':
      return null
  }
}

function describe({ state, clip, job, motion }: Props): string {
  const what = ((): string => {
    switch (state) {
      case 'empty':
        return 'No clip yet'
      case 'queued':
        return 'In queue'
      case 'running':
        return `Rendering, ${Math.round(100 * (job?.progress?.share ?? 0))} %`
      case 'cancelled':
        return 'Cancelled'
      case 'failed':
        return `Failed: ${job?.error ?? ''}`
      case 'interrupted':
        return 'Interrupted'
      case 'done':
        return `${lengthOf(clip?.seconds ?? 0)}${clip?.starred ? ', starred' : ''}`
    }
  })()
  return motion ? `${what}, ${motion}` : what
}
