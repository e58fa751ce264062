// Camera paths of neighbouring windows joined: what is cross-faded are the camera's steps, not its places. Places that drift apart and are
// faded over give a camera that hurries to where the next window has it; steps only go over from one speed to the other.
import { crossfade } from '../diffusion/windows'
import { follow, stepBetween } from '../geometry/similarity'
import { cameraNumbers } from '../models/animate-anywhere'

/** Share of the way behind it that a long clip forgets with every frame: what was near once is soon out of the picture. */
const forgotten = 0.06
/** Least mean nearness: the sky alone has no distance. */
const leastMean = 0.1
/**
 * Share of a place's relief that is believed. Seen in cells of eight pixels, what stands upright leans when the camera goes by; of half of it pan and
 * zoom are as true (measured), and it leans half as much.
 */
const believed = 0.5
/** Least of the place's distance that a long way forward leaves. */
const leastLeft = 0.2

/** Something that a long clip's camera does not do without end. */
interface Range {
  /** How much of it a place on the path is. */
  of(place: ArrayLike<number>): number
  /** The number of the path that takes it back. */
  readonly by: number
  /** How far from frame 0 it may be: freely, and at most. */
  readonly above: Readonly<Record<'free' | 'most', number>>
  readonly below: Range['above']
}

/** How far a place's picture goes on above and below what the first frame shows, as shares of the frame's size (`frameSize`). */
export interface Reach {
  readonly up: number
  readonly down: number
}

const rangesOf = ({ up, down }: Reach): readonly Range[] => [
  // Drawing back shows the place's mirror images before long, coming closer its pixels.
  { of: seen, by: 2, above: { free: 0.15, most: 0.4 }, below: { free: 0.8, most: 1.4 } },
  { of: (place) => place[1]! + place[5]!, by: 1, above: upTo(down), below: upTo(up) },
  // Round, in radians.
  { of: (place) => place[3]!, by: 3, above: upTo(0.12), below: upTo(0.12) },
]
const upTo = (most: number) => ({ free: 0.4 * most, most })

/**
 * A camera and a place, measured by the mean nearness of the place: how far somebody is changes from one window of a clip to the next.
 * @param path     [T, 7] (`cameraPath` of the model), travel in units of the person's distance
 * @param nearness of the place at the first frame, in the same units
 */
export function measuredByPlace(
  path: Float32Array,
  nearness: Float32Array,
): { path: Float32Array; nearness: Float32Array } {
  const mean = Math.max(leastMean, nearness.reduce((a, b) => a + b, 0) / nearness.length)
  return {
    path: path.map((v, i) => (i % cameraNumbers < 4 ? v : v * mean)),
    nearness: nearness.map((q) => 1 + believed * (q / mean - 1)),
  }
}

/**
 * @param whole [a, 7] relative to the clip's frame 0
 * @param part  [b, 7] of the window whose first frame is the clip's frame `start` < a, relative to that frame
 * @returns [start + b, 7] relative to frame 0
 */
export function joinPaths(whole: Float32Array, part: Float32Array, start: number): Float32Array {
  const known = whole.length / cameraNumbers
  const frames = start + part.length / cameraNumbers
  const joined = new Float32Array(frames * cameraNumbers)
  joined.set(whole.subarray(0, (start + 1) * cameraNumbers))
  for (let t = start; t < frames - 1; t++) {
    const next = step(at(part, t - start), at(part, t - start + 1))
    const share = crossfade(t, start, known - 1)
    const before = t + 1 < known ? step(at(whole, t), at(whole, t + 1)) : next
    const blended = next.map((v, k) => v * share + before[k]! * (1 - share))
    joined.set(after(at(joined, t), blended), (t + 1) * cameraNumbers)
  }
  return joined
}

/** The path [T, 7] of a clip that forgets from frame `from` on, and whose camera stops where the picture ends (`rangesOf`). */
export function forgetting(path: Float32Array, from: number, reach: Reach): Float32Array {
  const ranges = rangesOf(reach)
  const out = path.slice()
  for (let t = from; t < path.length / cameraNumbers - 1; t++) {
    const here = at(out, t)
    const there = after(here, step(at(path, t), at(path, t + 1)))
    out.set(forget(held(here, there, ranges)), (t + 1) * cameraNumbers)
  }
  return out
}

const at = (path: Float32Array, t: number) => path.subarray(t * cameraNumbers, (t + 1) * cameraNumbers)

/** What leads from one frame of a path to the next. */
const step = (from: Float32Array, next: Float32Array): number[] => [
  ...stepBetween(from, next),
  ...[4, 5, 6].map((k) => next[k]! - from[k]!),
]

/** The place of a path that `next` leads to. */
const after = (here: Float32Array, next: readonly number[]): number[] => [
  ...follow(here, next),
  ...[4, 5, 6].map((k) => here[k]! + next[k]!),
]

/** Log of how much more of the place is seen than in frame 0, at its mean distance. */
function seen(place: ArrayLike<number>): number {
  return place[2]! + Math.log(left(place[6]!))
}

/** The next place of a camera that is `here`: the nearer the end of a range, the less farther it goes. Back it goes freely. */
function held(here: ArrayLike<number>, next: readonly number[], ranges: readonly Range[]): readonly number[] {
  const place = [...next]
  for (const { of, by, above, below } of ranges) {
    const before = of(here)
    const change = of(next) - before
    const { free, most } = change > 0 ? above : below
    const room = Math.min(Math.max((most - Math.abs(before)) / Math.max(most - free, 1e-6), 0), 1)
    if (change > 0 === before > 0) place[by]! -= change * (1 - room)
  }
  return place
}

/** Share of its distance that a way towards the place leaves. */
const left = (way: number): number => Math.max(leastLeft, 1 - way)

/** Some of the travel becomes a turn and a zoom that do the same to the place at its mean distance. */
function forget([dx, dy, z, r, x, y, far]: readonly number[]): number[] {
  const kept = 1 - forgotten
  const scale = left(far!) / left(kept * far!)
  return [
    scale * dx! + (forgotten * x!) / left(kept * far!),
    scale * dy! + (forgotten * y!) / left(kept * far!),
    z! + Math.log(scale),
    ...[r!, kept * x!, kept * y!, kept * far!],
  ]
}
