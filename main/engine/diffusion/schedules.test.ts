// Numbers of cogvideox-facts 8, which were checked against diffusers.
import { describe, expect, it } from 'vitest'
import { UserError } from '../../media/errors'
import {
  addNoise,
  alphasCumprod,
  cogVideoXSchedule,
  parseScheduleConfig,
  previousTimestep,
  toClean,
  trailingTimesteps,
  velocity,
} from './schedules'

describe('the noise schedule', () => {
  it('is that of CogVideoX 1.5, with no signal at all at the last step', () => {
    const alphas = alphasCumprod()
    const known: [number, number][] = [
      [0, 0.99915],
      [1, 0.9982334461401823],
      [19, 0.9810104569288466],
      [499, 0.24235916655614523],
      [979, 8.578784340054837e-5],
      [998, 1.967888056621291e-7],
    ]
    for (const [t, alpha] of known) expect(alphas[t]! / alpha).toBeCloseTo(1, 9)
    expect(alphas[999]).toBe(0)
  })

  it('shifts the signal-to-noise ratio before rescaling, as the 2B model does', () => {
    const plain = alphasCumprod({ ...cogVideoXSchedule, rescale_betas_zero_snr: false })
    const shifted = alphasCumprod({ ...cogVideoXSchedule, rescale_betas_zero_snr: false, snr_shift_scale: 3 })
    const snr = (alpha: number) => alpha / (1 - alpha)
    expect(snr(plain[400]!) / snr(shifted[400]!)).toBeCloseTo(3, 9)
  })
})

describe('scheduler_config.json', () => {
  it('is taken with its defaults; what is not implemented is refused by name', () => {
    expect(parseScheduleConfig({ snr_shift_scale: 3, clip_sample: false }, 'f')).toEqual({
      ...cogVideoXSchedule,
      snr_shift_scale: 3,
    })
    expect(() => parseScheduleConfig({ timestep_spacing: 'leading' }, 'f')).toThrow(
      /^f: scheduler config timestep_spacing: /,
    )
    expect(() => parseScheduleConfig([], 'f')).toThrow(UserError)
  })
})

describe('trailing timesteps', () => {
  it('runs from pure noise down in equal strides', () => {
    expect(trailingTimesteps(4)).toEqual([999, 749, 499, 249])
    expect(trailingTimesteps(50).slice(-2)).toEqual([39, 19])
    expect(trailingTimesteps(1)).toEqual([999])
  })

  it('rounds half to even, and has the extra value of numpy where numpy has it', () => {
    expect(trailingTimesteps(16)).toContain(811)
    expect([60, 61, 62, 103, 121, 122].map((steps) => trailingTimesteps(steps).length)).toEqual([
      60, 62, 62, 104, 122, 123,
    ])
  })

  it('takes the previous step by subtraction', () => {
    expect(previousTimestep(999, 50)).toBe(979)
    expect(previousTimestep(19, 50)).toBe(-1)
    expect(previousTimestep(trailingTimesteps(24).at(-1)!, 24)).toBe(0)
  })

  it('refuses what is no number of steps', () => {
    for (const steps of [0, -1, 1.5, NaN, 1001]) expect(() => trailingTimesteps(steps)).toThrow(UserError)
  })
})

describe('noise, velocity and clean sample', () => {
  const x0 = Float32Array.of(1, -2, 0.5)
  const noise = Float32Array.of(0.3, 0.7, -1.1)

  it.each([0.9, 0.25, 0.001])('determine each other at signal share %f', (alpha) => {
    const x = addNoise(x0, noise, alpha)
    const fromVelocity = toClean('v_prediction', x, velocity(x0, noise, alpha), alpha)
    const fromNoise = toClean('epsilon', x, noise, alpha)
    x0.forEach((value, i) => {
      expect(fromVelocity[i]).toBeCloseTo(value, 5)
      expect(fromNoise[i]).toBeCloseTo(value, 4)
    })
    expect(toClean('sample', x, x0, alpha)).toBe(x0)
  })

  it('still knows the clean sample at zero signal from velocity, but not from noise', () => {
    expect(toClean('v_prediction', noise, velocity(x0, noise, 0), 0)).toEqual(x0)
    expect(() => toClean('epsilon', noise, noise, 0)).toThrow('alpha is 0')
  })
})
