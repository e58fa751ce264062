// Whether the produced person holds the pose: a network that has nothing to do with the clip's maker (MediaPipe's BlazePose, full) looks for
// the joints in produced frames. It must find the true ones; only points count that it does find in the true frame, whose pictures are small.
import type { Picture } from '../../media/pictures'
import { resizePicture } from '../../media/pictures'
import type { Keypoints } from '../../motion/types'
import { readBody } from '../perception/body'
import { toKeypoints } from '../perception/keypoints'
import type { ClipPair, Meter } from './meter'

/** Frames of a clip that are looked at, evenly spread. */
const looks = 4
/** A point is found within this share of the body's longer side (of its visible points' box). */
const close = 0.1
/** The network wants larger pictures: the clip's longer side becomes at least this many pixels. */
const enlarged = 384

/** `keypoints`: share of the body's points that are found in the produced frames; the values are a clip's frames'. */
export function openKeypoints(): Meter {
  let last: { readonly key: object; readonly found: Promise<number[][]> } | undefined
  return {
    clip: async (pair) => {
      const { truth, produced, poses } = pair
      const chosen = chosenFrames(poses.length)
      if (last?.key !== truth) last = { key: truth, found: all(chosen, (t) => foundPoints(truth[t]!, t, pair)) }
      const known = await last.found
      const found = await all(chosen, (t) => foundPoints(produced[t]!, t, pair))
      const values = known.flatMap((points, i) =>
        points.length > 0 ? [points.filter((point) => found[i]!.includes(point)).length / points.length] : [],
      )
      return { values }
    },
    dispose: () => Promise.resolve(),
  }
}

const chosenFrames = (frames: number): number[] => {
  const count = Math.min(looks, frames)
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * frames) / count))
}

async function all<T>(of: readonly number[], make: (t: number) => Promise<T>): Promise<T[]> {
  const out: T[] = []
  for (const t of of) out.push(await make(t))
  return out
}

/** Body points that the network finds where pose t has them. */
async function foundPoints(frame: Uint8Array, t: number, { poses, width, height }: ClipPair): Promise<number[]> {
  const { body } = poses[t]!
  const wanted = visiblePoints(poses[t]!, width, height)
  if (wanted.length < 3) return []
  const range = (axis: number): [number, number] => {
    const values = wanted.map((i) => body[i * 3 + axis]!)
    return [Math.min(...values), Math.max(...values)]
  }
  const [[left, right], [top, bottom]] = [range(0), range(1)]
  const size = Math.max(right - left, bottom - top, 8)
  const scale = Math.max(1, enlarged / Math.max(width, height))
  const picture: Picture = { width, height, channels: 3, data: Buffer.from(frame) }
  const large = await resizePicture(picture, Math.round(width * scale), Math.round(height * scale))
  const region = { x: ((left + right) / 2) * scale, y: ((top + bottom) / 2) * scale, size: 1.5 * size * scale, rotation: 0 } // prettier-ignore
  const { landmarks } = await readBody(large, region, 'full')
  const seen = toKeypoints(landmarks, large.width, large.height).body
  const away = (i: number) => Math.hypot(seen[i * 3]! / scale - body[i * 3]!, seen[i * 3 + 1]! / scale - body[i * 3 + 1]!) // prettier-ignore
  return wanted.filter((i) => away(i) < close * size)
}

/** Body points that the true frame shows. */
function visiblePoints({ body }: Keypoints, width: number, height: number): number[] {
  return Array.from({ length: 18 }, (_, i) => i).filter((i) => {
    const [x, y, confidence] = body.subarray(i * 3, i * 3 + 3) as unknown as [number, number, number]
    return confidence > 0.3 && x > 0 && y > 0 && x < width && y < height
  })
}
