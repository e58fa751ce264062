import { describe, expect, it } from 'vitest'
import type { Job } from '../../../main/api'
import { clock, count, lengthOf, pace, progressWords, secondsLeft, spell, stageWords, weigh } from './words'

const job = (change: Partial<Job>): Job =>
  ({ state: 'running', estimate: { seconds: 70, memory: 1e9, measured: true }, ...change }) as Job

describe('times', () => {
  it.each([
    [0, '0:00'],
    [13.2, '0:14'],
    [70, '1:10'],
    [3725, '1:02:05'],
    [-4, '0:00'],
  ])('%d seconds on the clock are %s', (seconds, text) => expect(clock(seconds)).toBe(text))

  it.each([
    [0.2, '1 s'],
    [45.4, '45 s'],
    [59.7, '1 min'],
    [140, '2 min 20 s'],
    [224, '3 min 44 s'],
    [3600, '1 h'],
    [3900, '1 h 5 min'],
  ])('%d seconds in words are %s', (seconds, text) => expect(spell(seconds)).toBe(text))

  it('a clip has tenths', () => expect(lengthOf(6)).toBe('6.0 s'))
  it('slow steps are counted in seconds, quick ones by the second', () => {
    expect(pace(1.94)).toBe('1.9 s/step')
    expect(pace(0.25)).toBe('4.0 steps/s')
  })
})

describe('sizes and counts', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [123_456_789, '123 MB'],
    [2.5e9, '2.5 GB'],
  ])('%d bytes are %s', (bytes, text) => expect(weigh(bytes)).toBe(text))
  it('one is not many', () => expect([count(1, 'clip'), count(2000, 'clip')]).toEqual(['1 clip', '2,000 clips']))
})

describe('progress', () => {
  it('names the step that is under way, never one more than there are', () => {
    expect(stageWords({ stage: 'sample', step: 4, of: 6, share: 0.6 })).toBe('Step 5 of 6')
    expect(stageWords({ stage: 'sample', step: 6, of: 6, share: 1 })).toBe('Step 6 of 6')
  })
  it('says other stages in words', () => {
    expect(stageWords({ stage: 'load', step: 0, of: 1, share: 0 })).toBe('Loading the model')
    expect(stageWords({ stage: 'compose', step: 11, of: 24, share: 0.9 })).toBe('Composing frames · 12 of 24')
    expect(stageWords({ stage: 'polish', step: 0, of: 1, share: 0.9 })).toBe('Polish')
  })
  it('shows the time left only when it is known', () => {
    expect(progressWords(job({}))).toBe('Starting')
    expect(progressWords(job({ progress: { stage: 'sample', step: 0, of: 6, share: 0 } }))).toBe('Step 1 of 6')
    expect(progressWords(job({ progress: { stage: 'sample', step: 4, of: 6, share: 0.7, etaSeconds: 14 } }))).toBe(
      'Step 5 of 6 · 0:14',
    )
  })
  it('counts what is left of each job', () => {
    expect(secondsLeft(job({ state: 'queued' }))).toBe(70)
    expect(secondsLeft(job({ progress: { stage: 'sample', step: 4, of: 6, share: 0.5 } }))).toBe(35)
    expect(secondsLeft(job({ progress: { stage: 'sample', step: 4, of: 6, share: 0.5, etaSeconds: 14 } }))).toBe(14)
    expect(secondsLeft(job({ state: 'done' }))).toBe(0)
  })
})
