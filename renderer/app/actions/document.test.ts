import { expect, test } from 'vitest'
import { defaultSettings } from '../../../main/api'
import type { Asset, ProjectDocument } from '../../../main/api'
import { neighbour, restoreAssets, withAssets, withoutAssets } from './document'

const base: ProjectDocument = {
  name: 'Walks',
  humans: ['human_1', 'human_2', 'human_3'],
  backgrounds: ['background_1'],
  motions: ['motion_1'],
  chosen: { human: 'human_2', background: 'background_1', motion: 'motion_1' },
  settings: defaultSettings,
  clips: ['clip_1', 'clip_2'],
}

test('an imported human joins the list and is chosen', () => {
  const human = { id: 'human_9', kind: 'human' } as Asset
  const next = withAssets(base, [human])
  expect(next.humans).toEqual([...base.humans, 'human_9'])
  expect(next.chosen.human).toBe('human_9')
  expect(withAssets(next, [human]).humans).toEqual(next.humans)
})

test('deleting what is chosen chooses its neighbour', () => {
  expect(withoutAssets(base, new Set(['human_2'])).chosen.human).toBe('human_3')
  expect(withoutAssets(base, new Set(['human_2', 'human_3'])).chosen.human).toBe('human_1')
  expect(withoutAssets(base, new Set(['background_1'])).chosen.background).toBeNull()
})

test('undoing a deletion puts everything back, and keeps what has come since', () => {
  const ids = new Set(['human_2', 'clip_1'])
  const deleted = withoutAssets(base, ids)
  expect(restoreAssets(deleted, base, ids)).toEqual(base)
  const since = { ...deleted, clips: [...deleted.clips, 'clip_3'] }
  expect(restoreAssets(since, base, ids).clips).toEqual(['clip_1', 'clip_2', 'clip_3'])
})

test('a deleted model gives way to the bundled one', () => {
  const own = { ...base, settings: { ...defaultSettings, model: 'model_1' } }
  const deleted = withoutAssets(own, new Set(['model_1']))
  expect(deleted.settings.model).toBe('mini')
  expect(restoreAssets(deleted, own, new Set(['model_1'])).settings.model).toBe('model_1')
})

test('the neighbour is the next one, at the end the one before', () => {
  expect(neighbour(['a', 'b', 'c'], 'b', new Set(['b']))).toBe('c')
  expect(neighbour(['a', 'b', 'c'], 'c', new Set(['c']))).toBe('b')
  expect(neighbour(['a'], 'a', new Set(['a']))).toBeUndefined()
})
