// VGG features (Simonyan & Zisserman 2015), the eye of LPIPS and of the hand loss. Weights are the user's, under torchvision's names
// (`features.0.weight` ...): a network trained by others is no part of this project.
import { constant, conv2d, div, maxPool2d, relu, sub } from '../../ir'
import type { Tensor } from '../../ir'
import { zeroInit } from '../../nn'
import type { Scope } from '../../nn'

/** Convolutions of each stage; stages end in a pooling by 2. */
const stages = { vgg16: [2, 2, 3, 3, 3], vgg19: [2, 2, 4, 4, 4] } as const
const widths = [64, 128, 256, 512, 512] as const

export type Vgg = keyof typeof stages
/** The output of the ReLU after convolution n of stage s: `relu<s>_<n>`, both from 1. */
export type VggTap = `relu${number}_${number}`

/** The last ReLU of each stage of VGG16: what LPIPS compares (all five) and the hand loss (the first four). */
export const vgg16Taps = ['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3', 'relu5_3'] as const

/** Pictures [N, 3, H, W] in [-1, 1] as ImageNet networks take them: minus mean, divided by deviation (0.485.. and 0.229.. of [0, 1]). */
export function imageNetNormalised(pictures: Tensor): Tensor {
  const perColour = (values: readonly number[]) => constant(Float32Array.from(values), [3, 1, 1])
  return div(sub(pictures, perColour([-0.03, -0.088, -0.188])), perColour([0.458, 0.448, 0.45]))
}

/**
 * Features of `pictures` [N, 3, H, W] in [-1, 1] at `taps`, in their order: stage s has the size divided by 2^(s-1), rounded down.
 * Only what the deepest tap needs is declared. Throws for a tap that the network does not have.
 */
export function vggFeatures(scope: Scope, pictures: Tensor, net: Vgg, taps: readonly VggTap[]): Tensor[] {
  const found = new Map<VggTap, Tensor>()
  let x = imageNetNormalised(pictures)
  let layer = 0 // position in torchvision's Sequential, where each convolution is followed by a ReLU and each stage by a pooling
  for (const [s, convolutions] of stages[net].entries()) {
    if (s > 0) {
      x = maxPool2d(x, 2)
      layer++
    }
    for (let n = 1; n <= convolutions; n++) {
      const here = scope.child('features').child(layer)
      const weight = here.weight('weight', [widths[s]!, x.shape[1]!, 3, 3], { kind: 'xavier' })
      x = relu(conv2d(x, weight, here.weight('bias', [widths[s]!], zeroInit), { padding: 1 }))
      layer += 2
      found.set(`relu${s + 1}_${n}`, x)
      if (taps.every((tap) => found.has(tap))) return taps.map((tap) => found.get(tap)!)
    }
  }
  throw new Error(`vggFeatures: ${net} has no ${taps.find((tap) => !found.has(tap))}`)
}
