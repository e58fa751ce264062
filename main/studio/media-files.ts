// What a media URL means: files of the library, previews and exports of jobs. Anything else, however it is spelled, means nothing.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { assetId, jobId } from '../api'
import type { AssetLibrary } from './library'

export type Media =
  | { readonly file: string; readonly type: string; readonly download?: string }
  | { readonly bytes: Uint8Array; readonly type: string }

export interface MediaSources {
  readonly library: AssetLibrary
  /** Newest picture of a running job. */
  preview(job: string): Uint8Array | undefined
  /** Path of the n-th file of an export; undefined where exports are not to be downloaded. */
  exported(job: string, n: number): string | undefined
}

const types: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  json: 'application/json',
  bvh: 'text/plain; charset=utf-8',
}

const typeOf = (extension: string): string => types[extension] ?? 'application/octet-stream'

/** Never throws. Files that are gone are undefined, too. */
export function mediaAt(pathname: string, { library, preview, exported }: MediaSources): Media | undefined {
  const parts = pathname.split('/')
  const [root, place, id, what] = parts
  if (root !== '' || place !== 'media' || !id || !what || parts.length > 5) return undefined
  if (id === 'preview' && parts.length === 4) {
    const bytes = jobId.safeParse(what).success ? preview(what) : undefined
    return bytes && { bytes, type: 'image/jpeg' }
  }
  if (id === 'export' && parts.length === 5) {
    const file =
      jobId.safeParse(what).success && /^\d{1,5}$/.test(parts[4]!) ? exported(what, Number(parts[4])) : undefined
    if (!file || !existsSync(file)) return undefined
    return { file, type: typeOf(path.extname(file).slice(1)), download: path.basename(file) }
  }
  if (parts.length !== 4 || !assetId.safeParse(id).success) return undefined
  const asset = library.get(id)
  if (!asset) return undefined
  const thumbnail = what === 'thumbnail'
  const file = thumbnail
    ? library.contents.thumbnailOf(id)
    : what === 'file'
      ? library.contents.fileOf(asset)
      : undefined
  return file && existsSync(file) ? { file, type: typeOf(thumbnail ? 'jpg' : asset.extension) } : undefined
}
