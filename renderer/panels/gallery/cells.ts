// What each cell of the gallery shows: the newest clip of a combination, and the job that is making or has failed to make one.
import type { Asset, Job, JobState } from '../../../main/api'

export type CellState = 'empty' | JobState

export interface Combination {
  readonly human: string
  readonly background: string
  readonly motion: string
}

export interface Cell {
  readonly state: CellState
  /** The newest clip there is, whatever the state. */
  readonly clip?: Asset
  /** The job that the state speaks of; none for 'empty' and 'done'. */
  readonly job?: Job
}

export interface CellIndex {
  readonly clips: ReadonlyMap<string, Asset>
  readonly jobs: ReadonlyMap<string, Job>
}

export const keyOf = ({ human, background, motion }: Combination): string => `${human} ${background} ${motion}`

export function combinationOf(key: string): Combination {
  const [human = '', background = '', motion = ''] = key.split(' ')
  return { human, background, motion }
}

/**
 * By combination: the newest clip, and the job that matters most. Clips of the open project (`own`) go before others of the
 * library, so that a project shows what was made in it.
 */
export function indexCells(assets: Iterable<Asset>, jobs: Iterable<Job>, own: ReadonlySet<string>): CellIndex {
  const clips = new Map<string, Asset>()
  for (const asset of assets) {
    if (!asset.clip) continue
    const key = keyOf(asset.clip.request)
    const known = clips.get(key)
    if (!known || preferClip(asset, known, own)) clips.set(key, asset)
  }
  const chosen = new Map<string, Job>()
  for (const job of jobs) {
    if (job.request.kind !== 'render') continue
    const key = keyOf(job.request)
    const known = chosen.get(key)
    if (!known || preferJob(job, known)) chosen.set(key, job)
  }
  return { clips, jobs: chosen }
}

/** A job under way wins over everything, a waiting one over what is past, and what went wrong after the newest clip over that clip. */
export function cellAt({ clips, jobs }: CellIndex, key: string): Cell {
  const clip = clips.get(key)
  const job = jobs.get(key)
  const past = clip ? ({ state: 'done', clip } as const) : ({ state: 'empty' } as const)
  if (!job || job.state === 'done') return past
  const waiting = job.state === 'running' || job.state === 'queued'
  if (!waiting && clip && (job.state === 'cancelled' || clip.created >= endOf(job))) return past
  return { state: job.state, job, ...(clip ? { clip } : {}) }
}

function preferClip(clip: Asset, known: Asset, own: ReadonlySet<string>): boolean {
  const here = own.has(clip.id)
  return here === own.has(known.id) ? clip.created > known.created : here
}

function preferJob(job: Job, known: Job): boolean {
  const rank = ({ state }: Job) => (state === 'running' ? 2 : state === 'queued' ? 1 : 0)
  if (rank(job) !== rank(known)) return rank(job) > rank(known)
  return rank(job) === 1 ? job.position < known.position : endOf(job) > endOf(known)
}

const endOf = (job: Job): string => job.finished ?? job.started ?? job.created
