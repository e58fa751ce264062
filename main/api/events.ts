// What the studio tells every open window, unasked.
import type { Asset } from './assets'
import type { CommandId } from './commands'
import type { Job } from './jobs'
import type { OpenProject } from './project'
import type { EngineState } from './system'

export type StudioEvent =
  | { readonly type: 'assets'; readonly changed: readonly Asset[]; readonly removed: readonly string[] }
  | { readonly type: 'jobs'; readonly changed: readonly Job[]; readonly removed: readonly string[] }
  | { readonly type: 'queue'; readonly paused: boolean; readonly reason?: 'user' | 'recovered' }
  | { readonly type: 'engine'; readonly engine: EngineState }
  /** Another project was opened (a file double-clicked), or the open one was saved. */
  | { readonly type: 'project'; readonly project: OpenProject }
  /** The user picked a command in the native menu. */
  | { readonly type: 'command'; readonly command: CommandId }
  /** Something to say that belongs to no job: one line. */
  | { readonly type: 'notice'; readonly level: 'info' | 'error'; readonly text: string }
