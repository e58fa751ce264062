import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../media/errors'
import { float32ToBfloat16 } from './float16'
import { loadWeights } from './load'
import { writeSafetensors } from './safetensors'

let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'weights-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const shard = (name: string, tensor: string, value: number) =>
  writeSafetensors(path.join(folder, name), {
    [tensor]: { dtype: 'bfloat16', shape: [1], data: float32ToBfloat16(Float32Array.of(value)) },
  })
const index = (map: Record<string, string>) =>
  writeFileSync(path.join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }))

describe('loadWeights', () => {
  it('widens a single file to float32, given itself or its folder', () => {
    shard('model.safetensors', 'w', 1.5)
    const expected = { w: { dtype: 'float32', shape: [1], data: Float32Array.of(1.5) } }
    expect(loadWeights(path.join(folder, 'model.safetensors'))).toEqual(expected)
    expect(loadWeights(folder)).toEqual(expected)
  })

  it('joins the shards that the index names, and only those', () => {
    shard('model-1.safetensors', 'a', 1)
    shard('model-2.safetensors', 'b', 2)
    shard('other.safetensors', 'c', 3)
    index({ a: 'model-1.safetensors', b: 'model-2.safetensors' })
    expect(Object.keys(loadWeights(folder))).toEqual(['a', 'b'])
  })

  it('explains what is missing', () => {
    expect(() => loadWeights(path.join(folder, 'nothing'))).toThrow(/no model at/)
    expect(() => loadWeights(folder)).toThrow(/has 0 .safetensors files/)
    index({ a: '../../etc/passwd' })
    expect(() => loadWeights(folder)).toThrow(/file names beside it/)
    index({ a: 'gone.safetensors' })
    expect(() => loadWeights(folder)).toThrow(UserError)
  })
})
