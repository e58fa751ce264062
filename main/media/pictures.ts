// Still pictures in and out. Whatever a camera, a phone or a painting program writes (EXIF rotation, 16 bits, grey, CMYK,
// palettes, foreign colour profiles) becomes upright 8-bit sRGB here, so that nothing behind this file has to know.
import type { OutputInfo, Sharp } from 'sharp'
import { UserError, reason } from './errors'
import { requireFile } from './files'
import { writeFileAtomic } from './partials'
import { sharp } from './sharp'

/** An upright sRGB picture; `data` is rows of `channels` bytes per pixel, height x width x channels, alpha not premultiplied. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly data: Uint8Array
}

/** Shorter sides than this hold nothing to work on, and are almost always a placeholder or a mistake. */
export const smallestSide = 16
export const mostPixels = 300e6

/**
 * Reads a picture file of any usual kind as upright 8-bit sRGB: 4 channels when it has transparency, else 3.
 * Of an animation, the first frame. Throws UserError for what is missing, empty, broken, not a picture, or under 16 pixels.
 */
export async function readPicture(path: string): Promise<Picture> {
  requireFile('picture', path)
  let raw: { data: Buffer; info: OutputInfo }
  try {
    const upright = sharp(path, { failOn: 'error', limitInputPixels: mostPixels }).autoOrient()
    raw = await upright.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  } catch (error) {
    const known = 'use JPEG, PNG, WebP, TIFF, GIF or AVIF'
    throw new UserError(`"${path}" cannot be read as a picture (${reason(error)}); ${known}`)
  }
  const { width, height, channels } = raw.info
  if (Math.min(width, height) < smallestSide) {
    const least = `${smallestSide}x${smallestSide}`
    throw new UserError(`picture "${path}" is only ${width}x${height} pixels; at least ${least} are needed`)
  }
  return { width, height, ...asColour(raw.data, channels) }
}

/** Resamples to `width` x `height` pixels (Lanczos). 'fill' stretches; 'cover' keeps proportions and cuts what overhangs. */
export async function resizePicture(
  picture: Picture,
  width: number,
  height: number,
  fit: 'fill' | 'cover' = 'fill',
): Promise<Picture> {
  if (picture.width === width && picture.height === height) return picture
  const { data, info } = await asSharp(picture)
    .resize(width, height, { fit })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: picture.channels, data: bytes(data) }
}

/** The part `x, y, width, height` (pixels) of a picture. Throws RangeError when it reaches outside. */
export function cropPicture(picture: Picture, area: { x: number; y: number; width: number; height: number }): Picture {
  const { x, y, width, height } = area
  const inside =
    x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= picture.width && y + height <= picture.height
  if (!inside || ![x, y, width, height].every(Number.isInteger)) {
    throw new RangeError(
      `crop: ${width}x${height} at ${x},${y} is not inside the picture of ${picture.width}x${picture.height} pixels`,
    )
  }
  const { channels } = picture
  const data = new Uint8Array(width * height * channels)
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * picture.width + x) * channels
    data.set(picture.data.subarray(start, start + width * channels), row * width * channels)
  }
  return { width, height, channels, data }
}

/** The picture without transparency, laid over `ground` (sRGB bytes). */
export function flattenPicture(picture: Picture, ground: readonly [number, number, number] = [127, 127, 127]): Picture {
  if (picture.channels === 3) return picture
  const { width, height, data } = picture
  const flat = new Uint8Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = data[pixel * 4 + 3]! / 255
    for (let c = 0; c < 3; c++) {
      flat[pixel * 3 + c] = Math.round(data[pixel * 4 + c]! * alpha + ground[c]! * (1 - alpha))
    }
  }
  return { width, height, channels: 3, data: flat }
}

/** Writes a PNG file, whole or not at all. */
export async function writePng(path: string, picture: Picture): Promise<void> {
  writeFileAtomic(path, await asSharp(picture).png({ compressionLevel: 6 }).toBuffer())
}

/** The picture as a JPEG file of good quality, at most `longSide` pixels long; transparency becomes black. */
export async function encodeJpeg(picture: Picture, longSide: number): Promise<Uint8Array> {
  const small = asSharp(picture).resize(longSide, longSide, { fit: 'inside', withoutEnlargement: true })
  return bytes(await small.jpeg({ quality: 82 }).toBuffer())
}

function asSharp(picture: Picture): Sharp {
  const { width, height, channels, data } = picture
  if (data.length !== width * height * channels) {
    throw new RangeError(`picture of ${width}x${height}x${channels} bytes has ${data.length} bytes of data`)
  }
  return sharp(data, { raw: { width, height, channels } })
}

/** Grey (1 channel) and grey with alpha (2) spread to RGB and RGBA; an alpha that hides nothing is dropped. */
function asColour(data: Buffer, channels: number): { channels: 3 | 4; data: Uint8Array } {
  const pixels = data.length / channels
  const hasAlpha = channels === 2 || channels === 4
  let opaque = true
  if (hasAlpha) for (let p = 0; p < pixels && opaque; p++) opaque = data[p * channels + channels - 1] === 255
  const wanted = opaque ? 3 : 4
  if (channels === wanted) return { channels: wanted, data: bytes(data) }
  const spread = new Uint8Array(pixels * wanted)
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < 3; c++) spread[p * wanted + c] = data[p * channels + (channels < 3 ? 0 : c)]!
    if (!opaque) spread[p * wanted + 3] = data[p * channels + channels - 1]!
  }
  return { channels: wanted, data: spread }
}

function bytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
