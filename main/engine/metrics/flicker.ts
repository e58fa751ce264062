// Flicker: what of each frame the frame before does not explain, once everything has moved as it does: the place by its own measured step,
// the person part by part with the true key points. What the true clip leaves unexplained in the same pixels (parallax, turning, shading)
// is taken off. A clip that stands still or is blurred does not flicker: read it beside psnr.
import type { Keypoints } from '../../motion/types'
import type { BackgroundStep } from './background-motion'
import type { Seen } from './identity'
import { nearestPart, onOtherPart, partsOf } from './parts'
import type { Similarity } from './registration'

/** Pixels below which a place or a person is not judged. */
const leastPixels = 30

/**
 * Mean over frames, in grey levels, of how much larger the unexplained difference is in the produced clip than in the true one, 0 where
 * it is not; place and person count the same. NaN for clips of one frame.
 * @param steps  the background's, [T - 1]
 * @param hidden per frame [H, W], not 0 where either clip shows a person
 * @param poses  true key points of each frame, pixels
 */
export function flicker(
  produced: Seen,
  truth: Seen,
  steps: readonly BackgroundStep[],
  hidden: readonly Uint8Array[],
  poses: readonly Keypoints[],
  width: number,
): number {
  const height = hidden[0]!.length / width
  const excess = steps.map((step, before) => {
    const t = before + 1
    const place = new Excess()
    const person = new Excess()
    const [now, then] = [partsOf(poses[t]!), partsOf(poses[before]!)]
    const [at, was] = [hidden[t]!, hidden[before]!]
    const both = (i: number, frame: number) => Math.min(produced.person[frame]![i]!, truth.person[frame]![i]!) > 127
    const add = (to: Excess, i: number, own: Point, wanted: Point, seen: (i: number) => boolean) => {
      if (!inside(own, width, height) || !inside(wanted, width, height)) return
      if (!seen(nearest(own, width)) || !seen(nearest(wanted, width))) return
      to.add(
        difference(produced.frames[t]!, produced.frames[before]!, i, own, width),
        difference(truth.frames[t]!, truth.frames[before]!, i, wanted, width),
      )
    }
    for (let i = 0; i < at.length; i++) {
      const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5]
      if (at[i] === 0) {
        const [own, wanted] = [step.produced, step.truth].map((similarity) => moved(similarity, x, y, width, height))
        add(place, i, own!, wanted!, (j) => was[j] === 0)
      } else if (both(i, t)) {
        const k = nearestPart(now, x, y)
        const [part, other] = [now[k], then[k]]
        if (!part || !other) continue
        const from = onOtherPart(part, other, x, y)
        add(person, i, from, from, (j) => both(j, before))
      }
    }
    return mean([place, person].filter(({ count }) => count >= leastPixels).map((of) => of.value))
  })
  return mean(excess.filter(Number.isFinite))
}

type Point = readonly [x: number, y: number]

class Excess {
  count = 0
  private sum = 0

  add(own: number, wanted: number): void {
    this.sum += own - wanted
    this.count++
  }

  get value(): number {
    return Math.max(0, this.sum / this.count)
  }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

function moved([dx, dy, z, r]: Similarity, x: number, y: number, width: number, height: number): Point {
  const [ux, uy] = [x - width / 2, y - height / 2]
  const [c, s] = [Math.exp(z) * Math.cos(r), Math.exp(z) * Math.sin(r)]
  return [c * ux - s * uy + dx + width / 2, s * ux + c * uy + dy + height / 2]
}

const inside = ([x, y]: Point, width: number, height: number) =>
  x >= 0.5 && y >= 0.5 && x < width - 0.5 && y < height - 0.5

const nearest = ([x, y]: Point, width: number) => Math.floor(y) * width + Math.floor(x)

/** Mean over R, G, B of the absolute difference of pixel i and the other frame at a point, bilinearly. */
function difference(frame: Uint8Array, before: Uint8Array, i: number, [x, y]: Point, width: number): number {
  const [x0, y0] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]
  const [fx, fy] = [x - 0.5 - x0, y - 0.5 - y0]
  const at = (y0 * width + x0) * 3
  let sum = 0
  for (let c = 0; c < 3; c++) {
    const [p00, p01, p10, p11] = [at, at + 3, at + width * 3, at + width * 3 + 3].map((j) => before[j + c] ?? 0) as [number, number, number, number] // prettier-ignore
    const value = (p00 * (1 - fx) + p01 * fx) * (1 - fy) + (p10 * (1 - fx) + p11 * fx) * fy
    sum += Math.abs(frame[i * 3 + c]! - value)
  }
  return sum / 3
}
