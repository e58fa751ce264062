import { describe, expect, it } from 'vitest'
import type { Asset, Job, JobState } from '../../../main/api'
import { cellAt, combinationOf, indexCells, keyOf } from './cells'

const pair = { human: 'human_1', background: 'background_1', motion: 'motion_1' }
const key = keyOf(pair)
const time = (minute: number) => `2026-01-01T10:${String(minute).padStart(2, '0')}:00.000Z`

const clip = (id: string, minute: number): Asset =>
  ({ id, kind: 'clip', created: time(minute), clip: { request: { kind: 'render', ...pair } } }) as unknown as Asset
const job = (id: string, state: JobState, minute: number, position = 0): Job =>
  ({ id, state, position, created: time(minute), finished: time(minute), request: { kind: 'render', ...pair } }) as Job

const cell = (clips: Asset[], jobs: Job[], own: string[] = []) => cellAt(indexCells(clips, jobs, new Set(own)), key)

describe('a cell of the gallery', () => {
  it('has a name that can be read back', () => expect(combinationOf(key)).toEqual(pair))
  it('is empty without clip and job', () => expect(cell([], [])).toEqual({ state: 'empty' }))
  it('shows the newest clip', () =>
    expect(cell([clip('old', 1), clip('new', 2)], [])).toMatchObject({ state: 'done', clip: { id: 'new' } }))
  it("shows the project's own clip before a newer one of the library", () =>
    expect(cell([clip('own', 1), clip('other', 2)], [], ['own'])).toMatchObject({ clip: { id: 'own' } }))
  it('follows the running job before a waiting one', () =>
    expect(cell([], [job('b', 'queued', 1), job('a', 'running', 2)])).toMatchObject({
      state: 'running',
      job: { id: 'a' },
    }))
  it('of waiting jobs shows the first', () =>
    expect(cell([], [job('b', 'queued', 1, 5), job('a', 'queued', 2, 3)])).toMatchObject({ job: { id: 'a' } }))
  it('keeps the clip at hand while a new one is made', () =>
    expect(cell([clip('c', 1)], [job('a', 'running', 2)])).toMatchObject({ state: 'running', clip: { id: 'c' } }))

  it.each(['failed', 'interrupted'] as const)('says that the last try %s, until a clip is newer', (state) => {
    expect(cell([clip('c', 1)], [job('a', state, 2)]).state).toBe(state)
    expect(cell([clip('c', 3)], [job('a', state, 2)]).state).toBe('done')
  })
  it('lets a cancelled job hide no clip', () => {
    expect(cell([clip('c', 1)], [job('a', 'cancelled', 2)]).state).toBe('done')
    expect(cell([], [job('a', 'cancelled', 2)]).state).toBe('cancelled')
  })
  it('is empty again when the clip of a finished job is deleted', () =>
    expect(cell([], [job('a', 'done', 1)])).toEqual({ state: 'empty' }))
  it('forgets a failure after a later success', () =>
    expect(cell([clip('c', 3)], [job('a', 'failed', 1), job('b', 'done', 3)]).state).toBe('done'))
  it('ignores exports', () =>
    expect(cell([], [{ ...job('a', 'running', 1), request: { kind: 'export' } } as Job]).state).toBe('empty'))
})
