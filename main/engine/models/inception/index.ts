// Inception-v3 (Szegedy et al. 2016) up to pool3, as FID measures with it: TensorFlow's network of 2015-12-05 in the form of pytorch-fid,
// whose pooling branches differ from torchvision's. Weights are the user's, under torchvision's names (`Conv2d_1a_3x3.conv.weight` ...).
import { avgPool2d, concat, constant, maxPool2d, mean, mul, upsample } from '../../ir'
import type { Tensor } from '../../ir'
import { convBatchNormRelu } from '../../nn'
import type { Scope } from '../../nn'

/** Pixels per side that the network sees. */
const side = 299

/** A convolution: its width, then its kernel [height, width]; 'same' padding unless it has a stride of 2. */
type Unit = readonly [name: string, width: number, kernel?: readonly [number, number], stride?: 1 | 2]

function unit(scope: Scope, x: Tensor, [name, width, kernel = [1, 1], stride = 1]: Unit): Tensor {
  const padding = stride === 2 ? 0 : kernel.map((length) => (length - 1) / 2)
  return convBatchNormRelu(scope.child(name), x, width, { kernel, stride, padding, conv: 'conv' })
}

const chain = (scope: Scope, x: Tensor, units: readonly Unit[]): Tensor =>
  units.reduce((y, each) => unit(scope, y, each), x)

/** Mean of 3 x 3 neighbours that lie inside the picture (TensorFlow's; PyTorch's would count the padding). */
function averageOfNeighbours(x: Tensor): Tensor {
  const [h, w] = x.shape.slice(2) as [number, number]
  const seen = (length: number, i: number): number => Math.min(i + 1, length - 1) - Math.max(i - 1, 0) + 1
  const share = Float32Array.from({ length: h * w }, (_, i) => 9 / (seen(h, Math.floor(i / w)) * seen(w, i % w)))
  return mul(avgPool2d(x, 3, { stride: 1, padding: 1 }), constant(share, [h, w]))
}

const maximumOfNeighbours = (x: Tensor): Tensor => maxPool2d(x, 3, { stride: 1, padding: 1 })
const halved = (x: Tensor): Tensor => maxPool2d(x, 3, { stride: 2 })

function blockA(scope: Scope, x: Tensor, pool: number): Tensor {
  return concat(
    [
      unit(scope, x, ['branch1x1', 64]),
      chain(scope, x, [
        ['branch5x5_1', 48],
        ['branch5x5_2', 64, [5, 5]],
      ]),
      chain(scope, x, [
        ['branch3x3dbl_1', 64],
        ['branch3x3dbl_2', 96, [3, 3]],
        ['branch3x3dbl_3', 96, [3, 3]],
      ]),
      unit(scope, averageOfNeighbours(x), ['branch_pool', pool]),
    ],
    1,
  )
}

function blockB(scope: Scope, x: Tensor): Tensor {
  const double = chain(scope, x, [
    ['branch3x3dbl_1', 64],
    ['branch3x3dbl_2', 96, [3, 3]],
    ['branch3x3dbl_3', 96, [3, 3], 2],
  ])
  return concat([unit(scope, x, ['branch3x3', 384, [3, 3], 2]), double, halved(x)], 1)
}

function blockC(scope: Scope, x: Tensor, c7: number): Tensor {
  return concat(
    [
      unit(scope, x, ['branch1x1', 192]),
      chain(scope, x, [
        ['branch7x7_1', c7],
        ['branch7x7_2', c7, [1, 7]],
        ['branch7x7_3', 192, [7, 1]],
      ]),
      chain(scope, x, [
        ['branch7x7dbl_1', c7],
        ['branch7x7dbl_2', c7, [7, 1]],
        ['branch7x7dbl_3', c7, [1, 7]],
        ['branch7x7dbl_4', c7, [7, 1]],
        ['branch7x7dbl_5', 192, [1, 7]],
      ]),
      unit(scope, averageOfNeighbours(x), ['branch_pool', 192]),
    ],
    1,
  )
}

function blockD(scope: Scope, x: Tensor): Tensor {
  const three = chain(scope, x, [
    ['branch3x3_1', 192],
    ['branch3x3_2', 320, [3, 3], 2],
  ])
  const seven = chain(scope, x, [
    ['branch7x7x3_1', 192],
    ['branch7x7x3_2', 192, [1, 7]],
    ['branch7x7x3_3', 192, [7, 1]],
    ['branch7x7x3_4', 192, [3, 3], 2],
  ])
  return concat([three, seven, halved(x)], 1)
}

function blockE(scope: Scope, x: Tensor, pooled: Tensor): Tensor {
  const three = unit(scope, x, ['branch3x3_1', 384])
  const double = chain(scope, x, [
    ['branch3x3dbl_1', 448],
    ['branch3x3dbl_2', 384, [3, 3]],
  ])
  return concat(
    [
      unit(scope, x, ['branch1x1', 320]),
      unit(scope, three, ['branch3x3_2a', 384, [1, 3]]),
      unit(scope, three, ['branch3x3_2b', 384, [3, 1]]),
      unit(scope, double, ['branch3x3dbl_3a', 384, [1, 3]]),
      unit(scope, double, ['branch3x3dbl_3b', 384, [3, 1]]),
      unit(scope, pooled, ['branch_pool', 192]),
    ],
    1,
  )
}

/**
 * pool3 of `pictures` [N, 3, H, W] in [-1, 1], any size: resized to 299 x 299 (bilinear, align_corners false, no antialiasing), through
 * the network, averaged over space: [N, 2048].
 */
export function inceptionPool3(scope: Scope, pictures: Tensor): Tensor {
  let x = upsample(pictures, { size: [side, side], mode: 'bilinear' })
  // The stem's convolutions have no padding, but for the third.
  const stem = (name: string, width: number, length: number, stride: number, padding = 0) => {
    const options = { kernel: [length, length], stride, padding, conv: 'conv' }
    x = convBatchNormRelu(scope.child(name), x, width, options)
  }
  stem('Conv2d_1a_3x3', 32, 3, 2)
  stem('Conv2d_2a_3x3', 32, 3, 1)
  stem('Conv2d_2b_3x3', 64, 3, 1, 1)
  x = halved(x)
  stem('Conv2d_3b_1x1', 80, 1, 1)
  stem('Conv2d_4a_3x3', 192, 3, 1)
  x = halved(x)
  x = blockA(scope.child('Mixed_5b'), x, 32)
  x = blockA(scope.child('Mixed_5c'), x, 64)
  x = blockA(scope.child('Mixed_5d'), x, 64)
  x = blockB(scope.child('Mixed_6a'), x)
  x = blockC(scope.child('Mixed_6b'), x, 128)
  x = blockC(scope.child('Mixed_6c'), x, 160)
  x = blockC(scope.child('Mixed_6d'), x, 160)
  x = blockC(scope.child('Mixed_6e'), x, 192)
  x = blockD(scope.child('Mixed_7a'), x)
  x = blockE(scope.child('Mixed_7b'), x, averageOfNeighbours(x))
  // The last block's maximum instead of a mean is a slip in the network of 2015 that every FID since repeats.
  x = blockE(scope.child('Mixed_7c'), x, maximumOfNeighbours(x))
  return mean(x, [2, 3])
}
