// The composition's second look. Tokens of 16 pixels say little about single pixels; a small U-Net (Ronneberger et al. 2015) looks at the
// puppet over its place and says how bright the person is there. Whatever more it may say it uses to hedge where the camera or a limb is
// uncertain: learned weights made people transparent, shifts of the outline blurred it, gains and offsets of the place took its contrast away.
import { add, avgPool2d, concat, mean, mul, silu, upsample } from '../../ir'
import type { Tensor } from '../../ir'
import { conv, convBlock, zeroInit } from '../../nn'
import type { Scope } from '../../nn'

/** Channels of the U-Net at full, half and quarter size. */
const widths = [16, 40, 64] as const
/** What an output of 1 stands for. */
const gainUnit = 0.3

/**
 * Looks at composed pictures: evidence [N, C, H, W], what is known of each pixel, sides multiples of 4. Gives the log gain of the person's
 * red, green and blue, [N, 3, H/4, W/4]; it starts at zero.
 */
export function refine(scope: Scope, evidence: Tensor): Tensor {
  const [w0, w1, w2] = widths
  const half = convBlock(scope, 'down.0', avgPool2d(silu(conv(scope, 'conv_in', evidence, w0, 3)), 2), w1)
  const quarter = convBlock(scope, 'down.1', avgPool2d(half, 2), w2)
  // What holds for the whole frame, such as how bright it is, reaches every cell.
  const bottom = convBlock(scope, 'mid', add(quarter, conv(scope, 'whole', mean(quarter, [2, 3], true), w2, 1)), w2)
  const grown = upsample(conv(scope, 'up.0.in', bottom, w1, 1), {
    size: half.shape.slice(2) as [number, number],
    mode: 'bilinear',
  })
  const top = convBlock(scope, 'up.0', concat([half, grown], 1), w1)
  return mul(conv(scope, 'gain', avgPool2d(top, 2), 3, 1, zeroInit), gainUnit)
}
