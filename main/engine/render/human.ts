// From a picture of a person to what the model needs of it: the person cut out at its own resolution for composing, and a small
// picture on neutral ground, with its pose picture, for the network to think about.
import type { Picture } from '../../media/pictures'
import { cropPicture, resizePicture } from '../../media/pictures'
import type { Keypoints } from '../../motion/types'
import { drawPose } from '../../motion/draw'
import { scaleKeypoints } from '../../motion/keypoints'
import { boundsOf, withRoom } from '../geometry/bounds'
import type { Box } from '../geometry/bounds'
import { planes, prepareReferenceHuman } from '../models/animate-anywhere'
import type { ReferenceHuman } from '../models/animate-anywhere'

/** A person found in a picture: key points in its pixels, mask [H, W] 0..1. */
export interface FoundHuman {
  readonly picture: Picture
  readonly keypoints: Keypoints
  readonly mask: Float32Array
}

export interface PreparedHuman {
  /** For composing: the person at the picture's own resolution, at most `longest` pixels high or wide. */
  readonly native: ReferenceHuman
  /** For thinking, at the thinking size: the same person, small. */
  readonly small: ReferenceHuman
  /** [3, h, w] in [-1, 1], the person on neutral ground at the thinking size. */
  readonly picture: Float32Array
  /** [3, h, w] in [-1, 1], its pose. */
  readonly pose: Float32Array
}

/** The person fills this share of the thinking frame's height or width, as in the synthetic footage. */
const fill = 0.85
/** More pixels of the person than this bring no more detail to a 1080p frame, and cost memory. */
const longest = 1000

export async function prepareHuman(
  found: FoundHuman,
  thinking: { width: number; height: number },
): Promise<PreparedHuman> {
  const area = areaOf(found)
  const cut = await scaled(crop(found, area), Math.min(1, longest / Math.max(area.width, area.height)))
  const native = prepareReferenceHuman(cut.picture.data, cut.mask, cut.picture.width, cut.picture.height, cut.keypoints)
  const scale = fill * Math.min(thinking.width / cut.picture.width, thinking.height / cut.picture.height)
  const small = place(await scaled(cut, scale), thinking)
  return {
    native,
    small: prepareReferenceHuman(small.picture.data, small.mask, thinking.width, thinking.height, small.keypoints),
    picture: planes(small.picture.data),
    pose: planes(drawPose(small.keypoints, thinking.width, thinking.height)),
  }
}

/** The mask's bounding box with a little room around it; the whole picture where the mask is empty. */
function areaOf({ picture: { width, height }, mask }: FoundHuman): Box {
  const bounds = boundsOf(mask, width, height, 0.3)
  if (!bounds) return { x: 0, y: 0, width, height }
  const room = Math.round(0.03 * (Math.max(bounds.width, bounds.height) - 1)) + 2
  return withRoom(bounds, room, width, height)
}

function crop({ picture, mask, keypoints }: FoundHuman, area: Box): FoundHuman {
  const cut = new Float32Array(area.width * area.height)
  for (let y = 0; y < area.height; y++) {
    const from = (area.y + y) * picture.width + area.x
    cut.set(mask.subarray(from, from + area.width), y * area.width)
  }
  return {
    picture: cropPicture(picture, area),
    mask: cut,
    keypoints: scaleKeypoints(keypoints, 1, 1, -area.x, -area.y),
  }
}

async function scaled({ picture, mask, keypoints }: FoundHuman, scale: number): Promise<FoundHuman> {
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  if (width === picture.width && height === picture.height) return { picture, mask, keypoints }
  // The mask travels as a grey picture, so that both are resampled alike.
  const bytes = new Uint8Array(mask.length * 3)
  for (let i = 0; i < mask.length; i++) bytes.fill(Math.round(mask[i]! * 255), i * 3, i * 3 + 3)
  const small = await resizePicture({ ...picture, channels: 3, data: bytes }, width, height)
  return {
    picture: await resizePicture(picture, width, height),
    mask: Float32Array.from({ length: width * height }, (_, i) => small.data[i * 3]! / 255),
    keypoints: scaleKeypoints(keypoints, width / picture.width, height / picture.height),
  }
}

/** The person in the middle of a neutral frame. */
function place({ picture, mask, keypoints }: FoundHuman, size: { width: number; height: number }): FoundHuman {
  const dx = Math.round((size.width - picture.width) / 2)
  const dy = Math.round((size.height - picture.height) / 2)
  const data = new Uint8Array(size.width * size.height * 3).fill(127)
  const placed = new Float32Array(size.width * size.height)
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) {
      const [px, py] = [x + dx, y + dy]
      if (px < 0 || py < 0 || px >= size.width || py >= size.height) continue
      const m = mask[y * picture.width + x]!
      const to = py * size.width + px
      placed[to] = m
      for (let c = 0; c < 3; c++)
        data[to * 3 + c] = Math.round(127 + (picture.data[(y * picture.width + x) * 3 + c]! - 127) * m)
    }
  return { picture: { ...size, channels: 3, data }, mask: placed, keypoints: scaleKeypoints(keypoints, 1, 1, dx, dy) }
}
