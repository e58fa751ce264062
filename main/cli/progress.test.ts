import { describe, expect, it } from 'vitest'
import { Pace, duration, progressLine } from './progress'

const step = (n: number, stage = 'compose') => ({ stage, step: n, of: 10 })

describe('the pace', () => {
  it('gives no estimate before two steps have finished', () => {
    const pace = new Pace()
    expect(pace.add(step(0), 100)).toEqual(step(0))
    expect(pace.add(step(1), 107)).toEqual({ ...step(1), secondsPerStep: 7 })
    expect(pace.add(step(2), 109)).toMatchObject({ etaSeconds: 7 * 8 })
  })

  it('is the median of the intervals, so that a slow first step does not count for long', () => {
    const pace = new Pace()
    for (const [n, time] of [
      [0, 0],
      [1, 60],
      [2, 62],
      [3, 64],
    ] as const)
      pace.add(step(n), time)
    expect(pace.add(step(4), 66)).toEqual({ ...step(4), secondsPerStep: 2, etaSeconds: 12 })
  })

  it('counts from where a resumed run starts', () => {
    const pace = new Pace()
    expect(pace.add(step(5), 10)).toEqual(step(5))
    expect(pace.add(step(6), 13)).toMatchObject({ secondsPerStep: 3, etaSeconds: 12 })
  })

  it('begins anew with each stage', () => {
    const pace = new Pace()
    pace.add(step(1), 0)
    pace.add(step(2), 1)
    expect(pace.add(step(1, 'encode'), 50)).toEqual(step(1, 'encode'))
  })
})

describe('the progress line', () => {
  it('says stage, step, pace, what is left, and details', () => {
    const paced = { stage: 'control', step: 20, of: 100, secondsPerStep: 0.31234, etaSeconds: 200, loss: 0.012345 }
    expect(progressLine(paced)).toBe('control 20/100  0.312 s/step  3 min 20 s left  loss 0.0123')
  })

  it('has nothing left to say of the time when it is done', () => {
    expect(progressLine({ stage: 'sample', step: 6, of: 6, secondsPerStep: 2, etaSeconds: 0 })).toBe(
      'sample 6/6  2 s/step',
    )
  })
})

it.each([
  [0.25, '0.25 s'],
  [12.4, '12 s'],
  [59.7, '1 min 00 s'],
  [3725, '1 h 02 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})
