// How a place moves in front of a camera. The poses tell the camera: how it turns and zooms, and where it travels. The picture tells how near
// each part of the place is. Both together say where each point of a frame is found in the first.
import {
  add,
  clamp,
  concat,
  constant,
  cos,
  cumsum,
  exp,
  gridSample,
  mul,
  reshape,
  sin,
  slice,
  sub,
  transpose,
} from '../../ir'
import type { Tensor } from '../../ir'
import { linear } from '../../nn'
import type { Scope } from '../../nn'

/** Numbers of a camera's path: dx, dy, log zoom, roll of what is endlessly far; travel x, y, z. */
export const cameraNumbers = 7
/** Step that an output of 1 stands for: shares of the frame's size, log ratio, radians; shares of the frame's size, share of the distance. */
const stepUnit = [0.02, 0.02, 0.01, 0.01, 0.02, 0.02, 0.01] as const

/** Size by which camera shifts are measured: the side of the square with the frame's area, in pixels. */
export const frameSize = (width: number, height: number): number => Math.sqrt(width * height)

/**
 * The camera's steps from the frame before [B, T, 7], read linearly from features of the frames [B, T, D]. They start at zero. The first four are
 * what the step does at the person's distance, which planted feet tell; whether the camera turned there or went, is for the other three to say.
 */
export function cameraSteps(scope: Scope, features: Tensor): Tensor {
  const steps = linear(scope, 'camera', features, cameraNumbers, { init: { kind: 'zeros' } })
  return mul(steps, constant(new Float32Array(stepUnit), [cameraNumbers]))
}

/**
 * Camera path from camera steps: [B, T, 7] -> [B, T, 7], relative to frame 0, whose step is ignored. A point endlessly far, at u (from the
 * frame's centre) in frame t, is seen in frame 0 at exp(z) R(r) u + (dx, dy); these steps are similarities, each seen through those before it.
 * Travel adds up: x and y as shares of the frame's size (times the focal length over the person's distance), z over the person's distance.
 */
export function cameraPath(steps: Tensor): Tensor {
  const [B, T] = steps.shape as [number, number, number]
  const moving = mul(
    steps,
    constant(
      Float32Array.from({ length: T }, (_, t) => (t === 0 ? 0 : 1)),
      [1, T, 1],
    ),
  )
  const term = (i: number) => slice(moving, 2, i, i + 1)
  const turn = cumsum(concat([add(term(2), term(6)), term(3)], 2), 1)
  const none = constant(new Float32Array(B), [B, 1, 1])
  const before = (x: Tensor) => (T === 1 ? none : concat([none, slice(x, 1, 0, T - 1)], 1))
  const zoom = exp(before(slice(turn, 2, 0, 1)))
  const roll = before(slice(turn, 2, 1, 2))
  const dx = sub(term(0), term(4))
  const dy = sub(term(1), term(5))
  const x = cumsum(mul(zoom, sub(mul(cos(roll), dx), mul(sin(roll), dy))), 1)
  const y = cumsum(mul(zoom, add(mul(sin(roll), dx), mul(cos(roll), dy))), 1)
  return concat([x, y, turn, cumsum(slice(moving, 2, 4, 7), 1)], 2)
}

/** Rounds in which the place's nearness is looked up where it is found with the nearness of the round before. */
const rounds = 2
/** Least of its distance that is left before anything near. */
const leastDepth = 0.1

/**
 * Background displacement at the centres of a rows x columns grid over the frame: [B, T, 2, rows, columns], in pixels of a frame of
 * `width` x `height`, to where that point is seen in frame 0. `path` [B, T, 7] is the camera's (`cameraPath`), `nearness` [B, 1, h, w] how near
 * the place is in frame 0: the distance that travel is measured by over its own, 0 endlessly far. With d where it would be found if it were so
 * far, c the travel and q the nearness, a point is found at x = q c_xy + (1 - q c_z) d: a pinhole camera's, but for the keystone of its turns.
 */
export function backgroundFlow(
  path: Tensor,
  nearness: Tensor,
  width: number,
  height: number,
  rows: number,
  columns: number,
): Tensor {
  const [B, T] = path.shape as [number, number, number]
  const size = frameSize(width, height)
  const term = (i: number) => reshape(slice(path, 2, i, i + 1), [B, T, 1, 1])
  const scale = exp(term(2))
  const c = mul(scale, cos(term(3)))
  const s = mul(scale, sin(term(3)))
  const xs = constant(
    Float32Array.from({ length: columns }, (_, i) => ((i + 0.5) / columns - 0.5) * width),
    [columns],
  )
  const ys = constant(
    Float32Array.from({ length: rows }, (_, i) => ((i + 0.5) / rows - 0.5) * height),
    [rows, 1],
  )
  const travel = [mul(term(4), size), mul(term(5), size)] as const
  const far = [
    add(sub(mul(c, xs), mul(s, ys)), mul(term(0), size)),
    add(add(mul(s, xs), mul(c, ys)), mul(term(1), size)),
  ] as const
  let found: readonly Tensor[] = far.map((x, i) => add(x, travel[i]!))
  for (let round = 0; round < rounds; round++) {
    const lengths = [width, height]
    const grid = concat(
      found.map((x, i) => reshape(mul(x, 2 / lengths[i]!), [B, T * rows, columns, 1])),
      3,
    )
    const q = reshape(gridSample(nearness, grid, { padding: 'border', alignCorners: false }), [B, T, rows, columns])
    const left = clamp(sub(1, mul(q, term(6))), leastDepth, Infinity)
    found = far.map((x, i) => add(mul(q, travel[i]!), mul(left, x)))
  }
  return concat(
    [sub(found[0]!, xs), sub(found[1]!, ys)].map((x) => reshape(x, [B, T, 1, rows, columns])),
    2,
  )
}

/** The part of the background picture that the first frame shows: its middle and its extent, as shares of the picture. */
export interface View {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
const wholePicture: View = { x: 0.5, y: 0.5, width: 1, height: 1 }

/**
 * The background as seen in each frame: samples the picture [B, 3, h, w], of which the first frame shows `view`, displaced by
 * flow [B, T, 2, H, W] (pixels of the frame); beyond the picture's edges it is mirrored. Returns [B, T, 3, H, W].
 */
export function warpBackground(background: Tensor, flow: Tensor, view: View = wholePicture): Tensor {
  const [B, T, , H, W] = flow.shape as [number, number, number, number, number]
  /** Sampling coordinates, -1..1, along an axis of `length` pixels. */
  const axis = (i: number, length: number, middle: number, extent: number) => {
    const shown = Float32Array.from({ length }, (_, k) => 2 * (middle + ((k + 0.5) / length - 0.5) * extent) - 1)
    const displacement = mul(reshape(slice(flow, 2, i, i + 1), [B, T, H, W]), (2 * extent) / length)
    return reshape(add(displacement, constant(shown, i === 0 ? [W] : [H, 1])), [B, T * H, W, 1])
  }
  const grid = concat([axis(0, W, view.x, view.width), axis(1, H, view.y, view.height)], 3)
  const warped = gridSample(background, grid, { padding: 'reflection', alignCorners: false })
  return transpose(reshape(warped, [B, 3, T, H, W]), [0, 2, 1, 3, 4])
}
