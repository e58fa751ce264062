// From the points of a training run to curves: one per loss, smoothed, in the columns that a chart wants.
import type { LossPoint } from '../../../main/api'

export interface Curves {
  readonly steps: readonly number[]
  readonly names: readonly string[]
  /** One column per name, as long as `steps`; null where a loss was not told. */
  readonly raw: readonly (readonly (number | null)[])[]
  readonly smooth: readonly (readonly (number | null)[])[]
}

/** `amount` 0 (none) .. 0.99: the share of the past in each value of the running average. */
export function curvesOf(points: readonly LossPoint[], amount: number): Curves {
  const names = lossNames(points)
  const raw = names.map((name) => points.map(({ losses }) => finite(losses[name])))
  return { steps: points.map(({ step }) => step), names, raw, smooth: raw.map((column) => smoothed(column, amount)) }
}

/** The sum first, as it is what training follows; the others as the engine orders them. */
export function lossNames(points: readonly LossPoint[]): string[] {
  const names = new Set<string>()
  for (const { losses } of points) for (const name of Object.keys(losses)) names.add(name)
  return [...names].sort((a, b) => Number(b === 'loss') - Number(a === 'loss'))
}

/** Running average, corrected at its beginning so that it does not start at zero. */
export function smoothed(values: readonly (number | null)[], amount: number): (number | null)[] {
  let average = 0
  let weight = 0
  return values.map((value) => {
    if (value === null) return null
    average = amount * average + (1 - amount) * value
    weight = amount * weight + (1 - amount)
    return average / weight
  })
}

/** With a newer point added or put in its place; the same list when nothing is new. Steps ascend. */
export function withPoint(points: readonly LossPoint[], point: LossPoint): readonly LossPoint[] {
  const last = points.at(-1)
  if (!last || last.step < point.step) return [...points, point]
  if (last.step === point.step) return points
  // A resumed run goes on from its checkpoint: what came after that is trained again.
  return [...points.filter(({ step }) => step < point.step), point]
}

/** What the artist reads for each loss the engine tells of. */
export const lossWords: Readonly<Record<string, { readonly name: string; readonly hint: string }>> = {
  loss: { name: 'All together', hint: 'The sum that training makes smaller' },
  picture: { name: 'Picture', hint: 'How far the rendered pictures are from the footage' },
  near: {
    name: 'Camera',
    hint: 'How far the camera’s movement from frame to frame is from the true one, at the person’s distance',
  },
  travel: { name: 'Travel', hint: 'How far the way that the camera goes is from the true one' },
  flow: { name: 'Place', hint: 'How far the place’s movement in the picture (background flow) is from the true one' },
  unlike: {
    name: 'Unlikeness',
    hint: 'How different the camera makes frames look from the true ones, as their PSNR would tell',
  },
  epipolar: {
    name: 'Epipolar',
    hint: 'How much the place is looked for where the camera’s movement cannot have put it',
  },
  hand: { name: 'Hands', hint: 'How different the hands look from those in the footage, as VGG16 sees them' },
  hand_proxy: { name: 'Hands (proxy)', hint: 'How different the hands look, as our own filters see them' },
}

export const lossName = (name: string): string => lossWords[name]?.name ?? name

/** Three figures that matter: 0.0123, 1.23e-5. */
export function lossText(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toPrecision(3)
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null
