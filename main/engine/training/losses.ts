// Losses on pictures. Coarse scales give the background flow a gradient over distances that single pixels cannot see.
import { abs, add, avgPool2d, div, log, mean, minimum, mul, reshape, sub, sum } from '../ir'
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

/**
 * Huber's error, elementwise: squares within `delta` of 0, straight beyond. Against camera motion of which a third is exactly none, plain
 * absolute errors hold everything at zero: a feature must be right two times in three before it is worth anything.
 */
export function huber(error: Tensor, delta: number): Tensor {
  const size = abs(error)
  const within = minimum(size, delta)
  return mul(mul(within, sub(size, mul(within, 0.5))), 1 / delta)
}

/** Pixels of flow error that count as small. */
const flowDelta = 4

/** Mean Huber error of background flow in pixels over the cells that count: flow and truth [B, T, 2, h, w], valid [B, T, 1, h, w]. */
export function flowError(flow: Tensor, truth: Tensor, valid: Tensor): Tensor {
  return div(sum(mul(huber(sub(flow, truth), flowDelta), valid)), add(mul(sum(valid), 2), 1))
}

/** Pixels of flow error at which a frame begins to look wrong: what is wrong with its person alone weighs as much. */
const visible = 1.2
/** Pixels of flow error that cannot be seen. */
const invisible = 0.5

/**
 * Mean over the frames of log(1 + e / 1.2 px), e a frame's mean flow error, across and down added up; arguments as of `flowError`. PSNR is
 * a logarithm too: what is off by 8 px looks hardly worse than what is off by 4, what is right much better than what is nearly right. So
 * where poses leave several cameras possible the likeliest is learned, not their mean, and a place before which somebody stands is still.
 */
export function unlikeness(flow: Tensor, truth: Tensor, valid: Tensor): Tensor {
  const perFrame = (x: Tensor) => sum(x, [2, 3, 4])
  const off = perFrame(mul(huber(sub(flow, truth), invisible), valid))
  const error = div(off, add(perFrame(valid), 1))
  return mean(log(add(mul(error, 1 / visible), 1)))
}
