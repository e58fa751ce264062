// The composition's second look. Tokens of 16 pixels say roughly who is to be seen where; a small U-Net (Ronneberger et al. 2015) then looks
// at the composed pixels themselves and says it exactly, and says how the person and the place are lit: gains and offsets that vary slowly,
// so that they hold at any resolution. It never paints detail: that always comes from the two pictures.
import { add, avgPool2d, concat, conv2d, exp, mean, mul, silu, slice, upsample } from '../../ir'
import type { Tensor } from '../../ir'
import { zeroInit } from '../../nn'
import type { Scope } from '../../nn'

/** Pixels per side of a cell of the light. */
export const lightCell = 4
/** Channels of the light: log gain of the person, log gain of the place, offset of both; red, green, blue each. */
export const lightChannels = 9
/** Channels of the U-Net at full, half and quarter size. */
const widths = [16, 40, 64] as const
/** What an output of 1 stands for. A limb that the prior leaves out needs a logit of 15 to be seen. */
const logitUnit = 4
const lightUnit = 0.3

export interface Refinement {
  /** [N, K + 1, H, W] added to the logits of who is to be seen. */
  readonly logits: Tensor
  /** [N, 9, H/4, W/4] log gain of the person, log gain of the place, offset. */
  readonly light: Tensor
}

/**
 * Looks at composed pictures.
 * @param evidence [N, C, H, W] what is known of each pixel, sides multiples of 4
 * @param bones    K, the number of candidates beside the background
 * All outputs start at zero.
 */
export function refine(scope: Scope, evidence: Tensor, bones: number): Refinement {
  const [w0, w1, w2] = widths
  const conv = (name: string, x: Tensor, out: number, size: 1 | 3, stride: 1 | 2 = 1): Tensor => {
    const kernel = scope.weight(`${name}.weight`, [out, x.shape[1]!, size, size], { kind: 'xavier' })
    return conv2d(x, kernel, scope.weight(`${name}.bias`, [out], zeroInit), { padding: size === 3 ? 1 : 0, stride })
  }
  const level = (name: string, x: Tensor, out: number): Tensor => {
    const first = silu(conv(`${name}.conv1`, x, out, 3))
    return add(first, silu(conv(`${name}.conv2`, first, out, 3)))
  }
  const grown = (name: string, x: Tensor, like: Tensor): Tensor =>
    upsample(conv(name, x, like.shape[1]!, 1), { size: like.shape.slice(2) as [number, number], mode: 'bilinear' })

  const full = silu(conv('conv_in', evidence, w0, 3))
  const half = level('down.0', avgPool2d(full, 2), w1)
  const quarter = level('down.1', avgPool2d(half, 2), w2)
  // What holds for the whole frame, such as how bright it is, reaches every cell.
  const whole = conv('whole', mean(quarter, [2, 3], true), w2, 1)
  const bottom = level('mid', add(quarter, whole), w2)
  const middle = level('up.0', concat([half, grown('up.0.in', bottom, half)], 1), w1)
  const top = silu(conv('up.1.conv1', concat([full, grown('up.1.in', middle, full)], 1), w0, 3))
  return {
    logits: mul(zeroConv(scope, 'logits', top, bones + 1), logitUnit),
    light: mul(zeroConv(scope, 'light', avgPool2d(middle, 2), lightChannels), lightUnit),
  }
}

/** A 1 x 1 convolution that starts at zero. */
function zeroConv(scope: Scope, name: string, x: Tensor, out: number): Tensor {
  const kernel = scope.weight(`${name}.weight`, [out, x.shape[1]!, 1, 1], zeroInit)
  return conv2d(x, kernel, scope.weight(`${name}.bias`, [out], zeroInit))
}

/** The light [N, 9, h, w] at [N, 3, height, width] each: gains (1 = as pictured) of person and place, and the offset. */
export function lightOf(light: Tensor, height: number, width: number): { person: Tensor; place: Tensor; offset: Tensor } {
  const fine = upsample(light, { size: [height, width], mode: 'bilinear' })
  const part = (i: number) => slice(fine, 1, 3 * i, 3 * i + 3)
  return { person: exp(part(0)), place: exp(part(1)), offset: part(2) }
}
