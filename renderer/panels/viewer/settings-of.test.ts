import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../main/api'
import type { Asset, ClipFacts, ProjectDocument } from '../../../main/api'
import { lostOf, withSettingsOf } from './settings-of'

const document: ProjectDocument = {
  name: 'Walks',
  humans: ['h1'],
  backgrounds: ['b1'],
  motions: ['m1'],
  chosen: { human: 'h1', background: 'b1', motion: 'm1' },
  settings: { ...defaultSettings, seedLocked: false },
  clips: ['c1'],
}
const facts = {
  request: {
    kind: 'render',
    human: 'h2',
    background: 'b1',
    motion: 'm9',
    settings: { ...defaultSettings, steps: 12, seed: 77, seedLocked: false, model: 'model_gone', adapter: 'adapter_1' },
  },
} as unknown as ClipFacts
const assets = new Map(['h1', 'h2', 'b1', 'm1', 'adapter_1'].map((id) => [id, { id } as Asset]))

describe('using the settings of a clip', () => {
  const after = withSettingsOf(document, facts, assets)
  it('takes its settings over, seed locked', () =>
    expect(after.settings).toMatchObject({ steps: 12, seed: 77, seedLocked: true, adapter: 'adapter_1' }))
  it('chooses its human and puts it on the table', () => {
    expect(after.humans).toEqual(['h1', 'h2'])
    expect(after.chosen).toEqual({ human: 'h2', background: 'b1', motion: 'm1' })
  })
  it('does without what is gone, and says so', () => {
    expect(after.settings.model).toBe('mini')
    expect(lostOf(facts, assets)).toEqual(['motion', 'model'])
  })
  it('leaves the clips alone', () => expect(after.clips).toEqual(['c1']))
})
