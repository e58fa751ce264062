// The whole model on clean and noisy pictures: encodes the conditions, runs the network, and turns its tokens into the clean clip
// with whichever head the config names. Training and sampling are both built on it.
import { add, concat, constant, expand, mul, reshape, slice } from '../../ir'
import type { Tensor } from '../../ir'
import type { Scope } from '../../nn'
import { dctEncode } from '../codec/dct'
import { innerDim, latentHead } from '../cogvideox'
import type { Candidates } from './candidates'
import { compose, compositionHead, puppet } from './composition'
import type { Composed, CompositionParameters } from './composition'
import type { AnimateAnywhereConfig } from './config'
import { personLight } from './light'
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

/**
 * Tokens of the network as composition parameters. The BML has a second way to the head, since tokens of 16 pixels blur small steps: what the
 * ControlNet's pose features say of the camera (`predictCamera`) is added, as strongly as the BML is asked for.
 */
export function predictComposition(
  scope: Scope,
  inputs: NetworkInputs,
  config: AnimateAnywhereConfig,
  options?: NetworkOptions,
): CompositionParameters {
  const { tokens, grid } = network(scope, inputs, config, options)
  const { poseNumbers, hint } = inputs
  const made = compositionHead(
    scope.child('head'),
    tokens,
    { frames: grid.time, rows: grid.height, columns: grid.width },
    config.backgroundMotion === 'two-stage' ? explicitCamera(scope, poseNumbers!, hint, config) : undefined,
  )
  if (config.backgroundMotion !== 'bml' || !poseNumbers) return made
  const told = predictCamera(scope, { poseNumbers, hint }, config)
  return { ...made, steps: add(made.steps, options?.bml ? mul(told, options.bml) : told) }
}

/**
 * The camera's steps [B, T, 7] as the poses alone tell them: by the ControlNet's features of them or, of the explicit two stages, by the first.
 * This is learned by itself, from ten times the clips, before any token is in play.
 */
export function predictCamera(
  scope: Scope,
  { poseNumbers, hint }: { readonly poseNumbers: Tensor; readonly hint: Tensor },
  config: AnimateAnywhereConfig,
): Tensor {
  return config.backgroundMotion === 'two-stage'
    ? cameraSteps(scope.child('head'), explicitCamera(scope, poseNumbers, hint, config))
    : cameraSteps(scope.child('bml'), poseFeatures(scope.child('control'), poseNumbers, hint, config))
}

/** Features [B, T, *] of the first of the explicit two stages. */
const explicitCamera = (scope: Scope, poseNumbers: Tensor, hint: Tensor, config: AnimateAnywhereConfig): Tensor =>
  posesOverTime(scope.child('camera'), poseNumbers, hint, innerDim(config.transformer) / 2)

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
 * the time axis (axis 1) of the parameters. `background` [B, 3, H, W] with what is known of it (`survey`).
 */
export function composeClip(
  parameters: CompositionParameters,
  from: Candidates,
  place: Survey & { readonly background: Tensor },
  pick: (overTime: Tensor) => Tensor = (x) => x,
): Composed & { readonly gain: Tensor } {
  const [H, W] = from.prior.shape.slice(3) as [number, number]
  const flow = backgroundFlow(pick(cameraPath(parameters.steps)), place.nearness, W, H, H, W)
  const ground = warpBackground(place.background, flow)
  const gain = pick(add(parameters.gain, reshape(place.light, [place.light.shape[0]!, 1, 3, 1, 1])))
  return { gain, ...compose(puppet(from), ground, gain) }
}

/** What a place is to a person, whom poses say where. */
export interface Survey {
  /** [B, 1, H/8, W/8] how near it is (`nearness`). */
  readonly nearness: Tensor
  /** [B, 3] how much brighter the person is in it than in their picture (`personLight`). */
  readonly light: Tensor
}

/** Looks at the place `background` [B, 3, H, W] and at the picture `human` [B, 3, H, W] of somebody who goes through these poses in it. */
export function survey(scope: Scope, background: Tensor, human: Tensor, poseNumbers: Tensor | undefined): Survey {
  const firstPose = poseNumbers && slice(poseNumbers, 1, 0, 1)
  const head = scope.child('head')
  return {
    nearness: nearness(head.child('nearness'), background, firstPose),
    light: personLight(head.child('light'), background, human, firstPose),
  }
}

/** One of B values per clip times everything of that clip: x [B, ...] * factor [B]. */
export function perClip(x: Tensor, factor: Tensor): Tensor {
  return mul(x, reshape(factor, [x.shape[0]!, ...x.shape.slice(1).map(() => 1)]))
}
