// The metrics' places taken by our own filter bank, for those who have no trained networks. Every name ends in `_proxy`: they order our own
// models by sharpness, texture and movement, and cannot be compared with published figures.
import { concat, mean, mul, slice, sub } from '../ir'
import { bankDistance, bankSummary } from '../models/filter-bank'
import { bothSides, framesOf, Network, pictureOf, rowsOf } from './meter'
import type { Features, Meter } from './meter'

/** `lpips_proxy`: mean distance of the frames, 0 for equal ones, about 0.01 for a slight blur, up to about 3. */
export function openLpipsProxy(): Meter {
  const network = new Network('lpips_proxy', (_, { a, b }) => bankDistance(a!, b!))
  return {
    clip: async ({ produced, truth, width, height }) => {
      const values: number[] = []
      for (const [t, frame] of produced.entries()) {
        const [a, b] = [pictureOf(frame, width, height), pictureOf(truth[t]!, width, height)]
        values.push(Number((await network.run({ a, b })).data[0]))
      }
      return { values }
    },
    dispose: () => network.dispose(),
  }
}

/** `fid_proxy`: Frechet distance of all frames' 34 figures, grey levels squared. */
export function openFidProxy(): Meter {
  const network = new Network('fid_proxy', (_, { x }) => bankSummary(x!))
  const features: Features = async (frames, { width, height }) => {
    const rows: Float32Array[] = []
    for (const frame of frames) rows.push(...rowsOf(await network.run({ x: pictureOf(frame, width, height) })))
    return rows
  }
  return { clip: bothSides(features), dispose: () => network.dispose() }
}

/** `fvd_proxy`: Frechet distance of the clips' 68 figures: the mean of the frames', and that of the differences from frame to frame. */
export function openFvdProxy(): Meter {
  const network = new Network('fvd_proxy', (_, { x }) => {
    const T = x!.shape[0]!
    const steps = mul(sub(slice(x!, 0, 1, T), slice(x!, 0, 0, T - 1)), 0.5)
    return concat([mean(bankSummary(x!), 0, true), mean(bankSummary(steps), 0, true)], 1)
  })
  const features: Features = async (frames, { width, height }) =>
    frames.length < 2 ? [] : rowsOf(await network.run({ x: framesOf(frames, width, height) }))
  return { clip: bothSides(features), dispose: () => network.dispose() }
}
