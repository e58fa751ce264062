// The durable queue. Each change of state is in the database before anyone hears of it; two lanes, the engine's and the exports', each
// take the first queued job of theirs when they are free. Only what a job does while it runs lives in memory alone.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Job, JobRequest, Queue } from '../../api'
import { reason } from '../../media'
import { EngineHost } from '../engine-host'
import { EngineLane } from './engine-lane'
import { estimator } from './estimates'
import { ExportLane } from './export-lane'
import { JobList } from './list'
import { JobPace } from './progress'
import { JobStore } from './store'
import type { Kept } from './store'
import { adapterProblem, drawn, placeOf, titleOf } from './requests'
import type { Jobs, JobsOptions } from './types'
import { Stopped } from './worker'
import type { Made, Work, Worker } from './worker'

/** Progress is told at most this often (ms). */
const tellEvery = 100
/** The engine's memory is told at most this often (ms); its state always. */
const sayEvery = 1000
/** An engine without work is let go after this long (ms): the next job may come at once. */
const idleFor = 120_000
/** How long a closing studio waits for its jobs to stop (ms). */
const closingTime = 3000

type Running = {
  readonly work: Work
  readonly pace: JobPace
  cancelled: boolean
} & Pick<Job, 'progress' | 'preview'> & { jpeg?: Uint8Array }
type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface Lane {
  readonly worker: Worker
  readonly kinds: readonly JobRequest['kind'][]
  busy: boolean
}

/** Opens the queue: what was running when the studio ended is done where it had finished, else 'interrupted'. */
export async function openJobs(options: JobsOptions): Promise<Jobs> {
  const queue = new JobQueue(options)
  await queue.recover()
  queue.advance()
  return queue
}

class JobQueue implements Jobs {
  private readonly store: JobStore
  private readonly host: EngineHost
  private readonly lanes: readonly Lane[]
  private readonly all: JobList
  private readonly running = new Map<string, Mutable<Running>>()
  private readonly under: Set<Promise<void>> = new Set()
  private paused: Queue['reason']
  private changed = new Set<string>()
  private timer: NodeJS.Timeout | undefined
  private idle: NodeJS.Timeout | undefined
  private said = { state: 'stopped', time: 0 }
  private closing = false
  private closed = false

  constructor(private readonly options: JobsOptions) {
    const { database, library, spawnEngine, devices, home, host, onEvent } = options
    this.store = new JobStore(database)
    this.host = new EngineHost(spawnEngine, (engine) => {
      const time = performance.now()
      if (engine.state === this.said.state && time - this.said.time < sayEvery) return
      this.said = { state: engine.state, time }
      onEvent({ type: 'engine', engine })
    })
    this.lanes = [
      {
        worker: new EngineLane(this.host, library, this.store, path.join(home, 'work'), {
          ...devices,
          note: (text) => {
            onEvent({ type: 'notice', level: 'info', text })
          },
        }),
        kinds: ['render', 'train'],
        busy: false,
      },
      { worker: new ExportLane(library, host === 'browser'), kinds: ['export'], busy: false },
    ]
    this.all = new JobList(this.store, (ids) => {
      this.tell(ids)
    })
  }

  get engine() {
    return this.host.state
  }

  async recover(): Promise<void> {
    const running = this.all.inState('running')
    for (const job of running) {
      const { worker } = this.laneOf(job)
      // What cannot be taken in now (a full disk) is tried again when the job is.
      const made = await worker.recover(job).catch(() => undefined)
      if (made) {
        this.all.put({ ...job, ...made, state: 'done', finished: now() })
        worker.forget(job)
        continue
      }
      this.all.put({ ...job, state: 'interrupted', finished: now(), error: interruption(job) })
    }
    const queued = this.all.inState('queued').length > 0
    const left = queued || this.all.inState('interrupted').length > 0
    if (left && (this.options.recovered || running.length > 0)) this.paused = 'recovered'
    else if (queued || this.store.read('paused')) this.paused = 'user'
    this.store.write('paused', this.paused ?? '')
  }

  list(): Queue {
    const jobs = this.all.inOrder.map((job) => this.shown(job))
    return { jobs, ...this.pauseState() }
  }

  estimate(requests: readonly JobRequest[]) {
    const { library } = this.options
    const estimate = estimator(this.store, (id) => library.get(id)?.seconds)
    return requests.map((request) => {
      const refused = request.kind === 'render' ? adapterProblem(request, library) : undefined
      return { ...estimate(request), ...(refused === undefined ? {} : { refused }) }
    })
  }

  add(requests: readonly JobRequest[]): Job[] {
    const estimates = this.estimate(requests)
    let position = this.all.lastPosition()
    // All are checked before the first is kept.
    const fresh = requests.map((request, i): Kept => {
      const place = placeOf(request, this.options)
      return {
        id: `job_${randomBytes(8).toString('hex')}`,
        request: drawn(request),
        title: titleOf(request, this.options.library),
        state: 'queued',
        position: ++position,
        created: now(),
        estimate: estimates[i]!,
        ...(place === undefined ? {} : { place }),
      }
    })
    this.all.add(fresh)
    this.advance()
    return fresh.map(({ id }) => this.shown(this.all.get(id)!))
  }

  cancel(ids: readonly string[]): void {
    const waiting = this.all.known(ids).filter(({ state }) => state === 'queued' || state === 'interrupted')
    this.all.changeAll(waiting.map((job) => [job, { state: 'cancelled', finished: now(), error: undefined }]))
    for (const job of this.all.known(ids)) {
      const running = this.running.get(job.id)
      if (!running || running.cancelled) continue
      running.cancelled = true
      running.work.stop()
    }
    this.advance()
  }

  retry(ids: readonly string[]): void {
    let position = this.all.lastPosition()
    const again = this.all.known(ids).filter(({ state }) => ['failed', 'cancelled', 'interrupted'].includes(state))
    const none = { started: undefined, finished: undefined, error: undefined }
    this.all.changeAll(again.map((job) => [job, { state: 'queued', position: ++position, ...none }]))
    this.advance()
  }

  move(id: string, before: string | null): void {
    const [job] = this.all.known([id])
    if (job?.state !== 'queued' || id === before) return
    const others = this.all.inState('queued').filter((other) => other.id !== id)
    const at = before === null ? others.length : others.findIndex((other) => other.id === before)
    if (at < 0) return // it has begun meanwhile: too late to be before it
    const low = others[at - 1]?.position
    const high = others[at]?.position ?? this.all.lastPosition() + 1
    const position = low === undefined ? high - 1 : (low + high) / 2
    if (position === low || position === high)
      return this.all.renumber([...others.slice(0, at), job, ...others.slice(at)])
    this.all.change(job, { position })
  }

  /** No new job starts. What runs comes to its end; then the engine goes, and its memory with it. */
  pause(): void {
    this.setPaused('user')
  }

  resume(): void {
    this.setPaused(undefined)
    this.advance()
  }

  clearFinished(): void {
    const finished = (['done', 'failed', 'cancelled'] as const).flatMap((state) => this.all.inState(state))
    this.all.remove(finished)
    for (const job of finished) this.laneOf(job).worker.forget(job)
    if (finished.length > 0) this.options.onEvent({ type: 'jobs', changed: [], removed: finished.map(({ id }) => id) })
  }

  losses(id: string) {
    return this.store.losses(id)
  }

  preview(id: string) {
    return this.running.get(id)?.jpeg
  }

  exported(id: string, n: number) {
    const files = this.all.get(id)?.files
    const name = files?.names[n]
    if (!files || name === undefined) return undefined
    const file = path.join(files.folder, name)
    return existsSync(`${file}.zip`) ? `${file}.zip` : file
  }

  exportFolder(id: string) {
    return this.all.get(id)?.files?.folder
  }

  async close(): Promise<void> {
    this.closing = true
    clearTimeout(this.idle)
    for (const { work } of this.running.values()) work.stop()
    const patience = new Promise((resolve) => setTimeout(resolve, closingTime).unref())
    await Promise.race([Promise.all(this.under), patience])
    this.closed = true
    clearTimeout(this.timer)
    this.host.close()
    try {
      for (const job of this.all.inState('running'))
        this.all.put({ ...job, state: 'interrupted', finished: now(), error: interruption(job) })
    } catch {
      // A full disk: the next start sees it by itself.
    }
  }

  /** Starts what can be started. */
  advance(): void {
    if (this.closing) return
    for (const lane of this.lanes) {
      if (lane.busy || this.paused) continue
      const next = this.all.inState('queued').find(({ request }) => lane.kinds.includes(request.kind))
      if (next) this.begin(lane, next)
    }
    this.rest()
  }

  private begin(lane: Lane, queued: Kept): void {
    let job: Kept
    try {
      job = this.all.change(queued, { state: 'running', started: now() })
    } catch (error) {
      return this.stuck(error)
    }
    lane.busy = true
    const { id } = job
    const work = lane.worker.start(job, {
      onStep: (step) => {
        running.progress = running.pace.add(step, performance.now() / 1000)
        this.tellSoon(id)
      },
      onPreview: (jpeg) => {
        running.jpeg = jpeg
        running.preview = (running.preview ?? 0) + 1
        this.tellSoon(id)
      },
    })
    const running: Mutable<Running> = { work, pace: new JobPace(), cancelled: false }
    this.running.set(id, running)
    const ended = this.end(lane, job, running).finally(() => this.under.delete(ended))
    this.under.add(ended)
  }

  private async end(lane: Lane, job: Kept, running: Running): Promise<void> {
    const outcome = await running.work.finished.then(
      (made: Made): Partial<Kept> => ({ ...made, state: 'done' }),
      (error: unknown) => this.failure(job, error, running.cancelled),
    )
    if (this.closed) return // the next start takes it from here
    lane.busy = false
    this.running.delete(job.id)
    try {
      this.all.change(job, { ...outcome, finished: now() })
      if (outcome.state === 'done') lane.worker.forget(job)
    } catch (error) {
      // What was made is safe; the next start finds it and marks the job.
      this.all.putLater({ ...job, ...outcome, finished: now() })
      this.stuck(error)
    }
    this.advance()
  }

  /** The queue cannot be written (a full disk): nothing is begun that could not be kept. */
  private stuck(error: unknown): void {
    this.paused = 'user'
    this.options.onEvent({ type: 'queue', ...this.pauseState() })
    this.options.onEvent({ type: 'notice', level: 'error', text: `The queue is paused: ${reason(error)}` })
  }

  private failure(job: Kept, error: unknown, cancelled: boolean): Partial<Kept> {
    if (cancelled) return { state: 'cancelled' }
    if (error instanceof Stopped) return { state: 'interrupted', error: interruption(job) }
    return { state: 'failed', error: reason(error) }
  }

  /** Lets the engine go when it has nothing to do: at once when paused, else after a while. */
  private rest(): void {
    clearTimeout(this.idle)
    if (this.lanes[0]!.busy || this.closing) return
    if (this.paused) return this.host.release()
    this.idle = setTimeout(() => {
      this.host.release()
    }, idleFor)
    this.idle.unref()
  }

  private setPaused(reason: Queue['reason']): void {
    this.paused = reason
    this.store.write('paused', reason ?? '')
    this.options.onEvent({ type: 'queue', ...this.pauseState() })
    this.rest()
  }

  private pauseState(): Pick<Queue, 'paused' | 'reason'> {
    return this.paused ? { paused: true, reason: this.paused } : { paused: false }
  }

  private laneOf({ request }: Kept): Lane {
    return this.lanes.find(({ kinds }) => kinds.includes(request.kind))!
  }

  private shown(kept: Kept): Job {
    const running = this.running.get(kept.id)
    const job: Job & { place?: string } = { ...kept }
    delete job.place
    return {
      ...job,
      ...(running?.progress ? { progress: running.progress } : {}),
      ...(running?.preview ? { preview: running.preview } : {}),
    }
  }

  private tell(ids: readonly string[]): void {
    for (const id of ids) this.changed.delete(id)
    this.options.onEvent({ type: 'jobs', changed: this.all.known(ids).map((job) => this.shown(job)), removed: [] })
  }

  private tellSoon(id: string): void {
    this.changed.add(id)
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      const ids = [...this.changed]
      if (ids.length > 0) this.tell(ids)
    }, tellEvery)
  }
}

const now = (): string => new Date().toISOString()

function interruption({ request }: Kept): string {
  const how = request.kind === 'train' ? 'it goes on from its last checkpoint when retried' : 'retry it to start again'
  return `the studio ended while this ran; ${how}`
}
