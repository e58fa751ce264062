// The contract: every question a window may ask, with the schema of what it sends and the type of what it gets. Nothing else
// crosses the line. Inputs are validated on the far side; a window is never trusted.
import { z } from 'zod'
import { assetChange, libraryQuery, assetKind } from './assets'
import type { Asset, ImportOutcome, ImportedModel, LibraryFolder } from './assets'
import { assetId, grantId, jobId, projectId, uploadId } from './ids'
import { jobRequest } from './jobs'
import type { Estimate, Job, LossPoint, Queue } from './jobs'
import { projectDocument } from './project'
import type { OpenProject, RecentProject } from './project'
import { choice, preferences } from './system'
import type { DeviceOption, Grant, Preferences, SystemInfo } from './system'

export interface Method<Input extends z.ZodType = z.ZodType, Output = unknown> {
  readonly input: Input
  /** Only a type; never there at run time. */
  readonly output?: Output
}

const nothing = z.undefined()
const method = <Input extends z.ZodType>(input: Input) => ({
  returns: <Output>(): Method<Input, Output> => ({ input }),
  returnsNothing: (): Method<Input, void> => ({ input }),
})
const ids = z.array(assetId).min(1).max(5000)

export const methods = {
  'library.list': method(libraryQuery).returns<Asset[]>(),
  /** `kind` says what pictures are (a human or a background); other files say it themselves. */
  'library.import': method(
    z.object({ uploads: z.array(uploadId).min(1).max(500), kind: assetKind.optional() }),
  ).returns<ImportOutcome[]>(),
  /** Checks a model folder and refers to it from now on; it stays where it is. Takes seconds. */
  'library.importModel': method(z.object({ folder: grantId })).returns<ImportedModel>(),
  'library.update': method(assetChange).returns<Asset>(),
  /** Into the trash; library.restore brings them back. */
  'library.remove': method(z.object({ ids })).returnsNothing(),
  'library.restore': method(z.object({ ids })).returnsNothing(),
  'library.emptyTrash': method(nothing).returnsNothing(),
  'library.folder': method(nothing).returns<LibraryFolder>(),
  'library.move': method(z.object({ folder: grantId })).returns<LibraryFolder>(),

  'project.current': method(nothing).returns<OpenProject>(),
  /** Keeps the document as it is now (autosave). Call it on every change, at most every 500 ms. */
  'project.update': method(z.object({ id: projectId, document: projectDocument })).returnsNothing(),
  /** Into its own file, or the one granted. UserError when it has neither. */
  'project.save': method(z.object({ file: grantId.optional() })).returns<OpenProject>(),
  'project.open': method(
    z.union([z.object({ file: grantId }), z.object({ upload: uploadId }), z.object({ recent: projectId })]),
  ).returns<OpenProject>(),
  'project.create': method(z.object({ from: z.enum(['sample', 'empty']) })).returns<OpenProject>(),
  'project.recent': method(nothing).returns<RecentProject[]>(),

  'jobs.list': method(nothing).returns<Queue>(),
  'jobs.estimate': method(z.object({ requests: z.array(jobRequest).min(1).max(2000) })).returns<Estimate[]>(),
  'jobs.add': method(z.object({ requests: z.array(jobRequest).min(1).max(2000) })).returns<Job[]>(),
  'jobs.cancel': method(z.object({ ids: z.array(jobId).min(1).max(5000) })).returnsNothing(),
  /** failed, cancelled, interrupted -> queued, at the end of the queue. */
  'jobs.retry': method(z.object({ ids: z.array(jobId).min(1).max(5000) })).returnsNothing(),
  /** Before another queued job; null: to the end. */
  'jobs.move': method(z.object({ id: jobId, before: jobId.nullable() })).returnsNothing(),
  'jobs.pause': method(nothing).returnsNothing(),
  'jobs.resume': method(nothing).returnsNothing(),
  'jobs.clearFinished': method(nothing).returnsNothing(),
  'jobs.losses': method(z.object({ id: jobId })).returns<LossPoint[]>(),

  'preferences.get': method(nothing).returns<Preferences>(),
  'preferences.set': method(preferences.partial()).returns<Preferences>(),

  'system.info': method(nothing).returns<SystemInfo>(),
  /** What the engine can compute on here, every device tried once: seconds where there is a graphics card. */
  'system.devices': method(nothing).returns<DeviceOption[]>(),
  /** Plain text for a bug report: versions, devices, what runs where and why not. No names of the user's files. */
  'system.doctor': method(nothing).returns<string>(),

  /** Asks the user for a place on the disk with the system's own dialog; null when cancelled. In a browser: always null. */
  'host.choose': method(choice).returns<Grant | null>(),
  /** Browser only: a path typed by the user who holds the token. */
  'host.grant': method(z.object({ what: choice.shape.what, path: z.string().min(1).max(4096) })).returns<Grant>(),
  /** Electron only: shows an asset, an export or the library in the system's file manager. */
  'host.reveal': method(
    z.union([z.object({ asset: assetId }), z.object({ job: jobId }), z.object({ library: z.literal(true) })]),
  ).returnsNothing(),
} satisfies Record<string, Method>

export type Methods = typeof methods
export type MethodName = keyof Methods
export type Input<M extends MethodName> = z.infer<Methods[M]['input']>
export type Output<M extends MethodName> = Methods[M] extends Method<z.ZodType, infer O> ? O : never
