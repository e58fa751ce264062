// Losses on pictures. Coarse scales give the background flow a gradient over distances that single pixels cannot see.
import { abs, add, avgPool2d, mean, mul, reshape, sub } from '../ir'
import type { Tensor } from '../ir'

/** Weight of the absolute error beside the squared ones. */
const absoluteWeight = 0.5

/** Mean squared error at full, 1/4 and 1/16 scale plus 0.5 mean absolute error, of clips [B, T, C, H, W]; sides multiples of 16. */
export function pictureLoss(produced: Tensor, truth: Tensor): Tensor {
  const [B, T, C, H, W] = produced.shape as [number, number, number, number, number]
  const error = reshape(sub(produced, truth), [B * T, C, H, W])
  const quarter = avgPool2d(error, 4)
  const sixteenth = avgPool2d(quarter, 4)
  const squares = [error, quarter, sixteenth].map((e) => mean(mul(e, e)))
  return add(squares.reduce(add), mul(mean(abs(error)), absoluteWeight))
}

/** Mean squared error. */
export function squaredError(produced: Tensor, truth: Tensor): Tensor {
  const error = sub(produced, truth)
  return mean(mul(error, error))
}
