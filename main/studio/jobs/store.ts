// The queue's tables: jobs, the losses of training runs, what past clips have cost, and whether the queue is paused.
import type { Estimate, Job, JobRequest, JobState, LossPoint } from '../../api'
import type { Database, Row, Tables } from '../database'

export const jobTables: Tables = {
  module: 'jobs',
  steps: [
    `CREATE TABLE jobs (
      id TEXT PRIMARY KEY, request TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, position REAL NOT NULL,
      created TEXT NOT NULL, started TEXT, finished TEXT, estimate TEXT NOT NULL, error TEXT, result TEXT, files TEXT, place TEXT);
    CREATE TABLE losses (job TEXT NOT NULL, step INTEGER NOT NULL, losses TEXT NOT NULL, PRIMARY KEY (job, step)) WITHOUT ROWID;
    CREATE TABLE measurements (at TEXT NOT NULL, kind TEXT NOT NULL, work TEXT NOT NULL, seconds REAL NOT NULL, memory REAL NOT NULL);
    CREATE TABLE queue (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
    // Clips asked for before hints had a strength.
    `UPDATE jobs SET request = json_insert(request, '$.settings.hintStrength', 1) WHERE json_extract(request, '$.kind') = 'render';`,
  ],
}

/** A job as it is kept, besides what only matters while it runs. */
export type Kept = Omit<Job, 'progress' | 'preview'> & {
  /** export: the folder to write into. train: the dataset folder. Grants do not outlive the app. */
  readonly place?: string
}

/** What a finished task has cost. `work` is the kind's own description of how much it was. */
export interface Measurement {
  readonly work: Readonly<Record<string, number>>
  readonly seconds: number
  /** Bytes. */
  readonly memory: number
}

/** Of one kind of job; older ones say little about the machine of today. */
const mostMeasurements = 60

export class JobStore {
  constructor(readonly database: Database) {}

  all(): Kept[] {
    return this.database.prepare('SELECT * FROM jobs ORDER BY position').all().map(keptOf)
  }

  put(job: Kept): void {
    this.database
      .prepare(
        `INSERT OR REPLACE INTO jobs
          (id, request, title, state, position, created, started, finished, estimate, error, result, files, place)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[job.id, JSON.stringify(job.request), job.title, job.state, job.position, job.created],
        ...[job.started ?? null, job.finished ?? null, JSON.stringify(job.estimate), job.error ?? null],
        ...[job.result ?? null, job.files ? JSON.stringify(job.files) : null, job.place ?? null],
      )
  }

  remove(id: string): void {
    this.database.prepare('DELETE FROM jobs WHERE id = ?').run(id)
    this.database.prepare('DELETE FROM losses WHERE job = ?').run(id)
  }

  addLoss(job: string, { step, losses }: LossPoint): void {
    this.database.prepare('INSERT OR REPLACE INTO losses VALUES (?, ?, ?)').run(job, step, JSON.stringify(losses))
  }

  losses(job: string): LossPoint[] {
    const rows = this.database.prepare('SELECT step, losses FROM losses WHERE job = ? ORDER BY step').all(job)
    return rows.map(({ step, losses }) => ({
      step: Number(step),
      losses: JSON.parse(String(losses)) as LossPoint['losses'],
    }))
  }

  addMeasurement(kind: JobRequest['kind'], { work, seconds, memory }: Measurement): void {
    const now = new Date().toISOString()
    this.database
      .prepare('INSERT INTO measurements VALUES (?, ?, ?, ?, ?)')
      .run(now, kind, JSON.stringify(work), seconds, memory)
    this.database
      .prepare(
        `DELETE FROM measurements WHERE kind = ?1 AND rowid NOT IN
          (SELECT rowid FROM measurements WHERE kind = ?1 ORDER BY rowid DESC LIMIT ?2)`,
      )
      .run(kind, mostMeasurements)
  }

  /** The latest last. */
  measurements(kind: JobRequest['kind']): Measurement[] {
    const rows = this.database
      .prepare('SELECT work, seconds, memory FROM measurements WHERE kind = ? ORDER BY rowid')
      .all(kind)
    return rows.map(({ work, seconds, memory }) => ({
      work: JSON.parse(String(work)) as Measurement['work'],
      seconds: Number(seconds),
      memory: Number(memory),
    }))
  }

  /** A word that the queue remembers. */
  read(name: string): string | undefined {
    const row = this.database.prepare('SELECT value FROM queue WHERE name = ?').get(name)
    return row && String(row.value)
  }

  write(name: string, value: string): void {
    this.database.prepare('INSERT OR REPLACE INTO queue VALUES (?, ?)').run(name, value)
  }
}

function keptOf(row: Row): Kept {
  const text = (name: string) => (row[name] === null ? {} : { [name]: String(row[name]) })
  return {
    id: String(row.id),
    request: JSON.parse(String(row.request)) as JobRequest,
    title: String(row.title),
    state: row.state as JobState,
    position: Number(row.position),
    created: String(row.created),
    estimate: JSON.parse(String(row.estimate)) as Estimate,
    ...text('started'),
    ...text('finished'),
    ...text('error'),
    ...text('result'),
    ...text('place'),
    ...(row.files === null ? {} : { files: JSON.parse(String(row.files)) as NonNullable<Job['files']> }),
  }
}
