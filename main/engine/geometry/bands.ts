// Epipolar bands of tokens: for a query token and each frame of tokens six numbers say which of that frame's tokens may show the same
// piece of background, N x T x 6 of them where a mask would hold N x N. A band is a segment (see segment.ts) with a radius, so that
// lines, pieces of lines, points (a camera that only turns), whole frames and empty ones are all one test.
import type { Point } from './epipolar'
import { segmentOf, transferBetween } from './segment'
import type { Frame, Segment, Transfer, View } from './segment'

/**
 * Numbers of a band: a, b, c, from, to, radius, with a^2 + b^2 = 1. The point (x, y) is inside when across^2 + beyond^2 < radius^2 with
 * across = a x + b y + c, its distance from the line, and beyond = max(from - along, along - to, 0), its way past the segment's ends,
 * where along = b x - a y.
 */
export const bandNumbers = 6

/** A band around a point, with a radius that leaves nothing out. */
const wholeFrame = [1, 0, 0, 0, 0, 1e6]

export interface BandOptions {
  /** Size of the pictures, in the unit of the cameras' K and of the points. */
  readonly width: number
  readonly height: number
  /** How far from a true correspondence a key may lie; half the diagonal of a token (CamI2V) reaches the token that holds it. */
  readonly radius: number
  /** No background is nearer to the camera than this: positive, in the unit of the cameras' translations. */
  readonly nearest: number
}

/** A query: a point of the pictures of token frame `frame`. */
export interface BandQuery {
  readonly frame: number
  readonly point: Point
}

/**
 * Bands of each query in each token frame, [queries, T, 6]. `frames[t]` are the cameras of the pictures that token frame t is made of,
 * one or more: the band then runs from middle picture to middle picture and is as much wider as the other pairs of pictures need. A
 * token's own frame is inside as a whole, since no camera moved there.
 */
export function epipolarBands(
  frames: readonly (readonly View[])[],
  queries: readonly BandQuery[],
  options: BandOptions,
): Float32Array {
  const { width, height, radius, nearest } = options
  const seen: Frame = { left: -radius, top: -radius, right: width + radius, bottom: height + radius }
  const known = new Map<string, Transfer[]>()
  /** From each picture of one token frame to each of another, the middle pair first. */
  const transfers = (from: number, to: number): Transfer[] => {
    const key = `${from} ${to}`
    const found = known.get(key)
    if (found) return found
    const made = middleFirst(frames[from]!).flatMap((first) =>
      middleFirst(frames[to]!).map((second) => transferBetween(first, second)),
    )
    known.set(key, made)
    return made
  }
  const segments = (from: number, to: number, point: Point): Segment[] =>
    transfers(from, to)
      .map((transfer) => segmentOf(transfer, point, seen, nearest))
      .filter((segment) => segment !== undefined)
  const bands = new Float32Array(queries.length * frames.length * bandNumbers)
  queries.forEach(({ frame, point }, i) => {
    for (let t = 0; t < frames.length; t++) {
      bands.set(
        t === frame ? wholeFrame : bandAround(segments(frame, t, point), radius),
        (i * frames.length + t) * bandNumbers,
      )
    }
  })
  return bands
}

/** The middle one, then the others. */
function middleFirst(views: readonly View[]): View[] {
  const middle = (views.length - 1) >> 1
  return [views[middle]!, ...views.filter((_, i) => i !== middle)]
}

/** The band of the first segment, wide enough for the others: of two convex sets, the ends of one are farthest from the other. */
function bandAround([first, ...others]: readonly Segment[], radius: number): number[] {
  if (!first) return [1, 0, 0, 0, 0, 0]
  const [x0, y0, x1, y1] = first
  const length = Math.hypot(x1 - x0, y1 - y0)
  const [dx, dy] = length > 1e-9 ? [(x1 - x0) / length, (y1 - y0) / length] : [1, 0]
  const [a, b] = [-dy, dx]
  const from = dx * x0 + dy * y0
  const band = [a, b, -(a * x0 + b * y0), from, from + length, radius]
  for (const [u0, v0, u1, v1] of others)
    band[5] = Math.max(band[5]!, radius + outside(band, [u0, v0]), radius + outside(band, [u1, v1]))
  return band
}

/** Distance of the point from the segment of a band. */
function outside(bands: ArrayLike<number>, [x, y]: Point, offset = 0): number {
  const [a, b, c] = [bands[offset]!, bands[offset + 1]!, bands[offset + 2]!]
  const along = b * x - a * y
  return Math.hypot(a * x + b * y + c, Math.max(bands[offset + 3]! - along, along - bands[offset + 4]!, 0))
}

/** Whether the point lies inside the band that starts at `offset` of `bands`. */
export const insideBand = (bands: ArrayLike<number>, offset: number, point: Point): boolean =>
  outside(bands, point, offset) < bands[offset + 5]!
