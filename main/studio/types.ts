// What the studio needs of whoever opens it, and what it offers.
import type { z } from 'zod'
import type { Reply, StudioEvent, choice } from '../api'
import type { SpawnEngine } from './engine-host'
import type { Media } from './media-files'

export interface StudioOptions {
  /** Everything that the studio keeps lies here: preferences, autosaves, the queue's work, and the library unless it was moved. */
  readonly home: string
  readonly spawnEngine: SpawnEngine
  readonly host: 'electron' | 'browser'
  /** Asks the user for a place (null: cancelled), and shows one in the system's file manager. */
  readonly dialogs: {
    choose(request: z.infer<typeof choice>): Promise<string | null>
    reveal(place: string): Promise<void>
  }
  readonly onEvent: (event: StudioEvent) => void
}

export interface Studio {
  /** A method of the contract. Never throws; faults are replies. */
  readonly call: (method: unknown, input: unknown) => Promise<Reply>
  /** Takes a file from a window; the reply's value is its upload id. */
  upload(name: string, bytes: Uint8Array): Promise<Reply>
  /** What a media URL's path means; undefined for what is not there, however it is spelled. Never throws. */
  media(pathname: string): Media | undefined
  /** Opens a project file that the system names. What goes wrong is told to the windows. */
  openFile(file: string): Promise<void>
  /** Stops the work and marks a clean end. */
  close(): Promise<void>
}
