// Small pictures to know a thing by: JPEG, long side 320. Made outside JavaScript (libvips, ffmpeg), so that a window does not wait
// for a 50-megapixel photo; reading the whole picture on the way is also the proof that it is whole.
import { spawn } from 'node:child_process'
import type { Sharp } from 'sharp'
import { UserError, reason } from './errors'
import { findFfmpeg } from './ffmpeg'
import { requireFile } from './files'
import { mostPixels, type Picture, smallestSide } from './pictures'
import { sharp } from './sharp'

const longSide = 320
/** Of what is transparent: the dark ground of a window's cards. */
const ground = { r: 42, g: 46, b: 56 }
/** Width to height of a human's thumbnail. */
const portrait = 0.88
/** How much of a whole figure's height is shown: from the head to the knees. */
const upperBody = 0.66

export interface PictureGlance {
  readonly jpeg: Uint8Array
  /** Pixels of the picture itself, upright. */
  readonly width: number
  readonly height: number
  /** 'jpg', 'png', 'webp', 'gif', 'avif': what a browser can show as it is; undefined: anything else that could be read. */
  readonly extension?: string
}

const shown: Readonly<Record<string, string>> = { jpeg: 'jpg', png: 'png', webp: 'webp', gif: 'gif' }

/**
 * Reads a picture file to its end and makes its thumbnail: the whole of it, or of a 'human' the part around head and body.
 * Throws UserError as readPicture does.
 */
export async function glanceAtPicture(path: string, subject: 'whole' | 'human'): Promise<PictureGlance> {
  requireFile('picture', path)
  try {
    const meta = await sharp(path, { limitInputPixels: mostPixels }).metadata()
    const { width, height } = meta.autoOrient
    if (meta.format === 'svg') throw new Error('it is a drawing, not a photo')
    if (Math.min(width, height) < smallestSide)
      throw new Error(`it is only ${width}x${height} pixels, at least ${smallestSide}x${smallestSide} are needed`)
    const area = subject === 'human' ? await humanArea(path, width, height) : { left: 0, top: 0, width, height }
    const scale = longSide / Math.max(area.width, area.height)
    const side = (length: number) => Math.max(1, Math.round(length * Math.min(1, scale)))
    const jpeg = await upright(path)
      .extract(area)
      .resize(side(area.width), side(area.height), { fit: 'fill' })
      .flatten({ background: ground })
      .toColourspace('srgb')
      .jpeg({ quality: 82 })
      .toBuffer()
    const extension = meta.format === 'heif' && meta.compression === 'av1' ? 'avif' : shown[meta.format]
    return { jpeg, width, height, ...(extension ? { extension } : {}) }
  } catch (error) {
    const known = 'use JPEG, PNG, WebP, TIFF, GIF or AVIF'
    throw new UserError(`"${path}" cannot be read as a picture (${reason(error)}); ${known}`)
  }
}

/** The first frame of a video as a thumbnail. Throws UserError for what is no video. */
export async function glanceAtVideo(path: string): Promise<Uint8Array> {
  requireFile('video', path)
  const ffmpeg = await findFfmpeg()
  const fit = `scale=w='if(gt(iw,ih),${longSide},-2)':h='if(gt(iw,ih),-2,${longSide})'`
  const child = spawn(
    ffmpeg.path,
    [
      ...['-v', 'error', '-nostdin', '-i', path, '-frames:v', '1', '-vf', fit],
      ...['-c:v', 'mjpeg', '-q:v', '4', '-f', 'image2pipe', 'pipe:1'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const chunks: Buffer[] = []
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (text: Buffer) => (complaint = (complaint + text.toString()).slice(-2000)))
  await new Promise((resolve) => child.once('error', resolve).once('close', resolve))
  const jpeg = Buffer.concat(chunks)
  if (jpeg.length === 0)
    throw new UserError(`"${path}" cannot be read as a video (${reason(new Error(complaint))}); use MP4, MOV or WebM`)
  return jpeg
}

/** JPEG of a picture, as it is. */
export async function encodeJpeg({ width, height, channels, data }: Picture): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } })
    .flatten({ background: ground })
    .jpeg({ quality: 82 })
    .toBuffer()
}

/** Any picture that readPicture takes, as a PNG that every browser shows: upright, sRGB. */
export async function convertToPng(path: string, target: string): Promise<void> {
  await upright(path).toColourspace('srgb').png({ compressionLevel: 6 }).toFile(target)
}

function upright(path: string): Sharp {
  return sharp(path, { failOn: 'error', limitInputPixels: mostPixels }).autoOrient()
}

interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Where in a picture of `width` x `height` the head and body most likely are. */
async function humanArea(path: string, width: number, height: number): Promise<Area> {
  const figure = await figureArea(path, width, height)
  const whole = figure ?? { left: 0, top: 0, width, height }
  // Without plain ground around the figure nothing says where it is; a standing photo has its head in the upper part.
  const shownHeight = figure ? whole.height * upperBody : Math.min(whole.height, whole.width / portrait)
  const tall = Math.min(height, Math.max(shownHeight, figure ? figure.width * 0.8 : 0))
  const wide = Math.min(width, tall * portrait)
  const centre = whole.left + whole.width / 2
  return {
    left: Math.round(Math.min(width - wide, Math.max(0, centre - wide / 2))),
    top: Math.round(Math.min(height - tall, Math.max(0, whole.top - (figure ? tall * 0.05 : 0)))),
    width: Math.floor(wide),
    height: Math.floor(tall),
  }
}

/** The box of a figure on plain or transparent ground; undefined when the picture has no such ground. */
async function figureArea(path: string, width: number, height: number): Promise<Area | undefined> {
  const scale = Math.min(1, 480 / Math.max(width, height))
  const small = await upright(path)
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: 'fill' })
    .flatten({ background: ground })
    .toColourspace('srgb')
    .png()
    .toBuffer()
  try {
    const { info } = await sharp(small).trim({ threshold: 24 }).raw().toBuffer({ resolveWithObject: true })
    if (info.width * info.height > 0.85 * width * scale * height * scale) return undefined
    return {
      left: -(info.trimOffsetLeft ?? 0) / scale,
      top: -(info.trimOffsetTop ?? 0) / scale,
      width: info.width / scale,
      height: info.height / scale,
    }
  } catch {
    return undefined // one colour all over: there is nothing to trim to
  }
}
