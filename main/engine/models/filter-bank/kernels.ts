// The kernels of the filter bank: what early vision does, written down instead of learned.

/** Pixels around the centre that a kernel reaches. */
export const kernelReach = 3
const side = 2 * kernelReach + 1
/** Wavelength of the bars in pixels, and deviation of the Gaussian window around them. */
const wavelength = 4
const deviation = 1.6
/** Directions in which brightness changes: 0, 45, 90, 135 degrees. */
const directions = [0, 1, 2, 3].map((i) => (i * Math.PI) / 4)

/** Orthonormal rows: brightness, blue against yellow, red against green. */
const opponents = [
  [1, 1, 1].map((v) => v / Math.sqrt(3)),
  [-1, -1, 2].map((v) => v / Math.sqrt(6)),
  [1, -1, 0].map((v) => v / Math.sqrt(2)),
] as const

const places = Array.from({ length: side * side }, (_, i) => [
  (i % side) - kernelReach,
  Math.floor(i / side) - kernelReach,
]) as [number, number][]

/** Without a mean, so that an even surface is nothing, and of length 1. */
function balanced(kernel: readonly number[]): number[] {
  const mean = kernel.reduce((a, b) => a + b, 0) / kernel.length
  const length = Math.hypot(...kernel.map((value) => value - mean))
  return kernel.map((value) => (value - mean) / length)
}

const window = (x: number, y: number, sigma: number): number => Math.exp(-(x * x + y * y) / (2 * sigma * sigma))

/** Bars of brightness in one direction, and the same a quarter of a wavelength on: edges. */
function gabors(direction: number): [bar: number[], edge: number[]] {
  const along = places.map(([x, y]) => ((x * Math.cos(direction) + y * Math.sin(direction)) * 2 * Math.PI) / wavelength)
  const under = (wave: (phase: number) => number) =>
    balanced(places.map(([x, y], i) => wave(along[i]!) * window(x, y, deviation)))
  return [under(Math.cos), under(Math.sin)]
}

/** A spot against what surrounds it. */
const spot = balanced(
  places.map(([x, y]) => window(x, y, 0.8) / (2 * Math.PI * 0.64) - window(x, y, 1.6) / (2 * Math.PI * 2.56)),
)

/** Channels of one scale: bar and edge of each direction, then spots of brightness and of the two colour differences. */
export const bankDirections = directions.length
export const bankChannels = 2 * bankDirections + opponents.length

/** [bankChannels, 3, 7, 7], for RGB. */
export function bankKernels(): Float32Array {
  const oriented = directions.flatMap((direction) => gabors(direction)).map((kernel) => [kernel, opponents[0]] as const)
  const spots = opponents.map((colour) => [spot, colour] as const)
  return Float32Array.from(
    [...oriented, ...spots].flatMap(([kernel, colour]) => colour.flatMap((share) => kernel.map((v) => v * share))),
  )
}

/** [3, 1, 5, 5]: the binomial low-pass, per colour, before every second pixel is dropped. */
export function lowPassKernels(): Float32Array {
  const row = [1, 4, 6, 4, 1].map((v) => v / 16)
  const kernel = row.flatMap((a) => row.map((b) => a * b))
  return Float32Array.from([...kernel, ...kernel, ...kernel])
}
