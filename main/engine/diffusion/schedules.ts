// The noise schedule of CogVideoX (cogvideox-facts 8, diffusers CogVideoXDDIMScheduler): how much signal is left at each of the 1000
// training steps, and the conversions between noise, velocity and clean signal. Coefficients are float64, arrays float32.
import { z } from 'zod'
import { UserError } from '../../media/errors'
import { checkedConfig } from '../checked-config'

const schema = z
  .object({
    num_train_timesteps: z.number().int().min(2).default(1000),
    beta_start: z.number().positive().default(0.00085),
    beta_end: z.number().positive().default(0.012),
    beta_schedule: z.enum(['linear', 'scaled_linear']).default('scaled_linear'),
    snr_shift_scale: z.number().positive().default(1),
    rescale_betas_zero_snr: z.boolean().default(true),
    prediction_type: z.enum(['v_prediction', 'epsilon', 'sample']).default('v_prediction'),
    timestep_spacing: z.literal('trailing').default('trailing'),
    set_alpha_to_one: z.literal(true).default(true),
    trained_betas: z.null().default(null),
  })
  .readonly()

/** Keys as in diffusers' scheduler_config.json. */
export type ScheduleConfig = z.infer<typeof schema>

/** What a model's output means: velocity, noise or the clean sample itself. */
export type PredictionType = ScheduleConfig['prediction_type']

/** Checks a parsed scheduler_config.json. `source` is named in the UserError for a value this implementation does not have. */
export function parseScheduleConfig(json: unknown, source: string): ScheduleConfig {
  return checkedConfig(schema, json, source, 'scheduler')
}

/** The published CogVideoX 1.5 scheduler_config.json. */
export const cogVideoXSchedule: ScheduleConfig = schema.parse({})

/** Squared signal share (alphas_cumprod) of each training step; with zero terminal SNR the last is exactly 0. */
export function alphasCumprod(config: ScheduleConfig = cogVideoXSchedule): Float64Array {
  const { num_train_timesteps: count, beta_start, beta_end, snr_shift_scale: shift } = config
  const root = config.beta_schedule === 'scaled_linear'
  const from = root ? Math.sqrt(beta_start) : beta_start
  const to = root ? Math.sqrt(beta_end) : beta_end
  const alphas = new Float64Array(count)
  let product = 1
  for (let i = 0; i < count; i++) {
    const value = from + (i * (to - from)) / (count - 1)
    product *= 1 - (root ? value * value : value)
    alphas[i] = product / (shift + (1 - shift) * product)
  }
  if (!config.rescale_betas_zero_snr) return alphas
  const first = Math.sqrt(alphas[0]!)
  const last = Math.sqrt(alphas[count - 1]!)
  return alphas.map((alpha) => (((Math.sqrt(alpha) - last) * first) / (first - last)) ** 2)
}

/**
 * The training steps that `steps` sampling steps visit, most noisy first ('trailing' spacing: 50 -> 999, 979 ... 19).
 * As in numpy, some counts (61, 103 ...) give one value more. Rounding is half to even.
 */
export function trailingTimesteps(steps: number, trainSteps = 1000): number[] {
  if (!Number.isInteger(steps) || steps < 1 || steps > trainSteps)
    throw new UserError(`number of sampling steps must be a whole number from 1 to ${trainSteps}, got ${steps}`)
  const stride = trainSteps / steps
  const count = Math.ceil(trainSteps / stride) // numpy.arange(trainSteps, 0, -stride)
  return Array.from({ length: count }, (_, i) => roundHalfToEven(trainSteps - i * stride) - 1)
}

/** The step that follows t when sampling with `steps` steps; negative means clean. Not always the next list entry. */
export function previousTimestep(t: number, steps: number, trainSteps = 1000): number {
  return t - Math.floor(trainSteps / steps)
}

/** x_t = sqrt(alpha) x0 + sqrt(1 - alpha) noise. */
export function addNoise(x0: Float32Array, noise: Float32Array, alpha: number): Float32Array {
  return blend(x0, Math.sqrt(alpha), noise, Math.sqrt(1 - alpha))
}

/** v = sqrt(alpha) noise - sqrt(1 - alpha) x0: the training target of v-prediction. */
export function velocity(x0: Float32Array, noise: Float32Array, alpha: number): Float32Array {
  return blend(noise, Math.sqrt(alpha), x0, -Math.sqrt(1 - alpha))
}

/** The clean sample implied by a model's output at signal share `alpha`. */
export function toClean(kind: PredictionType, x: Float32Array, output: Float32Array, alpha: number): Float32Array {
  switch (kind) {
    case 'v_prediction':
      return blend(x, Math.sqrt(alpha), output, -Math.sqrt(1 - alpha))
    case 'epsilon':
      if (alpha === 0) throw new Error('toClean: a noise prediction says nothing about the sample where alpha is 0')
      return blend(x, 1 / Math.sqrt(alpha), output, -Math.sqrt((1 - alpha) / alpha))
    case 'sample':
      return output
  }
}

/** a x + b y, elementwise. */
export function blend(x: Float32Array, a: number, y: Float32Array, b: number): Float32Array {
  if (x.length !== y.length) throw new Error(`blend: ${x.length} values against ${y.length}`)
  return x.map((value, i) => a * value + b * y[i]!)
}

/** Python's and numpy's round: halves go to the even neighbour. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value)
}
