// LPIPS (Zhang et al. 2018), version 0.1 with the VGG16 trunk: how different two pictures look, as learned from people's judgements.
import { humanVidFrames } from './humanvid'
import { Network, pictureOf } from './meter'
import type { Meter } from './meter'
import { networkFile } from '../weights/networks'
import { add, conv2d, div, mean, mul, sqrt, sub, sum } from '../ir'
import type { Tensor } from '../ir'
import { vgg16Taps, vggFeatures } from '../models/vgg'
import type { Scope } from '../nn'

/** Each place's features made a unit vector; 1e-10 is added to the length, as the authors do. */
const unitVectors = (x: Tensor): Tensor => div(x, add(sqrt(sum(mul(x, x), 1, true)), 1e-10))

/**
 * Distances [N] of pictures a and b, both [N, 3, H, W] in [-1, 1], sides at least 16. Weights: the trunk's under torchvision's names, the
 * heads' under the lpips package's (`lin0.model.1.weight` [1, 64, 1, 1] ... `lin4.model.1.weight`).
 */
export function lpips(scope: Scope, a: Tensor, b: Tensor): Tensor {
  const [fromA, fromB] = [a, b].map((pictures) => vggFeatures(scope, pictures, 'vgg16', vgg16Taps)) as [
    Tensor[],
    Tensor[],
  ]
  const layers = fromA.map((x, i) => {
    const difference = sub(unitVectors(x), unitVectors(fromB[i]!))
    const head = scope.child(`lin${i}.model.1`).weight('weight', [1, x.shape[1]!, 1, 1], { kind: 'xavier' })
    return mean(conv2d(mul(difference, difference), head), [1, 2, 3])
  })
  return layers.reduce((total, layer) => add(total, layer))
}

/**
 * `lpips`: mean of the frames' distances. `lpips_humanvid`: of its choice of frames, with pictures in [0, 1] given to the network that
 * expects [-1, 1], as HumanVid does. Weights: vgg16.safetensors and lpips.safetensors.
 */
export function openLpips(folder: string, humanVid: boolean): Meter {
  const range = (x: Tensor): Tensor => (humanVid ? mul(add(x, 1), 0.5) : x)
  const network = new Network('lpips', (scope, { a, b }) => lpips(scope, range(a!), range(b!)), [
    networkFile(folder, 'vgg16'),
    networkFile(folder, 'lpips'),
  ])
  return {
    clip: async ({ produced, truth, width, height }) => {
      const values: number[] = []
      const chosen = humanVid ? humanVidFrames(produced.length) : produced.keys()
      for (const t of chosen) {
        const [a, b] = [pictureOf(produced[t]!, width, height), pictureOf(truth[t]!, width, height)]
        values.push(Number((await network.run({ a, b })).data[0]))
      }
      return { values }
    },
    dispose: () => network.dispose(),
  }
}
