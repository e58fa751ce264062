// How good a model is on clips whose truth is known: it renders each clip from its reference human, first background and poses, and the
// produced frames are measured against the true ones, beside two baselines: the still background without a person, and the untrained puppet.
import { UserError } from '../media/errors'
import { backgroundPath, backgroundSteps } from './metrics/background-motion'
import { flicker } from './metrics/flicker'
import { identity } from './metrics/identity'
import { psnr, ssim } from './metrics'
import type { Suite, SuiteMetric } from './metrics/suite'
import { conclude, countSteps, intervals } from './metrics/summary'
import type { ClipFigures, Intervals, Metrics, StepCount } from './metrics/summary'
import { conditionsOf, frameOf, produce, producePuppet, produceStill } from './produced-clip'
import type { Sampling } from './produced-clip'
import type { ComposedFrame } from './render/composing'
import type { Model } from './render/model'
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

export interface EvaluationOptions extends Sampling {
  /** Metrics beside the basic ones. */
  readonly suite?: Suite
  readonly onClip?: (done: number, of: number) => void
}

export type ReadClip = (index: number) => Promise<Clip> | Clip

/** Evaluates `model` on clips read one at a time by `read`, beside the two baselines. */
export async function evaluate(
  model: Model,
  count: number,
  read: ReadClip,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { figures } = await judge(model, count, read, options, true)
  const names = options.suite?.names ?? []
  return {
    clips: count,
    metrics: conclude(figures.model, names),
    baselines: { static: conclude(figures.static, names), puppet: conclude(figures.puppet, names) },
    ci: intervals(figures.model, averagedOf(names, figures.model)),
    background_steps: countSteps(figures.model),
  }
}

export interface Measured {
  readonly metrics: Metrics
  readonly ci: Intervals
  /** To make one clip, on average. */
  readonly seconds: number
}

/** The metrics of `evaluate` for the model alone, in a third of the time. */
export async function measureModel(
  model: Model,
  count: number,
  read: ReadClip,
  options: EvaluationOptions,
): Promise<Measured> {
  const { figures, seconds } = await judge(model, count, read, options, false)
  const names = options.suite?.names ?? []
  return {
    metrics: conclude(figures.model, names),
    ci: intervals(figures.model, averagedOf(names, figures.model)),
    seconds: seconds / count,
  }
}

/** Those of the suite's metrics that are means, and so have an interval. */
const averagedOf = (names: readonly SuiteMetric[], clips: readonly ClipFigures[]) =>
  names.filter((name) => clips.some(({ suite }) => 'values' in suite[name]!))

async function judge(
  model: Model,
  count: number,
  read: ReadClip,
  options: EvaluationOptions,
  withBaselines: boolean,
): Promise<{ figures: Record<'model' | 'puppet' | 'static', ClipFigures[]>; seconds: number }> {
  if (count < 1) throw new UserError('evaluate: the dataset has no clips')
  const figures: Record<'model' | 'puppet' | 'static', ClipFigures[]> = { model: [], puppet: [], static: [] }
  let seconds = 0
  for (let i = 0; i < count; i++) {
    options.signal?.throwIfAborted()
    const clip = await read(i)
    const { width, height, poses } = clip
    const truth = poses.map((_, t) => frameOf(clip.frames, t, 3 * width * height))
    const judged = async (frames: readonly ComposedFrame[]): Promise<ClipFigures> => {
      const produced = frames.map(({ picture }) => picture)
      const suite = (await options.suite?.clip({ produced, truth, poses, width, height })) ?? {}
      return { ...measure(frames, clip), suite }
    }
    const started = performance.now()
    const conditions = conditionsOf(clip)
    const frames = await produce(model, conditions, options)
    seconds += (performance.now() - started) / 1000
    figures.model.push(await judged(frames))
    if (withBaselines) {
      figures.puppet.push(await judged(await producePuppet(conditions)))
      figures.static.push(await judged(produceStill(clip)))
    }
    options.onClip?.(i + 1, count)
  }
  return { figures, seconds }
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
  const moving = clip.backgroundFlow.some((v) => Math.abs(v) > 0.01 * W)
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
