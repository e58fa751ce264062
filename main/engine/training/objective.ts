// The training program of one stage and one batch shape: from pictures, poses and noise to the losses and the gradient of every
// trained weight. Which inputs it has follows from the head and the stage; `batch.ts` fills them.
import { hints } from '../../motion/hints'
import { add, constant, gather, grad, input, mean, mul, program, slice, sub, zeros } from '../ir'
import type { Program, Tensor } from '../ir'
import {
  backgroundFlow,
  boneCount,
  cameraNumbers,
  cameraPath,
  composeClip,
  encodeConditions,
  frameSize,
  perClip,
  poseNumbersWidth,
  predictCamera,
  predictComposition,
  survey,
} from '../models/animate-anywhere'
import type {
  AnimateAnywhereConfig,
  Candidates,
  NetworkInputs,
  NetworkOptions,
  Survey,
} from '../models/animate-anywhere'
import { dctCell, dctChannels, dctEncode } from '../models/codec/dct'
import { innerDim, tokenGrid } from '../models/cogvideox'
import type { TokenGrid } from '../models/cogvideox'
import { Scope } from '../nn'
import { epipolarTerm } from './epipolar-loss'
import type { EpipolarOptions } from './epipolar-loss'
import { withHandLoss } from './hand-loss'
import type { HandOptions } from './hand-loss'
import { flowError, huber, pictureLoss, unlikeness } from './losses'
import { isTrained } from './stages'
import type { Stage } from './stages'

/** Weight of the camera's errors (pixels of the thinking size) beside the picture loss. */
const cameraWeight = 0.06
/** Weight of where the camera travels, beside what its steps do at the person's distance. */
const travelShare = 0.5
/** Error of nearness, and of the log gain of light, that counts as small. */
const surveyDelta = 0.3
/** Weight of the flow, which adds up over the clip, beside the camera's steps from frame to frame. */
const flowShare = 0.25

/** Rank of an adapter's LoRA where nothing else is asked for. */
export const defaultAdapterRank = 16

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

export interface ObjectiveOptions {
  /** Whether only what AnimateAnywhere adds is trained. */
  readonly baseFrozen?: boolean
  /** Rank of the adapter, for stage 'adapter'. */
  readonly adapterRank?: number
  /** The epipolar loss on the attention of the main blocks, in the stages that see pictures. Default none. */
  readonly epipolar?: EpipolarOptions
  /** The hand loss, in the same stages. Default none. */
  readonly hand?: HandOptions
  /**
   * Weight of `unlikeness` beside the camera's errors in pixels. Default 0: it belongs to the end of training. From the beginning it holds the place
   * still, since of cameras that nothing is known about the likeliest is the one that stands.
   */
  readonly likeness?: number
}

/** The training program of the composition head. */
export function objective(
  config: AnimateAnywhereConfig,
  stage: Stage,
  shape: BatchShape,
  options: ObjectiveOptions = {},
): Objective {
  const scope = new Scope()
  const { frames: T, width: W, height: H } = shape
  const terms =
    stage === 'poses'
      ? cameraTerms(predictCamera(scope, poseInputs(shape), config), shape, options)
      : stage === 'places'
        ? surveyTerms(scope, config, shape)
        : stage === 'control'
          ? controlTerms(scope, config, shape, options)
          : pictureTerms(scope, config, shape, stage, options)
  return objectiveOf(`train ${stage} ${W}x${H}x${T}`, scope, terms, (name) =>
    isTrained(name, stage, options.baseFrozen ?? false),
  )
}

const poseInputs = ({ batch: B, frames: T }: BatchShape) => ({
  poseNumbers: input('pose_numbers', [B, T, poseNumbersWidth]),
  hint: input('hint', [B, hints.length]),
})

const noiseInput = ({ batch: B, frames: T, width: W, height: H }: BatchShape): Tensor =>
  input('noise', [B, T, dctChannels, H / dctCell, W / dctCell])

/** The program that gives `terms`, 'loss' first, and the loss's gradient for the weights that are trained and that it depends on. */
export function objectiveOf(
  name: string,
  scope: Scope,
  terms: Readonly<Record<string, Tensor>>,
  trains: (name: string) => boolean,
): Objective {
  const reached = new Set(program('losses', terms).inputs.map((t) => t.name))
  const weights = [...scope.weights].filter(([weight]) => reached.has(weight) && trains(weight))
  const gradients = grad(
    terms.loss!,
    weights.map(([, tensor]) => tensor),
  )
  const outputs: Record<string, Tensor> = { ...terms }
  weights.forEach(([weight], i) => (outputs[`grad.${weight}`] = gradients[i]!))
  return {
    program: program(name, outputs),
    trained: weights.map(([weight]) => weight),
    losses: Object.keys(terms),
    specs: scope.specs,
  }
}

/** Tokens of a batch's clips: the mini codec keeps every frame. */
export const miniGrid = (config: AnimateAnywhereConfig, { frames, width, height }: BatchShape): TokenGrid =>
  tokenGrid(config.transformer, frames, height / dctCell, width / dctCell)

/** What a stage changes in the network. */
export function networkOptions(stage: Stage, { adapterRank }: ObjectiveOptions): NetworkOptions {
  return stage === 'adapter' ? { adapterRank: adapterRank ?? defaultAdapterRank } : {}
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
  shape: BatchShape,
): NetworkInputs {
  const B = shape.batch
  const D = innerDim(config.transformer)
  const { poseNumbers, hint } = poseInputs(shape)
  return {
    latents,
    ...conditions,
    ...(config.poseNumbers ? { poseNumbers } : {}),
    hint,
    time: input('time', [B, D]),
    timeZero: input('time_zero', [1, D]),
  }
}

/** What the camera did must follow from the poses. */
function controlTerms(
  scope: Scope,
  config: AnimateAnywhereConfig,
  shape: BatchShape,
  options: ObjectiveOptions,
): Record<string, Tensor> {
  const inputs = networkInputs(noiseInput(shape), conditionInputs(config, shape, 'control'), config, shape)
  return cameraTerms(predictComposition(scope, inputs, config).steps, shape, options)
}

/** The camera's steps [B, T, 7] against the truth: by themselves, by where they take the place as near as it is, and by how that looks. */
function cameraTerms(
  steps: Tensor,
  shape: BatchShape,
  { likeness = 0 }: ObjectiveOptions,
): Record<'loss' | 'near' | 'travel' | 'flow', Tensor> & { readonly unlike?: Tensor } {
  const { batch: B, frames: T, width: W, height: H } = shape
  const [rows, columns] = [H / 8, W / 8]
  const size = frameSize(W, H)
  // Pixels; zoom, roll and z as they move the middle of an edge.
  const pixels = constant(Float32Array.of(size, size, size / 2, size / 2, size, size, size / 2), [cameraNumbers])
  const off = huber(mul(slice(sub(steps, input('steps', [B, T, cameraNumbers])), 1, 1, T), pixels), 1)
  const near = mean(slice(off, 2, 0, 4))
  const travel = mean(slice(off, 2, 4, 7))
  const judged = [
    backgroundFlow(cameraPath(steps), trueNearness(shape), W, H, rows, columns),
    input('flow', [B, T, 2, rows, columns]),
    input('flow_valid', [B, T, 1, rows, columns]),
  ] as const
  const flow = flowError(...judged)
  const loss = add(add(near, mul(travel, travelShare)), mul(flow, flowShare))
  const terms = { loss, near, travel, flow }
  if (likeness === 0) return terms
  const unlike = unlikeness(...judged)
  return { ...terms, loss: add(loss, mul(unlike, likeness)), unlike }
}

const trueNearness = ({ batch: B, width: W, height: H }: BatchShape): Tensor => input('nearness', [B, 1, H / 8, W / 8])

/** What a place is to somebody, from both pictures and the first pose: mean Huber errors. */
function surveyTerms(scope: Scope, config: AnimateAnywhereConfig, shape: BatchShape): Record<string, Tensor> {
  const found = surveyed(scope, shape, config.poseNumbers ? poseInputs(shape).poseNumbers : undefined)
  const nearness = mean(huber(sub(found.nearness, trueNearness(shape)), surveyDelta))
  const light = mean(huber(sub(found.light, input('light', [shape.batch, 3])), surveyDelta))
  return { loss: add(nearness, light), nearness, light }
}

/** The place as the first frame shows it, and what it is to the person. */
function surveyed(scope: Scope, shape: BatchShape, poseNumbers: Tensor | undefined): Survey & { background: Tensor } {
  const picture = (name: string) => input(name, [shape.batch, 3, shape.height, shape.width])
  const background = picture('ground')
  return { background, ...survey(scope, background, picture('person'), poseNumbers) }
}

function pictureTerms(
  scope: Scope,
  config: AnimateAnywhereConfig,
  shape: BatchShape,
  stage: Stage,
  options: ObjectiveOptions,
): Record<string, Tensor> {
  const { batch: B, frames: T, width: W, height: H, composed: S } = shape
  const frames = input('frames', [B, T, 3, H, W])
  const clean = dctEncode(frames)
  const signal = input('signal', [B])
  const noiseShare = input('noise_share', [B])
  const noisy = add(perClip(clean, signal), perClip(noiseInput(shape), noiseShare))
  const inputs = networkInputs(noisy, conditionInputs(config, shape, stage), config, shape)
  const epipolar = epipolarTerm(options.epipolar, {
    ...{ batch: B, grid: miniGrid(config, shape), blocks: config.transformer.num_layers },
  })
  const predicted = predictComposition(scope, inputs, config, { ...networkOptions(stage, options), ...epipolar.hooks })
  const chosen = input('composed', [S], 'int64')
  const from: Candidates = {
    colour: input('candidate_colour', [B, boneCount, 3, S, H, W]),
    prior: input('candidate_prior', [B, boneCount, S, H, W]),
  }
  const composed = composeClip(predicted, from, surveyed(scope, shape, inputs.poseNumbers), (overTime) =>
    gather(overTime, chosen, 1),
  )
  const truth = gather(frames, chosen, 1)
  const picture = pictureLoss(composed.frames, truth)
  const { loss: camera, ...ofCamera } = cameraTerms(predicted.steps, shape, options)
  const terms = { loss: add(picture, mul(camera, cameraWeight)), picture, ...ofCamera }
  // The composed frames are the clean clip as this one step predicts it.
  return epipolar.addTo(withHandLoss(terms, options.hand, composed.frames, truth))
}
