// The training program of one stage and one batch shape: from pictures, poses and noise to the losses and the gradient of every
// trained weight. Which inputs it has follows from the head and the stage; `batch.ts` fills them.
import { hints } from '../../motion/hints'
import { add, constant, gather, grad, input, mean, mul, program, slice, sub, zeros } from '../ir'
import type { Program, Tensor } from '../ir'
import {
  backgroundFlow,
  boneCount,
  cameraPath,
  composeClip,
  encodeConditions,
  frameSize,
  perClip,
  poseNumbersWidth,
  predictComposition,
  predictLatents,
} from '../models/animate-anywhere'
import type { AnimateAnywhereConfig, Candidates, NetworkInputs } from '../models/animate-anywhere'
import { dctCell, dctChannels, dctEncode } from '../models/codec/dct'
import { innerDim } from '../models/cogvideox'
import { Scope } from '../nn'
import { flowError, huber, pictureLoss, squaredError } from './losses'
import { isTrained } from './stages'
import type { Stage } from './stages'

/** Weight of the camera's errors (pixels of the thinking size) beside the picture loss. */
const cameraWeight = 0.02
/** Weight of the flow, which adds up over the clip, beside the camera's steps from frame to frame. */
const flowShare = 0.25

/** Shape of a batch; every program is for one. */
export interface BatchShape {
  readonly batch: number
  readonly frames: number
  readonly width: number
  readonly height: number
  /** Frames of each clip that are composed and compared; the camera is judged on all. */
  readonly composed: number
}

export interface Objective {
  readonly program: Program
  /** The weights this stage trains, as far as its loss depends on them: program outputs 'grad.<name>'. */
  readonly trained: readonly string[]
  /** Names of the loss outputs, 'loss' first: the sum that is differentiated. */
  readonly losses: readonly string[]
  readonly specs: Scope['specs']
}

/** Builds the training program. The latent head's target follows config.prediction. */
export function objective(
  config: AnimateAnywhereConfig,
  stage: Stage,
  shape: BatchShape,
  baseFrozen: boolean,
): Objective {
  const scope = new Scope()
  const { batch: B, frames: T, width: W, height: H } = shape
  const conditions = conditionInputs(config, shape, stage)
  const cells = [B, T, dctChannels, H / dctCell, W / dctCell]
  const noise = input('noise', cells)
  const terms: Record<string, Tensor> =
    stage === 'control'
      ? cameraTerms(scope, config, shape, networkInputs(noise, conditions, config, shape))
      : pictureTerms(scope, config, shape, noise, conditions)
  const reached = new Set(program('losses', terms).inputs.map(({ name }) => name))
  const weights = [...scope.weights].filter(([name]) => reached.has(name) && isTrained(name, stage, baseFrozen))
  const gradients = grad(
    terms.loss!,
    weights.map(([, tensor]) => tensor),
  )
  const outputs: Record<string, Tensor> = { ...terms }
  weights.forEach(([name], i) => (outputs[`grad.${name}`] = gradients[i]!))
  return {
    program: program(`train ${stage} ${W}x${H}x${T}`, outputs),
    trained: weights.map(([name]) => name),
    losses: Object.keys(terms),
    specs: scope.specs,
  }
}

/** The inputs that say what to make. In the control stage there are no pictures: the poses alone must do. */
function conditionInputs(
  config: AnimateAnywhereConfig,
  { batch: B, frames: T, width: W, height: H }: BatchShape,
  stage: Stage,
) {
  const s = config.poseScale
  const picture = (name: string) => (stage === 'control' ? zeros([B, 3, H, W]) : input(name, [B, 3, H, W]))
  return encodeConditions(
    {
      background: picture('background'),
      pose: input('pose', [B, T, 3, s * H, s * W]),
      human: picture('human'),
      humanPose: stage === 'control' ? sub(zeros([B, 3, H, W]), 1) : input('human_pose', [B, 3, H, W]),
    },
    config,
  )
}

function networkInputs(
  latents: Tensor,
  conditions: Pick<NetworkInputs, 'background' | 'pose' | 'reference'>,
  config: AnimateAnywhereConfig,
  { batch: B, frames: T }: BatchShape,
): NetworkInputs {
  const D = innerDim(config.transformer)
  return {
    latents,
    ...conditions,
    ...(config.poseNumbers ? { poseNumbers: input('pose_numbers', [B, T, poseNumbersWidth]) } : {}),
    hint: input('hint', [B, hints.length]),
    time: input('time', [B, D]),
    timeZero: input('time_zero', [1, D]),
  }
}

/** The camera's steps and the background flow against the truth; what the camera did must follow from the poses. */
function cameraTerms(
  scope: Scope,
  config: AnimateAnywhereConfig,
  shape: BatchShape,
  inputs: NetworkInputs,
): Record<string, Tensor> {
  const { velocity, flow } = motionErrors(predictComposition(scope, inputs, config), shape)
  return { loss: add(velocity, mul(flow, flowShare)), velocity, flow }
}

/** Mean Huber errors in pixels: of the camera's step per frame (zoom and roll as they move the middle of an edge), and of the flow. */
function motionErrors(
  predicted: { velocity: Tensor; localFlow: Tensor },
  { batch: B, frames: T, width: W, height: H }: BatchShape,
): { velocity: Tensor; flow: Tensor } {
  const [rows, columns] = [H / 8, W / 8]
  const flow = backgroundFlow(cameraPath(predicted.velocity), predicted.localFlow, W, H, rows, columns)
  const size = frameSize(W, H)
  const pixels = constant(Float32Array.of(size, size, size / 2, size / 2), [4])
  const step = slice(sub(predicted.velocity, input('velocity', [B, T, 4])), 1, 1, T)
  return {
    velocity: mean(huber(mul(step, pixels), 1)),
    flow: flowError(flow, input('flow', [B, T, 2, rows, columns]), input('flow_valid', [B, T, 1, rows, columns])),
  }
}

function pictureTerms(
  scope: Scope,
  config: AnimateAnywhereConfig,
  shape: BatchShape,
  noise: Tensor,
  conditions: Pick<NetworkInputs, 'background' | 'pose' | 'reference'>,
): Record<string, Tensor> {
  const { batch: B, frames: T, width: W, height: H, composed: S } = shape
  const frames = input('frames', [B, T, 3, H, W])
  const clean = dctEncode(frames)
  const signal = input('signal', [B])
  const noiseShare = input('noise_share', [B])
  const noisy = add(perClip(clean, signal), perClip(noise, noiseShare))
  const inputs = networkInputs(noisy, conditions, config, shape)
  if (config.head === 'latent') {
    const target =
      config.prediction === 'sample' ? clean : add(perClip(noise, signal), mul(perClip(clean, noiseShare), -1))
    return { loss: squaredError(predictLatents(scope, inputs, config), target) }
  }
  const predicted = predictComposition(scope, inputs, config)
  const chosen = input('composed', [S], 'int64')
  const from: Candidates = {
    colour: input('candidate_colour', [B, boneCount, 3, S, H, W]),
    prior: input('candidate_prior', [B, boneCount, S, H, W]),
  }
  const composed = composeClip(predicted, from, input('ground', [B, 3, H, W]), (overTime) =>
    gather(overTime, chosen, 1),
  )
  const picture = pictureLoss(composed, gather(frames, chosen, 1))
  const { velocity, flow } = motionErrors(predicted, shape)
  const camera = add(velocity, mul(flow, flowShare))
  return { loss: add(picture, mul(camera, cameraWeight)), picture, velocity, flow }
}
