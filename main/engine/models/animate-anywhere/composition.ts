// The composition head: the clip is built from the real pixels of the two pictures,
//   x0 = gain * sum_k w_k * warp_k(human) + w_bg * warp(background, flow).
// What is learned are the camera and the place's depth, which make the flow (place-motion.ts), and how bright the person is (light.ts), so that
// the same prediction composes a 96 x 64 training clip and a 720p frame. `candidates` has nothing learned in it and runs once per clip.
import {
  add,
  concat,
  constant,
  exp,
  expand,
  mul,
  reshape,
  slice,
  softmax,
  sub,
  sum,
  transpose,
  upsample,
} from '../../ir'
import type { Tensor } from '../../ir'
import { linear, zeroInit } from '../../nn'
import type { Scope } from '../../nn'
import { backgroundPrior } from './candidates'
import type { Candidates } from './candidates'
import { cameraSteps } from './place-motion'

/** What an output of 1 stands for. */
const gainUnit = 0.3

/** What the network predicts for one clip, per token and per frame; resolution-free. */
export interface CompositionParameters {
  /** [B, T, 7] the camera's steps from the frame before (`cameraSteps`). */
  readonly steps: Tensor
  /**
   * [B, T, 3, H', W'] log gain of the person's red, green and blue, beyond `personLight`. Whatever more tokens may say of the person they use
   * to hedge where a limb is uncertain: learned weights made people transparent, shifts of the outline blurred it.
   */
  readonly gain: Tensor
}

/**
 * Tokens of the trunk [B, T H' W', D] -> composition parameters. What composes starts at zero: an untrained model is a puppet on a still
 * picture. The camera is read from the mean of each frame's tokens or, where they are given, from features `camera` [B, T, *] instead.
 */
export function compositionHead(
  scope: Scope,
  tokens: Tensor,
  grid: { readonly frames: number; readonly rows: number; readonly columns: number },
  camera?: Tensor,
): CompositionParameters {
  const [B, , D] = tokens.shape as [number, number, number]
  const { frames: T, rows, columns } = grid
  const gain = mul(linear(scope, 'gain', tokens, 3, { init: zeroInit }), gainUnit)
  return {
    steps: cameraSteps(scope, camera ?? frameMean(reshape(tokens, [B, T, rows * columns, D]))),
    gain: transpose(reshape(gain, [B, T, rows, columns, 3]), [0, 1, 4, 2, 3]),
  }
}

const frameMean = (perFrame: Tensor): Tensor => mul(sum(perFrame, [2]), 1 / perFrame.shape[2]!)

export interface Composed {
  /** [B, S, 3, H, W] in [-1, 1], where the gain allows. */
  readonly frames: Tensor
  /** [B, S, 1, H, W] how much of each pixel is the place. */
  readonly ground: Tensor
}

/** Puts frames together: the puppet, brighter by the log gain [B, S, 3, h, w], and the background [B, S, 3, H, W], already warped. */
export function compose({ person, share }: Puppet, background: Tensor, gain: Tensor): Composed {
  const [B, S, , H, W] = background.shape as [number, number, number, number, number]
  const flat = (x: Tensor) => reshape(x, [B * S, ...x.shape.slice(2)])
  const seen = flat(share)
  const ground = sub(1, seen)
  const brighter = exp(upsample(flat(gain), { size: [H, W], mode: 'bilinear' }))
  // Gains are of brightness, which begins at -1.
  const human = sub(mul(add(flat(person), seen), brighter), seen)
  return {
    frames: reshape(add(human, mul(flat(background), ground)), [B, S, 3, H, W]),
    ground: reshape(ground, [B, S, 1, H, W]),
  }
}

/** The candidates painted over each other. */
export interface Puppet {
  /** [B, S, 3, H, W] premultiplied by `share`. */
  readonly person: Tensor
  /** [B, S, 1, H, W] its share of each pixel. */
  readonly share: Tensor
}

export function puppet(from: Candidates): Puppet {
  const [B, K, S, H, W] = from.prior.shape as [number, number, number, number, number]
  const ground = constant(Float32Array.of(backgroundPrior), [1, 1, 1, 1, 1])
  const weights = slice(softmax(concat([from.prior, expand(ground, [B, 1, S, H, W])], 1), 1), 1, 0, K)
  const person = sum(mul(reshape(weights, [B, K, 1, S, H, W]), from.colour), [1])
  return { person: transpose(person, [0, 2, 1, 3, 4]), share: reshape(sum(weights, [1]), [B, S, 1, H, W]) }
}
