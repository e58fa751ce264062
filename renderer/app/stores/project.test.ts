import { beforeEach, expect, test, vi } from 'vitest'
import { defaultSettings } from '../../../main/api'
import type { OpenProject, Reply } from '../../../main/api'

const calls: string[] = []
vi.stubGlobal('window', {
  anywhere: {
    call: (method: string): Promise<Reply> => {
      calls.push(method)
      return Promise.resolve({ ok: true, value: undefined })
    },
  },
})
const { documentNow, edit, history, keepNow, note, pointerPressed, takeProject } = await import('./project')

const opened = (id: string): OpenProject => ({
  id,
  document: {
    name: 'Walks',
    humans: [],
    backgrounds: [],
    motions: [],
    chosen: { human: null, background: null, motion: null },
    settings: defaultSettings,
    clips: [],
  },
  changed: false,
  recovered: false,
})
const rename = (name: string, merge?: string) => edit('Rename', (document) => ({ ...document, name }), merge)

let projects = 0
beforeEach(() => {
  calls.length = 0
  takeProject(opened(`project_${projects++}`))
})

test('typing is one step', async () => {
  rename('W', 'name')
  rename('Wa', 'name')
  rename('Wal', 'name')
  await history.undo()
  expect(documentNow()?.name).toBe('Walks')
  await history.redo()
  expect(documentNow()?.name).toBe('Wal')
})

test('one drag is one step, however long it takes; the next drag is another', async () => {
  const clock = vi.spyOn(performance, 'now')
  clock.mockReturnValue(0)
  pointerPressed(true)
  rename('a', 'drag')
  clock.mockReturnValue(5000)
  rename('b', 'drag')
  pointerPressed(false)
  clock.mockReturnValue(9000)
  pointerPressed(true)
  rename('c', 'drag')
  pointerPressed(false)
  clock.mockRestore()
  await history.undo()
  expect(documentNow()?.name).toBe('b')
  await history.undo()
  expect(documentNow()?.name).toBe('Walks')
})

test('undo keeps the clips that came meanwhile', async () => {
  rename('Runs')
  note((document) => ({ ...document, clips: [...document.clips, 'clip_1'] }))
  await history.undo()
  expect(documentNow()).toMatchObject({ name: 'Walks', clips: ['clip_1'] })
})

test('another project begins with nothing to undo', async () => {
  rename('Runs')
  takeProject(opened('project_other'))
  await history.undo()
  expect(documentNow()?.name).toBe('Walks')
})

test('what a save reports does not overwrite what was typed since', () => {
  const { id } = opened(`project_${projects - 1}`)
  rename('Newer')
  takeProject({ ...opened(id), path: '/walks.anywhere' })
  expect(documentNow()?.name).toBe('Newer')
})

test('a change is handed to the studio', async () => {
  rename('Runs')
  await keepNow()
  expect(calls).toContain('project.update')
})
