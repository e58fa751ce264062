import { describe, expect, it } from 'vitest'
import type { Camera } from '../../motion/camera'
import { Random } from '../nn/random'
import { actionFor, posesOf } from '../synth/action'
import { SKY, castRay } from '../synth/place'
import type { Hit, Place } from '../synth/place'
import { raysOf } from '../synth/place-image'
import { makePlace } from '../synth/place-kinds'
import { makeShot } from '../synth/shot'
import { bandNumbers, epipolarBands, insideBand } from './bands'
import type { BandQuery } from './bands'
import { distanceToLine, epipolarLine, fundamentalMatrix, relativePose } from './epipolar'
import type { Point } from './epipolar'
import { segmentOf, transferBetween } from './segment'
import type { View } from './segment'

const K = [100, 0, 48, 0, 100, 32, 0, 0, 1]
const size = { width: 96, height: 64 }
const picture = { left: 0, top: 0, right: 96, bottom: 64 }
/** A camera at `centre`, turned to the right by `angle`. */
const view = (centre: readonly [number, number, number], angle = 0): View => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const rows = [[c, 0, -s], [0, 1, 0], [s, 0, c]] // prettier-ignore
  return { K, w2c: rows.flatMap((row) => [...row, -row.reduce((sum, value, i) => sum + value * centre[i]!, 0)]) }
}
/** Where the point at depth z behind pixel (x, y) of `first` is seen by `second`. */
const seen = (first: View, second: View, [x, y]: Point, z: number): Point => {
  const { infinity: m, near } = transferBetween(first, second)
  const [u, v, w] = [0, 1, 2].map((i) => m[3 * i]! * x + m[3 * i + 1]! * y + m[3 * i + 2]! + near[i]! / z)
  return [u! / w!, v! / w!]
}
const middle: Point = [40, 24]

describe('the segment of an epipolar line', () => {
  it('runs along the line from the point at infinity to the nearest point', () => {
    const [first, second] = [view([0, 0, 0]), view([0.3, 0.1, 0.2], 0.1)]
    const F = fundamentalMatrix(K, K, relativePose(first.w2c, second.w2c))!
    const [x0, y0, x1, y1] = segmentOf(transferBetween(first, second), middle, picture, 2)!
    const line = epipolarLine(F, middle)!
    expect(distanceToLine(line, [x0, y0])).toBeLessThan(1e-9)
    expect(distanceToLine(line, [x1, y1])).toBeLessThan(1e-9)
    const [[fx, fy], [nx, ny]] = [seen(first, second, middle, 1e9), seen(first, second, middle, 2)]
    for (const [found, wanted] of [[x0, fx], [y0, fy], [x1, nx], [y1, ny]] as const) expect(found).toBeCloseTo(wanted, 5) // prettier-ignore
  })

  it('is a point when the camera only turns, and when it hardly moves', () => {
    for (const centre of [
      [0, 0, 0],
      [1e-7, 0, 1e-7],
    ] as const) {
      const turned = transferBetween(view([0, 0, 0]), view(centre, 0.1))
      const [x0, y0, x1, y1] = segmentOf(turned, middle, picture, 0.3)!
      expect(Math.hypot(x1 - x0, y1 - y0)).toBeLessThan(1e-4)
      expect([x0, y0]).toEqual([expect.closeTo(48 + 100 * Math.tan(Math.atan(-0.08) - 0.1), 3), expect.anything()])
    }
  })

  it('ends at the edge of the picture, and is none when the other camera looks elsewhere', () => {
    const sideways = transferBetween(view([0, 0, 0]), view([1, 0, 0]))
    expect(segmentOf(sideways, middle, picture, 0.3)).toEqual([40, 24, 0, 24])
    expect(segmentOf(transferBetween(view([0, 0, 0]), view([0, 0, 0], Math.PI)), middle, picture, 0.3)).toBeUndefined()
    const crossing = transferBetween(view([0, 0, 0]), view([20, 0, 0], -Math.PI / 2))
    const ends = segmentOf(crossing, middle, picture, 0.3)!
    for (const [i, value] of ends.entries()) {
      expect(value).toBeGreaterThan(-1e-9)
      expect(value).toBeLessThan((i % 2 ? 64 : 96) + 1e-9)
    }
  })
})

describe('epipolar bands', () => {
  const options = { ...size, radius: 8, nearest: 0.3 }

  it('hold the own frame, a disc where the camera turned, a strip where it moved, and nothing where it looks away', () => {
    const frames = [view([0, 0, 0]), view([0, 0, 0], 0.1), view([0.2, 0, 0]), view([0, 0, 0], 2)].map((one) => [one])
    const bands = epipolarBands(frames, [{ frame: 0, point: middle }], options)
    const inside = (t: number, point: Point) => insideBand(bands, t * bandNumbers, point)
    expect([inside(0, [0, 0]), inside(0, [96, 64])]).toEqual([true, true])
    const [x, y] = seen(frames[0]![0]!, frames[1]![0]!, middle, 5)
    expect([inside(1, [x + 7.9, y]), inside(1, [x + 8.1, y]), inside(1, [x, y - 8.1])]).toEqual([true, false, false])
    expect([inside(2, [10, 31]), inside(2, [10, 33]), inside(2, [47, 24]), inside(2, [49, 24])]).toEqual([
      true,
      false,
      true, // the point at infinity is at 40
      false,
    ])
    expect(inside(3, middle)).toBe(false)
  })

  it('of several pictures a token hold what any pair of them would', () => {
    const random = new Random(4)
    const moved = Array.from({ length: 10 }, (_, i) => view([0.05 * i, 0.02 * i, 0.03 * i], 0.01 * i))
    const [first, second] = [moved.slice(0, 4), moved.slice(4)]
    const bands = epipolarBands([first, second], [{ frame: 0, point: middle }], options)
    const single = epipolarBands([[first[1]!], [second[2]!]], [{ frame: 0, point: middle }], options)
    expect(bands[bandNumbers + 5]).toBeGreaterThan(single[bandNumbers + 5]! + 1)
    for (let i = 0; i < 500; i++) {
      const [a, b, z] = [random.pick(first), random.pick(second), 0.3 * Math.exp(random.uniform(0, 5))]
      const [x, y] = seen(a, b, middle, z)
      const angle = random.uniform(0, 2 * Math.PI)
      if (x > 0 && x < size.width && y > 0 && y < size.height)
        expect(insideBand(bands, bandNumbers, [x + 7.9 * Math.cos(angle), y + 7.9 * Math.sin(angle)])).toBe(true)
    }
  })
})

const token = 16
const T = 7

/** The cameras of synthetic clip `seed` and the place they see. */
function filmed(seed: number): { cameras: Camera[]; place: Place; width: number; height: number } {
  const [width, height] = ([[96, 64], [64, 96], [80, 80]] as const)[seed % 3]! // prettier-ignore
  const random = new Random(`bands ${seed}`)
  const action = actionFor(seed, (T - 1) / 6)
  const poses = posesOf(action, random.fork('moment'), T, 6)
  const shot = makeShot(random.fork('shot'), action, poses, { width, height, frames: T, fps: 6 })
  return { cameras: shot.cameras, place: makePlace(random.fork('place'), shot.staging), width, height }
}

/** Where the background behind pixel (x, y) of one camera is seen by another; undefined when it is not in front of it. */
function truth(place: Place, first: Camera, second: Camera, [px, py]: Point): Point | undefined {
  const { origin, axes, step, cx, cy } = raysOf(first, 1)
  const [x, y] = [px * step - cx, py * step - cy]
  const ray = [0, 1, 2].map((i) => axes[i]! * x + axes[3 + i]! * y + axes[6 + i]!) as [number, number, number]
  const hit: Hit = { id: SKY, distance: 0 }
  castRay(place, ...origin, ...ray, hit)
  const sky = hit.id === SKY
  const point = sky ? ray : ray.map((value, i) => origin[i]! + hit.distance * value)
  const { K: k, w2c: m } = second
  const [u, v, w] = [0, 4, 8].map(
    (row) => m[row]! * point[0]! + m[row + 1]! * point[1]! + m[row + 2]! * point[2]! + (sky ? 0 : m[row + 3]!),
  )
  return w! > 1e-6 ? [(k[0]! * u!) / w! + k[2]!, (k[4]! * v!) / w! + k[5]!] : undefined
}

/** Shares of true correspondences inside the bands, of token centres and of any of their pixels, and of keys that the bands leave out. */
function measure(factor: number) {
  const count = { centres: 0, centresInside: 0, pixels: 0, pixelsInside: 0, keys: 0, keysOutside: 0 }
  for (let seed = 0; seed < 45; seed++) {
    const { cameras, place, width, height } = filmed(seed)
    const random = new Random(seed)
    const keys: Point[] = []
    for (let y = token / 2; y < height; y += token) for (let x = token / 2; x < width; x += token) keys.push([x, y])
    const queries = cameras.flatMap((_, frame) => keys.map((point): BandQuery => ({ frame, point })))
    const views = cameras.map(({ K, w2c }) => [{ K: Float32Array.from(K), w2c: Float32Array.from(w2c) }])
    const radius = factor * token * Math.SQRT1_2
    const bands = epipolarBands(views, queries, { width, height, radius, nearest: 0.3 })
    queries.forEach(({ frame, point: [x, y] }, i) => {
      const jitter = () => random.uniform(-token / 2, token / 2)
      const other: Point = [x + jitter(), y + jitter()]
      for (let t = 0; t < T; t++) {
        if (t === frame) continue
        const inside = (point: Point) => (insideBand(bands, (i * T + t) * bandNumbers, point) ? 1 : 0)
        const keyOf = (point: Point): Point | undefined => {
          const found = truth(place, cameras[frame]!, cameras[t]!, point)
          return found && keys.find((key) => found.every((value, axis) => Math.abs(value - key[axis]!) <= token / 2))
        }
        const [ofCentre, ofOther] = [keyOf([x, y]), keyOf(other)]
        if (ofCentre) [count.centres, count.centresInside] = [count.centres + 1, count.centresInside + inside(ofCentre)]
        if (ofOther) [count.pixels, count.pixelsInside] = [count.pixels + 1, count.pixelsInside + inside(ofOther)]
        count.keys += keys.length
        for (const key of keys) count.keysOutside += 1 - inside(key)
      }
    })
  }
  return {
    centres: count.centresInside / count.centres,
    pixels: count.pixelsInside / count.pixels,
    excluded: count.keysOutside / count.keys,
  }
}

describe('bands of synthetic clips with known cameras', () => {
  it('hold the true correspondences of background points and still leave most of the picture out', () => {
    const narrow = measure(1)
    expect(narrow.centres).toBeGreaterThan(0.99)
    expect(narrow.excluded).toBeGreaterThan(0.85)
    // a token is an area: its other pixels correspond to a little more than the band of its centre
    const wide = measure(1.5)
    expect(wide.pixels).toBeGreaterThan(0.99)
    expect(wide.excluded).toBeGreaterThan(0.7)
  })
})
