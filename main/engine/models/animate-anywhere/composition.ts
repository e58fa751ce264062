// The composition head: the clip is built from the real pixels of the two pictures,
//   x0 = gain * shift(sum_k w_k * warp_k(human)) + w_bg * warp(background, flow).
// What is learned are the background's flow, the shift of the person's outline and its gain, so that the same prediction composes a
// 96 x 64 training clip and a 720p frame. `candidates` has nothing learned in it and runs once per clip.
import {
  add,
  concat,
  constant,
  cos,
  cumsum,
  exp,
  expand,
  gridSample,
  mul,
  neg,
  reshape,
  sin,
  sigmoid,
  slice,
  softmax,
  sub,
  sum,
  transpose,
  upsample,
} from '../../ir'
import type { Tensor } from '../../ir'
import { linear } from '../../nn'
import type { Scope } from '../../nn'
import { backgroundPrior } from './candidates'
import type { Candidates } from './candidates'
import { refine } from './refiner'

/** Camera step that an output of 1 stands for: share of the frame's size for the shifts, log ratio for zoom, radians for roll. */
const velocityUnit = [0.02, 0.02, 0.01, 0.01] as const
/** Channels in which the tokens speak to the refiner. */
const featureChannels = 12
/** Local flow that an output of 1 stands for, as a share of the frame's size. */
const localFlowUnit = 0.01

/** Size by which camera shifts are measured: the side of the square with the frame's area, in pixels. */
export const frameSize = (width: number, height: number): number => Math.sqrt(width * height)

/** What the network predicts for one clip, per token and per frame; resolution-free. */
export interface CompositionParameters {
  /** [B, T, 2, H', W'] local background flow (x, y) beside the camera's, as a share of the frame's size. */
  readonly localFlow: Tensor
  /** [B, T, 4] camera step from the frame before: dx, dy (share of the frame's size), log zoom, roll (radians). */
  readonly velocity: Tensor
  /** [B, T, 12, H', W'] what the tokens tell the refiner. */
  readonly features: Tensor
}

/**
 * Tokens of the trunk [B, T H' W', D] -> composition parameters. What composes starts at zero: an untrained model is a puppet on a still
 * picture. With `camera` [B, T, *] (`posesOverTime`) the camera is read from that alone, and there is no local flow beside it.
 */
export function compositionHead(
  scope: Scope,
  tokens: Tensor,
  grid: { readonly frames: number; readonly rows: number; readonly columns: number },
  camera?: Tensor,
): CompositionParameters {
  const [B, , D] = tokens.shape as [number, number, number]
  const { frames: T, rows, columns } = grid
  const zeros = { init: { kind: 'zeros' } } as const
  const local = camera ? constant(0, [B, T * rows * columns, 2]) : linear(scope, 'local_flow', tokens, 2, zeros)
  const features = linear(scope, 'features', tokens, featureChannels)
  const perFrame = reshape(tokens, [B, T, rows * columns, D])
  const cells = (x: Tensor, C: number) => transpose(reshape(x, [B, T, rows, columns, C]), [0, 1, 4, 2, 3])
  const velocity = cameraSteps(scope, camera ?? frameMean(perFrame))
  return {
    localFlow: mul(cells(local, 2), localFlowUnit),
    velocity,
    features: cells(features, featureChannels),
  }
}

/** The camera's steps [B, T, 4] (`CompositionParameters.velocity`), read linearly from features of the frames [B, T, D]. */
export function cameraSteps(scope: Scope, features: Tensor): Tensor {
  const [B, T] = features.shape as [number, number, number]
  const steps = linear(scope, 'velocity', features, 4, { init: { kind: 'zeros' } })
  return reshape(mul(steps, constant(new Float32Array(velocityUnit), [4])), [B, T, 4])
}

const frameMean = (perFrame: Tensor): Tensor => mul(sum(perFrame, [2]), 1 / perFrame.shape[2]!)

/**
 * Camera path from camera steps: [B, T, 4] -> [B, T, 4] (dx, dy, z, r), relative to frame 0, whose step is ignored. The background
 * point at u (from the frame's centre) in frame t is seen in frame 0 at exp(z) R(r) u + (dx, dy).
 */
export function cameraPath(velocity: Tensor): Tensor {
  const [B, T] = velocity.shape as [number, number, number]
  const moving = mul(
    velocity,
    constant(
      Float32Array.from({ length: T }, (_, t) => (t === 0 ? 0 : 1)),
      [1, T, 1],
    ),
  )
  const turn = cumsum(slice(moving, 2, 2, 4), 1)
  const none = constant(new Float32Array(B), [B, 1, 1])
  const shifted = (x: Tensor) => (T === 1 ? none : concat([none, slice(x, 1, 0, T - 1)], 1))
  const zoom = exp(shifted(slice(turn, 2, 0, 1)))
  const roll = shifted(slice(turn, 2, 1, 2))
  const dx = slice(moving, 2, 0, 1)
  const dy = slice(moving, 2, 1, 2)
  const x = cumsum(mul(zoom, sub(mul(cos(roll), dx), mul(sin(roll), dy))), 1)
  const y = cumsum(mul(zoom, add(mul(sin(roll), dx), mul(cos(roll), dy))), 1)
  return concat([x, y, turn], 2)
}

/**
 * Background displacement at the centres of a rows x columns grid over the frame: [B, T, 2, rows, columns], in pixels of a
 * frame of `width` x `height`, to where that point is seen in frame 0. `path` [B, T, 4] is the camera's, `localFlow`
 * [B, T, 2, h, w] what each part of the place adds to it.
 */
export function backgroundFlow(
  path: Tensor,
  localFlow: Tensor,
  width: number,
  height: number,
  rows: number,
  columns: number,
): Tensor {
  const [B, T, , h, w] = localFlow.shape as [number, number, number, number, number]
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
  const x = add(sub(add(mul(c, xs), mul(term(0), size)), mul(s, ys)), neg(xs))
  const y = add(add(add(mul(s, xs), mul(term(1), size)), mul(c, ys)), neg(ys))
  const global = concat([reshape(x, [B, T, 1, rows, columns]), reshape(y, [B, T, 1, rows, columns])], 2)
  const local = upsample(reshape(localFlow, [B * T, 2, h, w]), { size: [rows, columns], mode: 'bilinear' })
  return add(global, mul(reshape(local, [B, T, 2, rows, columns]), size))
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
  const xs = constant(
    Float32Array.from({ length: W }, (_, i) => onPicture((i + 0.5) / W, view.x, view.width)),
    [W],
  )
  const ys = constant(
    Float32Array.from({ length: H }, (_, i) => onPicture((i + 0.5) / H, view.y, view.height)),
    [H, 1],
  )
  const displaced = (axis: number, factor: number, at: Tensor) =>
    add(mul(reshape(slice(flow, 2, axis, axis + 1), [B, T, H, W]), factor), at)
  const gx = reshape(displaced(0, (2 * view.width) / W, xs), [B, T * H, W, 1])
  const gy = reshape(displaced(1, (2 * view.height) / H, ys), [B, T * H, W, 1])
  const warped = gridSample(background, concat([gx, gy], 3), { padding: 'reflection', alignCorners: false })
  return transpose(reshape(warped, [B, 3, T, H, W]), [0, 2, 1, 3, 4])
}

/** Share of the frame -> sampling coordinate of the picture, -1..1. */
const onPicture = (share: number, middle: number, extent: number) => 2 * (middle + (share - 0.5) * extent) - 1

/** What makes frames of candidates, at whatever size. */
export interface Recipe {
  /** [B, S, 2, h, w] shift of the person (`Refinement.shift`); bilinearly upsampled. */
  readonly shift: Tensor
  /** [B, S, 3, h', w'] log gain of the person (`Refinement.gain`). */
  readonly gain: Tensor
}

export interface Composed {
  /** [B, S, 3, H, W] in [-1, 1], where the gain allows. */
  readonly frames: Tensor
  /** [B, S, 1, H, W] how much of each pixel is the place. */
  readonly ground: Tensor
}

/** Puts frames together: candidates [B, K, ..., S, H, W] and the background [B, S, 3, H, W], already warped. */
export function compose(from: Candidates, background: Tensor, { shift, gain }: Recipe): Composed {
  const [B, S, , H, W] = background.shape as [number, number, number, number, number]
  const flat = (x: Tensor) => reshape(x, [B * S, ...x.shape.slice(2)])
  const { person, share } = puppet(from)
  const moved = shifted(concat([flat(person), flat(share)], 1), flat(shift))
  const seen = slice(moved, 1, 3, 4)
  const ground = sub(1, seen)
  const brighter = exp(upsample(flat(gain), { size: [H, W], mode: 'bilinear' }))
  // Gains are of brightness, which begins at -1.
  const human = sub(mul(add(slice(moved, 1, 0, 3), seen), brighter), seen)
  return {
    frames: reshape(add(human, mul(flat(background), ground)), [B, S, 3, H, W]),
    ground: reshape(ground, [B, S, 1, H, W]),
  }
}

/** Pictures [N, C, H, W], each point taken from where `shift` [N, 2, h, w] (shares of the frame's size) leads. */
function shifted(pictures: Tensor, shift: Tensor): Tensor {
  const [N, , H, W] = pictures.shape as [number, number, number, number]
  const size = frameSize(W, H)
  const fine = upsample(shift, { size: [H, W], mode: 'bilinear' })
  const axis = (i: number, length: number, place: (i: number) => number, shape: number[]) =>
    add(
      mul(reshape(slice(fine, 1, i, i + 1), [N, H, W, 1]), (2 * size) / length),
      constant(
        Float32Array.from({ length }, (_, k) => place((k + 0.5) / length)),
        shape,
      ),
    )
  const centred = (share: number) => 2 * share - 1
  const grid = concat([axis(0, W, centred, [1, 1, W, 1]), axis(1, H, centred, [1, H, 1, 1])], 3)
  return gridSample(pictures, grid, { padding: 'border', alignCorners: false })
}

/** The recipe that the head's features make, looked at again (`refine`): for the frames of these candidates and background. */
export function recipe(scope: Scope, features: Tensor, from: Candidates, background: Tensor): Recipe {
  const [B, S, , H, W] = background.shape as [number, number, number, number, number]
  const flat = (x: Tensor) => reshape(x, [B * S, ...x.shape.slice(2)])
  const { person, share } = puppet(from)
  const cover = transpose(sigmoid(mul(sub(from.prior, backgroundPrior), 0.5)), [0, 2, 1, 3, 4])
  const told = upsample(flat(features), { size: [H, W], mode: 'bilinear' })
  const { shift, gain } = refine(scope, concat([flat(cover), flat(share), flat(person), flat(background), told], 1))
  const overTime = (x: Tensor) => reshape(x, [B, S, ...x.shape.slice(1)])
  return { shift: overTime(shift), gain: overTime(gain) }
}

/** The candidates painted over each other: the person [B, S, 3, H, W], premultiplied by its share of each pixel [B, S, 1, H, W]. */
export function puppet(from: Candidates): { person: Tensor; share: Tensor } {
  const [B, K, S, H, W] = from.prior.shape as [number, number, number, number, number]
  const ground = constant(Float32Array.of(backgroundPrior), [1, 1, 1, 1, 1])
  const weights = slice(softmax(concat([from.prior, expand(ground, [B, 1, S, H, W])], 1), 1), 1, 0, K)
  const person = sum(mul(reshape(weights, [B, K, 1, S, H, W]), from.colour), [1])
  return { person: transpose(person, [0, 2, 1, 3, 4]), share: reshape(sum(weights, [1]), [B, S, 1, H, W]) }
}
