import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostTensor } from '../engine/ir'
import { writeSafetensors } from '../engine/weights/safetensors'

let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'parity-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const bin = path.resolve(import.meta.dirname, '../../bin/anywhere.js')
const anywhere = (...words: string[]) => spawnSync(process.execPath, [bin, ...words], { encoding: 'utf8' })

/** Rotary row 0 is (1, 0) everywhere; `cos` says what the fixture claims. */
const writeRope = (cos: number) =>
  writeSafetensors(path.join(folder, 'rope.safetensors'), {
    '4x4x2.rows': hostTensor(BigInt64Array.of(0n), [1]),
    '4x4x2.cos': hostTensor(new Float32Array(16).fill(cos), [1, 16]),
    '4x4x2.sin': hostTensor(new Float32Array(16), [1, 16]),
  })

describe('anywhere parity', () => {
  it('prints every tensor, a line per file and a total', () => {
    writeRope(1)
    writeSafetensors(path.join(folder, 'unknown.safetensors'), {
      'weights.of.another.model': hostTensor([1], [1]),
    })
    const { status, stdout } = anywhere('parity', folder)
    expect(stdout).toMatch(/0\.0e\+0 {2}4x4x2\.cos\n/)
    expect(stdout).toMatch(/^ok {3}rope\.safetensors: rotary tables: 2 tensors, largest relative error 0\.0e\+0$/m)
    expect(stdout).toMatch(/^-- {3}unknown\.safetensors: not yet supported: unknown$/m)
    expect(stdout).toMatch(/1 files agree within 0\.0001 relative, 0 do not, 1 not yet supported/)
    expect(status).toBe(0)
  })

  it('exits with 1 when numbers disagree, for people and for programs', () => {
    writeRope(1.001)
    const { status, stdout } = anywhere('parity', folder, '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
      type: 'result',
      reports: [{ status: 'failed' }],
    })
    expect(anywhere('parity', folder).stdout).toMatch(/^FAIL rope/m)
  })

  it('refuses a folder without fixtures in one line', () => {
    const { status, stderr } = anywhere('parity', folder)
    expect(status).toBe(2)
    expect(stderr).toMatch(/^error: no \.safetensors fixtures in .*\n$/)
  })
})
