// One transformer block of CogVideoX (cogvideox-facts 3.3): text and video tokens go through one full attention and one feed-forward,
// sharing all weights but the modulation. AnimateAnywhere hangs its parts on the hooks: reference tokens for keys and values,
// low-rank additions to the projections, and taps of what the other networks need.
import { add, mul, silu, split, unsqueeze } from '../../ir'
import type { Tensor } from '../../ir'
import { feedForward, layerNorm, linear, zeroInit } from '../../nn'
import type { Init, Scope } from '../../nn'
import { joinStreams, jointAttention, splitStreams } from './attention'
import type { AttentionHooks, Rope, Streams } from './attention'
import type { TransformerConfig } from './config'

export interface BlockResult extends Streams {
  /** norm1's output for the video, [B, N, D]: what a ReferenceNet hands over. */
  modulatedVideo: Tensor
  /** The attention's output for the video before its gate, [B, N, D]: what the BML takes from the ControlNet. */
  attentionVideo: Tensor
}

/** One block; `temb` [B, time_embed_dim] is the conditioning vector, `rope` the video tokens' rotary tables. */
export function block(
  scope: Scope,
  streams: Streams,
  temb: Tensor,
  rope: Rope,
  config: TransformerConfig,
  hooks: AttentionHooks = {},
): BlockResult {
  const first = adaptiveNorm(scope.child('norm1'), streams, temb, config.norm_eps)
  const attention = jointAttention(scope.child('attn1'), first, rope, config, hooks)
  const between = gatedSum(streams, first, attention)
  const second = adaptiveNorm(scope.child('norm2'), between, temb, config.norm_eps)
  const joined = joinStreams(second)
  const hidden = feedForward(scope.child('ff'), joined, 4 * joined.shape[2]!)
  return {
    ...gatedSum(between, second, splitStreams(hidden, streams)),
    modulatedVideo: first.video,
    attentionVideo: attention.video,
  }
}

interface Modulated extends Streams {
  videoGate: Tensor
  textGate: Tensor
}

/**
 * A model trained from nothing starts as a plain pre-norm transformer, gates open: no shift, no scale, gate 1, for video and text. With
 * gates at zero, a few hundred steps pass before anything is attended to.
 */
const openGates: Init = { kind: 'parts', values: [0, 0, 1, 0, 0, 1] }

/** adaLN: one LayerNorm for both streams, then shift, scale and gate of each from the conditioning vector. */
function adaptiveNorm(scope: Scope, { video, text }: Streams, temb: Tensor, eps: number): Modulated {
  const width = video.shape[2]!
  const parts = unsqueeze(linear(scope, 'linear', silu(temb), 6 * width, { init: zeroInit, biasInit: openGates }), 1)
  const [shift, scale, gate, textShift, textScale, textGate] = split(parts, Array<number>(6).fill(width), 2)
  const modulate = (x: Tensor, by: Tensor, plus: Tensor) => add(mul(layerNorm(scope, 'norm', x, eps), add(by, 1)), plus)
  return {
    video: modulate(video, scale!, shift!),
    text: modulate(text, textScale!, textShift!),
    videoGate: gate!,
    textGate: textGate!,
  }
}

function gatedSum(streams: Streams, { videoGate, textGate }: Modulated, change: Streams): Streams {
  return {
    video: add(streams.video, mul(videoGate, change.video)),
    text: add(streams.text, mul(textGate, change.text)),
  }
}
