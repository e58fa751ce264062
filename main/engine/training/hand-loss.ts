// The paper's hand loss: the clean clip as one step predicts it, looked at by a feature network inside the hands only, and only where the
// prediction is worth looking at, in the least noisy 30% of timesteps. Hands are a hundredth of the pixels; other losses hardly see them.
import { add, avgPool2d, div, expand, hostTensor, input, maximum, mean, mul, reshape, sub, sum } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import { perClip } from '../models/animate-anywhere'
import { bankFeatures } from '../models/filter-bank'
import { vgg16Taps, vggFeatures } from '../models/vgg'
import { Scope } from '../nn'
import { readNetwork } from '../weights/networks'
import type { Clip } from './clip'

/** Share of the timesteps, from the least noisy one, that count. */
const lateShare = 0.3

export interface HandOptions {
  /** Weight of the term in the objective: the paper's 0.005. */
  readonly weight: number
  /** VGG16's weights by torchvision's names (`readVgg16`); absent: our own filter bank, and the term is called `hand_proxy`. */
  readonly vgg16?: Readonly<Record<string, HostTensor>>
}

/** The paper's weight, with the features that need nobody's weights. */
export const defaultHandOptions: HandOptions = { weight: 0.005 }

/** relu1_2 to relu4_3, or the filter bank's four scales: feature s is 2^s times smaller than the picture. */
const vggTaps = vgg16Taps.slice(0, 4)

/** What the hand loss needs of a vgg16.safetensors. Throws a UserError naming what is missing. */
export function readVgg16(file: string): Record<string, HostTensor> {
  const scope = new Scope()
  vggFeatures(scope, input('pictures', [1, 3, 16, 16]), 'vgg16', vggTaps)
  return readNetwork([file], scope.specs)
}

/** What the term is called among the losses: figures of the filter bank say so. */
export const handTermName = ({ vgg16 }: HandOptions): string => (vgg16 ? 'hand' : 'hand_proxy')

export interface HandPictures {
  /** [N, 3, H, W] in [-1, 1]; sides multiples of 8. */
  readonly produced: Tensor
  readonly truth: Tensor
  /** [N, 1, H, W]: how much of a pixel is hand, 0..1. */
  readonly mask: Tensor
  /** [N]: 1 where the sample counts, 0 where its timestep is too noisy. */
  readonly counts: Tensor
}

/**
 * Mean squared difference of the features inside the hands, averaged over four scales and over all N pictures (those without hands or that
 * do not count give 0). Outside the hands the produced picture is replaced by the truth first, so that a feature at the rim of a hand sees
 * true surroundings and no gradient leaves the hand. The network's weights are constants of the program.
 */
export function handLoss({ vgg16 }: HandOptions, { produced, truth, mask, counts }: HandPictures): Tensor {
  const look = (pictures: Tensor): Tensor[] =>
    vgg16 ? vggFeatures(Scope.frozen(vgg16), pictures, 'vgg16', vggTaps) : bankFeatures(pictures)
  const onlyHands = add(truth, mul(sub(produced, truth), mask))
  const ofTruth = look(truth)
  const perPicture = look(onlyHands).map((features, s) => {
    const difference = sub(features, ofTruth[s]!)
    const inside = s === 0 ? mask : avgPool2d(mask, 2 ** s)
    const distance = sum(mul(mean(mul(difference, difference), 1, true), inside), [1, 2, 3])
    return div(distance, maximum(sum(inside, [1, 2, 3]), 1)) // a sliver of a hand is no whole feature
  })
  const scales = mul(
    perPicture.reduce((a, b) => add(a, b)),
    1 / perPicture.length,
  )
  return mean(mul(scales, counts))
}

/** Whether a sample at `timestep` of `count` counts. */
export const isLate = (timestep: number, count: number): boolean => timestep < lateShare * count

/**
 * Feeds of the hand loss: masks of the `chosen` frames (the same of each clip), and which clips count at their `timesteps` of `count`.
 */
export function handFeeds(
  clips: readonly Pick<Clip, 'handMask' | 'width' | 'height'>[],
  chosen: readonly number[],
  timesteps: readonly number[],
  count: number,
): Record<string, HostTensor> {
  return {
    hand_mask: maskFeed(clips, chosen),
    hand_counts: hostTensor(
      timesteps.map((timestep) => (isLate(timestep, count) ? 1 : 0)),
      [clips.length],
    ),
  }
}

/** [clips, chosen, 1, H, W]: the hands in the `chosen` frames of each clip, 0..1. */
function maskFeed(
  clips: readonly Pick<Clip, 'handMask' | 'width' | 'height'>[],
  chosen: readonly number[],
): HostTensor {
  const { width, height } = clips[0]!
  const area = width * height
  const mask = new Float32Array(clips.length * chosen.length * area)
  clips.forEach(({ handMask }, b) => {
    chosen.forEach((t, s) => {
      const to = (b * chosen.length + s) * area
      for (let i = 0; i < area; i++) mask[to + i] = handMask[t * area + i]! / 255
    })
  })
  return hostTensor(mask, [clips.length, chosen.length, 1, height, width])
}

/** The clean latents that a v-prediction [B, ...] at the noisy ones means: sqrt(alpha) x - sqrt(1 - alpha) v, shares [B]. */
export const oneStepClean = (noisy: Tensor, velocity: Tensor, signal: Tensor, noiseShare: Tensor): Tensor =>
  sub(perClip(noisy, signal), perClip(velocity, noiseShare))

/**
 * The terms with the hand loss of clips [B, S, 3, H, W] in [-1, 1] added to `loss` with its weight, under the name `hand`, or `hand_proxy`
 * where the filter bank stands in for VGG. The program then has the inputs that `handFeeds` fills.
 */
export function withHandLoss<Terms extends { readonly loss: Tensor }>(
  terms: Terms,
  options: HandOptions | undefined,
  produced: Tensor,
  truth: Tensor,
): Terms {
  if (!options) return terms
  const [B, S, , H, W] = produced.shape as [number, number, number, number, number]
  const flat = (x: Tensor): Tensor => reshape(x, [B * S, x.shape[2]!, H, W])
  const counts = reshape(expand(reshape(input('hand_counts', [B]), [B, 1]), [B, S]), [B * S])
  const mask = input('hand_mask', [B, S, 1, H, W])
  const hand = handLoss(options, { produced: flat(produced), truth: flat(truth), mask: flat(mask), counts })
  return {
    ...terms,
    loss: add(terms.loss, mul(hand, options.weight)),
    [handTermName(options)]: hand,
  }
}
