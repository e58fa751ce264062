// The few layers that the models are made of. Names of weights are PyTorch's and diffusers': `<name>.weight`, `<name>.bias`.
import { add, gelu, layerNorm as layerNormOp, matmul, mul, reshape, transpose } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import { oneInit, zeroInit } from './scope'
import type { Init, Scope } from './scope'

export interface LinearOptions {
  /** Default true. */
  bias?: boolean
  /** How the weight starts; default 'xavier'. */
  init?: Init
  /** How the bias starts; default zero. */
  biasInit?: Init
  /** Shape under which the weight is stored, when not [outFeatures, in] (same numbers in the same order). */
  weightShape?: readonly number[]
}

/** y = x W^T + b over the last axis: [..., in] -> [..., outFeatures], W [outFeatures, in]. */
export function linear(
  scope: Scope,
  name: string,
  x: Tensor,
  outFeatures: number,
  { bias = true, init = { kind: 'xavier' }, biasInit = zeroInit, weightShape }: LinearOptions = {},
): Tensor {
  const inFeatures = x.shape.at(-1)!
  const matrixShape = [outFeatures, inFeatures]
  const stored = scope.weight(`${name}.weight`, weightShape ?? matrixShape, init)
  const weight = weightShape ? reshape(stored, matrixShape) : stored
  const y = matmul(x, transpose(weight, [1, 0]))
  return bias ? add(y, scope.weight(`${name}.bias`, [outFeatures], biasInit)) : y
}

/** LayerNorm over the last axis (biased variance), with weight and bias unless `affine` is false. */
export function layerNorm(scope: Scope, name: string, x: Tensor, eps: number, affine = true): Tensor {
  if (!affine) return layerNormOp(x, null, null, eps)
  const shape = [x.shape.at(-1)!]
  const weight = scope.weight(`${name}.weight`, shape, oneInit)
  return layerNormOp(x, weight, scope.weight(`${name}.bias`, shape, zeroInit), eps)
}

/** linear -> GELU (tanh form) -> linear back to the width of x. Names `net.0.proj`, `net.2` are diffusers' FeedForward. */
export function feedForward(scope: Scope, x: Tensor, innerFeatures: number): Tensor {
  const hidden = gelu(linear(scope, 'net.0.proj', x, innerFeatures), 'tanh')
  return linear(scope, 'net.2', hidden, x.shape.at(-1)!)
}

/**
 * The low-rank addition scale * B A x to the projection `name` (LoRA): [..., in] -> [..., outFeatures].
 * Weights `<name>.lora_A.weight` [rank, in] and `<name>.lora_B.weight` [outFeatures, rank]; B starts at zero, so it adds nothing.
 */
export function lora(scope: Scope, name: string, x: Tensor, outFeatures: number, rank: number, scale = 1): Tensor {
  const down = linear(scope, `${name}.lora_A`, x, rank, { bias: false })
  const up = linear(scope, `${name}.lora_B`, down, outFeatures, { bias: false, init: zeroInit })
  return scale === 1 ? up : mul(up, scale)
}

/**
 * Sinusoids of scalar conditions: [values.length, width], cosines first: [cos(v f_i)..., sin(v f_i)...],
 * f_i = 10000^(-i / (width/2)) (diffusers Timesteps with flip_sin_to_cos, downscale_freq_shift 0).
 * Made on the host, because sin and cos of large angles are inexact on several graphics cards.
 */
export function sinusoid(values: readonly number[], width: number): HostTensor {
  if (width % 2) throw new Error(`sinusoid: width must be even, got ${width}`)
  const half = width / 2
  const data = new Float32Array(values.length * width)
  values.forEach((value, row) => {
    for (let i = 0; i < half; i++) {
      const angle = value * Math.exp((-Math.log(10000) * i) / half)
      data[row * width + i] = Math.cos(angle)
      data[row * width + half + i] = Math.sin(angle)
    }
  })
  return { dtype: 'float32', shape: [values.length, width], data }
}
