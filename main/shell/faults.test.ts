import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Faults } from './faults'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-faults-'))
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.restoreAllMocks()
  fs.rmSync(folder, { recursive: true })
})

it('keeps what went wrong, with its stack, and stays short', () => {
  const file = path.join(folder, 'deep/faults.log')
  const faults = new Faults(file)
  faults.note('the app', new Error('first'))
  expect(fs.readFileSync(file, 'utf8')).toMatch(/^\d{4}-.*Z the app: Error: first\n {4}at /)
  for (let i = 0; i < 300; i++) faults.note('the window', `${i} ${'x'.repeat(1000)}`)
  faults.note('the window', 'again')
  faults.note('the window', 'again')
  const text = fs.readFileSync(file, 'utf8')
  expect(text.length).toBeLessThan(2 ** 18 + 2000)
  expect(text).toMatch(/^\d{4}-/) // whole lines
  expect(text).toContain('the window: 299 x')
  expect(text.match(/the window: again/g)).toHaveLength(1)
})

it('does not fail where nothing can be written', () => {
  expect(() => new Faults('/dev/null/faults.log').note('the app', 'x')).not.toThrow()
})
