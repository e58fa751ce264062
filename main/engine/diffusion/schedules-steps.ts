// One step back in time: the two samplers that CogVideoX is used with (cogvideox-facts 8.3, 8.4). Both work on the predicted clean
// sample, so models that predict velocity and models that predict the sample itself share them.
import { blend } from './schedules'

/**
 * DDIM (deterministic): from signal share `alpha` to `alphaPrevious` (1 after the last step), given the predicted clean sample `x0`.
 */
export function ddimStep(x: Float32Array, x0: Float32Array, alpha: number, alphaPrevious: number): Float32Array {
  const a = Math.sqrt((1 - alphaPrevious) / (1 - alpha))
  const b = Math.sqrt(alphaPrevious) - Math.sqrt(alpha) * a
  return blend(x, a, x0, b)
}

export interface DpmStep {
  /** Signal share now, after this step (1 for clean), and at the step before, if there was one. */
  alpha: number
  alphaPrevious: number
  alphaBack?: number
  /** The clean sample predicted at the step before; needed unless this is the first or the last step. */
  x0Back?: Float32Array
  /** Standard normal noise, added on every step but the last: this solver follows a stochastic equation. */
  noise: Float32Array
}

/** Whether a DPM step uses the previous prediction (all but the first and the last). */
export function dpmIsSecondOrder({ alphaPrevious, alphaBack }: Pick<DpmStep, 'alphaPrevious' | 'alphaBack'>): boolean {
  return alphaBack !== undefined && alphaPrevious < 1
}

/**
 * DPM-Solver++ SDE, second-order multistep (CogVideoXDPMScheduler). `x0` is the clean sample predicted now; hand it back
 * as `x0Back` of the next step. The infinities at zero signal cancel; nothing is multiplied 0 * Infinity.
 */
export function dpmStep(x: Float32Array, x0: Float32Array, step: DpmStep): Float32Array {
  const { alpha, alphaPrevious, alphaBack, x0Back, noise } = step
  const lambda = halfLogSnr(alpha)
  const h = halfLogSnr(alphaPrevious) - lambda
  const keep = Math.sqrt((1 - alphaPrevious) / (1 - alpha)) * Math.exp(-h)
  const pull = -Math.expm1(-2 * h) * Math.sqrt(alphaPrevious)
  const sigma = Math.sqrt(1 - alphaPrevious) * Math.sqrt(-Math.expm1(-2 * h))
  let target = x0
  if (dpmIsSecondOrder(step)) {
    if (!x0Back) throw new Error('dpmStep: a step in the middle needs x0Back, the prediction of the step before')
    const ahead = h / (2 * (lambda - halfLogSnr(alphaBack!))) // 1 / 2r; 0 after a step from pure noise
    target = blend(x0, 1 + ahead, x0Back, -ahead)
  }
  return blend(blend(x, keep, target, pull), 1, noise, sigma)
}

/** lambda = log(signal / noise) amplitude; -Infinity for pure noise, Infinity for clean. */
function halfLogSnr(alpha: number): number {
  return 0.5 * Math.log(alpha / (1 - alpha))
}
