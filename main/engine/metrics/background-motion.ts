// How a clip's background moves, read from its frames alone: no weights and no help from the network that made the clip. Steps from frame
// to frame are compared with the true frames' own, measured alike where both clips show the place, so that a perfect clip scores 1; the
// way from frame 0 says whether a place that should stand still does.
import { follow } from '../geometry/similarity'
import { pyramid, register, rest } from './registration'
import type { Similarity } from './registration'

/** A clip's step from frame t - 1 to frame t: the point u of frame t is seen in frame t - 1 at exp(z) R(r) u + (dx, dy), pixels. */
export interface BackgroundStep {
  readonly truth: Similarity
  readonly produced: Similarity
  /** Whether the true frames tell it: enough of the place is seen, and what is seen has edges in more than one direction. */
  readonly held: boolean
}

/** Of the frame, that both frames of both clips must show of the place. */
const leastSeen = 0.1
/** Largest standard error of the true step: shares of the width, log zoom, radians. */
const largestError = 0.003

/**
 * Steps of the background in both clips: [T - 1].
 * @param produced RGB bytes of each frame, as many as `truth`
 * @param hidden   per frame [H, W], not 0 where either clip shows a person
 */
export function backgroundSteps(
  produced: readonly Uint8Array[],
  truth: readonly Uint8Array[],
  hidden: readonly Uint8Array[],
  width: number,
  height: number,
): BackgroundStep[] {
  return truth.slice(1).map((_, before) => {
    const t = before + 1
    const either = hiddenInEither(hidden, t)
    const step = (frames: readonly Uint8Array[]) =>
      register(pyramid(frames[before]!, either, width, height), pyramid(frames[t]!, either, width, height))
    const { similarity, error } = step(truth)
    const [dx, dy, z, r] = error
    const seen = either.reduce((sum, v) => sum + 1 - v, 0) / either.length
    const held = seen >= leastSeen && Math.max(Math.hypot(dx, dy) / width, z, r) <= largestError
    return { truth: similarity, produced: step(produced).similarity, held }
  })
}

const hiddenInEither = (hidden: readonly Uint8Array[], t: number) =>
  hidden[t]!.map((v, i) => (v !== 0 || hidden[t - 1]![i] !== 0 ? 1 : 0))

/**
 * How far the background goes in a clip, put together of its steps, since the end of a long way is out of sight of its beginning: the
 * point u of the last frame is seen in the first at exp(z) R(r) u + (dx, dy), pixels.
 */
export function wholeWay(
  frames: readonly Uint8Array[],
  hidden: readonly Uint8Array[],
  width: number,
  height: number,
): Similarity {
  let way = rest
  for (let t = 1; t < frames.length; t++) {
    const either = hiddenInEither(hidden, t)
    const [before, now] = [frames[t - 1]!, frames[t]!].map((frame) => pyramid(frame, either, width, height))
    way = follow(way, register(before!, now!).similarity)
  }
  return way
}

/**
 * The path of the background over the frames, relative to the first: [T] similarities, that of frame 0 always zero.
 * @param background the reference background as the first frame shows it, RGB bytes
 * @param frames     RGB bytes of each frame, same size
 * @param hidden     per frame [H, W], not 0 where the background is not seen
 * @param hiddenThere the same for `background`; all of it is seen when absent
 */
export function backgroundPath(
  background: Uint8Array,
  frames: readonly Uint8Array[],
  hidden: readonly Uint8Array[],
  width: number,
  height: number,
  hiddenThere: Uint8Array = new Uint8Array(width * height),
): Similarity[] {
  const reference = pyramid(background, hiddenThere, width, height)
  let last = rest
  return frames.map((frame, t) => {
    if (t > 0) last = register(reference, pyramid(frame, hidden[t]!, width, height), last).similarity
    return last
  })
}
