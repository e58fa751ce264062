// Parity of what is measured on pictures: PSNR and SSIM (scikit-image), epipolar lines and distances (OpenCV).
import { distanceToLine, epipolarLine, fundamentalMatrix } from '../geometry/epipolar'
import type { Line, Point } from '../geometry/epipolar'
import { psnr, ssim } from '../metrics'
import type { MetricPicture } from '../metrics'
import { floatsOf, relativeError, rowsOf, tensorOf } from './fixture'
import type { Comparison, Fixture, FixtureKind } from './fixture'

/** Pairs a<i>, b<i> of pictures [H, W, C] in 0..255; expected [pairs, 3]: psnr, ssim gaussian, ssim uniform. */
export const imageMetricsKind: FixtureKind = {
  name: 'image metrics',
  recognises: ({ tensors }) => tensors.has('expected') && tensors.has('a0') && tensors.has('b0'),
  run: (fixture) => {
    const expected = rowsOf(floatsOf(fixture, 'expected'), tensorOf(fixture, 'expected').shape[0]!)
    const ours = expected.map((_, i) => {
      const [a, b] = [picture(fixture, `a${i}`), picture(fixture, `b${i}`)]
      return [psnr(a, b), ssim(a, b, 'gaussian'), ssim(a, b, 'uniform')]
    })
    return ['psnr', 'ssim gaussian', 'ssim uniform'].map((name, column) => ({
      name,
      error: relativeError(
        ours.map((row) => row[column]!),
        expected.map((row) => row[column]!),
      ),
    }))
  },
}

function picture(fixture: Fixture, name: string): MetricPicture {
  const [height, width, channels] = tensorOf(fixture, name).shape as [number, number, number]
  return { width, height, channels, data: floatsOf(fixture, name) }
}

/** n pairs of views with one K; the fundamental matrix has no sign, so ours is turned to the fixture's. */
export const epipolarKind: FixtureKind = {
  name: 'epipolar geometry',
  recognises: ({ tensors }) =>
    ['K', 'R', 't', 'F', 'x1', 'lines', 'query_and_distance'].every((name) => tensors.has(name)),
  run: (fixture) => {
    const pairs = tensorOf(fixture, 'R').shape[0]!
    const of = (name: string) => rowsOf(floatsOf(fixture, name), pairs)
    const K = floatsOf(fixture, 'K')
    const [R, t, x1] = [of('R'), of('t'), of('x1')]
    const [expectedF, queries] = [of('F'), of('query_and_distance')]
    const ours = R.map((rotation, i) => {
      const F = likeSigned(fundamentalMatrix(K, K, { R: rotation, t: t[i]! }) ?? new Float64Array(9), expectedF[i]!)
      const lines = pointsOf(x1[i]!, 2).map((point): Line => epipolarLine(F, point) ?? [0, 0, 0])
      const distances = pointsOf(queries[i]!, 3).map((point, j) => distanceToLine(lines[j]!, point))
      return { F, lines, distances }
    })
    const lines = ours.flatMap((pair) => pair.lines)
    const expected = rowsOf(floatsOf(fixture, 'lines'), lines.length)
    const distances = rowsOf(floatsOf(fixture, 'query_and_distance'), lines.length).map((row) => row[2]!)
    const part = (rows: ArrayLike<number>[], from: number, to: number) =>
      rows.flatMap((row) => Array.from(row).slice(from, to))
    const comparison = (name: string, actual: number[], wanted: ArrayLike<number>): Comparison => ({
      name,
      error: relativeError(actual, wanted),
    })
    return [
      comparison(
        'F',
        ours.flatMap(({ F }) => [...F]),
        floatsOf(fixture, 'F'),
      ),
      comparison('lines direction', part(lines, 0, 2), part(expected, 0, 2)),
      comparison('lines offset', part(lines, 2, 3), part(expected, 2, 3)),
      comparison(
        'distance',
        ours.flatMap((pair) => pair.distances),
        distances,
      ),
    ]
  },
}

/** The first two of every `stride` values. */
function pointsOf(values: Float32Array, stride: number): Point[] {
  return rowsOf(values, values.length / stride).map(([x, y]) => [x!, y!])
}

/** `values` or their negative, whichever points the way of `model`. */
function likeSigned(values: ArrayLike<number>, model: ArrayLike<number>): number[] {
  let along = 0
  for (let i = 0; i < model.length; i++) along += values[i]! * model[i]!
  return Array.from(values, (value) => (along < 0 ? -value : value))
}
