// Convolution with batch normalisation as it is at inference: the statistics are numbers, so the two are one convolution. The folding
// is part of the program; where the weights are constants, the runtime does it once.
import { add, conv2d, conv3d, div, mul, relu, reshape, sqrt, sub } from '../ir'
import type { Padding, Tensor } from '../ir'
import { oneInit, zeroInit } from './scope'
import type { Scope } from './scope'

export interface ConvBatchNormOptions {
  /** Two lengths for pictures, three for videos. */
  readonly kernel: readonly number[]
  readonly stride?: number
  readonly padding?: Padding
  /** The convolution's name, beside `bn`. */
  readonly conv: string
}

/** What TensorFlow's Inception networks, and so their PyTorch copies, add to the variance. */
const eps = 1e-3

/**
 * relu(bn(conv(x))), the convolution without a bias: x [N, C, (T,) H, W] to [N, out, ...]. Weights `<conv>.weight` [out, C, ...kernel] and
 * `bn.weight`, `bn.bias`, `bn.running_mean`, `bn.running_var` [out]: PyTorch's BatchNorm in eval mode with eps 0.001.
 */
export function convBatchNormRelu(
  scope: Scope,
  x: Tensor,
  out: number,
  { kernel, stride = 1, padding = 0, conv }: ConvBatchNormOptions,
): Tensor {
  const kernels = scope.weight(`${conv}.weight`, [out, x.shape[1]!, ...kernel], { kind: 'xavier' })
  const gain = scope.weight('bn.weight', [out], oneInit)
  const shift = scope.weight('bn.bias', [out], zeroInit)
  const mean = scope.weight('bn.running_mean', [out], zeroInit)
  const variance = scope.weight('bn.running_var', [out], oneInit)
  const scale = div(gain, sqrt(add(variance, eps)))
  const folded = mul(kernels, reshape(scale, [out, 1, ...kernel.map(() => 1)]))
  const bias = sub(shift, mul(mean, scale))
  return relu((kernel.length === 2 ? conv2d : conv3d)(x, folded, bias, { stride, padding }))
}
