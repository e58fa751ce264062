import { describe, expect, it } from 'vitest'
import { hinted } from './hint-strength'

describe('a hint at a strength', () => {
  const asked: string[] = []
  const pass = (hint: string) => {
    asked.push(hint)
    return Promise.resolve(Float32Array.of(hint === 'auto' ? 1 : 4))
  }

  it.each([
    ['pan-left', 0, 1, ['auto']],
    ['pan-left', 0.5, 2.5, ['pan-left', 'auto']],
    ['pan-left', 1, 4, ['pan-left']],
    ['pan-left', 2, 7, ['pan-left', 'auto']],
    ['auto', 2, 1, ['auto']],
  ] as const)('%s at %f', async (hint, strength, expected, passes) => {
    asked.length = 0
    expect((await hinted(hint, strength, pass))[0]).toBe(expected)
    expect(asked).toEqual(passes)
  })
})
