// The training program of a model with the latent head: clean latents and conditions come encoded (latent-batch.ts), and the network runs
// block by block, made anew for its gradient, so that depth costs little memory. The loss is the plain mean square of the velocity's
// error, which is the published weighting (x0 error / (1 - alpha); cogvideox-facts 10.1); the paper's other terms are added to it.
import { add, input, mul } from '../ir'
import { latentInputs, perClip, predictLatents } from '../models/animate-anywhere'
import type { AnimateAnywhereConfig, LatentShape } from '../models/animate-anywhere'
import { tokenGrid } from '../models/cogvideox'
import { Scope } from '../nn'
import { epipolarTerm } from './epipolar-loss'
import { withLatentHandLoss } from './hand-latents'
import type { LatentHandOptions } from './hand-latents'
import { oneStepClean } from './hand-loss'
import { squaredError } from './losses'
import { networkOptions, objectiveOf } from './objective'
import type { Objective, ObjectiveOptions } from './objective'
import { isTrained } from './stages'
import type { Stage } from './stages'

/** Shape of a batch in latents; every program is for one. */
export interface LatentBatchShape extends LatentShape {
  readonly batch: number
  readonly textTokens: number
  /** Whether this batch has a hand to look at; a program without the term is made where it has none. */
  readonly hands: boolean
}

export interface LatentObjectiveOptions extends ObjectiveOptions {
  readonly hand?: LatentHandOptions
}

/** Builds the training program of one stage; the base is frozen unless `options` say otherwise. */
export function latentObjective(
  config: AnimateAnywhereConfig,
  stage: Stage,
  shape: LatentBatchShape,
  options: LatentObjectiveOptions = {},
): Objective {
  const scope = new Scope()
  const t = config.transformer
  const { batch: B, frames, channels, height, width } = shape
  const [clean, noise] = [
    input('clean', [B, frames, channels, height, width]),
    input('noise', [B, frames, channels, height, width]),
  ]
  const [signal, noiseShare] = [input('signal', [B]), input('noise_share', [B])]
  const grid = tokenGrid(t, frames, height, width)
  const epipolar = epipolarTerm(options.epipolar, { batch: B, grid, blocks: t.num_layers })
  const noisy = add(perClip(clean, signal), perClip(noise, noiseShare))
  const predicted = predictLatents(scope, { latents: noisy, ...latentInputs(config, shape, shape) }, config, {
    byBlock: true,
    ...networkOptions(stage, options),
    ...epipolar.hooks,
  })
  const target =
    config.prediction === 'sample' ? clean : add(perClip(noise, signal), mul(perClip(clean, noiseShare), -1))
  const latent = { loss: squaredError(predicted, target) }
  const once = config.prediction === 'sample' ? predicted : oneStepClean(noisy, predicted, signal, noiseShare)
  const hand = shape.hands && options.hand ? withLatentHandLoss(latent, options.hand, once, clean) : latent
  const terms = epipolar.addTo(hand)
  return objectiveOf(`train ${stage} ${width}x${height}x${frames} latents`, scope, terms, (name) =>
    isTrained(name, stage, options.baseFrozen ?? true),
  )
}
