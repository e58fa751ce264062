// Clips for other programs: re-encoded as videos, as single pictures, as an animation. Everything is made under a temporary name;
// whoever stops on the way leaves nothing behind.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from './errors'
import { findFfmpeg } from './ffmpeg'
import { freeName, safeFileName } from './file-names'
import { openPartial, unwritable } from './partials'
import { outcome, probeVideo } from './video'
import type { VideoInfo } from './video'

export type VideoFormat = 'mp4' | 'hevc' | 'prores' | 'png' | 'gif'
export type Quality = 'draft' | 'good' | 'best'

export interface ExportSettings {
  readonly quality: Quality
  /** Pixels; null: the clip's own. */
  readonly longSide: number | null
  /** null: the clip's own. */
  readonly fps: number | null
}

export interface ExportWatch {
  /** Share of this clip that is done, 0..1. */
  readonly onProgress?: (share: number) => void
  readonly signal?: AbortSignal
}

interface Recipe {
  /** '' for a folder of pictures. */
  readonly extension: string
  /** Filters after the resizing. */
  readonly filter: string
  readonly encode: (quality: Quality) => readonly string[]
  /** Both sides must be even. */
  readonly even: boolean
  /** What ffmpeg must have been built with. */
  readonly encoder: string
}

const bt709 = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv']
const video = (pixels: string) => `scale=out_color_matrix=bt709:out_range=tv,format=${pixels}`
const crf = (values: Record<Quality, number>) => (quality: Quality) => ['-crf', String(values[quality])]
const x264 = crf({ draft: 28, good: 20, best: 14 })
const x265 = crf({ draft: 32, good: 25, best: 18 })
const colours: Record<Quality, number> = { draft: 64, good: 128, best: 256 }
const dither: Record<Quality, string> = { draft: 'none', good: 'bayer:bayer_scale=4', best: 'sierra2_4a' }

const recipes: Record<VideoFormat, Recipe> = {
  mp4: {
    extension: '.mp4',
    filter: video('yuv420p'),
    encode: (quality) => [
      '-c:v',
      'libx264',
      '-preset',
      'medium',
      ...x264(quality),
      ...bt709,
      '-movflags',
      '+faststart',
    ],
    even: true,
    encoder: 'libx264',
  },
  hevc: {
    extension: '.mp4',
    filter: video('yuv420p'),
    // 'hvc1' is the name under which Apple's players take it.
    encode: (quality) => [
      ...['-c:v', 'libx265', '-preset', 'medium', '-x265-params', 'log-level=error', ...x265(quality)],
      ...['-tag:v', 'hvc1', ...bt709, '-movflags', '+faststart'],
    ],
    even: true,
    encoder: 'libx265',
  },
  prores: {
    extension: '.mov',
    filter: video('yuv422p10le'),
    encode: () => ['-c:v', 'prores_ks', '-profile:v', '3', '-vendor', 'apl0', ...bt709],
    even: true,
    encoder: 'prores_ks',
  },
  png: {
    extension: '',
    filter: 'format=rgb24',
    encode: () => ['-c:v', 'png', '-start_number', '1', '-f', 'image2'],
    even: false,
    encoder: 'png',
  },
  gif: { extension: '.gif', filter: '', encode: () => ['-loop', '0'], even: false, encoder: 'gif' },
}

/** GIF counts in hundredths of a second, and players slow down what is faster than this. */
const fastestGif = 50

/**
 * Writes the clip `source` into `folder` under `name`, made safe and free, and returns the name of the file (of the folder, for PNG).
 * Throws UserError for what ffmpeg or the disk refuses, the signal's reason when aborted; both leave nothing.
 */
export async function exportVideo(
  source: string,
  folder: string,
  name: string,
  format: VideoFormat,
  settings: ExportSettings,
  watch: ExportWatch = {},
): Promise<string> {
  watch.signal?.throwIfAborted()
  const recipe = recipes[format]
  await requireEncoder(recipe.encoder, format)
  const info = await probeVideo(source)
  const made = freeName(folder, safeFileName(name), recipe.extension)
  const target = path.join(folder, made)
  const place = recipe.extension === '' ? openPartialFolder(target) : openPartial(target)
  try {
    const fps = settings.fps ?? info.fps
    const rate = format === 'gif' ? Math.min(fps, fastestGif) : fps
    const output = recipe.extension === '' ? path.join(place.path, '%05d.png') : place.path
    const args = [
      '-filter_complex',
      filters(format, info, { ...settings, fps: rate }),
      ...recipe.encode(settings.quality),
    ]
    await encode(['-i', source, ...args, output], target, Math.max(1, Math.round(info.duration * rate)), watch)
    if (recipe.extension === '') requireWholePictures(place.path, target)
    place.commit()
  } catch (error) {
    place.discard()
    throw error
  }
  return made
}

function filters(format: VideoFormat, info: VideoInfo, settings: ExportSettings & { fps: number }): string {
  const { even, filter } = recipes[format]
  const { width, height } = fitted(info, settings.longSide, even ? 2 : 1)
  const start = `fps=${settings.fps},scale=${width}:${height}:flags=lanczos+accurate_rnd+full_chroma_int`
  if (format !== 'gif') return `${start},${filter}`
  const { quality } = settings
  const palette = `palettegen=max_colors=${colours[quality]}:stats_mode=diff`
  return `${start},split[a][b];[a]${palette}[p];[b][p]paletteuse=dither=${dither[quality]}`
}

/** The size with this long side, each side a multiple of `step` pixels. */
export function fitted(info: { width: number; height: number }, longSide: number | null, step: number) {
  const scale = longSide === null ? 1 : longSide / Math.max(info.width, info.height)
  const snap = (v: number) => Math.max(step, step * Math.round((v * scale) / step))
  return { width: snap(info.width), height: snap(info.height) }
}

/** Runs ffmpeg to its end, or not. Throws UserError naming `target`. */
async function encode(args: readonly string[], target: string, frames: number, watch: ExportWatch): Promise<void> {
  const { onProgress, signal } = watch
  const ffmpeg = await findFfmpeg()
  const child = spawn(ffmpeg.path, ['-v', 'error', '-nostdin', '-y', '-progress', 'pipe:1', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  const stop = (): void => void child.kill('SIGKILL')
  process.on('exit', stop)
  signal?.addEventListener('abort', stop)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const done = [...text.matchAll(/^frame=\s*(\d+)/gm)].at(-1)
    if (done) onProgress?.(Math.min(1, Number(done[1]) / frames))
  })
  const { code, output, complaint } = await outcome(child)
  process.off('exit', stop)
  signal?.removeEventListener('abort', stop)
  signal?.throwIfAborted()
  if (code === 0) return
  if (/no space left/i.test(output)) throw unwritable(target, Object.assign(new Error(output), { code: 'ENOSPC' }))
  throw new UserError(`writing "${target}" failed: ${complaint || 'ffmpeg stopped'}`)
}

/** ffmpeg says nothing of pictures that did not fit onto the disk: a whole PNG ends with an IEND chunk. */
function requireWholePictures(folder: string, target: string): void {
  const end = Buffer.alloc(8)
  for (const name of fs.readdirSync(folder)) {
    const file = fs.openSync(path.join(folder, name), 'r')
    const { size } = fs.fstatSync(file)
    fs.readSync(file, end, 0, 8, Math.max(0, size - 8))
    fs.closeSync(file)
    if (size < 8 || end.toString('latin1', 0, 4) !== 'IEND')
      throw unwritable(target, Object.assign(new Error(`${name} is not whole`), { code: 'ENOSPC' }))
  }
}

let encoders: Promise<string> | undefined

async function requireEncoder(encoder: string, format: VideoFormat): Promise<void> {
  encoders ??= listEncoders()
  const known = await encoders
  if (new RegExp(`^ *V\\S* +${encoder} `, 'm').test(known)) return
  const { path: file } = await findFfmpeg()
  throw new UserError(
    `the ffmpeg at ${file} cannot write ${format} (it has no ${encoder}); choose another format, or set FFMPEG_PATH to one that can`,
  )
}

async function listEncoders(): Promise<string> {
  const ffmpeg = await findFfmpeg()
  const child = spawn(ffmpeg.path, ['-hide_banner', '-encoders'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let listed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (listed += text))
  await outcome(child)
  return listed
}

/** A folder that has its name only when it is full. */
function openPartialFolder(target: string): { path: string; commit(): void; discard(): void } {
  const { dir, base } = path.parse(target)
  const temporary = path.join(dir, `.${base}.partial`)
  const discard = () => {
    fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    discard()
    fs.mkdirSync(temporary, { recursive: true })
  } catch (error) {
    throw unwritable(target, error)
  }
  return {
    path: temporary,
    commit: () => {
      fs.renameSync(temporary, target)
    },
    discard,
  }
}
