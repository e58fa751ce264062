// The paper's ablations as data: which variants of the method a table compares, and which of them the paper found better. Nothing here
// is code of a variant: each is a value of the model's config or of the training objective.
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { paperEpipolar } from '../training/epipolar-loss'
import type { EpipolarOptions } from '../training/epipolar-loss'

export interface Variant {
  readonly backgroundMotion: AnimateAnywhereConfig['backgroundMotion']
  readonly epipolar: EpipolarOptions
}

export interface Row {
  readonly label: string
  readonly variant: Variant
}

export interface Table {
  readonly title: string
  /** The first row is the one that the paper found best: the others are compared with it. */
  readonly rows: readonly Row[]
}

const none: EpipolarOptions = { ...paperEpipolar, mode: 'none' }
const strict: EpipolarOptions = { ...paperEpipolar, mode: 'strict' }
const adaptive = (percentile: number): EpipolarOptions => ({ ...paperEpipolar, mode: 'adaptive', percentile })
const full = (epipolar: EpipolarOptions): Variant => ({ backgroundMotion: 'bml', epipolar })

/** Tables II, III and IV. The first leaves the epipolar loss out, so that its rows differ in one thing. */
export const tables = {
  bml: {
    title: 'Table II: background motion learner',
    rows: [
      { label: 'with BML', variant: full(none) },
      { label: 'without BML', variant: { backgroundMotion: 'none', epipolar: none } },
      { label: 'explicit two-stage', variant: { backgroundMotion: 'two-stage', epipolar: none } },
    ],
  },
  epipolar: {
    title: 'Table III: epipolar loss',
    rows: [
      { label: `adaptive (${paperEpipolar.percentile}%)`, variant: full(adaptive(paperEpipolar.percentile)) },
      { label: 'none', variant: full(none) },
      { label: 'strict', variant: full(strict) },
    ],
  },
  threshold: {
    title: 'Table IV: threshold of the adaptive epipolar loss',
    rows: [paperEpipolar.percentile, 10, 50, 70, 90].map((percentile) => ({
      label: `${percentile}%`,
      variant: full(adaptive(percentile)),
    })),
  },
} as const satisfies Record<string, Table>

export type TableName = keyof typeof tables
export const tableNames = Object.keys(tables) as TableName[]

/** Short, fit for a file name, and the same for equal variants, so that tables share their runs: 'bml-adaptive30'. */
export function variantName({ backgroundMotion, epipolar }: Variant): string {
  return `${backgroundMotion}-${epipolar.mode}${epipolar.mode === 'adaptive' ? epipolar.percentile : ''}`
}

/** The variants of some tables, each once. */
export function variantsOf(names: readonly TableName[]): Variant[] {
  const all = names.flatMap((name) => tables[name].rows.map(({ variant }): Variant => variant))
  return [...new Map(all.map((variant) => [variantName(variant), variant])).values()]
}

/** What is measured of every run, and which way is better. */
export const measures = {
  psnr: { label: 'PSNR, dB', better: 'higher', digits: 2 },
  ssim: { label: 'SSIM', better: 'higher', digits: 4 },
  pan_r: { label: 'pan r', better: 'higher', digits: 3 },
  zoom_r: { label: 'zoom r', better: 'higher', digits: 3 },
  static_drift: { label: 'static drift', better: 'lower', digits: 4 },
  flow_error: { label: 'flow error', better: 'lower', digits: 4 },
  outside_band: { label: 'outside band', better: 'lower', digits: 4 },
} as const satisfies Record<string, { label: string; better: 'higher' | 'lower'; digits: number }>

export type Measure = keyof typeof measures
export const measureNames = Object.keys(measures) as Measure[]
