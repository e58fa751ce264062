// Our own eye for pictures, where the user has no trained one: bars, edges and colour spots at four scales. Fixed, made from formulas,
// free of anybody's weights. It is a PROXY for VGG, Inception and I3D: whatever is computed with it says so in its name (`_proxy`) and
// must never be compared with published figures. What it is good for: ordering our own models, and a perceptual loss offline.
import { abs, add, concat, constant, conv2d, div, mean, mul, pad, reshape, slice, sqrt, sub, sum } from '../../ir'
import type { Tensor } from '../../ir'
import { bankChannels, bankDirections, bankKernels, kernelReach, lowPassKernels } from './kernels'

const scales = 4
const filters = bankKernels()
const lowPass = lowPassKernels()

const edged = (x: Tensor, by: number): Tensor => pad(x, [[0, 0], [0, 0], [by, by], [by, by]], 'edge') // prettier-ignore

/** Half the size, rounded up, without aliasing. */
const halved = (x: Tensor): Tensor =>
  conv2d(edged(x, 2), constant(lowPass, [3, 1, 5, 5]), null, { stride: 2, groups: 3 })

/** The pictures at each scale, and what is left after the last: [N, 3, ceil(H / 2^s), ceil(W / 2^s)]. */
function pyramid(pictures: Tensor): Tensor[] {
  const levels = [pictures]
  for (let s = 0; s < scales; s++) levels.push(halved(levels[s]!))
  return levels
}

const responses = (level: Tensor): Tensor =>
  conv2d(edged(level, kernelReach), constant(filters, [bankChannels, 3, 2 * kernelReach + 1, 2 * kernelReach + 1]))

/**
 * Responses to `pictures` [N, 3, H, W] in [-1, 1] at four scales, each half the last (rounded up): [N, 11, h, w]. Sides at least 16.
 */
export const bankFeatures = (pictures: Tensor): Tensor[] => pyramid(pictures).slice(0, scales).map(responses)

/** Contrast from which on a difference is judged relative to what is there (divisive normalisation, as in the retina). */
const contrast = 0.1

/**
 * `lpips_proxy`: distances [N] of pictures a and b, both [N, 3, H, W] in [-1, 1], as LPIPS is built: squared differences of normalised
 * features, averaged over space and scales; and of the colours that no filter sees.
 */
export function bankDistance(a: Tensor, b: Tensor): Tensor {
  const [fromA, fromB] = [pyramid(a), pyramid(b)]
  const normalised = (level: Tensor): Tensor => {
    const x = responses(level)
    return div(x, sqrt(add(sum(mul(x, x), 1, true), contrast ** 2)))
  }
  const squares = (x: Tensor, y: Tensor): Tensor => {
    const difference = sub(x, y)
    return mean(sum(mul(difference, difference), 1), [1, 2])
  }
  const total = fromA
    .map((level, s) => {
      const other = fromB[s]!
      return s < scales ? squares(normalised(level), normalised(other)) : squares(level, other)
    })
    .reduce((x, y) => add(x, y))
  return mul(total, 1 / (scales + 1))
}

/** Grey levels per unit of a picture in [-1, 1]: Frechet distances of these figures are in grey levels squared. */
const greyLevels = 127.5

/**
 * What `pictures` [N, 3, H, W] in [-1, 1] show, wherever it is: [N, 34]. Per scale the mean energy of each direction and the mean size of
 * the spots; then mean and deviation of the coarsest colours. In grey levels.
 */
export function bankSummary(pictures: Tensor): Tensor {
  const levels = pyramid(pictures)
  const figures = levels.slice(0, scales).flatMap((level) => {
    const x = responses(level)
    const oriented = slice(x, 1, 0, 2 * bankDirections)
    const pairs = reshape(oriented, [x.shape[0]!, bankDirections, 2, ...x.shape.slice(2)])
    const energy = sqrt(add(sum(mul(pairs, pairs), 2), 1e-12))
    return [mean(energy, [2, 3]), mean(abs(slice(x, 1, 2 * bankDirections)), [2, 3])]
  })
  const colours = levels[scales]!
  const centre = mean(colours, [2, 3], true)
  const off = sub(colours, centre)
  const deviation = sqrt(add(mean(mul(off, off), [2, 3]), 1e-12))
  return mul(concat([...figures, reshape(centre, [centre.shape[0]!, 3]), deviation], 1), greyLevels)
}
