// The document an artist works on: which humans, places and motions are on the table, what is chosen, how clips are rendered.
// Everything in it is undoable; nothing in it is a file, only ids of the library.
import { z } from 'zod'
import { assetId, thingName } from './ids'
import { renderSettings } from './settings'

export const projectDocument = z.object({
  name: thingName,
  /** Rows, columns and the third axis of the gallery, in order. */
  humans: z.array(assetId).max(500),
  backgrounds: z.array(assetId).max(500),
  motions: z.array(assetId).max(500),
  chosen: z.object({ human: assetId.nullable(), background: assetId.nullable(), motion: assetId.nullable() }),
  settings: renderSettings,
  /** Clips that belong to the project, oldest first. */
  clips: z.array(assetId).max(100_000),
})
export type ProjectDocument = z.infer<typeof projectDocument>

export interface OpenProject {
  readonly id: string
  readonly document: ProjectDocument
  /** Where it was last saved, for display; absent when never. */
  readonly path?: string
  /** ISO time of the last save to `path`. */
  readonly savedAt?: string
  /** Changed since then. Changes are never lost: they are kept beside the library within a second. */
  readonly changed: boolean
  /** It was found after an unclean end of the app. */
  readonly recovered: boolean
}

export interface RecentProject {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly openedAt: string
}
