// What the library keeps: assets of six kinds, each a file that never changes and a few words about it that may.
import { z } from 'zod'
import { assetId, thingName } from './ids'
import type { RenderRequest } from './jobs'

export const assetKinds = ['human', 'background', 'motion', 'clip', 'model', 'adapter'] as const
export const assetKind = z.enum(assetKinds)
export type AssetKind = z.infer<typeof assetKind>

export interface Asset {
  readonly id: string
  readonly kind: AssetKind
  readonly name: string
  /** Of the file's content. */
  readonly sha256: string
  /** Without the dot: 'png', 'bvh', 'mp4', 'safetensors'. */
  readonly extension: string
  readonly bytes: number
  /** ISO time of import or making. */
  readonly created: string
  readonly starred: boolean
  readonly tags: readonly string[]
  /** human, background, clip: pixels, upright. */
  readonly size?: { readonly width: number; readonly height: number }
  /** motion, clip. */
  readonly seconds?: number
  /** clip. */
  readonly clip?: ClipFacts
  /**
   * model: the folder in which it lies, when the library only refers to it: it has no file of its own then, `sha256` is the engine's
   * hash of the model, and `bytes` are those of the folder. For display only.
   */
  readonly folder?: string
}

/** Everything that made a clip. */
export interface ClipFacts {
  /** With the seed, frames and size that were really used. */
  readonly request: RenderRequest
  readonly frames: number
  readonly fps: number
  readonly modelSha256: string
  /** Of the adapter, where there was one. */
  readonly adapterSha256?: string
  readonly engineVersion: string
  readonly renderSeconds: number
}

/*
 * Pictures, clips and motions reach a window by URL, the same in Electron (anywhere://studio) and browser:
 *   GET /media/<asset id>/file         the file itself, with ranges
 *   GET /media/<asset id>/thumbnail    JPEG, long side 320; a clip's first frame, a motion's skeletons
 *   GET /media/preview/<job id>?n=     JPEG, newest frame of a running job
 *   GET /media/export/<job id>/<n>     browser only: the n-th file of an export, as a download
 */
export const fileUrl = (id: string): string => `/media/${id}/file`
export const thumbnailUrl = (id: string): string => `/media/${id}/thumbnail`
export const previewUrl = (job: string, n: number): string => `/media/preview/${job}?n=${n}`
export const exportUrl = (job: string, n: number): string => `/media/export/${job}/${n}`

export const libraryQuery = z.object({
  kind: assetKind.optional(),
  /** Words of the name or tags, all of which must match. */
  search: z.string().max(200).optional(),
  starred: z.boolean().optional(),
})

export const assetChange = z.object({
  id: assetId,
  name: thingName.optional(),
  starred: z.boolean().optional(),
  tags: z.array(z.string().trim().min(1).max(40)).max(30).optional(),
})

export type ImportOutcome =
  | { readonly file: string; readonly asset: Asset; readonly alreadyThere: boolean }
  | { readonly file: string; readonly error: string }

/** A model folder that the library refers to from now on. */
export interface ImportedModel {
  readonly asset: Asset
  readonly alreadyThere: boolean
  /** What is missing or noteworthy, each in one line. */
  readonly notes: readonly string[]
}

export interface LibraryFolder {
  /** For display only. */
  readonly path: string
  readonly kinds: Readonly<Record<AssetKind, { readonly count: number; readonly bytes: number }>>
  readonly thumbnailBytes: number
  readonly trash: { readonly count: number; readonly bytes: number }
  readonly freeBytes: number
}
