// The operations of fixtures/numerics/ops.safetensors, written in the IR: what `anywhere parity` and the tests compare with PyTorch.
import {
  abs,
  add,
  amax,
  avgPool2d,
  clamp,
  concat,
  constant,
  conv2d,
  conv3d,
  convTranspose2d,
  cumsum,
  div,
  exp,
  gather,
  gelu,
  greater,
  gridSample,
  groupNorm,
  hostTensor,
  layerNorm,
  log,
  logSoftmax,
  matmul,
  maxPool2d,
  mean,
  mul,
  pad,
  pow,
  reshape,
  rotaryInterleaved,
  scaledDotProductAttention,
  sigmoid,
  silu,
  slice,
  softmax,
  sqrt,
  sub,
  tanh,
  transpose,
  upsample,
  where,
} from '../ir'
import type { Tensor } from '../ir'

/** One operation of the file: its inputs in order, and its entry of `__metadata__.ops`. */
export type ParityOp = (inputs: readonly Tensor[], attrs: Readonly<Record<string, unknown>>) => Tensor

const one =
  (f: (x: Tensor, attrs: Readonly<Record<string, unknown>>) => Tensor): ParityOp =>
  ([x], attrs) =>
    f(x!, attrs)
const two =
  (f: (a: Tensor, b: Tensor) => Tensor): ParityOp =>
  ([a, b]) =>
    f(a!, b!)

/** By the name in the file. */
export const opsParity: Readonly<Record<string, ParityOp>> = {
  matmul: two(matmul),
  matmul_broadcast: two(matmul),
  add_broadcast: two(add),
  div: two(div),
  pow: one((x, { exponent }) => pow(x, exponent as number)),
  softmax: one((x) => softmax(x, -1)),
  log_softmax: one((x) => logSoftmax(x, 1)),
  layer_norm: ([x, w, b], { eps }) => layerNorm(x!, w!, b!, eps as number),
  group_norm: ([x, w, b], { groups, eps }) => groupNorm(x!, groups as number, w!, b!, eps as number),
  silu: one(silu),
  gelu_tanh: one((x) => gelu(x, 'tanh')),
  gelu_erf: one((x) => gelu(x, 'none')),
  exp_log_sqrt: two((a, b) => add(mul(exp(a), log(b)), sqrt(b))),
  sigmoid_tanh: one((x) => add(sigmoid(x), tanh(x))),
  clamp: one((x, { min, max }) => clamp(x, min as number, max as number)),
  where: two((a, b) => where(greater(a, 0), a, mul(b, b))),
  max_reduce: one((x) => amax(x, 1)),
  mean_var: one((x) => {
    const centred = sub(x, mean(x, [0, 2], true))
    return add(mean(x, [0, 2]), mean(mul(centred, centred), [0, 2]))
  }),
  cumsum: one((x, { axis }) => cumsum(x, axis as number)),
  transpose_reshape: one((x) => reshape(transpose(x, [2, 0, 1]), [-1, 3])),
  concat_slice: two((a, b) => slice(concat([a, b], 1), 1, 1, 6, 2)),
  gather: one((x, { index }) => {
    const rows = index as number[]
    return gather(x, constant(hostTensor(rows, [rows.length], 'int64')), 0)
  }),
  pad_replicate: one((x) =>
    pad(
      x,
      [
        [0, 0],
        [0, 0],
        [1, 1],
        [1, 1],
      ],
      'edge',
    ),
  ),
  conv2d: ([x, w, b], { stride, padding }) =>
    conv2d(x!, w!, b, { stride: stride as number, padding: padding as number }),
  conv2d_groups: ([x, w], { groups }) => conv2d(x!, w!, null, { groups: groups as number, padding: 1 }),
  conv3d: ([x, w, b], { padding }) => conv3d(x!, w!, b, { padding: padding as number[] }),
  conv_transpose2d: ([x, w], { stride }) => convTranspose2d(x!, w!, null, { stride: stride as number }),
  avg_pool2d: one((x) => avgPool2d(x, 2)),
  max_pool2d: one((x) => maxPool2d(x, 2)),
  upsample_nearest: one((x) => upsample(x, { scale: 2, mode: 'nearest' })),
  upsample_bilinear: one((x) => upsample(x, { scale: 4, mode: 'bilinear' })),
  grid_sample_zeros: two((x, grid) => gridSample(x, grid, { padding: 'zeros', alignCorners: true })),
  grid_sample_reflection: two((x, grid) => gridSample(x, grid, { padding: 'reflection', alignCorners: true })),
  attention: ([q, k, v]) => scaledDotProductAttention(q!, k!, v!),
  rotary_interleaved: ([x, cos, sin]) => rotaryInterleaved(x!, cos!, sin!),
  mse_l1: two((a, b) => {
    const error = sub(a, b)
    return reshape(add(mean(mul(error, error)), mul(mean(abs(error)), 0.5)), [1])
  }),
}
