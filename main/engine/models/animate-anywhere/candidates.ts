// The puppet's candidates: at every pixel of a frame, what each bone would bring there from the human's picture, and how much of it is
// seen when the bones' flat pieces are laid over each other in the order of their depth. Nothing here is learned.
import { add, clamp, concat, constant, gridSample, log, matmul, mul, reshape, slice, sub, transpose } from '../../ir'
import type { Tensor } from '../../ir'

/** What the human's picture offers at every pixel. */
export interface Candidates {
  /** [B, K, 3, T, H, W] the pixel of the reference picture that each bone would bring here, in [-1, 1]. */
  readonly colour: Tensor
  /** [B, K, T, H, W] prior logit (`candidates`), against `backgroundPrior`. */
  readonly prior: Tensor
}

/** Inputs: the tensors of `PuppetMaps` and the layers of `ReferenceHuman`, batched. */
export interface PuppetTensors {
  /** [B, K, 4, h, w] colours and cover of each bone's piece. */
  readonly layers: Tensor
  /** [B, K, T, 3] */
  readonly along: Tensor
  /** [B, K, T, 3] */
  readonly across: Tensor
  /** [B, K, T] */
  readonly overshoot: Tensor
  /** [B, K, T] */
  readonly taper: Tensor
  /** [B, K, T] */
  readonly known: Tensor
  /** [B, K, T, K] */
  readonly hides: Tensor
  /** [B, K, 6] */
  readonly toReference: Tensor
}

/** The background's logit before anything is learned: what the priors are measured against. */
export const backgroundPrior = -3
/** A piece that covers a pixel by 1 / `fuller` or more covers it whole: sampling softens a limb of few pixels, and so makes it thin. */
const fuller = 1.15
/** Of what lies behind a piece this share still shows, so that no logit is without end. */
const leak = 0.002

/** Where the middles of `count` pixels in a row or a column lie, as a constant of `shape`. */
export const pixelCentres = (count: number, shape: readonly number[]): Tensor =>
  constant(
    Float32Array.from({ length: count }, (_, i) => i + 0.5),
    shape,
  )

/**
 * Bone-wise candidates for T frames of H x W pixels. With cover a_k and k hiding j to the degree h_kj, piece k is seen to the share
 * a_k prod_j (1 - a_j)^h_jk and the background to prod_j (1 - a_j); the prior is the logarithm of their ratio, so that the softmax
 * of untrained logits is the picture painted from back to front (Porter and Duff's 'over', 1984).
 */
export function candidates(puppet: PuppetTensors, width: number, height: number): Candidates {
  const [B, K, T] = puppet.overshoot.shape as [number, number, number]
  const xs = pixelCentres(width, [width])
  const ys = pixelCentres(height, [height, 1])
  const per = (x: Tensor) => reshape(x, [B, K, T, 1, 1])
  /** a x + b y + c over the frame, for coefficients [B, K, T, 3]: one full-size sum. */
  const affine = (coefficients: Tensor) => {
    const [a, b, c] = [0, 1, 2].map((i) => per(slice(coefficients, 3, i, i + 1))) as [Tensor, Tensor, Tensor]
    return add(add(mul(a, xs), c), mul(b, ys))
  }
  const { overshoot } = puppet
  const inside = clamp(affine(puppet.along), 0, 1)
  // With s' = s within 0..1 a pixel leads to o s + (1 - o) s' along the bone and to n + taper (1 - s') n across it: all but s' is affine in the
  // pixel, and so added up beforehand.
  const [far, near, taper] = [overshoot, sub(1, overshoot), puppet.taper].map((x) => reshape(x, [B, K, T, 1])) as [
    Tensor,
    Tensor,
    Tensor,
  ]
  const tapered = mul(puppet.across, taper)
  const one = constant(Float32Array.of(0, 0, 1), [3])
  const axis = (i: number) => {
    const [e, f, p] = [i, i + 1, i + 2].map((j) => reshape(slice(puppet.toReference, 2, j, j + 1), [B, K, 1, 1])) as [
      Tensor,
      Tensor,
      Tensor,
    ]
    const within = sub(mul(mul(near, e), one), mul(tapered, f))
    const everywhere = add(mul(mul(puppet.along, far), e), add(mul(add(puppet.across, tapered), f), mul(p, one)))
    return add(mul(inside, affine(within)), affine(everywhere))
  }
  const grid = concat(
    [reshape(axis(0), [B * K, T * height, width, 1]), reshape(axis(3), [B * K, T * height, width, 1])],
    3,
  )
  const [h, w] = puppet.layers.shape.slice(3) as [number, number]
  const sampled = reshape(
    gridSample(reshape(puppet.layers, [B * K, 4, h, w]), grid, { padding: 'zeros', alignCorners: false }),
    [B, K, 4, T, height, width],
  )
  const covered = mul(reshape(slice(sampled, 2, 3, 4), [B, K, T, height, width]), fuller)
  const cover = mul(clamp(covered, 0, 1), per(puppet.known))
  const clear = log(sub(1, mul(cover, 1 - leak)))
  const area = height * width
  const perFrame = T === 1 ? reshape(clear, [B, 1, K, area]) : transpose(reshape(clear, [B, K, T, area]), [0, 2, 1, 3])
  const behind = matmul(transpose(puppet.hides, [0, 2, 1, 3]), perFrame)
  const hidden =
    T === 1
      ? reshape(behind, [B, K, 1, height, width])
      : reshape(transpose(behind, [0, 2, 1, 3]), [B, K, T, height, width])
  const prior = add(sub(log(add(cover, 1e-4)), hidden), backgroundPrior)
  return { colour: slice(sampled, 2, 0, 3), prior }
}
