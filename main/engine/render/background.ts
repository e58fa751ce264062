// The place of a clip: which part of its picture the first frame shows, and the rest around it for the camera to find, continued where the
// picture ends too soon.
import { createHash } from 'node:crypto'
import { cropPicture, flattenPicture, resizePicture } from '../../media/pictures'
import type { Picture } from '../../media/pictures'
import { frameSize } from '../models/animate-anywhere'
import type { View } from '../models/animate-anywhere'
import { Recent } from '../recent'
import type { Reach } from './joining'
import { outpaint } from './outpaint'

/** Which part is shown first: its centre as shares of the picture, and how much closer than 'fills the frame' (1). */
export interface Crop {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

export interface FittedBackground {
  /** The whole picture and its continuation, scaled so that the part shown first has about the output's resolution; RGB. */
  readonly picture: Picture
  /** The part shown first. */
  readonly first: Picture
  readonly view: View
}

/** More resolution than the output's, where the picture has it, for a camera that comes closer. */
const spareResolution = 1.5
const middle: Crop = { x: 0.5, y: 0.5, zoom: 1 }

/** The camera finds something for at least this share of the first frame's size beside it, and above and below it. */
const beside = 0.5
const above = 0.2

/** A gallery makes many clips in a few places of one size: those of the latest clips are kept, up to so many bytes. */
const places = new Recent<FittedBackground>(
  256e6,
  ({ picture, first }) => picture.data.byteLength + first.data.byteLength,
)

/**
 * The part that `crop` names fills a frame of `width` x `height` pixels. It never reaches outside the picture. What is given back is
 * given to other clips as well, and not to be changed.
 */
export function fitBackground(
  picture: Picture,
  width: number,
  height: number,
  crop: Crop = middle,
): Promise<FittedBackground> {
  const pixels = createHash('sha256').update(picture.data).digest('hex')
  const key = [pixels, picture.width, picture.channels, width, height, crop.x, crop.y, crop.zoom].join(' ')
  return places.get(key, () => fit(picture, width, height, crop))
}

/** How much more there is of a picture above and below what a frame of `width` x `height` shows first. */
export function reachOf({ y, height: part }: View, width: number, height: number): Reach {
  const frames = height / frameSize(width, height)
  return { up: (y / part - 0.5) * frames, down: ((1 - y) / part - 0.5) * frames }
}

async function fit(picture: Picture, width: number, height: number, crop: Crop): Promise<FittedBackground> {
  const flat = flattenPicture(picture)
  const fills = Math.max(width / flat.width, height / flat.height)
  const scale = fills * crop.zoom
  // Enlarging beyond what fills the frame would add memory and no detail: a closer part is enlarged when it is drawn.
  const factor = Math.min(scale * spareResolution, Math.max(1, fills))
  const fitted = await resizePicture(flat, Math.round(flat.width * factor), Math.round(flat.height * factor))
  const shown = {
    width: Math.min(fitted.width, Math.round((width * factor) / scale)),
    height: Math.min(fitted.height, Math.round((height * factor) / scale)),
  }
  const place = (centre: number, whole: number, part: number) =>
    Math.min(Math.max(Math.floor(centre * whole - part / 2), 0), whole - part)
  const x = place(crop.x, fitted.width, shown.width)
  const y = place(crop.y, fitted.height, shown.height)
  const missing = (spare: number, wanted: number) => Math.max(0, Math.ceil(wanted - spare))
  const left = missing(x, beside * shown.width)
  const right = missing(fitted.width - x - shown.width, beside * shown.width)
  const top = missing(y, above * shown.height)
  const bottom = missing(fitted.height - y - shown.height, above * shown.height)
  const continued = await outpaint(fitted, { left, right, top, bottom })
  return {
    picture: continued,
    first: cropPicture(fitted, { x, y, ...shown }),
    view: {
      x: (left + x + shown.width / 2) / continued.width,
      y: (top + y + shown.height / 2) / continued.height,
      width: shown.width / continued.width,
      height: shown.height / continued.height,
    },
  }
}
