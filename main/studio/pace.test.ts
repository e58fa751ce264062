import { describe, expect, it } from 'vitest'
import { Pace } from './pace'

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
