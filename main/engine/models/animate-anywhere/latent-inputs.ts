// The program inputs of a network that thinks in latents: the same for sampling, for training, and for asking what weights there are.
import { hints } from '../../../motion/hints'
import { input } from '../../ir'
import { innerDim } from '../cogvideox'
import type { AnimateAnywhereConfig } from './config'
import type { LatentShape } from './latent-space'
import type { NetworkInputs } from './network'

/** All that the network is given beside its noisy latents, as inputs 'background_latents', 'pose_latents', 'reference_latents', 'text', ... */
export function latentInputs(
  config: AnimateAnywhereConfig,
  { frames, channels, height, width }: LatentShape,
  { batch, textTokens }: { readonly batch: number; readonly textTokens: number },
): Omit<NetworkInputs, 'latents'> {
  const t = config.transformer
  const latents = (name: string, count = frames, deep = channels) => input(name, [batch, count, deep, height, width])
  return {
    background: latents('background_latents'),
    pose: latents('pose_latents'),
    reference: latents('reference_latents', t.patch_size_t ?? 1, 2 * channels),
    text: input('text', [batch, textTokens, t.text_embed_dim]),
    hint: input('hint', [batch, hints.length]),
    time: input('time', [batch, innerDim(t)]),
    timeZero: input('time_zero', [1, innerDim(t)]),
    ...(t.ofs_embed_dim === null ? {} : { ofs: input('ofs', [1, t.ofs_embed_dim]) }),
  }
}
