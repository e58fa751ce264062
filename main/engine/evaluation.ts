// How good a model is on clips whose truth is known: it renders each clip from its reference human, first background and poses, and the
// produced frames are measured against the true ones, beside two baselines: the still background without a person, and the untrained puppet.
import { UserError } from '../media/errors'
import { backgroundPath, backgroundSteps } from './metrics/background-motion'
import { flicker } from './metrics/flicker'
import { identity } from './metrics/identity'
import { psnr, ssim } from './metrics'
import type { Suite } from './metrics/suite'
import { conclude, countSteps, intervals } from './metrics/summary'
import type { ClipFigures, Intervals, Metrics, StepCount } from './metrics/summary'
import { hostTensor } from './ir'
import { boneCount, cellsPerToken, planes, prepareReferenceHuman } from './models/animate-anywhere'
import { dctChannels } from './models/codec/dct'
import { drawPose } from '../motion/draw'
import { openComposer } from './render/composing'
import type { ComposedFrame } from './render/composing'
import type { Model } from './render/model'
import { think } from './render/thinking'
import type { Thoughts } from './render/thinking'
import type { Clip } from './training/clip'

export interface Evaluation {
  readonly clips: number
  readonly metrics: Metrics
  readonly baselines: { readonly static: Metrics; readonly puppet: Metrics }
  /** 95% intervals of the model's metrics. */
  readonly ci: Intervals
  /** Frames that the model's background motion is known from. */
  readonly background_steps: StepCount
}

export interface EvaluationOptions {
  readonly steps: number
  readonly guidance: number
  readonly seed: number
  /** Metrics beside the basic ones. */
  readonly suite?: Suite
  readonly onClip?: (done: number, of: number) => void
  readonly signal?: AbortSignal
}

type ReadClip = (index: number) => Promise<Clip> | Clip

/** Evaluates `model` on clips read one at a time by `read`, beside the two baselines. */
export async function evaluate(
  model: Model,
  count: number,
  read: ReadClip,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const figures = await judge(model, count, read, options, true)
  const names = options.suite?.names ?? []
  const averaged = names.filter((name) => figures.model.some(({ suite }) => 'values' in suite[name]!))
  return {
    clips: count,
    metrics: conclude(figures.model, names),
    baselines: { static: conclude(figures.static, names), puppet: conclude(figures.puppet, names) },
    ci: intervals(figures.model, averaged),
    background_steps: countSteps(figures.model),
  }
}

/** The metrics of `evaluate` for the model alone, in a third of the time. */
export async function measureModel(
  model: Model,
  count: number,
  read: ReadClip,
  options: EvaluationOptions,
): Promise<Metrics> {
  const figures = await judge(model, count, read, options, false)
  return conclude(figures.model, options.suite?.names ?? [])
}

async function judge(
  model: Model,
  count: number,
  read: ReadClip,
  options: EvaluationOptions,
  withBaselines: boolean,
): Promise<Record<'model' | 'puppet' | 'static', ClipFigures[]>> {
  if (count < 1) throw new UserError('evaluate: the dataset has no clips')
  const figures: Record<'model' | 'puppet' | 'static', ClipFigures[]> = { model: [], puppet: [], static: [] }
  for (let i = 0; i < count; i++) {
    options.signal?.throwIfAborted()
    const clip = await read(i)
    const { width: W, height: H } = clip
    const T = clip.poses.length
    const mask = Float32Array.from(clip.referenceMask, (v: number) => v / 255)
    const small = prepareReferenceHuman(clip.referenceHuman, mask, W, H, clip.reference)
    const human = {
      native: small,
      small,
      picture: planes(clip.referenceHuman),
      pose: planes(drawPose(clip.reference, W, H)),
    }
    const ground = clip.background.subarray(0, 3 * W * H)
    const thoughts = await think({
      model,
      human,
      background: planes(ground),
      poses: clip.poses,
      width: W,
      height: H,
      steps: options.steps,
      guidance: { reference: options.guidance, pose: options.guidance },
      bml: 1,
      hint: clip.hint,
      seed: options.seed,
      ...(options.signal ? { signal: options.signal } : {}),
    })
    const composed = (given: Thoughts) => composeAll(given, small, clip, planes(ground))
    const truth = clip.poses.map((_, t) => frameOf(clip.frames, t, 3 * W * H))
    const judged = async (frames: readonly ComposedFrame[]): Promise<ClipFigures> => {
      const produced = frames.map(({ picture }) => picture)
      const suite = (await options.suite?.clip({ produced, truth, poses: clip.poses, width: W, height: H })) ?? {}
      return { ...measure(frames, clip), suite }
    }
    figures.model.push(await judged(await composed(thoughts)))
    if (withBaselines) {
      figures.puppet.push(await judged(await composed(noThoughts(T, W, H))))
      const still = { picture: ground, person: new Uint8Array(W * H) }
      figures.static.push(await judged(Array<ComposedFrame>(T).fill(still)))
    }
    options.onClip?.(i + 1, count)
  }
  return figures
}

/** Frame `t` of frames of `size` numbers each. */
const frameOf = (of: Uint8Array, t: number, size: number): Uint8Array => of.subarray(t * size, (t + 1) * size)

async function composeAll(
  thoughts: Thoughts,
  human: Parameters<typeof openComposer>[1],
  clip: Clip,
  picture: Float32Array,
) {
  const { width, height } = clip
  const whole = { x: 0.5, y: 0.5, width: 1, height: 1 }
  const composer = await openComposer(
    thoughts,
    human,
    clip.poses,
    { picture, width, height, view: whole },
    width,
    height,
  )
  const frames: ComposedFrame[] = []
  for (let t = 0; t < clip.poses.length; t++) frames.push(await composer.frame(t, t))
  await composer.dispose()
  return frames
}

/** What an untrained network thinks: nothing. */
function noThoughts(T: number, W: number, H: number): Thoughts {
  const zero = (shape: number[]) => hostTensor(new Float32Array(shape.reduce((a, b) => a * b)), shape)
  const [h, w] = [H / 16, W / 16]
  return {
    frames: T,
    logits: zero([T, boneCount + 1, h * cellsPerToken, w * cellsPerToken]),
    localFlow: zero([T, 2, h, w]),
    path: zero([T, 4]),
    residual: zero([T, dctChannels, 2 * h, 2 * w]),
  }
}

function measure(produced: readonly ComposedFrame[], clip: Clip): Omit<ClipFigures, 'suite'> {
  const { width: W, height: H } = clip
  const frame = (of: Uint8Array, t: number, channels: number) => frameOf(of, t, W * H * channels)
  const picture = (data: Uint8Array) => ({ width: W, height: H, channels: 3, data })
  const T = produced.length
  const mean = (of: (t: number) => number) => Array.from({ length: T }, (_, t) => of(t)).reduce((a, b) => a + b, 0) / T
  const truth = Array.from({ length: T }, (_, t) => frame(clip.humanMask, t, 1))
  // Where either clip shows a person is no background.
  const covered = produced.map(({ person }, t) => person.map((v, i) => (v > 20 || truth[t]![i]! > 20 ? 1 : 0)))
  const pictures = produced.map(({ picture }) => picture)
  const trueFrames = pictures.map((_, t) => frame(clip.frames, t, 3))
  const path = backgroundPath(frame(clip.background, 0, 3), pictures, covered, W, H)
  const truePath = Array.from({ length: T }, (_, t) => clip.cameraPath.subarray(t * 4, t * 4 + 4))
  const moving = truePath.some(
    ([dx, dy, z, r]) => Math.hypot(dx!, dy!) > 0.01 * W || Math.abs(z!) > 0.01 || Math.abs(r!) > 0.01,
  )
  const steps = backgroundSteps(pictures, trueFrames, covered, W, H)
  const [own, real] = [
    { frames: pictures, person: produced.map(({ person }) => person) },
    { frames: trueFrames, person: truth },
  ]
  return {
    psnr: mean((t) => psnr(picture(pictures[t]!), picture(trueFrames[t]!))),
    ssim: mean((t) => ssim(picture(pictures[t]!), picture(trueFrames[t]!))),
    iou: mean((t) => iou(produced[t]!.person, truth[t]!)),
    identity: identity(own, real, clip.poses, W),
    flicker: flicker(own, real, steps, covered, clip.poses, W),
    moving,
    steps,
    drift: path.reduce((sum, [dx, dy]) => sum + Math.hypot(dx, dy), 0) / T / W,
  }
}

function iou(a: Uint8Array, b: Uint8Array): number {
  let both = 0
  let either = 0
  for (let i = 0; i < a.length; i++) {
    const [inA, inB] = [a[i]! > 127, b[i]! > 127]
    if (inA && inB) both++
    if (inA || inB) either++
  }
  return either === 0 ? 1 : both / either
}
