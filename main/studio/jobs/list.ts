// The jobs that there are: in memory as in the database, which always knows first.
import type { JobState } from '../../api'
import type { JobStore, Kept } from './store'

/** undefined removes a property. */
export type Change = { readonly [K in keyof Kept]?: Kept[K] | undefined }

export class JobList {
  private readonly jobs = new Map<string, Kept>()

  constructor(
    private readonly store: JobStore,
    private readonly tell: (ids: readonly string[]) => void,
  ) {
    for (const job of store.all()) this.jobs.set(job.id, job)
  }

  get(id: string): Kept | undefined {
    return this.jobs.get(id)
  }

  /** By position. */
  get inOrder(): Kept[] {
    return [...this.jobs.values()].sort((a, b) => a.position - b.position)
  }

  /** Adds new ones, all or none. */
  add(fresh: readonly Kept[]): void {
    this.store.database.transaction(() => fresh.forEach((job) => this.store.put(job)))
    for (const job of fresh) this.jobs.set(job.id, job)
    this.tell(fresh.map(({ id }) => id))
  }

  /** All or none. */
  remove(jobs: readonly Kept[]): void {
    this.store.database.transaction(() => jobs.forEach(({ id }) => this.store.remove(id)))
    for (const { id } of jobs) this.jobs.delete(id)
  }

  /** In memory alone: the database cannot be written now. */
  putLater(job: Kept): void {
    this.jobs.set(job.id, job)
    this.tell([job.id])
  }

  /** By position. */
  inState(state: JobState): Kept[] {
    return [...this.jobs.values()].filter((job) => job.state === state).sort((a, b) => a.position - b.position)
  }

  lastPosition(): number {
    return [...this.jobs.values()].reduce((last, { position }) => Math.max(last, position), 0)
  }

  renumber(order: readonly Kept[]): void {
    const first = this.lastPosition() + 1
    this.changeAll(order.map((job, i) => [job, { position: first + i }]))
  }

  /** Those that there are: two windows may clear the same job. */
  known(ids: readonly string[]): Kept[] {
    return ids.flatMap((id) => this.jobs.get(id) ?? [])
  }

  change(job: Kept, change: Change): Kept {
    this.changeAll([[job, change]])
    return this.jobs.get(job.id)!
  }

  /** All or none, in one write and one event. */
  changeAll(changes: readonly (readonly [Kept, Change])[]): void {
    if (changes.length === 0) return
    const next = changes.map(([job, change]) => {
      const entries = Object.entries({ ...job, ...change }).filter(([, value]) => value !== undefined)
      return Object.fromEntries(entries) as unknown as Kept
    })
    this.store.database.transaction(() => next.forEach((job) => this.store.put(job)))
    for (const job of next) this.jobs.set(job.id, job)
    this.tell(next.map(({ id }) => id))
  }

  put(job: Kept): void {
    this.store.put(job)
    this.jobs.set(job.id, job)
  }
}
