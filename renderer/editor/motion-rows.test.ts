import { expect, test } from 'vitest'
import { FOLLOW, AVERAGE, emptyKeypoints } from '../../main/motion'
import type { Motion } from '../../main/motion'
import { keyRows, runsOf, seenRows, spansOf } from './motion-rows'

const still = { value: [0, 0, 0, 1] as [number, number, number, number] }
const motion: Motion = {
  name: 'Nod',
  duration: 1,
  loop: false,
  proportions: { ...AVERAGE },
  root: [{ time: 0, value: [0, 0.9, 0] }],
  bones: {
    head: [
      { time: 0, ...still },
      { time: 0.5, ...still },
    ],
    neck: [
      { time: 0.5, ...still },
      { time: 1, ...still },
    ],
    leftIndexProximal: [{ time: 0.25, ...still }],
  },
  framing: { ...FOLLOW },
}
const row = (of: Motion, name: string, frames = 25) =>
  keyRows(of, { fps: 24, frames }).find((one) => one.name === name)!

test('a row has the keys of all its bones, each moment once', () => {
  expect(row(motion, 'Spine + head').keys).toEqual([0, 12, 24])
  expect(row(motion, 'Left hand')).toMatchObject({ side: 'left', keys: [6] })
  expect(row(motion, 'Right leg')).toMatchObject({ side: 'right', keys: [] })
})

test('the rows stand as artists look for them: camera, root, body, left before right', () => {
  expect(keyRows(motion, { fps: 24, frames: 24 }).map(({ name }) => name)).toEqual([
    'Framing',
    'Root',
    'Spine + head',
    'Left arm',
    'Left hand',
    'Right arm',
    'Right hand',
    'Left leg',
    'Right leg',
  ])
})

test('keys beyond the clip are not shown; those of a looping motion come again', () => {
  expect(row(motion, 'Spine + head', 13).keys).toEqual([0, 12])
  expect(row({ ...motion, loop: true }, 'Left hand', 60).keys).toEqual([6, 30, 54])
})

test('framing keys of the camera have a row of their own', () => {
  const keys = [0, 0.5].map((time) => ({ time, x: 0.5, y: 0.5, height: 0.7, yaw: 0 }))
  expect(row({ ...motion, framing: { mode: 'keys', keys } }, 'Framing').keys).toEqual([0, 12])
  expect(row(motion, 'Framing').keys).toEqual([0])
})

test('keys that touch are one run, others stay apart', () => {
  expect(runsOf([0, 4, 8, 30, 60], 9)).toEqual([
    { from: 0, to: 8, count: 3 },
    { from: 30, to: 30, count: 1 },
    { from: 60, to: 60, count: 1 },
  ])
  expect(runsOf([], 9)).toEqual([])
})

test('footage shows when a part is seen', () => {
  const seen = emptyKeypoints()
  seen.body.fill(1)
  const rows = seenRows([seen, seen, emptyKeypoints(), seen])
  expect(rows.find(({ name }) => name === 'Left leg')?.spans).toEqual([
    [0, 1],
    [3, 3],
  ])
  expect(rows.find(({ name }) => name === 'Left hand')?.spans).toEqual([])
  expect(spansOf([false, true, true])).toEqual([[1, 2]])
})
