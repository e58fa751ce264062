// From the figures of single clips to those of a model: means, correlations over all frames, Frechet distances, and how sure they are.
import { Random } from '../nn'
import type { BackgroundStep } from './background-motion'
import { concludeAll } from './suite'
import type { SuiteFigures, SuiteMetric } from './suite'

/** The means of DESIGN section 6; NaN where no clip allows the measure. */
interface BasicMetrics {
  /** dB, 0..255 RGB, mean over frames. */
  readonly psnr: number
  readonly ssim: number
  /** Correlation of true and produced background motion from frame to frame, over all frames of clips whose camera moves: to the sides. */
  readonly pan_r: number
  /** Up and down. */
  readonly pan_y_r: number
  readonly zoom_r: number
  readonly roll_r: number
  /** Mean background displacement on static-camera clips, as a share of the width. */
  readonly static_drift: number
  readonly mask_iou: number
  /** 0..1: colours and texture of each part of the body against the true ones. */
  readonly identity: number
  /** Grey levels of change from frame to frame that neither motion nor the true clip explains. */
  readonly flicker: number
}

/** Those, and whatever of `suite.ts` was asked for, under its name there. */
export type Metrics = BasicMetrics & Readonly<Record<string, number>>

export const metricNames = [
  'psnr',
  'ssim',
  'pan_r',
  'pan_y_r',
  'zoom_r',
  'roll_r',
  'static_drift',
  'mask_iou',
  'identity',
  'flicker',
] as const satisfies (keyof BasicMetrics)[]

/** Without Frechet distances: resampling clips makes them larger. */
export type Intervals = Readonly<Record<keyof BasicMetrics, readonly [number, number]>> &
  Readonly<Record<string, readonly [number, number]>>

/** Of figures by metric, those of `names`. */
export const onlyNamed = <Figure>(
  names: readonly string[],
  figures: Readonly<Record<string, Figure>>,
): Record<string, Figure> => Object.fromEntries(Object.entries(figures).filter(([name]) => names.includes(name)))

/** One clip's figures, from which means and correlations are taken. */
export interface ClipFigures {
  readonly psnr: number
  readonly ssim: number
  readonly iou: number
  /** NaN where the true clip shows no part of the body. */
  readonly identity: number
  /** NaN for a clip of one frame. */
  readonly flicker: number
  readonly moving: boolean
  /** Per frame but the first. */
  readonly steps: readonly BackgroundStep[]
  /** Mean displacement of the produced background, as a share of the width. */
  readonly drift: number
  readonly suite: SuiteFigures
}

/** The metrics over all clips, those of the suite under `names`. */
export function conclude(clips: readonly ClipFigures[], names: readonly SuiteMetric[]): Metrics {
  const suites = clips.map(({ suite }) => suite)
  return { ...summarise(clips), ...concludeAll(names, suites) }
}

const movingSteps = (clips: readonly ClipFigures[]) =>
  clips.filter(({ moving }) => moving).flatMap(({ steps }) => steps)
const heldSteps = (clips: readonly ClipFigures[]) => movingSteps(clips).filter(({ held }) => held)

/** From how many steps the background's motion is known, and how many true ones gave no hold. */
export interface StepCount {
  readonly measured: number
  readonly left_out: number
}

export function countSteps(clips: readonly ClipFigures[]): StepCount {
  const measured = heldSteps(clips).length
  return { measured, left_out: movingSteps(clips).length - measured }
}

function summarise(clips: readonly ClipFigures[]): BasicMetrics {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const still = clips.filter((clip) => !clip.moving)
  const steps = heldSteps(clips)
  const follows = (k: number) => correlation(steps.map(({ truth, produced }) => [truth[k]!, produced[k]!]))
  return {
    psnr: mean(clips.map((clip) => clip.psnr)),
    ssim: mean(clips.map((clip) => clip.ssim)),
    pan_r: follows(0),
    pan_y_r: follows(1),
    zoom_r: follows(2),
    roll_r: follows(3),
    static_drift: mean(still.map((clip) => clip.drift)),
    mask_iou: mean(clips.map((clip) => clip.iou)),
    identity: mean(clips.map((clip) => clip.identity).filter(Number.isFinite)),
    flicker: mean(clips.map((clip) => clip.flicker).filter(Number.isFinite)),
  }
}

/** Pearson's correlation; 0 where one side never changes (a still clip follows no camera). */
export function correlation(pairs: readonly (readonly [number, number])[]): number {
  const n = pairs.length
  if (n === 0) return NaN
  const [mx, my] = [0, 1].map((k) => pairs.reduce((sum, pair) => sum + pair[k]!, 0) / n) as [number, number]
  let [xx, yy, xy] = [0, 0, 0]
  for (const [x, y] of pairs) {
    xx += (x - mx) ** 2
    yy += (y - my) ** 2
    xy += (x - mx) * (y - my)
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0
}

const resamples = 500

/** 95% intervals of the basic metrics and of those of the suite that are means, by bootstrap over clips. */
export function intervals(clips: readonly ClipFigures[], averaged: readonly SuiteMetric[]): Intervals {
  const random = new Random('bootstrap')
  const draws = Array.from({ length: resamples }, (): Readonly<Record<string, number>> => {
    const drawn = clips.map(() => random.pick(clips))
    return {
      ...summarise(drawn),
      ...concludeAll(
        averaged,
        drawn.map(({ suite }) => suite),
      ),
    }
  })
  const interval = (name: string): [number, number] => {
    const sorted = draws
      .map((draw) => draw[name]!)
      .filter(Number.isFinite)
      .sort((a, b) => a - b)
    return [sorted[Math.floor(0.025 * sorted.length)] ?? NaN, sorted[Math.floor(0.975 * sorted.length)] ?? NaN]
  }
  const all = <Name extends string>(names: readonly Name[]) =>
    Object.fromEntries(names.map((name) => [name, interval(name)])) as Record<Name, [number, number]>
  return { ...all(metricNames), ...all(averaged) }
}
