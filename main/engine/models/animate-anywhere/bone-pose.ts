// A pose as bones: where each of them lies, how tall the body is that they belong to, and how broad it is seen.
import type { Keypoints } from '../../../motion/types'
import { boneCount, bones, breadth, head } from './bones'
import { nearSide, reader } from './facing'
import type { Point, Turn } from './facing'

/** Where each bone lies in one pose. */
export interface BonePose {
  /** [K, 4] x0, y0, x1, y1 in pixels; zeros where the bone is not known. */
  readonly ends: Float32Array
  /** [K] 1 where both ends are known, else 0. */
  readonly known: Float32Array
  /** Body height in pixels, judged from the least foreshortened bones. */
  readonly size: number
  /** Signed width across the shoulders and hips in pixels (positive: the person's left is to the right of the picture, a front view). */
  readonly width: number
}

/** Of [K, 4], where bone k lies: x0, y0, x1, y1. */
export const endsOf = (ends: Float32Array, k: number) =>
  ends.subarray(k * 4, k * 4 + 4) as unknown as [number, number, number, number]

/** Of [K, 4], how long bone k is seen. */
export const lengthOf = (ends: Float32Array, k: number): number => {
  const [x0, y0, x1, y1] = endsOf(ends, k)
  return Math.hypot(x1 - x0, y1 - y0)
}

const averageProportions = bones.map(({ proportion }) => proportion)

/** A body's own proportions, of what its picture shows: a bone seen much shorter than the average one is foreshortened. */
export const ownProportions = ({ ends, known, size }: BonePose): number[] =>
  averageProportions.map((average, k) => {
    const seen = lengthOf(ends, k) / size
    return average && known[k]! && (k === head || seen > 0.9 * average) ? seen : average
  })

const ahead: Turn = { cos: 1, sin: 0 }

/** Bones of one pose. Joints of confidence below 0.05 are absent. */
export function bonePose(pose: Keypoints, proportions: readonly number[] = averageProportions): BonePose {
  const at = reader(pose)
  const ends = new Float32Array(boneCount * 4)
  const known = new Float32Array(boneCount)
  const put = (k: number, size: number, turn: Turn) => {
    const found = bones[k]!.ends(at, pose, size, turn)
    if (!found) return undefined
    const [a, b] = found
    ends.set([a.x, a.y, b.x, b.y], k * 4)
    known[k] = 1
    return Math.hypot(b.x - a.x, b.y - a.y)
  }
  const heights: number[] = []
  proportions.forEach((proportion, k) => {
    if (proportion === 0) return
    const length = put(k, 0, ahead)
    if (length !== undefined) heights.push(length / proportion)
  })
  heights.sort((a, b) => a - b)
  const size = Math.max(heights[Math.round((heights.length - 1) * 0.72)] ?? 1, 1)
  const across = (right: Point | undefined, left: Point | undefined) => (right && left ? left.x - right.x : undefined)
  const spans = [across(at(2), at(5)), across(at(8), at(11))].filter((v): v is number => v !== undefined)
  const width = spans.length ? spans.reduce((a, b) => a + b, 0) / spans.length : breadth * size
  const cos = Math.min(Math.max(width / (breadth * size), -1), 1)
  const turn = { cos, sin: nearSide(pose) * Math.sqrt(1 - cos * cos) }
  proportions.forEach((proportion, k) => {
    if (proportion === 0) put(k, size, turn)
  })
  return { ends, known, size, width }
}

/** How strongly heights above the line pull it, against those below. */
const above = 0.85

/**
 * Heights over time without the dips of foreshortening: round each frame a line through the logarithms of its neighbours' heights, which
 * those above it pull more strongly than those below (expectile regression, Newey and Powell 1987), so that somebody may come nearer.
 */
export function steadySizes(sizes: readonly number[], reach = 6): number[] {
  const logs = sizes.map(Math.log)
  return sizes.map((_, t) => {
    const near = logs
      .slice(Math.max(0, t - reach), t + reach + 1)
      .map((y, i) => ({ x: Math.max(0, t - reach) + i - t, y }))
    let [at, slope] = [Math.max(...near.map(({ y }) => y)), 0]
    for (let round = 0; round < 12; round++) {
      let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0]
      for (const { x, y } of near) {
        const w = y > at + slope * x ? above : 1 - above
        n += w
        sx += w * x
        sy += w * y
        sxx += w * x * x
        sxy += w * x * y
      }
      slope = (n * sxy - sx * sy) / (n * sxx - sx * sx + n)
      at = (sy - slope * sx) / n
    }
    return Math.exp(at)
  })
}
