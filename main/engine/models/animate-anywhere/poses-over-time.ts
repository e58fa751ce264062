// Poses as numbers, read over time: one token per frame, two small transformer blocks in which every frame sees every other. What a step is
// against the ground, and which way a body faces, shows only over time; among the few tokens of the frames that is learned from a tenth of
// the clips that hundreds of picture tokens need. The ControlNet is given these features, and the explicit two-stage baseline has no more.
import { add, constant, reshape, scaledDotProductAttention, slice, transpose } from '../../ir'
import type { Tensor } from '../../ir'
import { feedForward, layerNorm, linear, sinusoid } from '../../nn'
import type { Scope } from '../../nn'

const blocks = 2
const headWidth = 32
const eps = 1e-5

/**
 * Features [B, T, width] of `poseNumbers` [B, T, P] (`poseNumbers`) and `hint` [B, hints]; `width` is a multiple of 32.
 */
export function posesOverTime(scope: Scope, poseNumbers: Tensor, hint: Tensor, width: number): Tensor {
  const [B, T] = poseNumbers.shape as [number, number, number]
  const when = sinusoid(
    Array.from({ length: T }, (_, t) => t),
    width,
  )
  const asked = reshape(linear(scope, 'hint', hint, width, { bias: false }), [B, 1, width])
  let x = add(add(linear(scope, 'pose', poseNumbers, width), asked), constant(when))
  for (let i = 0; i < blocks; i++) {
    const block = scope.child(`transformer_blocks.${i}`)
    x = add(x, attention(block.child('attn1'), layerNorm(block, 'norm1', x, eps)))
    x = add(x, feedForward(block.child('ff'), layerNorm(block, 'norm2', x, eps), 4 * width))
  }
  return layerNorm(scope, 'norm_out', x, eps)
}

/** Self-attention over all frames, [B, T, width]. */
function attention(scope: Scope, x: Tensor): Tensor {
  const [B, T, width] = x.shape as [number, number, number]
  const heads = (all: Tensor, part: number) =>
    transpose(
      reshape(slice(all, 2, part * width, (part + 1) * width), [B, T, width / headWidth, headWidth]),
      [0, 2, 1, 3],
    )
  const all = linear(scope, 'to_qkv', x, 3 * width)
  const mixed = scaledDotProductAttention(heads(all, 0), heads(all, 1), heads(all, 2))
  return linear(scope, 'to_out.0', reshape(transpose(mixed, [0, 2, 1, 3]), [B, T, width]), width)
}
