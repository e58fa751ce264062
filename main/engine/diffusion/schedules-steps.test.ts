// Coefficients of cogvideox-facts 8.3 and 8.4 (50 steps), read off by feeding unit vectors through the steps.
import { describe, expect, it } from 'vitest'
import { alphasCumprod } from './schedules'
import { ddimStep, dpmStep } from './schedules-steps'

const alphas = alphasCumprod()
const at = (t: number) => (t < 0 ? 1 : alphas[t]!)
const one = Float32Array.of(1)
const zero = Float32Array.of(0)

describe('ddimStep', () => {
  it.each([
    [999, 979, 0.999957105, 0.009262173],
    [979, 959, 0.999855294, 0.010108043],
    [499, 479, 0.981618185, 0.036323156],
    [19, -1, 0, 1],
  ])('%i -> %i', (t, previous, a, b) => {
    expect(ddimStep(one, zero, at(t), at(previous))[0]).toBeCloseTo(a, 6)
    expect(ddimStep(zero, one, at(t), at(previous))[0]).toBeCloseTo(b, 6)
  })
})

describe('dpmStep', () => {
  it.each([
    { t: 999, back: undefined, m1: 0, m2: -0.009262173, m3: 1, m4: 0, sigma: 0.999957105 },
    { t: 979, back: 999, m1: 0.478060396, m2: -0.014940998, m3: 1, m4: 0, sigma: 0.878124541 },
    { t: 959, back: 979, m1: 0.637755464, m2: -0.018001179, m3: 1.30460986, m4: 0.30460986, sigma: 0.769739698 },
    { t: 499, back: 519, m1: 0.912993708, m2: -0.070106978, m3: 1.490949301, m4: 0.490949301, sigma: 0.313856653 },
    { t: 39, back: 59, m1: 0.472811694, m2: -0.527137082, m3: 1.806295023, m4: 0.806295023, sigma: 0.100531146 },
    { t: 19, back: 39, m1: 0, m2: -1, m3: 1, m4: 0, sigma: 0 },
  ])('at $t', ({ t, back, m1, m2, m3, m4, sigma }) => {
    const step = { alpha: at(t), alphaPrevious: at(t - 20), alphaBack: back === undefined ? undefined : at(back) }
    const run = (x: Float32Array, x0: Float32Array, x0Back: Float32Array, noise: Float32Array) =>
      dpmStep(x, x0, { ...step, x0Back, noise })[0]
    expect(run(one, zero, zero, zero)).toBeCloseTo(m1, 6)
    expect(run(zero, one, zero, zero)).toBeCloseTo(-m2 * m3, 6)
    expect(run(zero, zero, one, zero)).toBeCloseTo(m2 * m4, 6)
    expect(run(zero, zero, zero, one)).toBeCloseTo(sigma, 6)
  })

  it('does not go on without the previous prediction', () => {
    expect(() => dpmStep(one, one, { alpha: 0.5, alphaPrevious: 0.6, alphaBack: 0.4, noise: one })).toThrow('x0Back')
  })
})
