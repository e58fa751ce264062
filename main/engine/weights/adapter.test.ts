// Adapters read as they were written, under diffusers' names, and what does not fit is one line.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hostTensor } from '../ir'
import type { HostTensor } from '../ir'
import { readAdapter, writeAdapter } from './adapter'
import { readHeader, writeSafetensors } from './safetensors'

const folder = mkdtempSync(path.join(os.tmpdir(), 'adapter-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const target = { layers: 2, width: 4 }
const name = (side: 'A' | 'B', block = 1, projection = 'to_v') =>
  `transformer.transformer_blocks.${block}.attn1.${projection}.lora_${side}.weight`
const tensor = (rows: number, columns: number, value = 1) =>
  hostTensor(new Float32Array(rows * columns).fill(value), [rows, columns])

/** A file with these tensors, as somebody else's training might have written it. */
function foreign(tensors: Record<string, HostTensor>, metadata: Record<string, string> = {}): string {
  const file = path.join(folder, 'foreign.safetensors')
  writeSafetensors(file, tensors, metadata)
  return file
}

describe('an adapter', () => {
  it('is written under the names of diffusers and read under those of the network', () => {
    const file = path.join(folder, 'own.safetensors')
    const weights = {
      'adapter.transformer_blocks.0.attn1.to_out.0.lora_A.weight': tensor(2, 4, 0.5),
      'adapter.transformer_blocks.0.attn1.to_out.0.lora_B.weight': tensor(4, 2, -3),
      'transformer_blocks.0.attn1.to_q.weight': tensor(4, 4), // no part of it
    }
    writeAdapter(file, weights, { model: 'abc' })
    expect([...readHeader(file).tensors.keys()]).toEqual([name('A', 0, 'to_out.0'), name('B', 0, 'to_out.0')])
    const read = readAdapter(file, target)
    expect(read).toMatchObject({ rank: 2, model: 'abc' })
    expect(Object.keys(read.weights)).toHaveLength(2 * 4 * 2)
    expect(read.weights['adapter.transformer_blocks.0.attn1.to_out.0.lora_B.weight']!.data[0]).toBe(-3)
    expect(read.weights['adapter.transformer_blocks.1.attn1.to_q.lora_B.weight']!.data[0]).toBe(0)
  })

  it('of PEFT may have an alpha, which scales it', () => {
    const tensors = { [name('A')]: tensor(2, 4), [name('B')]: tensor(4, 2) }
    const valueOf = (metadata: Record<string, string>) =>
      readAdapter(foreign(tensors, metadata), target).weights['adapter.transformer_blocks.1.attn1.to_v.lora_B.weight']!
        .data[0]
    expect(valueOf({})).toBe(1)
    expect(valueOf({ alpha: '1' })).toBe(0.5)
    expect(() => valueOf({ alpha: 'much' })).toThrow('its metadata gives alpha as "much"')
  })

  it.each([
    [{ bias: tensor(1, 4) }, 'it has no tensor that ends in .lora_A.weight'],
    [{ [name('A')]: tensor(2, 5) }, `${name('A')} is [2, 5], the model needs [rank, 4]`],
    [{ [name('A', 2)]: tensor(2, 4) }, `${name('A', 2)}: the model has only 2 blocks`],
    [{ [name('A')]: tensor(2, 4), [name('B')]: tensor(2, 4) }, `${name('B')} is [2, 4], the model needs [4, 2]`],
    [{ [name('A')]: tensor(2, 4, NaN) }, `${name('A')} holds numbers that are not finite`],
    [{ [name('A')]: tensor(2, 4), 'text.lora_B.weight': tensor(4, 2) }, 'text.lora_B.weight is no low-rank addition'],
  ])('that does not fit says why (%#)', (tensors, line) => {
    const file = foreign(tensors as Record<string, HostTensor>)
    expect(() => readAdapter(file, target)).toThrow(`${file} is not an adapter for this model: ${line}`)
  })
})
