// AnimateAnywhere around a base model that was imported: its config follows from the transformer's, and its parts start as the paper has
// them, ControlNet and ReferenceNet as copies of the base's first blocks, the BML and the control linears at nothing.
import { UserError } from '../../../media/errors'
import type { ExternalWeight, Initializer } from '../../backends/onnx'
import { hostTensor, input } from '../../ir'
import type { HostTensor } from '../../ir'
import { initialise, Scope } from '../../nn'
import type { WeightSpec } from '../../nn'
import { readExternal } from '../../weights/external'
import { innerDim } from '../cogvideox'
import type { TransformerConfig } from '../cogvideox'
import { cogVideoXConfig } from './config'
import type { AnimateAnywhereConfig } from './config'
import { latentInputs } from './latent-inputs'
import { predictLatents } from './model'

/** Rank of the BML as a share of the tokens' width: 128 of 3072. */
const bmlShare = cogVideoXConfig.bmlRank / innerDim(cogVideoXConfig.transformer)

/** The config of AnimateAnywhere on this base. Throws UserError for a base that it is not built on. */
export function importedConfig(transformer: TransformerConfig, source: string): AnimateAnywhereConfig {
  if (transformer.patch_size_t === null)
    throw new UserError(
      `${source} is a CogVideoX 1.0 model (patch_size_t null); AnimateAnywhere needs an image-to-video model of 1.5, such as CogVideoX1.5-5B-I2V`,
    )
  if (transformer.in_channels !== 2 * transformer.out_channels)
    throw new UserError(
      `${source} takes ${transformer.in_channels} channels and gives ${transformer.out_channels}: it is no image-to-video model`,
    )
  const bmlRank = Math.max(4, Math.round(bmlShare * innerDim(transformer)))
  return { ...cogVideoXConfig, transformer, bmlRank }
}

/** Names and shapes of all weights of a model with the latent head. */
export function latentSpecs(config: AnimateAnywhereConfig): ReadonlyMap<string, WeightSpec> {
  const scope = new Scope()
  const { out_channels: channels, patch_size: side, patch_size_t } = config.transformer
  const shape = { frames: patch_size_t ?? 1, channels, height: side, width: side }
  const latents = input('latents', [1, shape.frames, channels, side, side])
  predictLatents(scope, { latents, ...latentInputs(config, shape, { batch: 1, textTokens: 1 }) }, config)
  return scope.specs
}

/** The weight of the base that one of ControlNet's or ReferenceNet's starts as a copy of, where there is one; else the name itself. */
export const copiedFrom = (name: string): string => name.replace(/^(control|reference)\./, '')

/** Every weight: from `method` (what training made), else from the base by the same name, else the base's that it is a copy of, else new. */
export function importedWeights(
  config: AnimateAnywhereConfig,
  base: Readonly<Record<string, ExternalWeight>>,
  method: Readonly<Record<string, HostTensor>>,
): Record<string, Initializer> {
  const specs = latentSpecs(config)
  const fresh = new Map<string, WeightSpec>()
  const weights: Record<string, Initializer> = {}
  for (const [name, spec] of specs) {
    const original = copiedFrom(name)
    const found = method[name] ?? base[name]
    if (found) weights[name] = found
    else if (name === 'control.patch_embed.proj.weight') weights[name] = ofNoiseAlone(base[original]!, spec.shape)
    else if (original !== name && base[original]) weights[name] = base[original]
    else fresh.set(name, spec)
  }
  return { ...weights, ...initialise(fresh, 0) }
}

/** The patch projection's columns for the noisy channels, which come first: [width, features] from [width, 2 features]. */
function ofNoiseAlone(projection: ExternalWeight, shape: readonly number[]): HostTensor {
  const [rows, columns] = shape as [number, number]
  const whole = readExternal(projection)
  const data = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++)
    data.set(whole.subarray(row * 2 * columns, (row * 2 + 1) * columns), row * columns)
  return hostTensor(data, shape)
}
