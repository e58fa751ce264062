import { describe, expect, it } from 'vitest'
import { exitReason } from './engine-host'

describe('why an engine ended', () => {
  it.each([
    [{ code: null, signal: 'SIGKILL' }, /killed, most likely for want of memory/],
    [{ code: 137 }, /killed, most likely for want of memory/],
    [{ code: null, signal: 'SIGABRT' }, /stopped itself, most likely for want of memory/],
    [{ code: 134 }, /stopped itself, most likely for want of memory/],
    [{ code: 5, fatal: true }, /most likely for want of memory/],
    [{ code: null, signal: 'SIGSEGV' }, /crashed \(SIGSEGV\)/],
    [{ code: 1 }, /ended unexpectedly \(exit code 1\)/],
  ])('%j is told in plain words', (end, words) => {
    expect(exitReason(end)).toMatch(words)
  })
})
