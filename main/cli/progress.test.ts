import { describe, expect, it } from 'vitest'
import { duration, progressLine } from './progress'

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
