// Full attention over text and video tokens together (cogvideox-facts 3.3, steps 2 to 6), and the hooks AnimateAnywhere needs in it:
// more keys and values, additions to the projections, a view of what enters the softmax.
import { add, concat, ones, pad, reshape, rotaryInterleaved, scaledDotProductAttention } from '../../ir'
import { split, transpose, zeros } from '../../ir'
import type { Tensor } from '../../ir'
import { layerNorm, linear } from '../../nn'
import type { Scope } from '../../nn'
import type { TransformerConfig } from './config'

/** Video tokens [B, N, D] and text tokens [B, L, D]. */
export interface Streams {
  video: Tensor
  text: Tensor
}

/** Rotary tables of some tokens, [tokens, head size]. */
export interface Rope {
  cos: Tensor
  sin: Tensor
}

export type Projection = 'to_q' | 'to_k' | 'to_v' | 'to_out.0'

/** Queries, keys and values as they enter the softmax, [B, heads, tokens, head size]: text first, then video, then reference. */
export interface AttentionTap {
  q: Tensor
  k: Tensor
  v: Tensor
}

export interface AttentionHooks {
  /** Modulated tokens [B, M, D] of the ReferenceNet's copy of this block: more keys and values, no more queries. */
  referenceTokens?: Tensor
  /** Their rotary tables [M, head size]. Without it they are not rotated, like text. */
  referenceRope?: Rope
  /**
   * An addition to a projection (LoRA). `x` [B, L + N, D] is the projection's own input for text and video; the result
   * [B, L + N, D] is added to its output. Reference tokens get no addition.
   */
  lora?: (name: Projection, x: Tensor) => Tensor | undefined
  /** An addition to a projection of any tokens [B, M, D], reference tokens included: what a change of its weight would do. */
  adapter?: (name: Projection, x: Tensor) => Tensor
  onAttention?: (tap: AttentionTap) => void
}

/** q and k are normalised per head with this epsilon, whatever norm_eps says. */
const headNormEps = 1e-6

/** Attention of text and video over text, video and reference, with the projections around it. */
export function jointAttention(
  scope: Scope,
  streams: Streams,
  rope: Rope,
  config: TransformerConfig,
  { referenceTokens, referenceRope, lora, adapter, onAttention }: AttentionHooks = {},
): Streams {
  const joined = joinStreams(streams)
  const [batch, tokens, width] = joined.shape as [number, number, number]
  const heads = config.num_attention_heads
  const headDim = config.attention_head_dim
  const referenceCount = referenceTokens?.shape[1] ?? 0
  const context = referenceTokens ? concat([joined, referenceTokens], 1) : joined

  const project = (name: Projection, from: Tensor, input: Tensor) => {
    const plain = linear(scope, name, from, width)
    const projected = adapter ? add(plain, adapter(name, from)) : plain
    const extra = lora?.(name, input)
    if (!extra) return projected
    return add(
      projected,
      from === context && referenceCount
        ? pad(extra, [
            [0, 0],
            [0, referenceCount],
            [0, 0],
          ])
        : extra,
    )
  }
  const perHead = (x: Tensor) => reshape(x, [batch, x.shape[1]!, heads, headDim])
  const headsFirst = (x: Tensor) => transpose(x, [0, 2, 1, 3])

  const unrotated = streams.text.shape[1]!
  const mainRope = joinRopes([identityRope(unrotated, headDim), rope])
  const contextRope = referenceCount
    ? joinRopes([mainRope, referenceRope ?? identityRope(referenceCount, headDim)])
    : mainRope
  const rotated = (name: string, x: Tensor, by: Rope) =>
    rotaryInterleaved(headsFirst(layerNorm(scope, name, perHead(x), headNormEps)), by.cos, by.sin)

  const q = rotated('norm_q', project('to_q', joined, joined), mainRope)
  const k = rotated('norm_k', project('to_k', context, joined), contextRope)
  const v = headsFirst(perHead(project('to_v', context, joined)))
  onAttention?.({ q, k, v })
  const mixed = reshape(headsFirst(scaledDotProductAttention(q, k, v)), [batch, tokens, width])
  return splitStreams(project('to_out.0', mixed, mixed), streams)
}

/** [text; video] along the tokens: [B, L + N, D]. */
export function joinStreams({ text, video }: Streams): Tensor {
  return concat([text, video], 1)
}

/** The inverse of joinStreams, with the token counts of `like`. */
export function splitStreams(joined: Tensor, like: Streams): Streams {
  const [text, video] = split(joined, [like.text.shape[1]!, like.video.shape[1]!], 1)
  return { text: text!, video: video! }
}

/** Tables that leave `tokens` tokens as they are (angle 0). */
function identityRope(tokens: number, headDim: number): Rope {
  return { cos: ones([tokens, headDim]), sin: zeros([tokens, headDim]) }
}

function joinRopes(ropes: readonly Rope[]): Rope {
  return {
    cos: concat(
      ropes.map(({ cos }) => cos),
      0,
    ),
    sin: concat(
      ropes.map(({ sin }) => sin),
      0,
    ),
  }
}
