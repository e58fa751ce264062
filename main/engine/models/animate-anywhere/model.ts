// The whole model on clean and noisy pictures: encodes the conditions, runs the network, and turns its tokens into the clean clip
// with whichever head the config names. Training and sampling are both built on it.
import { add, concat, constant, expand, mul, reshape, slice } from '../../ir'
import type { Tensor } from '../../ir'
import type { Scope } from '../../nn'
import { dctEncode } from '../codec/dct'
import { innerDim, latentHead } from '../cogvideox'
import type { Candidates } from './candidates'
import { compose, compositionHead, personGain, puppet } from './composition'
import type { Composed, CompositionParameters } from './composition'
import type { AnimateAnywhereConfig } from './config'
import { nearness } from './nearness'
import { network, poseFeatures } from './network'
import { backgroundFlow, cameraPath, cameraSteps, warpBackground } from './place-motion'
import { posesOverTime } from './poses-over-time'
import type { NetworkInputs, NetworkOptions } from './network'

/** The conditions as pictures in [-1, 1]. One that is left out is a grey picture (zeros), a pose that is left out a black one (-1). */
export interface ConditionPictures {
  /** [B, 3, H, W] the reference background: the place as the first frame shows it. */
  readonly background: Tensor
  /** [B, T, 3, s H, s W] the pose video, s = poseScale. */
  readonly pose: Tensor
  /** [B, 3, H, W] the reference human on neutral ground. */
  readonly human: Tensor
  /** [B, 3, H, W] its pose picture. */
  readonly humanPose: Tensor
}

/** Conditions in the codec's latent space, as the network takes them. */
export type ConditionLatents = Pick<NetworkInputs, 'background' | 'pose' | 'reference'>

/** Encodes the conditions with the mini codec. */
export function encodeConditions(pictures: ConditionPictures, config: AnimateAnywhereConfig): ConditionLatents {
  const [B, T, , ,] = pictures.pose.shape as [number, number, number, number, number]
  const single = (picture: Tensor) => dctEncode(reshape(picture, [B, 1, ...picture.shape.slice(1)]))
  const first = single(pictures.background)
  const [, , C, h, w] = first.shape as [number, number, number, number, number]
  const later =
    config.backgroundOverTime === 'repeat'
      ? expand(first, [B, T, C, h, w])
      : concat([first, constant(new Float32Array(B * (T - 1) * C * h * w), [B, T - 1, C, h, w])], 1)
  return {
    background: later,
    // Black, which is most of a pose picture, must be nothing: as a constant in every token it drowns the skeleton in the norms.
    pose: dctEncode(add(pictures.pose, 1)),
    reference: concat([single(pictures.human), single(add(pictures.humanPose, 1))], 2),
  }
}

/** Tokens of the network as composition parameters. */
export function predictComposition(
  scope: Scope,
  inputs: NetworkInputs,
  config: AnimateAnywhereConfig,
  options?: NetworkOptions,
): CompositionParameters {
  const { tokens, grid } = network(scope, inputs, config, options)
  return compositionHead(
    scope.child('head'),
    tokens,
    { frames: grid.time, rows: grid.height, columns: grid.width },
    config.backgroundMotion === 'two-stage'
      ? posesOverTime(scope.child('camera'), inputs.poseNumbers!, inputs.hint, innerDim(config.transformer) / 2)
      : undefined,
  )
}

/**
 * The camera's steps [B, T, 7] as the ControlNet's pose features alone tell them, by a probe that only the first stage has: what poses say
 * about the camera is learned there from ten times the clips, before any token is in play.
 */
export function predictCamera(
  scope: Scope,
  { poseNumbers, hint }: { readonly poseNumbers: Tensor; readonly hint: Tensor },
  config: AnimateAnywhereConfig,
): Tensor {
  const control = scope.child('control')
  return cameraSteps(control.child('poses'), poseFeatures(control, poseNumbers, hint, config))
}

/** Tokens of the network as a prediction in latent space, [B, F, C, h, w]; config.prediction says what it means. */
export function predictLatents(
  scope: Scope,
  inputs: NetworkInputs,
  config: AnimateAnywhereConfig,
  options?: NetworkOptions,
): Tensor {
  const [, frames, , height, width] = inputs.latents.shape as [number, number, number, number, number]
  const { tokens } = network(scope, inputs, config, options)
  return latentHead(scope, tokens, config.transformer, { frames, height, width })
}

/**
 * Composition parameters as the clean clip [B, S, 3, H, W] and what it was made by, for all frames or for those that `pick` chooses from
 * the time axis (axis 1) of the parameters. `background` [B, 3, H, W] with how near it is (`placeNearness`).
 */
export function composeClip(
  scope: Scope,
  parameters: CompositionParameters,
  from: Candidates,
  place: { readonly background: Tensor; readonly nearness: Tensor },
  pick: (overTime: Tensor) => Tensor = (x) => x,
): Composed & { readonly gain: Tensor } {
  const [H, W] = from.prior.shape.slice(3) as [number, number]
  const flow = backgroundFlow(pick(cameraPath(parameters.steps)), place.nearness, W, H, H, W)
  const ground = warpBackground(place.background, flow)
  const person = puppet(from)
  const gain = personGain(scope.child('head.refiner'), pick(parameters.features), from, person, ground)
  return { gain, ...compose(person, ground, gain) }
}

/** How near the place of `background` [B, 3, H, W] is (`nearness`), to somebody of these poses. */
export const placeNearness = (scope: Scope, background: Tensor, poseNumbers: Tensor | undefined): Tensor =>
  nearness(scope.child('head.nearness'), background, poseNumbers && slice(poseNumbers, 1, 0, 1))

/** One of B values per clip times everything of that clip: x [B, ...] * factor [B]. */
export function perClip(x: Tensor, factor: Tensor): Tensor {
  return mul(x, reshape(factor, [x.shape[0]!, ...x.shape.slice(1).map(() => 1)]))
}
