import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import * as ir from '../../ir'
import { compile, deviceInUse, tryProvider, useDevice } from '.'
import { lowerProgram } from './graph'

const x = ir.input('x', [2, 3])
const w = ir.input('w', [3, 2])
const product = ir.program('product', { y: ir.matmul(x, w) })
const feed = { x: ir.hostTensor([1, 2, 3, 4, 5, 6], [2, 3]) }
const weight = ir.hostTensor([1, 0, 0, 1, 1, 1], [3, 2])
const expected = [4, 5, 10, 11]
const numbers = (t: ir.HostTensor | undefined): number[] => Array.from(t!.data as Float32Array)

describe('compile', () => {
  it('runs with everything fed, and counts the work', async () => {
    const executable = await compile(product)
    const { y } = await executable.run({ ...feed, w: weight })
    expect(y).toMatchObject({ dtype: 'float32', shape: [2, 2] })
    expect(numbers(y)).toEqual(expected)
    expect(executable.flops).toBe(2 * 2 * 3 * 2)
    await executable.dispose()
  })

  it('takes weights from memory, from a file by path, and as bfloat16', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'anywhere-'))
    const bits = Uint16Array.from(new Uint32Array((weight.data as Float32Array).buffer), (word) => word >>> 16)
    const file = path.join(folder, 'weights.bin')
    writeFileSync(
      file,
      Buffer.concat([Buffer.alloc(8), Buffer.from((weight.data as Float32Array).buffer), Buffer.from(bits.buffer)]),
    )
    const ways = [
      weight,
      { path: file, offset: 8, length: 24 },
      { path: file, offset: 32, length: 12, dtype: 'bfloat16' as const },
      ir.hostTensor(bits, [3, 2], 'bfloat16'),
    ]
    for (const initializer of ways) {
      const executable = await compile(product, { initializers: { w: initializer } })
      expect(numbers((await executable.run(feed)).y)).toEqual(expected)
      await executable.dispose()
    }
    rmSync(folder, { recursive: true })
  })

  it('says what is wrong with the feeds', async () => {
    const executable = await compile(product)
    await expect(executable.run(feed)).rejects.toThrow(
      'program product: input w (float32 [3,2]) is missing from the feeds',
    )
    await expect(executable.run({ ...feed, w: ir.hostTensor([1], [1]) })).rejects.toThrow(
      'input w needs float32 [3,2], got float32 [1]',
    )
    await expect(executable.run({ ...feed, w: weight, v: weight })).rejects.toThrow(
      'program product: it has no input v to feed',
    )
    await executable.dispose()
  })

  it('lets an output share its name with an input or another output', async () => {
    const p = ir.program('same', { x: ir.add(x, 1), again: ir.add(x, 1), plain: x })
    const executable = await compile(p)
    const result = await executable.run(feed)
    expect([numbers(result.x), numbers(result.again), numbers(result.plain)]).toEqual([
      [2, 3, 4, 5, 6, 7],
      [2, 3, 4, 5, 6, 7],
      [1, 2, 3, 4, 5, 6],
    ])
    await executable.dispose()
  })

  it('shares one session between equal programs, until the last is disposed', async () => {
    const [first, second] = await Promise.all([compile(product), compile(product)])
    await first.dispose()
    expect(numbers((await second.run({ ...feed, w: weight })).y)).toEqual(expected)
    await second.dispose()
  })

  it('gives back types other than float32', async () => {
    const p = ir.program('types', { big: ir.greater(x, 3), whole: ir.cast(x, 'int64'), half: ir.cast(x, 'float16') })
    const executable = await compile(p)
    const { big, whole, half } = await executable.run(feed)
    expect(big).toMatchObject({ dtype: 'bool', data: Uint8Array.of(0, 0, 0, 1, 1, 1) })
    expect(whole).toMatchObject({ dtype: 'int64', data: BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n) })
    expect(half).toMatchObject({ dtype: 'float16' })
    expect(half!.data[0]).toBe(0x3c00)
    await executable.dispose()
  })
})

describe('attention', () => {
  const [q, k, v] = ['q', 'k', 'v'].map((name) => ir.input(name, [1, 2, 4, 8])) as [ir.Tensor, ir.Tensor, ir.Tensor]
  const out = ir.scaledDotProductAttention(q, k, v)
  const text = (outputs: Record<string, ir.Tensor>): string =>
    Buffer.from(
      lowerProgram(ir.program('a', outputs), { target: 'cpu', initializers: {}, relative: (file) => file }),
    ).toString('latin1')

  it('is fused, also where a gradient is asked for: no probabilities are kept', () => {
    expect(text({ out })).toContain('MultiHeadAttention')
    expect(text({ out, g: ir.grad(ir.sum(out), [q])[0]! })).toContain('MultiHeadAttention')
  })

  it('is fused, also where reference tokens are more keys than there are queries', () => {
    const [keys, values] = [k, v].map((x) => ir.concat([x, x], 2)) as [ir.Tensor, ir.Tensor]
    expect(text({ out: ir.scaledDotProductAttention(q, keys, values) })).toContain('MultiHeadAttention')
  })
})

describe('tryProvider', () => {
  it('finds the processor, and says why others are not there', async () => {
    expect(await tryProvider('cpu')).toBeUndefined()
    const elsewhere = process.platform === 'win32' ? 'coreml' : 'dml'
    expect(await tryProvider(elsewhere)).toMatch(/this build of onnxruntime .* has no/)
  })
})

describe('the device in use', () => {
  it('is left for the processor when it fails, with one note, and the work is done', async () => {
    const notes: string[] = []
    const missing = process.platform === 'win32' ? 'coreml' : 'dml'
    useDevice(missing, (note) => notes.push(note))
    expect(deviceInUse()).toBe(missing)
    const executables = await Promise.all([compile(product), compile(product, { training: true })])
    for (const executable of executables) {
      expect(numbers((await executable.run({ ...feed, w: weight })).y)).toEqual(expected)
      await executable.dispose()
    }
    expect(deviceInUse()).toBe('cpu')
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(/failed \(.*the processor goes on/)
  })

  it('is not asked where a provider is named', async () => {
    await expect(compile(product, { provider: process.platform === 'win32' ? 'coreml' : 'dml' })).rejects.toThrow(
      'program product does not compile for',
    )
  })
})
