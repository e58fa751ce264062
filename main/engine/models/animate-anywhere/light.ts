// How much brighter a person is in a place than in their picture: two small convolutional networks look at the two pictures, at the place
// where somebody's first pose says that the person stands in it. Such a picture is seldom taken where the person is to appear.
import { avgPool2d, concat, gridSample, mean, mul, reshape, silu, slice, transpose } from '../../ir'
import type { Tensor } from '../../ir'
import { convBlock, linear, zeroInit } from '../../nn'
import type { Scope } from '../../nn'
import { BODY } from '../../../motion/types'
import { jointPlaces } from './pose-numbers'

/** Channels at 1/2, 1/4 and 1/8 of the pictures' size. */
const widths = [16, 32, 64] as const
const hidden = 96
/** What an output of 1 stands for. */
const lightUnit = 0.5
/** The ankles among the joints of a pose: how bright the floor is there tells most at night. */
const ankles = [BODY.rightAnkle, BODY.leftAnkle] as const

/**
 * Log gain of the person's red, green and blue [B, 3] in the place of `background` [B, 3, H, W], against the picture `human` [B, 3, H, W], both in
 * [-1, 1], sides multiples of 8. `firstPose` [B, 1, 128] is the first of `poseNumbers`. It starts at zero.
 */
export function personLight(scope: Scope, background: Tensor, human: Tensor, firstPose: Tensor | undefined): Tensor {
  const [B, , H, W] = background.shape as [number, number, number, number]
  const [place, person] = [look(scope.child('place'), background), look(scope.child('human'), human)]
  const all = (of: Tensor) => reshape(mean(of, [2, 3]), [B, of.shape[1]!])
  const known = [place, person].flatMap((seen) => [all(seen), all(mul(seen, seen))])
  if (firstPose) {
    const joints = transpose(jointPlaces(firstPose, W, H), [0, 2, 1, 3])
    const behind = gridSample(place, joints, { padding: 'border', alignCorners: false })
    known.push(
      all(behind),
      all(
        concat(
          ankles.map((joint) => slice(behind, 2, joint, joint + 1)),
          2,
        ),
      ),
    )
    known.push(reshape(firstPose, [B, firstPose.shape[2]!]))
  }
  const first = silu(linear(scope, 'known', concat(known, 1), hidden))
  const thought = silu(linear(scope, 'thought', first, hidden))
  return mul(linear(scope, 'out', thought, 3, { init: zeroInit }), lightUnit)
}

/** What the network sees in a picture, and the picture's own colours: [B, 67, H/8, W/8]. */
function look(scope: Scope, picture: Tensor): Tensor {
  let x = picture
  for (const [level, width] of widths.entries()) x = convBlock(scope, `down.${level}`, avgPool2d(x, 2), width)
  return concat([x, avgPool2d(picture, 8)], 1)
}
