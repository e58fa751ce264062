import { expect, test } from 'vitest'
import type { Asset } from '../../../main/api'
import { findClips } from './find-clips'

const clip = (name: string, created: string, more: Partial<Asset> = {}): Asset =>
  ({ id: name, kind: 'clip', name, created, starred: false, tags: [], seconds: 1, ...more }) as unknown as Asset
const clips = [
  clip('Mara × Loft 10', '3', { tags: ['final'] }),
  clip('Tom × Colonnade', '1', { starred: true, seconds: 4 }),
  clip('Mara × Loft 9', '2'),
]
const found = (change: Partial<Parameters<typeof findClips>[1]>) =>
  findClips(clips, { search: '', starred: false, order: 'newest', ...change }).map(({ name }) => name)

test('all clips, newest first', () => expect(found({})).toEqual(['Mara × Loft 10', 'Mara × Loft 9', 'Tom × Colonnade']))
test('every word must be in the name or a tag', () => {
  expect(found({ search: 'loft  FINAL' })).toEqual(['Mara × Loft 10'])
  expect(found({ search: 'loft tom' })).toEqual([])
})
test('only starred', () => expect(found({ starred: true })).toEqual(['Tom × Colonnade']))
test('names are ordered as people count', () =>
  expect(found({ order: 'name' })).toEqual(['Mara × Loft 9', 'Mara × Loft 10', 'Tom × Colonnade']))
test('longest first, equals by age', () =>
  expect(found({ order: 'longest' })).toEqual(['Tom × Colonnade', 'Mara × Loft 10', 'Mara × Loft 9']))
