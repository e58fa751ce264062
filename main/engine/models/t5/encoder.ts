// The encoder of T5 1.1 (cogvideox-facts 7; Raffel et al. 2020), as symbolic layers: relative positions as a bias that all layers
// share, norms without mean, no biases, attention without scaling and without a mask.
import { add, constant, div, gather, gelu, hostTensor, input, matmul, mean, mul, reshape, segment } from '../../ir'
import { softmax, sqrt, transpose, transposeLast } from '../../ir'
import type { Tensor } from '../../ir'
import { linear, oneInit, Scope } from '../../nn'
import type { T5Config } from './config'

/**
 * Token ids (int64 [L]) as features [L, d_model]. Each layer is a segment of its own. Weights are transformers' T5EncoderModel's;
 * the embedding is `shared.weight`.
 */
export function t5Encoder(scope: Scope, ids: Tensor, config: T5Config): Tensor {
  const { num_layers, vocab_size, d_model } = config
  const embedding = scope.weight('shared.weight', [vocab_size, d_model], { kind: 'normal', std: 1 })
  let x = segment(() => gather(embedding, ids, 0))
  const encoder = scope.child('encoder')
  let bias: Tensor | undefined
  for (let i = 0; i < num_layers; i++) {
    const layer = encoder.child(`block.${i}`)
    bias ??= segment(() => positionBias(layer.child('layer.0.SelfAttention'), ids.shape[0]!, config))
    const shared = bias
    x = segment(() => {
      const attended = add(x, attention(layer.child('layer.0'), x, shared, config))
      return add(attended, feedForward(layer.child('layer.1'), attended, config))
    })
  }
  return rmsNorm(encoder, 'final_layer_norm', x, config)
}

/** Name, shape and init of every weight. */
export function t5Specs(config: T5Config): Scope['specs'] {
  const scope = new Scope()
  t5Encoder(scope, input('ids', [1], 'int64'), config)
  return scope.specs
}

/** The bucket of a relative position key - query: half for each direction, single steps first, then logarithmic up to the largest. */
export function positionBucket(relative: number, config: T5Config): number {
  const half = config.relative_attention_num_buckets / 2
  const exact = half / 2
  const base = relative > 0 ? half : 0
  const distance = Math.abs(relative)
  if (distance < exact) return base + distance
  // transformers computes this in float32; the two agree for all positions of a prompt (checked for -225..225).
  const steps = Math.log(distance / exact) / Math.log(config.relative_attention_max_distance / exact)
  return base + Math.min(half - 1, exact + Math.floor(steps * exact))
}

/** [heads, L, L]: what is added to the scores of a query (row) and a key (column). */
function positionBias(scope: Scope, length: number, config: T5Config): Tensor {
  const { num_heads: heads, relative_attention_num_buckets: buckets } = config
  const table = scope.weight('relative_attention_bias.weight', [buckets, heads], { kind: 'normal', std: 1 })
  const ofPair = BigInt64Array.from({ length: length * length }, (_, i) =>
    BigInt(positionBucket((i % length) - Math.floor(i / length), config)),
  )
  const rows = gather(table, constant(hostTensor(ofPair, [length, length])), 0)
  return transpose(rows, [2, 0, 1])
}

function attention(scope: Scope, x: Tensor, bias: Tensor, config: T5Config): Tensor {
  const { num_heads: heads, d_kv: width, d_model } = config
  const length = x.shape[0]!
  const inner = scope.child('SelfAttention')
  const normed = rmsNorm(scope, 'layer_norm', x, config)
  const project = (name: string): Tensor =>
    transpose(reshape(linear(inner, name, normed, heads * width, { bias: false }), [length, heads, width]), [1, 0, 2])
  const scores = add(matmul(project('q'), transposeLast(project('k'))), bias)
  const mixed = transpose(matmul(softmax(scores, -1), project('v')), [1, 0, 2])
  return linear(inner, 'o', reshape(mixed, [length, heads * width]), d_model, { bias: false })
}

function feedForward(scope: Scope, x: Tensor, config: T5Config): Tensor {
  const inner = scope.child('DenseReluDense')
  const normed = rmsNorm(scope, 'layer_norm', x, config)
  const into = (name: string): Tensor => linear(inner, name, normed, config.d_ff, { bias: false })
  return linear(inner, 'wo', mul(gelu(into('wi_0'), 'tanh'), into('wi_1')), config.d_model, { bias: false })
}

/** x / sqrt(mean(x^2) + eps) * weight. */
function rmsNorm(scope: Scope, name: string, x: Tensor, config: T5Config): Tensor {
  const weight = scope.weight(`${name}.weight`, [config.d_model], oneInit)
  const scale = sqrt(add(mean(mul(x, x), [1], true), config.layer_norm_epsilon))
  return mul(div(x, scale), weight)
}
