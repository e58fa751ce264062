// What the queue needs of the rest of the studio, and what it offers.
import type { EngineState, Estimate, Job, JobRequest, LossPoint, Queue, StudioEvent } from '../../api'
import type { Database } from '../database'
import type { Devices } from '../devices'
import type { SpawnEngine } from '../engine-host'
import type { Library } from '../library'

/** The part of the library that the queue uses. */
export type JobLibrary = Pick<Library, 'get' | 'fileOf' | 'adopt'>

/** What jobs are computed on. */
export interface JobDevices extends Pick<Devices, 'crashed'> {
  /** By the artist's preference. */
  choose(): ReturnType<Devices['choose']>
}

export interface JobsOptions {
  /** With `jobTables`. */
  readonly database: Database
  readonly library: JobLibrary
  readonly spawnEngine: SpawnEngine
  readonly devices: JobDevices
  /** Work in the making and what a training run needs to go on lie in its folder 'work', which is the queue's own; exports go to 'exports' where no folder was chosen. */
  readonly home: string
  /** Path of a place that the user has chosen. Throws UserError when the grant is unknown or of another kind. */
  readonly granted: (grant: string, what: 'export-folder' | 'dataset-folder') => string
  /** A browser can only be handed single files. */
  readonly host: 'electron' | 'browser'
  /** The studio before this one did not end by `close`. */
  readonly recovered: boolean
  readonly onEvent: (event: Extract<StudioEvent, { type: 'jobs' | 'queue' | 'engine' | 'notice' }>) => void
}

export interface Jobs {
  list(): Queue
  estimate(requests: readonly JobRequest[]): Estimate[]
  add(requests: readonly JobRequest[]): Job[]
  cancel(ids: readonly string[]): void
  retry(ids: readonly string[]): void
  move(id: string, before: string | null): void
  pause(): void
  resume(): void
  clearFinished(): void
  losses(id: string): LossPoint[]
  readonly engine: EngineState
  /** Newest picture of a running job, JPEG. */
  preview(id: string): Uint8Array | undefined
  /** The n-th file of a finished export; of a folder, its ZIP where the host is a browser. */
  exported(id: string, n: number): string | undefined
  /** Folder of a finished export, to be shown in the file manager. */
  exportFolder(id: string): string | undefined
  /** Marks a clean end; what runs is 'interrupted'. Afterwards nothing runs. */
  close(): Promise<void>
}
