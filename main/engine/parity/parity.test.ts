// The fixtures that were lent, run as the command runs them; and fixtures made here, which need nothing lent.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sharedPath } from '../../../test/shared'
import { hostTensor } from '../ir'
import type { HostTensor } from '../ir'
import { Random } from '../nn'
import { writeSafetensors } from '../weights/safetensors'
import { relativeError } from './fixture'
import { runParity } from '.'

const shared = sharedPath('fixtures')

describe('the lent fixtures', () => {
  it.skipIf(!shared)('all agree, in every block and every gradient', async () => {
    const reports = await runParity(shared!)
    const of = (kind: string) => reports.filter((report) => report.kind === kind)
    expect(reports.filter(({ status }) => status !== 'passed')).toEqual([])
    expect(of('vae')[0]!.comparisons.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['mean1', 'logvar17', 'decoded9', 'decoded17', 'decoded9_tiled32']),
    )
    const transformers = of('transformer').map(({ comparisons }) => comparisons.map(({ name }) => name))
    expect(transformers).toHaveLength(2)
    for (const names of transformers) {
      expect(names).toEqual(
        expect.arrayContaining(['patch_embed', 'block0.hidden', 'block1.encoder', 'output', 'loss']),
      )
      expect(names.filter((name) => name.startsWith('grad.')).length).toBeGreaterThan(60)
    }
    expect(of('operations')[0]!.comparisons.filter(({ name }) => name.endsWith('.out'))).toHaveLength(36)
  })
})

describe('any folder', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'parity-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (name: string, tensors: Record<string, HostTensor>, metadata: Record<string, string> = {}) =>
    writeSafetensors(path.join(folder, name), tensors, metadata)
  const tanhFixture = (out: number) => ({
    'sigmoid_tanh.in0': hostTensor([0], [1]),
    'sigmoid_tanh.out': hostTensor([out], [1]),
    'sigmoid_tanh.gout': hostTensor([2], [1]),
    'sigmoid_tanh.grad0': hostTensor([2.5], [1]),
  })
  const ops = { ops: '{"sigmoid_tanh": {}}' }

  it('is searched through, and fixtures are known by what is in them', async () => {
    mkdirSync(path.join(folder, 'deep/er'), { recursive: true })
    write('deep/er/vae.safetensors', tanhFixture(0.5), ops)
    const picture = hostTensor(new Random(1).normals(12 * 12 * 3), [12, 12, 3])
    write('deep/ops.safetensors', { a0: picture, b0: picture, expected: hostTensor([Infinity, 1, 1], [1, 3]) })
    write('unknown.safetensors', { x: hostTensor([1], [1]) })
    writeFileSync(path.join(folder, 'notes.txt'), 'not a fixture')
    const seen: string[] = []
    const reports = await runParity(folder, ({ kind }) => seen.push(kind))
    expect(seen).toEqual(['operations', 'image metrics', 'unknown'])
    expect(reports[0]).toMatchObject({ status: 'passed', kind: 'operations' })
    expect(reports[0]!.comparisons.map(({ name }) => name)).toEqual(
      ['out', 'grad0'].map((part) => `sigmoid_tanh.${part}`),
    )
    expect(reports[1]).toMatchObject({ status: 'passed', worst: 0 })
    expect(reports[2]!.status).toBe('not yet supported')
  })

  it('fails where a number is off by more than 1e-4 of the largest', async () => {
    write('a.safetensors', tanhFixture(0.5 * (1 + 2e-4)), ops)
    write('b.safetensors', tanhFixture(0.5 * (1 + 0.5e-4)), ops)
    const [a, b] = await runParity(folder)
    expect(a!.status).toBe('failed')
    expect(a!.worst).toBeCloseTo(2e-4, 6)
    expect(b!.status).toBe('passed')
  })

  it('reports what it cannot run in one line each, and goes on', async () => {
    write('a.safetensors', tanhFixture(0.5), { ops: '{"sigmoid_tanh": {}, "fft": {}}' })
    writeFileSync(path.join(folder, 'b.safetensors'), 'text')
    write('c.safetensors', {
      'input.hidden_states': hostTensor([1], [1]),
      'weights.patch_embed.proj.weight': hostTensor([1], [1]),
    })
    const problems = (await runParity(folder)).map(({ status, problem }) => `${status}: ${problem}`)
    expect(problems).toEqual([
      expect.stringMatching(/^failed: .*operation fft is not known here$/),
      expect.stringMatching(/^failed: .*b.safetensors is not a safetensors file/),
      expect.stringMatching(/^failed: .*metadata config is not JSON$/),
    ])
  })

  it('must hold fixtures', async () => {
    await expect(runParity(folder)).rejects.toThrow('no .safetensors fixtures')
    await expect(runParity(path.join(folder, 'gone'))).rejects.toThrow('no such folder')
  })
})

describe('relativeError', () => {
  it('is the largest difference as a share of the largest value', () => {
    expect(relativeError([1, 2.02], [1, 2])).toBeCloseTo(0.01, 9)
    expect(relativeError([1e-9], [0])).toBeCloseTo(1e-4, 9)
  })

  it('is infinite for other sizes and for what is no number', () => {
    expect(relativeError([1], [1, 2])).toBe(Infinity)
    expect(relativeError([NaN], [1])).toBe(Infinity)
    expect(relativeError([1], [NaN])).toBe(Infinity)
  })
})
