// Parity of the noise schedule and the samplers: whole trajectories of a toy model, with the very noises that the reference drew.
import { UserError } from '../../media/errors'
import {
  addNoise,
  alphasCumprod,
  parseScheduleConfig,
  previousTimestep,
  toClean,
  trailingTimesteps,
  velocity,
} from '../diffusion/schedules'
import type { ScheduleConfig } from '../diffusion/schedules'
import { ddimStep, dpmIsSecondOrder, dpmStep } from '../diffusion/schedules-steps'
import { floatsOf, groupsWith, jsonOf, numbersOf, relativeError, rowsOf } from './fixture'
import type { Comparison, Fixture, FixtureKind } from './fixture'

const toyModel = 'v = tanh(0.7*x + 0.1*sin(t/50))'

export const schedulersKind: FixtureKind = {
  name: 'schedulers',
  recognises: (fixture) => groupsWith(fixture, 'alphas_cumprod').length > 0 || fixture.tensors.has('add_noise.x0'),
  run: (fixture) => {
    const config = parseScheduleConfig(jsonOf(fixture, 'config'), fixture.path)
    const compareTrajectory = (group: string) => trajectory(fixture, group, config)
    const noising = fixture.tensors.has('add_noise.x0') ? compareNoising(fixture, config) : []
    return [...groupsWith(fixture, 'trajectory').flatMap(compareTrajectory), ...noising]
  },
}

/** The sampler is named by the group: ddim20 is DDIM with 20 steps. */
function trajectory(fixture: Fixture, group: string, config: ScheduleConfig): Comparison[] {
  const [, sampler, count] = /^(ddim|dpm)(\d+)$/.exec(group) ?? []
  if (!sampler) throw new UserError(`${fixture.path}: ${group} is no sampler; known are ddim<steps> and dpm<steps>`)
  if (fixture.metadata.model !== toyModel)
    throw new UserError(
      `${fixture.path}: trajectories are of the model ${fixture.metadata.model ?? 'unknown'}, known is ${toyModel}`,
    )
  const steps = Number(count)
  const train = config.num_train_timesteps
  const alphas = alphasCumprod(config)
  const timesteps = trailingTimesteps(steps, train)
  const alphaAt = (t: number) => (t < 0 ? 1 : alphas[t]!)

  const noises = sampler === 'dpm' ? noiseSource(fixture, group) : undefined
  let x: Float32Array = floatsOf(fixture, `${group}.x_T`)
  let x0Back: Float32Array | undefined
  const visited = timesteps.flatMap((t, i) => {
    const output = x.map((value) => Math.tanh(0.7 * value + 0.1 * Math.sin(t / 50)))
    const alpha = alphaAt(t)
    const alphaPrevious = alphaAt(previousTimestep(t, steps, train))
    const x0 = toClean(config.prediction_type, x, output, alpha)
    if (noises) {
      const alphaBack = i > 0 ? alphaAt(timesteps[i - 1]!) : undefined
      // The reference draws a second time when it takes the second-order step, and uses that one.
      if (dpmIsSecondOrder({ alphaPrevious, alphaBack })) noises()
      x = dpmStep(x, x0, { alpha, alphaPrevious, alphaBack, x0Back, noise: noises() })
      x0Back = x0
    } else x = ddimStep(x, x0, alpha, alphaPrevious)
    return [...x]
  })
  const compare = (name: string, ours: ArrayLike<number>) => ({
    name: `${group}.${name}`,
    error: relativeError(ours, numbersOf(fixture, `${group}.${name}`)),
  })
  return [compare('timesteps', timesteps), compare('alphas_cumprod', alphas), compare('trajectory', visited)]
}

function noiseSource(fixture: Fixture, group: string): () => Float32Array {
  const name = `${group}.noises`
  const rows = rowsOf(floatsOf(fixture, name), fixture.tensors.get(name)!.shape[0]!)
  let drawn = 0
  return () => rows[drawn++] ?? fail(`${fixture.path}: ${name} has only ${rows.length} draws`)
}

function compareNoising(fixture: Fixture, config: ScheduleConfig): Comparison[] {
  const alphas = alphasCumprod(config)
  const timesteps = numbersOf(fixture, 'add_noise.timesteps')
  const x0 = rowsOf(floatsOf(fixture, 'add_noise.x0'), timesteps.length)
  const noise = rowsOf(floatsOf(fixture, 'add_noise.noise'), timesteps.length)
  const all = (of: typeof addNoise) => timesteps.flatMap((t, i) => [...of(x0[i]!, noise[i]!, alphas[t]!)])
  return [
    { name: 'add_noise.noisy', error: relativeError(all(addNoise), floatsOf(fixture, 'add_noise.noisy')) },
    { name: 'add_noise.velocity', error: relativeError(all(velocity), floatsOf(fixture, 'add_noise.velocity')) },
  ]
}

function fail(what: string): never {
  throw new UserError(what)
}
