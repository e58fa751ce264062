import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tinyRender } from '../../../test/support/queue'
import { openDatabase } from '../database'
import type { Database } from '../database'
import { estimator, workOf } from './estimates'
import { JobStore, jobTables } from './store'

let folder: string
let database: Database
let store: JobStore
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'estimates-'))
  database = openDatabase(path.join(folder, 'library.db'), [jobTables])
  store = new JobStore(database)
})
afterEach(() => {
  database.close()
  fs.rmSync(folder, { recursive: true })
})

const large = tinyRender({ width: 1280, height: 720, frames: 120, steps: 12 })
const estimate = (request = tinyRender()) => estimator(store, () => 3)(request)

it('more pixels, frames and steps take longer; a clip without a length is as long as its motion', () => {
  expect(estimate(large).seconds).toBeGreaterThan(2 * estimate().seconds)
  expect(estimate(large).memory).toBeGreaterThan(estimate().memory)
  expect(workOf(tinyRender({ frames: null, fps: 24 }), () => 3)).toMatchObject({ pixelFrames: 128 * 128 * 72 })
  expect(workOf(tinyRender({ frames: null, fps: 24 }), () => 60)).toMatchObject({ pixelFrames: 128 * 128 * 240 })
})

it('goes by what clips have cost here, once there are some', () => {
  const before = estimate(large)
  expect(before.measured).toBe(false)
  const work = workOf(tinyRender(), () => 3)
  const { seconds, memory } = estimate()
  for (const slower of [3, 3, 300])
    store.addMeasurement('render', { work, seconds: seconds * slower, memory: memory * 2 })
  const after = estimate(large)
  expect(after.measured).toBe(true)
  expect(after.seconds / before.seconds).toBeCloseTo(3)
  expect(after.memory / before.memory).toBeCloseTo(2)
})
