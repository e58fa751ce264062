import { expect, test } from 'vitest'
import type { OpenProject } from '../../../main/api'
import { savedWords } from './words'

const at = Date.parse('2030-05-01T12:00:00Z')
const saved = (seconds: number, changed = false) =>
  savedWords({ savedAt: new Date(at - seconds * 1000).toISOString(), changed } as OpenProject, at)

test('how long ago the project was saved', () => {
  expect(saved(1)).toBe('Saved just now')
  expect(saved(12.4)).toBe('Saved 12 s ago')
  expect(saved(130)).toBe('Saved 2 min ago')
  expect(saved(7300, true)).toBe('Changed, saved 2 h ago')
  expect(savedWords({ changed: true } as OpenProject, at)).toBe('Not saved to a file')
})
