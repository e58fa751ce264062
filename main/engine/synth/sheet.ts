// Clips at a glance: the person, and the clip's beginning, middle and end side by side.
import type { Picture } from '../../media/pictures'
import type { Clip } from '../training/clip'

/** Frames of a clip that a strip shows beside the reference human. */
const SHOWN = 3

/** The reference human of `clip` and frames from its first to its last, side by side. */
export function clipStrip({ width, height, poses, frames, referenceHuman }: Clip): Picture {
  const size = width * height * 3
  const pictures = [referenceHuman]
  for (let k = 0; k < SHOWN; k++) {
    const t = Math.round((k / (SHOWN - 1)) * (poses.length - 1))
    pictures.push(frames.subarray(t * size, (t + 1) * size))
  }
  const data = new Uint8Array(size * pictures.length)
  const line = width * 3
  pictures.forEach((picture, k) => {
    for (let y = 0; y < height; y++)
      data.set(picture.subarray(y * line, (y + 1) * line), (y * pictures.length + k) * line)
  })
  return { width: width * pictures.length, height, channels: 3, data }
}
