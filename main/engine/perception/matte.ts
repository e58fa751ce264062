// The person's outline at the picture's own resolution, from the network's coarse answer and the picture's colours.
import type { Picture } from '../../media'
import { resizePicture } from '../../media'
import type { Segment } from './body'
import { guidedCoefficients } from './guided-filter'
import { intoRegion } from './region'

/** The outline is worked out on a copy of at most this many pixels along its longer side, then carried over to the full picture. */
const LONGEST = 1400

/** Share of the person in each pixel of `picture` [height * width], 0..1. */
export async function personMatte(picture: Picture, segment: Segment): Promise<Float32Array> {
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
  const small = await resizePicture(picture, Math.round(picture.width * scale), Math.round(picture.height * scale))
  const { width, height } = small
  const guide = { width, height, planes: [0, 1, 2].map((c) => plane(small, c)) }
  const coarse = enlarge(segment, width, height, scale)
  const radius = Math.max(2, Math.round((2 * segment.region.size * scale) / segment.side))
  const { planes } = guidedCoefficients(guide, coarse, radius, 1e-4)
  const alpha = new Float32Array(picture.width * picture.height)
  const { data, channels } = picture
  for (let y = 0; y < picture.height; y++) {
    const sy = Math.min(height - 1, Math.floor(((y + 0.5) * height) / picture.height))
    for (let x = 0; x < picture.width; x++) {
      const at = sy * width + Math.min(width - 1, Math.floor(((x + 0.5) * width) / picture.width))
      const i = y * picture.width + x
      let value = planes[3]![at]!
      for (let c = 0; c < 3; c++) value += (planes[c]![at]! * data[i * channels + c]!) / 255
      alpha[i] = Math.min(1, Math.max(0, value))
    }
  }
  return alpha
}

function plane(picture: Picture, channel: number): Float32Array {
  return Float32Array.from(
    { length: picture.width * picture.height },
    (_, i) => picture.data[i * picture.channels + channel]! / 255,
  )
}

function enlarge({ region, side, probability }: Segment, width: number, height: number, scale: number): Float32Array {
  const out = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = intoRegion(region, (x + 0.5) / scale, (y + 0.5) / scale)
      if (u < 0 || v < 0 || u > 1 || v > 1) continue
      const [px, py] = [u * side - 0.5, v * side - 0.5].map((p) => Math.min(Math.max(p, 0), side - 1.001)) as [
        number,
        number,
      ]
      const at = Math.floor(py) * side + Math.floor(px)
      const [fx, fy] = [px % 1, py % 1]
      const top = probability[at]! * (1 - fx) + probability[at + 1]! * fx
      const bottom = probability[at + side]! * (1 - fx) + probability[at + side + 1]! * fx
      out[y * width + x] = top * (1 - fy) + bottom * fy
    }
  }
  return out
}
