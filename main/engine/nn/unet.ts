// What U-Nets (Ronneberger et al. 2015) are made of: convolutions that keep the size, and blocks of two of them.
import { add, conv2d, silu } from '../ir'
import type { Tensor } from '../ir'
import { zeroInit } from './scope'
import type { Init, Scope } from './scope'

/** A convolution with bias and padding that keeps the size: x [N, C, H, W] to [N, out, H, W], kernel `size` x `size`. */
export function conv(
  scope: Scope,
  name: string,
  x: Tensor,
  out: number,
  size: 1 | 3,
  init: Init = { kind: 'xavier' },
): Tensor {
  const kernel = scope.weight(`${name}.weight`, [out, x.shape[1]!, size, size], init)
  return conv2d(x, kernel, scope.weight(`${name}.bias`, [out], zeroInit), { padding: size === 3 ? 1 : 0 })
}

/** Two 3 x 3 convolutions, the second one beside what it sees. */
export function convBlock(scope: Scope, name: string, x: Tensor, out: number): Tensor {
  const first = silu(conv(scope, `${name}.conv1`, x, out, 3))
  return add(first, silu(conv(scope, `${name}.conv2`, first, out, 3)))
}
