// Bilinear sampling with gradients for the samples' places and for the image.
import {
  abs,
  add,
  cast,
  clamp,
  concat,
  constant,
  floor,
  gather,
  greater,
  gridSample,
  imageShape,
  less,
  logicalAnd,
  logicalNot,
  mul,
  pad,
  reshape,
  scatterAddRows,
  slice,
  stack,
  sub,
  sum,
  transpose,
  where,
} from '../functions'
import type { GridSampleOptions } from '../functions'
import { hostTensor } from '../host'
import { defineOp } from '../record'
import { showShape, sizeOf } from '../tensor'
import type { Shape, Tensor } from '../types'

/** A sample's place along one axis in pixels of the image, and d(place)/d(grid). */
interface Place {
  readonly at: Tensor
  readonly slope: Tensor | number
}

const inside = (x: Tensor, low: number, high: number): Tensor =>
  logicalAnd(logicalNot(less(x, low)), logicalNot(greater(x, high)))

/** Mirrored at `low` and `high` until inside. */
function reflect(x: Tensor, low: number, high: number): { at: Tensor; turned: Tensor } {
  const span = high - low
  const offset = sub(x, low)
  const distance = abs(offset)
  const flips = floor(mul(distance, 1 / span))
  const rest = sub(distance, mul(flips, span))
  const odd = greater(sub(flips, mul(floor(mul(flips, 0.5)), 2)), 0.5)
  const at = where(odd, sub(high, rest), add(rest, low))
  const sideways = where(less(offset, 0), -1, constant(1))
  return { at, turned: where(odd, mul(sideways, -1), sideways) }
}

/** torch.nn.functional.grid_sample's coordinate rules, padding included. `g` in -1..1, `length` pixels. */
function place(g: Tensor, length: number, { padding, alignCorners }: GridSampleOptions): Place {
  const scale = (alignCorners ? length - 1 : length) / 2
  const raw = add(mul(g, scale), (length - 1) / 2)
  if (padding === 'zeros') return { at: raw, slope: scale }
  if (padding === 'border')
    return { at: clamp(raw, 0, length - 1), slope: mul(cast(inside(raw, 0, length - 1), 'float32'), scale) }
  const { at, turned } = alignCorners ? reflect(raw, 0, length - 1) : reflect(raw, -0.5, length - 0.5)
  return { at: clamp(at, 0, length - 1), slope: mul(mul(turned, cast(inside(at, 0, length - 1), 'float32')), scale) }
}

/** Places in pixels of an image of h x w, as a grid with aligned corners. */
function pixelGrid(x: Tensor, y: Tensor, w: number, h: number): Tensor {
  const norm = (at: Tensor, length: number): Tensor => sub(mul(at, 2 / Math.max(length - 1, 1)), 1)
  return stack([norm(x, w), norm(y, h)], -1)
}

/**
 * d(sample)/d(place) along one axis, summed with g over the channels. Along that axis bilinear interpolation is a straight line between two
 * neighbours, so its slope is the image of neighbour differences sampled at the lower neighbour; both are done by gridSample itself.
 */
function placeGradient(x: Tensor, g: Tensor, along: Place, across: Place, horizontal: boolean): Tensor {
  const axis = horizontal ? 3 : 2
  const padded = pad(x, [
    [0, 0],
    [0, 0],
    [1, 1],
    [1, 1],
  ])
  const length = padded.shape[axis]!
  const steps = sub(slice(padded, axis, 1, length), slice(padded, axis, 0, length - 1))
  const [, , h, w] = imageShape('gridSample', steps)
  const low = clamp(add(floor(along.at), 1), -1, length)
  const other = add(across.at, 1)
  const grid = horizontal ? pixelGrid(low, other, w, h) : pixelGrid(other, low, w, h)
  const slopes = gridSample(steps, grid, { padding: 'zeros', alignCorners: true })
  return mul(sum(mul(g, slopes), 1), along.slope)
}

interface Corner {
  /** Of the image's pixels as rows [N*H*W, C]: which one each sample sees, int32 [N*Ho*Wo]. */
  readonly index: Tensor
  /** Its part in each sample, 0 for a pixel outside: [N*Ho*Wo, 1]. */
  readonly weight: Tensor
}

/** The four pixels that each sample is made of. */
function cornersOf(x: Tensor, px: Place, py: Place): Corner[] {
  const [n, , h, w] = imageShape('gridSample', x)
  const [left, top] = [floor(px.at), floor(py.at)]
  const [fx, fy] = [sub(px.at, left), sub(py.at, top)]
  const first = Int32Array.from({ length: n }, (_, i) => i * h * w)
  return [0, 1].flatMap((dy) =>
    [0, 1].map((dx) => {
      const [cx, cy] = [add(left, dx), add(top, dy)]
      const weight = mul(dx ? fx : sub(1, fx), dy ? fy : sub(1, fy))
      const valid = logicalAnd(inside(cx, 0, w - 1), inside(cy, 0, h - 1))
      const cell = add(mul(clamp(cy, 0, h - 1), w), clamp(cx, 0, w - 1))
      // Row numbers are made from two parts, since float32 counts exactly only to 2^24.
      const index = add(cast(cell, 'int32'), constant(hostTensor(first, [n, 1, 1], 'int32')))
      return { index: reshape(index, [-1]), weight: reshape(where(valid, weight, 0), [-1, 1]) }
    }),
  )
}

/** [N,C,...] as rows of channels [N*..., C]. */
function asRows(x: Tensor): Tensor {
  const [n, c] = x.shape as [number, number]
  const count = sizeOf(x.shape) / (n * c)
  return reshape(transpose(reshape(x, [n, c, count]), [0, 2, 1]), [n * count, c])
}

/** What `asRows` made rows of, with the shape it had. */
function fromRows(rows: Tensor, shape: Shape): Tensor {
  const [n, c] = shape as [number, number]
  return reshape(transpose(reshape(rows, [n, -1, c]), [0, 2, 1]), shape)
}

/** Gradient for the image: each sample's gradient goes to its four neighbours, as rows of channels. */
function imageGradient(x: Tensor, g: Tensor, px: Place, py: Place): Tensor {
  const [n, , h, w] = imageShape('gridSample', x)
  const rows = asRows(g)
  const corners = cornersOf(x, px, py)
  const updates = corners.map(({ weight }) => mul(rows, weight))
  const indices = corners.map(({ index }) => index)
  return fromRows(scatterAddRows(concat(updates, 0), concat(indices, 0), n * h * w), x.shape)
}

/** Places of the samples [N,Ho,Wo] along both axes. */
function placesOf(x: Tensor, grid: Tensor, how: GridSampleOptions): [Place, Place] {
  const [, , h, w] = imageShape('gridSample', x)
  const axis = (i: number): Tensor => reshape(slice(grid, 3, i, i + 1), grid.shape.slice(0, 3))
  return [place(axis(0), w, how), place(axis(1), h, how)]
}

const options = (t: Tensor): GridSampleOptions => t.attrs as unknown as GridSampleOptions
/** Places between pixels, away from the kinks at whole pixels: inside, and outside for each padding. */
const places = [-0.62, 0.2, 0.55, -0.14, -1.31, 0.1, 0.37, 1.37, 0.75, 0.6, -0.3, -1.22]
const samples = (['zeros', 'border', 'reflection'] as const).flatMap((padding) =>
  [true, false].map((alignCorners) => ({
    inputs: [{ shape: [2, 3, 4, 5] }, { shape: [2, 3, 1, 2], values: places }],
    attrs: { padding, alignCorners },
  })),
)

defineOp({
  name: 'gridSample',
  shape: ([x, grid]) => {
    const [n, c] = imageShape('gridSample', x!)
    if (grid!.shape.length !== 4 || grid!.shape[0] !== n || grid!.shape[3] !== 2) {
      throw new Error(
        `gridSample: grid ${showShape(grid!.shape)} must be [N,Ho,Wo,2] with the N of x ${showShape(x!.shape)}`,
      )
    }
    return { shape: [n, c, grid!.shape[1]!, grid!.shape[2]!], dtype: x!.dtype }
  },
  gradient: ({ inputs, out, g, needs }) => {
    const [x, grid] = inputs as [Tensor, Tensor]
    const [px, py] = placesOf(x, grid, options(out))
    return [
      needs[0] ? imageGradient(x, g, px, py) : undefined,
      needs[1] ? stack([placeGradient(x, g, px, py, true), placeGradient(x, g, py, px, false)], -1) : undefined,
    ]
  },
  lower: (emitter, out) => {
    const { padding, alignCorners } = options(out)
    const attrs = { mode: 'linear', padding_mode: padding!, align_corners: alignCorners ? 1 : 0 }
    return emitter.emit('GridSample', [emitter.value(out.inputs[0]!), emitter.value(out.inputs[1]!)], { attrs })
  },
  portable: (out) => {
    const [x, grid] = out.inputs as [Tensor, Tensor]
    const pixels = asRows(x)
    const seen = cornersOf(x, ...placesOf(x, grid, options(out))).map(({ index, weight }) =>
      mul(gather(pixels, index, 0), weight),
    )
    return fromRows(
      seen.reduce((a, b) => add(a, b)),
      out.shape,
    )
  },
  samples: [samples[0]!, ...samples.slice(1)],
})
