// DDIM or DPM sampling with classifier-free guidance over two conditions. It knows nothing of pictures or heads: a denoiser gives the clean
// estimate for a noisy sample, with or without the conditions.
import { Random } from '../nn'
import { ddimStep, dpmStep } from './schedules-steps'
import { alphasCumprod, previousTimestep, trailingTimesteps } from './schedules'
import type { ScheduleConfig } from './schedules'

/** Which conditions a pass of the denoiser is given. */
export interface Given {
  readonly reference: boolean
  readonly pose: boolean
}

/** The clean estimate of `noisy` at training step `timestep`, and whatever else the caller wants to keep of the pass. */
export type Denoiser<Extra> = (
  noisy: Float32Array,
  timestep: number,
  given: Given,
) => Promise<{ readonly clean: Float32Array; readonly extra: Extra }>

export type Solver = 'ddim' | 'dpm'

export interface SamplerOptions {
  /** Length of the sample. */
  readonly length: number
  readonly steps: number
  readonly seed: number | string
  /** Guidance for the reference pictures and for the pose: 1 is none, the paper's 2.5 exaggerates what they say. */
  readonly guidance: Guidance
  /** Default: CogVideoX 1.5's. */
  readonly schedule?: ScheduleConfig
  /** 'ddim' (default) is deterministic, 'dpm' a second-order solver that adds noise on every step but the last (CogVideoXDPMScheduler). */
  readonly solver?: Solver
  /** Waited for. */
  readonly onStep?: (step: number, of: number) => void | Promise<void>
  readonly signal?: AbortSignal
}

export interface Guidance {
  readonly reference: number
  readonly pose: number
}

/**
 * clean = none + g_reference (reference - none) + g_pose (both - reference). Passes whose factor is 0 are not run: with equal
 * scales the middle one, with both 1 all but the last.
 */
export async function guided<Extra>(
  denoise: Denoiser<Extra>,
  noisy: Float32Array,
  timestep: number,
  { reference, pose }: Guidance,
): Promise<{ clean: Float32Array; extra: Extra }> {
  const { clean, extra } = await denoise(noisy, timestep, { reference: true, pose: true })
  const add = (to: Float32Array, from: Float32Array, factor: number) => to.map((v, i) => v + factor * from[i]!)
  let out = pose === 1 ? clean : clean.map((v) => v * pose)
  if (reference !== pose) {
    const middle = await denoise(noisy, timestep, { reference: true, pose: false })
    out = add(out, middle.clean, reference - pose)
  }
  if (reference !== 1) {
    const none = await denoise(noisy, timestep, { reference: false, pose: false })
    out = add(out, none.clean, 1 - reference)
  }
  return { clean: out, extra }
}

/** Samples from pure noise. Returns the final clean estimate and the extra of the last, fully conditioned pass. */
export async function sample<Extra>(
  denoise: Denoiser<Extra>,
  options: SamplerOptions,
): Promise<{ clean: Float32Array; extra: Extra }> {
  const alphas = alphasCumprod(options.schedule)
  const timesteps = trailingTimesteps(options.steps, alphas.length)
  const random = new Random(options.seed)
  let noisy: Float32Array = random.normals(options.length)
  let last: { clean: Float32Array; extra: Extra } | undefined
  let x0Back: Float32Array | undefined
  for (const [i, timestep] of timesteps.entries()) {
    options.signal?.throwIfAborted()
    last = await guided(denoise, noisy, timestep, options.guidance)
    const previous = previousTimestep(timestep, options.steps, alphas.length)
    const alpha = alphas[timestep]!
    const alphaPrevious = previous >= 0 ? alphas[previous]! : 1
    if (options.solver === 'dpm') {
      const alphaBack = i > 0 ? alphas[timesteps[i - 1]!]! : undefined
      const noise = random.normals(options.length)
      noisy = dpmStep(noisy, last.clean, {
        ...{ alpha, alphaPrevious, noise },
        ...(alphaBack === undefined ? {} : { alphaBack }),
        ...(x0Back ? { x0Back } : {}),
      })
      x0Back = last.clean
    } else noisy = ddimStep(noisy, last.clean, alpha, alphaPrevious)
    await options.onStep?.(i + 1, timesteps.length)
  }
  return last!
}
