import { expect, it } from 'vitest'
import { JobPace } from './progress'

const plan = [
  { stage: 'find the person', share: 0.2 },
  { stage: 'sample', share: 0.3 },
  { stage: 'compose', share: 0.5 },
]

it('the share is that of the whole job, and the estimate counts the stages to come', () => {
  const pace = new JobPace()
  expect(pace.add({ stage: 'load', step: 0, of: 1, plan: [] }, 0)).toEqual({ stage: 'load', step: 0, of: 1, share: 0 })
  pace.add({ stage: 'find the person', step: 0, of: 1, plan }, 0)
  const found = pace.add({ stage: 'find the person', step: 1, of: 1, plan }, 2)
  expect(found).toMatchObject({ share: 0.2, secondsPerStep: 2 })
  expect(found).not.toHaveProperty('etaSeconds') // one finished step is not enough
  const sampled = pace.add({ stage: 'sample', step: 1, of: 3, plan }, 3)
  // 3 s for 0.3 of the work: 7 s for the other 0.7.
  expect(sampled.share).toBeCloseTo(0.3)
  expect(sampled.etaSeconds).toBeCloseTo(7)
  pace.add({ stage: 'sample', step: 2, of: 3, plan }, 4)
  const composing = pace.add({ stage: 'compose', step: 5, of: 10, plan }, 10)
  expect(composing.share).toBeCloseTo(0.75)
})

it('a stage goes by its own pace once it has one', () => {
  const pace = new JobPace()
  pace.add({ stage: 'train', step: 0, of: 100, plan: [{ stage: 'train', share: 1 }] }, 0)
  pace.add({ stage: 'train', step: 1, of: 100, plan: [{ stage: 'train', share: 1 }] }, 60)
  let last
  for (let step = 2; step <= 10; step++)
    last = pace.add({ stage: 'train', step, of: 100, plan: [{ stage: 'train', share: 1 }] }, 60 + step)
  expect(last).toMatchObject({ secondsPerStep: 1, etaSeconds: 90, share: 0.1 })
})

it('a part of a step moves the share', () => {
  const pace = new JobPace()
  const exporting = [{ stage: 'export', share: 1 }]
  pace.add({ stage: 'export', step: 0, of: 2, plan: exporting }, 0)
  expect(pace.add({ stage: 'export', step: 0, part: 0.5, of: 2, plan: exporting }, 5)).toMatchObject({
    share: 0.25,
    etaSeconds: 15,
  })
})
