// How near each part of a place is, from its picture: a small U-Net (Ronneberger et al. 2015). Somebody's first pose tells the scale: what the
// picture has at the height of the feet is as near as the person. With it, a camera that goes somewhere passes what is near and keeps what is far.
import { add, avgPool2d, clamp, concat, constant, conv2d, exp, log, mean, pad, reshape, silu, upsample } from '../../ir'
import type { Tensor } from '../../ir'
import { conv, convBlock, linear, zeroInit } from '../../nn'
import type { Scope } from '../../nn'

/** Channels at 1/2, 1/4, 1/8 and 1/16 of the picture's size. */
const widths = [16, 32, 64, 96] as const
/** Nothing counts as nearer than this. */
export const nearest = 4
/** softplus(this) = 1: an untrained model has everything at the person's distance. */
const atPerson = Math.log(Math.E - 1)

/**
 * Nearness [B, 1, H/8, W/8] of the place in a picture [B, 3, H, W] in [-1, 1], sides multiples of 8: the person's distance over the place's own,
 * 0 (endlessly far) to 4. `firstPose` [B, 1, P] is the first of `poseNumbers`.
 */
export function nearness(scope: Scope, picture: Tensor, firstPose: Tensor | undefined): Tensor {
  const [B, , H, W] = picture.shape as [number, number, number, number]
  const half = convBlock(scope, 'down.0', avgPool2d(withPlaces(picture), 2), widths[0])
  const quarter = convBlock(scope, 'down.1', avgPool2d(half, 2), widths[1])
  const eighth = convBlock(scope, 'down.2', avgPool2d(quarter, 2), widths[2])
  const down = convBlock(scope, 'down.3', avgPool2d(eighth, 2), widths[3])
  const scale = firstPose && linear(scope, 'pose.1', silu(linear(scope, 'pose.0', firstPose, widths[3])), widths[3])
  const known = scale ? add(down, reshape(scale, [B, widths[3], 1, 1])) : down
  const whole = add(known, conv(scope, 'whole', mean(known, [2, 3], true), widths[3], 1))
  const mid = convBlock(scope, 'mid', silu(whole), widths[3])
  const grown = upsample(mid, { size: [H / 8, W / 8], mode: 'bilinear' })
  const top = convBlock(scope, 'up.2', concat([eighth, grown], 1), widths[2])
  const out = add(conv(scope, 'out', top, 1, 1, zeroInit), atPerson)
  return smooth(clamp(log(add(exp(clamp(out, -20, 20)), 1)), 0, nearest))
}

/** Two more channels that say where each pixel is, -1 to 1. */
function withPlaces(picture: Tensor): Tensor {
  const [B, , H, W] = picture.shape as [number, number, number, number]
  const where = (of: (x: number, y: number) => number) =>
    constant(
      Float32Array.from({ length: B * H * W }, (_, i) =>
        of(((i % W) + 0.5) / W, (Math.floor((i % (H * W)) / W) + 0.5) / H),
      ),
      [B, 1, H, W],
    )
  return concat([picture, where((x) => 2 * x - 1), where((_, y) => 2 * y - 1)], 1)
}

/** Each cell with its neighbours, 1 : 2 : 1 along and down: what is straight and near bends less. */
function smooth(near: Tensor): Tensor {
  const kernel = constant(
    Float32Array.of(1, 2, 1, 2, 4, 2, 1, 2, 1).map((v) => v / 16),
    [1, 1, 3, 3],
  )
  return conv2d(pad(near, [[0, 0], [0, 0], [1, 1], [1, 1]], 'edge'), kernel) // prettier-ignore
}
