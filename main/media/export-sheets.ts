// Contact sheets of clips: the frames of one, or many clips at a glance.
import fs from 'node:fs'
import path from 'node:path'
import { contactSheet } from './contact-sheet'
import { fitted } from './exports'
import type { ExportWatch } from './exports'
import { freeName, safeFileName } from './file-names'
import { writePng } from './pictures'
import type { Picture } from './pictures'
import { probeVideo, readVideoFrames } from './video'

/** Frames of a single clip's sheet, and columns of either kind. */
const sheetFrames = 12
const frameColumns = 4
const clipColumns = 6
/** Clips of one sheet; more go on further sheets. */
const clipsPerSheet = 60
const sheetLongSide = 320

/**
 * Writes PNG sheets into `folder` and returns their names: of one clip its frames, of many clips the middle frame of each with its
 * name. Throws like `exportVideo`.
 */
export async function exportContactSheets(
  clips: readonly { readonly file: string; readonly name: string }[],
  folder: string,
  longSide: number | null,
  watch: ExportWatch = {},
): Promise<string[]> {
  const single = clips.length === 1
  const title = single ? clips[0]!.name : `Contact sheet of ${clips.length} clips`
  const side = longSide ?? sheetLongSide
  const pages = Array.from({ length: Math.ceil(clips.length / clipsPerSheet) }, (_, i) =>
    clips.slice(i * clipsPerSheet, (i + 1) * clipsPerSheet),
  )
  const made: string[] = []
  let seen = 0
  try {
    for (const page of pages) {
      const pictures: Picture[] = []
      const captions: string[] = []
      for (const { file, name } of page) {
        watch.signal?.throwIfAborted()
        const shown = await pick(file, side, single ? sheetFrames : 1, watch.signal)
        pictures.push(...shown.map(({ picture }) => picture))
        captions.push(...shown.map(({ frame }) => (single ? `frame ${frame + 1}` : name.replaceAll('×', 'x'))))
        watch.onProgress?.(++seen / clips.length)
      }
      const name = freeName(folder, safeFileName(title), '.png')
      await writePng(path.join(folder, name), contactSheet(pictures, single ? frameColumns : clipColumns, captions))
      made.push(name)
    }
    return made
  } catch (error) {
    for (const name of made) fs.rmSync(path.join(folder, name), { force: true })
    throw error
  }
}

/** `count` frames spread over a video; of one, the middle. */
async function pick(file: string, longSide: number, count: number, signal: AbortSignal | undefined) {
  const info = await probeVideo(file)
  const size = fitted(info, Math.min(longSide, Math.max(info.width, info.height)), 1)
  const frames = Math.max(1, Math.round(info.duration * info.fps))
  const wanted = Math.min(count, frames)
  const at =
    wanted === 1
      ? [Math.floor(frames / 2)]
      : Array.from({ length: wanted }, (_, i) => Math.round((i * (frames - 1)) / (wanted - 1)))
  const picked: { frame: number; picture: Picture }[] = []
  let frame = 0
  let last: Uint8Array | undefined
  for await (const data of readVideoFrames(file, { size })) {
    signal?.throwIfAborted()
    last = data
    if (at.includes(frame)) picked.push({ frame, picture: { ...size, channels: 3, data } })
    if (frame++ >= at.at(-1)!) break
  }
  // A container may promise a frame more than it holds.
  if (picked.length === 0 && last) picked.push({ frame: frame - 1, picture: { ...size, channels: 3, data: last } })
  return picked
}
