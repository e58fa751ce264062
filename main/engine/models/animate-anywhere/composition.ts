// The composition head: the clip is built from the real pixels of the two pictures,
//   x0 = light_h * sum_k w_k * warp_k(human) + w_bg * light_bg * warp(background, flow) + offset.
// What is learned are the weights, the background's flow and the light, so that the same prediction composes a
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
import { boneCount } from './puppet'
import { lightChannels, lightOf, refine } from './refiner'

/** Weight logits per token side: a 16-px token says for each of its 4 x 4 cells who is to be seen there. */
const cellsPerToken = 4
/** Camera step that an output of 1 stands for: share of the frame's size for the shifts, log ratio for zoom, radians for roll. */
const velocityUnit = [0.02, 0.02, 0.01, 0.01] as const
/** Channels in which the tokens speak to the refiner. */
const featureChannels = 12
/** Local flow that an output of 1 stands for, as a share of the frame's size. */
const localFlowUnit = 0.01

/** Size by which camera shifts are measured: the side of the square with the frame's area, in pixels. */
export const frameSize = (width: number, height: number): number => Math.sqrt(width * height)

/** What the human's picture offers at every pixel. */
export interface Candidates {
  /** [B, K, 3, T, H, W] the pixel of the reference picture that each bone would bring here, in [-1, 1]. */
  readonly colour: Tensor
  /** [B, K, T, H, W] prior logit (`candidates`), against the background's constant -3. */
  readonly prior: Tensor
}

/** What the network predicts for one clip, per token and per frame; resolution-free. */
export interface CompositionParameters {
  /** [B, T, K + 1, 4 H', 4 W'] logits added to the priors; the last is the background. */
  readonly logits: Tensor
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
  const S = cellsPerToken
  const zeros = { init: { kind: 'zeros' } } as const
  const logits = linear(scope, 'logits', tokens, (boneCount + 1) * S * S, zeros)
  const local = camera ? constant(0, [B, T * rows * columns, 2]) : linear(scope, 'local_flow', tokens, 2, zeros)
  const features = linear(scope, 'features', tokens, featureChannels)
  const perFrame = reshape(tokens, [B, T, rows * columns, D])
  const velocity = cameraSteps(scope, camera ?? frameMean(perFrame))
  return {
    logits: unfoldCells(logits, B, T, rows, columns, boneCount + 1, S),
    localFlow: mul(transpose(reshape(local, [B, T, rows, columns, 2]), [0, 1, 4, 2, 3]), localFlowUnit),
    velocity,
    features: unfoldCells(features, B, T, rows, columns, featureChannels, 1),
  }
}

/** The camera's steps [B, T, 4] (`CompositionParameters.velocity`), read linearly from features of the frames [B, T, D]. */
export function cameraSteps(scope: Scope, features: Tensor): Tensor {
  const [B, T] = features.shape as [number, number, number]
  const steps = linear(scope, 'velocity', features, 4, { init: { kind: 'zeros' } })
  return reshape(mul(steps, constant(new Float32Array(velocityUnit), [4])), [B, T, 4])
}

const frameMean = (perFrame: Tensor): Tensor => mul(sum(perFrame, [2]), 1 / perFrame.shape[2]!)

/** [B, N, C S S] -> [B, T, C, S rows, S columns] */
function unfoldCells(x: Tensor, B: number, T: number, rows: number, columns: number, C: number, S: number): Tensor {
  const parts = reshape(x, [B, T, rows, columns, C, S, S])
  return reshape(transpose(parts, [0, 1, 4, 2, 5, 3, 6]), [B, T, C, rows * S, columns * S])
}

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
  /** [B, S, K + 1, h, w] logits beside the prior, for the bones and the background; bilinearly upsampled. */
  readonly logits: Tensor
  /** [B, S, 9, h', w'] the light (`lightOf`). */
  readonly light: Tensor
}

export interface Composed {
  /** [B, S, 3, H, W] in [-1, 1], where the light allows. */
  readonly frames: Tensor
  /** [B, S, 1, H, W] how much of each pixel is the place. */
  readonly ground: Tensor
}

/** Puts frames together: candidates [B, K, ..., S, H, W] and the background [B, S, 3, H, W], already warped. */
export function compose(from: Candidates, background: Tensor, { logits, light }: Recipe): Composed {
  const { weights, person } = weigh(from, logits)
  const [B, K1, S, H, W] = weights.shape as [number, number, number, number, number]
  const ground = transpose(slice(weights, 1, K1 - 1, K1), [0, 2, 1, 3, 4])
  const share = sub(1, ground)
  const [, , , h, w] = light.shape as [number, number, number, number, number]
  const lit = lightOf(reshape(light, [B * S, lightChannels, h, w]), H, W)
  const over = (x: Tensor) => reshape(x, [B, S, 3, H, W])
  // Gains are of brightness, which begins at -1.
  const human = sub(mul(add(transpose(person, [0, 2, 1, 3, 4]), share), over(lit.person)), share)
  const place = mul(sub(mul(add(background, 1), over(lit.place)), 1), ground)
  return { frames: add(add(human, place), over(lit.offset)), ground }
}

/** The recipe that the head's parameters make, looked at again (`refine`): for the frames of these candidates and background. */
export function recipe(
  scope: Scope,
  { logits, features }: Pick<CompositionParameters, 'logits' | 'features'>,
  from: Candidates,
  background: Tensor,
): Recipe {
  const [B, S, , H, W] = background.shape as [number, number, number, number, number]
  const K = boneCount
  const flat = (x: Tensor) => reshape(x, [B * S, x.shape[2]!, ...x.shape.slice(3)])
  const overTime = (x: Tensor) => flat(transpose(x, [0, 2, 1, 3, 4]))
  const fine = (x: Tensor) => upsample(flat(x), { size: [H, W], mode: 'bilinear' })
  const { weights, person } = weigh(from, logits)
  const evidence = concat(
    [
      overTime(sigmoid(mul(sub(from.prior, backgroundPrior), 0.5))),
      overTime(slice(weights, 1, K, K + 1)),
      overTime(person),
      flat(background),
      fine(features),
    ],
    1,
  )
  const refined = refine(scope, evidence, K)
  return {
    logits: reshape(add(fine(logits), refined.logits), [B, S, K + 1, H, W]),
    light: reshape(refined.light, [B, S, ...refined.light.shape.slice(1)]),
  }
}

/** Softmax weights [B, K+1, T, H, W] of prior + logits [B, T, K+1, h, w], and the person they make of the candidates [B, 3, T, H, W]. */
export function weigh(from: Candidates, logits: Tensor): { weights: Tensor; person: Tensor } {
  const [B, K, , T, H, W] = from.colour.shape as [number, number, number, number, number, number]
  const [, , K1, h, w] = logits.shape as [number, number, number, number, number]
  const fine = reshape(upsample(reshape(logits, [B * T, K1, h, w]), { size: [H, W], mode: 'bilinear' }), [
    B,
    T,
    K1,
    H,
    W,
  ])
  const ground = constant(new Float32Array([backgroundPrior]), [1, 1, 1, 1, 1])
  const prior = concat([from.prior, expand(ground, [B, 1, T, H, W])], 1)
  const weights = softmax(add(prior, transpose(fine, [0, 2, 1, 3, 4])), 1)
  const share = reshape(slice(weights, 1, 0, K), [B, K, 1, T, H, W])
  return { weights, person: sum(mul(share, from.colour), [1]) }
}
