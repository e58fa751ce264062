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
/** Log of how much more (back) or less (forth) of the place a long clip's camera may see than in frame 0: freely, and at most. */
const range = { back: { free: 0.2, most: 0.5 }, forth: { free: 0.8, most: 1.4 } } as const

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

/**
 * The path [T, 7] of a clip that forgets from frame `from` on, and whose camera stops where the picture ends: one that goes on drawing back sees
 * nothing but the place's mirror images, and one that goes on coming closer nothing but its pixels.
 */
export function forgetting(path: Float32Array, from: number): Float32Array {
  const out = path.slice()
  for (let t = from; t < path.length / cameraNumbers - 1; t++) {
    const here = at(out, t)
    const there = after(here, step(at(path, t), at(path, t + 1)))
    out.set(forget(held(seen(here), there)), (t + 1) * cameraNumbers)
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
const seen = (place: ArrayLike<number>): number => place[2]! + Math.log(left(place[6]!))

/** The place, for a camera that saw so much `before`: the nearer the end of its range, the less farther it goes. Back it goes freely. */
function held(before: number, place: readonly number[]): readonly number[] {
  const change = seen(place) - before
  const { free, most } = change > 0 ? range.back : range.forth
  const room = Math.min(Math.max((most - Math.abs(before)) / (most - free), 0), 1)
  const outwards = change > 0 === before > 0
  return outwards ? place.map((v, k) => (k === 2 ? v - change * (1 - room) : v)) : place
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
