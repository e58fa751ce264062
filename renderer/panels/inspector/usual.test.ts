// Choosing a model brings its usual steps and frame rate along, and leaves alone what the artist has set.
import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../main/api'
import type { Asset } from '../../../main/api'
import { usualChange } from './usual'

const imported = { kind: 'model', name: 'CogVideoX', folder: '/models/cog' } as unknown as Asset

describe('the usual settings of a model', () => {
  it('come with it', () => {
    expect(usualChange(defaultSettings, undefined, imported)).toEqual({ steps: 50, fps: 16 })
    const there = { ...defaultSettings, steps: 50, fps: 16 }
    expect(usualChange(there, imported, undefined)).toEqual({ steps: 2, fps: 24 })
  })

  it('leave what was set on purpose', () => {
    expect(usualChange({ ...defaultSettings, steps: 12 }, undefined, imported)).toEqual({ fps: 16 })
  })
})
