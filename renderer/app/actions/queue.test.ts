import { expect, test, vi } from 'vitest'
import { defaultSettings } from '../../../main/api'
import type { Job, ProjectDocument } from '../../../main/api'

vi.stubGlobal('window', {}) // no bridge is used here
const { withClipsOf } = await import('./queue')

const document: ProjectDocument = {
  name: 'Walks',
  humans: ['human_1'],
  backgrounds: ['background_1'],
  motions: ['motion_1'],
  chosen: { human: null, background: null, motion: null },
  settings: defaultSettings,
  clips: ['clip_1'],
}
const job = (human: string, result: string, state: Job['state'] = 'done') =>
  ({
    state,
    result,
    request: { kind: 'render', human, background: 'background_1', motion: 'motion_1', settings: defaultSettings },
  }) as Job

test('a finished clip joins the project whose things it was made of', () => {
  expect(withClipsOf([job('human_1', 'clip_2')], document).clips).toEqual(['clip_1', 'clip_2'])
  expect(withClipsOf([job('human_of_another_project', 'clip_2')], document)).toBe(document)
})

test('nothing changes for clips it has, and for jobs that are not done', () => {
  expect(withClipsOf([job('human_1', 'clip_1'), job('human_1', 'clip_3', 'running')], document)).toBe(document)
})
