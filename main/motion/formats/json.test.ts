import { describe, expect, it } from 'vitest'
import { parseJson } from './json'

describe('parseJson', () => {
  it('reads what JSON.parse reads; brackets in strings are only letters', () => {
    const value = { a: [1, 2, { b: '[[[["{{{\\' }], '[': null }
    expect(parseJson(JSON.stringify(value))).toEqual(value)
    expect(parseJson(JSON.stringify('['.repeat(10_000)))).toHaveLength(10_000)
    expect(() => parseJson('{"a": "')).toThrow(SyntaxError)
  })

  it('refuses a million brackets at once, nested or side by side', () => {
    const started = performance.now()
    expect(() => parseJson('['.repeat(1e6) + ']'.repeat(1e6))).toThrow('more than 64 deep')
    expect(() => parseJson(`[${'{},'.repeat(1e6)}{}]`)).toThrow('1000002 lists and objects with nothing in them')
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
