// The adaptive epipolar loss on the 3D attention map: what shows background may look for itself in other frames only along epipolar
// lines. Of the attention that falls elsewhere, only the weak part is pushed down: strong attention off the lines has its reasons.
// Neither the map nor the mask is ever N x N: r query rows of each clip are drawn per step (epipolar-feeds.ts) and tested against bands.
import {
  add,
  amax,
  cast,
  constant,
  div,
  gather,
  greater,
  input,
  less,
  log,
  logicalAnd,
  logicalNot,
  matmul,
  maximum,
  mean,
  mul,
  neg,
  reshape,
  slice,
  softmax,
  stopGradient,
  sub,
  sum,
  transpose,
  transposeLast,
  where,
} from '../ir'
import type { Tensor } from '../ir'
import { bandNumbers } from '../geometry/bands'
import type { AttentionTap, TokenGrid } from '../models/cogvideox'

export const epipolarModes = ['none', 'strict', 'adaptive'] as const

export interface EpipolarOptions {
  /** 'strict' pushes down all attention outside the bands, 'adaptive' only the weak part of it, 'none' leaves the term out. */
  readonly mode: (typeof epipolarModes)[number]
  /** What counts as weak: below this percentile of the query's attention to background tokens, 0..100. */
  readonly percentile: number
  /** Of the term in the objective. */
  readonly weight: number
}

/** The paper's. */
export const paperEpipolar: EpipolarOptions = { mode: 'adaptive', percentile: 30, weight: 0.2 }

/** What the loss is told about the clips of a batch, N = tokens of the grid: program inputs that `epipolarFeeds` fills. */
export interface EpipolarInputs {
  /** [B r] int64: the sampled queries, as rows of all clips' video tokens one after another (clip * N + token). */
  readonly rows: Tensor
  /** [B, r] what each query counts; 0 leaves it out. */
  readonly weights: Tensor
  /** [B, r, T, 6] bands of each query in each token frame (geometry/bands.ts), in tokens. */
  readonly bands: Tensor
  /** [B, N] 1 for a token of background, 0 for one of the human. */
  readonly ground: Tensor
}

/** The program inputs for `rows` queries of each of `batch` clips. */
export function epipolarInputs(batch: number, grid: TokenGrid, rows: number): EpipolarInputs {
  return {
    rows: input('epipolar_rows', [batch * rows], 'int64'),
    weights: input('epipolar_weights', [batch, rows]),
    bands: input('epipolar_bands', [batch, rows, grid.time, bandNumbers]),
    ground: input('epipolar_ground', [batch, grid.time * grid.height * grid.width]),
  }
}

/**
 * Main blocks whose maps the loss is taken on: those at one and two thirds of the depth. The first blocks look at their own
 * surroundings and the last ones write the output; between them frames are matched. The gradient passes every BML before the block.
 */
export const epipolarBlocks = (count: number): number[] => [...new Set([1, 2].map((n) => Math.floor((n * count) / 3)))]

/**
 * L_epi of one block (DESIGN 1): the weighted sum over the sampled queries i of
 *   l_i = mean over j in Omega_i of K A_ij,   Omega_i = (j outside i's band) and (j shows background) [and (A_ij < delta_i)].
 * A is the softmax over all K keys (text, video, reference), averaged over the heads: heads may differ, the block's map is what the
 * geometry holds for. K A is attention in units of an even spread, 1 = what each key would get; a plain mean of A shrinks with the
 * clip's size and would be nothing beside the other losses. delta_i is the percentile of the query's own row over all tokens of background:
 * per row, since rows differ in peakedness and since only then a sample of rows has the same loss in expectation as all; not per frame,
 * since how much a far frame matters is the model's affair. No gradient flows through Omega. Text, reference and human keys are never in
 * it; a query without Omega has l = 0.
 *
 * Sampling: with weights 1 / (clips r) and rows drawn evenly from a clip's n background tokens, loss and gradient have no bias;
 * without replacement the variance of a clip's share is (1 - r/n) s^2 / r, s^2 = variance of l over its n rows.
 */
export function epipolarLoss(
  { q, k }: Pick<AttentionTap, 'q' | 'k'>,
  inputs: EpipolarInputs,
  grid: TokenGrid,
  { mode, percentile }: Omit<EpipolarOptions, 'weight'>,
): Tensor {
  const keys = k.shape[2]!
  const attention = sampledAttention(q, k, inputs, grid)
  const ground = reshape(inputs.ground, [attention.shape[0]!, 1, attention.shape[2]!])
  const outside = logicalAnd(logicalNot(insideBands(inputs.bands, grid)), greater(ground, 0))
  const omega = mode === 'strict' ? outside : logicalAnd(outside, weakest(attention, ground, percentile / 100))
  const count = sum(cast(omega, 'float32'), 2)
  const total = sum(where(omega, attention, 0), 2)
  return sum(mul(inputs.weights, mul(div(total, maximum(count, 1)), keys)))
}

/** Rows of the attention map of the sampled queries over the video's keys, mean of the heads: [B, r, N]. */
function sampledAttention(q: Tensor, k: Tensor, { rows, weights }: EpipolarInputs, grid: TokenGrid): Tensor {
  const [B, heads, tokens, size] = q.shape as [number, number, number, number]
  const r = weights.shape[1]!
  const N = grid.time * grid.height * grid.width
  const text = tokens - N
  const video = reshape(transpose(slice(q, 2, text, tokens), [0, 2, 1, 3]), [B * N, heads * size])
  const sampled = transpose(reshape(gather(video, rows, 0), [B, r, heads, size]), [0, 2, 1, 3])
  const logits = matmul(mul(sampled, 1 / Math.sqrt(size)), transposeLast(k))
  return mean(slice(softmax(logits, -1), 3, text, tokens), 1)
}

/** Whether the centre of each token is inside the band of each query, bool [B, r, N]: `insideBand` as a program. */
function insideBands(bands: Tensor, { time, height, width }: TokenGrid): Tensor {
  const [B, r] = bands.shape as [number, number]
  const cells = height * width
  const x = constant(Float32Array.from({ length: cells }, (_, i) => (i % width) + 0.5))
  const y = constant(Float32Array.from({ length: cells }, (_, i) => Math.floor(i / width) + 0.5))
  const [a, b, c, from, to, radius] = Array.from({ length: bandNumbers }, (_, i) => slice(bands, 3, i, i + 1)) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ]
  const across = add(add(mul(a, x), mul(b, y)), c)
  const along = sub(mul(b, x), mul(a, y))
  const beyond = maximum(maximum(sub(from, along), sub(along, to)), 0)
  const squared = add(mul(across, across), mul(beyond, beyond))
  return reshape(less(squared, mul(radius, radius)), [B, r, time * cells])
}

/** Halvings of the range of logarithms (at most 85) in which a row's percentile is sought: to within 5e-6 of itself. */
const halvings = 24
const tiny = 1e-37

/**
 * bool [B, r, N]: the `share` of the row's tokens of background with the least attention, rounded down; equals at the limit are all left
 * out. By halving, with counts alone: sorting would leave the GPU on the portable target.
 */
function weakest(attention: Tensor, ground: Tensor, share: number): Tensor {
  const values = log(maximum(stopGradient(attention), tiny))
  const limit = add(mul(sum(ground, 2, true), share), 1e-3) // whole counts must not fall victim to rounding
  // Background only; all other values are moved out of the range between the row's least and greatest.
  const beyond = mul(sub(1, ground), 1e3)
  let low = neg(amax(neg(add(values, beyond)), 2, true))
  let high = add(amax(sub(values, beyond), 2, true), 1)
  for (let i = 0; i < halvings; i++) {
    const middle = mul(add(low, high), 0.5)
    const below = sum(mul(cast(less(values, middle), 'float32'), ground), 2, true)
    const tooMany = greater(below, limit)
    low = where(tooMany, low, middle)
    high = where(tooMany, middle, high)
  }
  return less(values, low)
}

/** The losses of the blocks of one network. */
export interface EpipolarTerm {
  /** Options of the network. */
  readonly hooks: { readonly onAttention?: (block: number, tap: AttentionTap) => void }
  /** After the network was made: the terms with `epipolar`, the mean of the blocks' losses, which `loss` then holds with its weight. */
  addTo<Terms extends { readonly loss: Tensor }>(terms: Terms): Terms & { readonly epipolar?: Tensor }
}

/**
 * The term for a network of `blocks` main blocks on clips of this grid, with `rows` queries of each clip; nothing where the options leave
 * it out. The program then has the inputs that `epipolarFeeds` fills.
 */
export function epipolarTerm(
  options: EpipolarOptions | undefined,
  { batch, grid, blocks, rows = epipolarRows }: { batch: number; grid: TokenGrid; blocks: number; rows?: number },
): EpipolarTerm {
  if (!usesEpipolar(options)) return { hooks: {}, addTo: (terms) => terms }
  const inputs = epipolarInputs(batch, grid, rows)
  const wanted = epipolarBlocks(blocks)
  const losses: Tensor[] = []
  return {
    hooks: {
      onAttention: (block, tap) => {
        if (wanted.includes(block)) losses.push(epipolarLoss(tap, inputs, grid, options))
      },
    },
    addTo: (terms) => {
      const epipolar = mul(
        losses.reduce((a, b) => add(a, b)),
        1 / losses.length,
      )
      return { ...terms, loss: add(terms.loss, mul(epipolar, options.weight)), epipolar }
    },
  }
}

/** Whether these options have the term. */
export const usesEpipolar = (options: EpipolarOptions | undefined): options is EpipolarOptions =>
  options !== undefined && options.mode !== 'none'

/** Query rows of each clip in a step: a tenth of mini's tokens; at CogVideoX's 45,000 tokens and 48 heads their map is 280 MB. */
export const epipolarRows = 32
