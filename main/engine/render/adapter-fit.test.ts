import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeTestAdapter } from '../../../test/support/adapter'
import type { AdapterOptions } from '../../../test/support/adapter'
import { writeDiffusersFolder } from '../../../test/support/diffusers-folder'
import { temporaryFolder } from '../../../test/support/library'
import { miniConfig } from '../models/animate-anywhere/config'
import { describeAdapter, isAdapter } from '../weights/adapter-header'
import { readHeader, writeSafetensors } from '../weights/safetensors'
import { assertAdapterFits } from './adapter-fit'

const { num_layers: blocks, num_attention_heads: heads, attention_head_dim: head } = miniConfig.transformer
const width = heads * head

function adapter(options: Partial<AdapterOptions> = {}) {
  const file = path.join(temporaryFolder(), 'dusk.safetensors')
  writeTestAdapter(file, { blocks, width, ...options })
  return { file, name: 'Dusk' }
}

describe('an adapter', () => {
  it('is told by its header alone', () => {
    const { file } = adapter({ rank: 3, metadata: { model: 'a'.repeat(64) } })
    expect(isAdapter(readHeader(file))).toBe(true)
    expect(describeAdapter(file, 'dusk')).toEqual({ rank: 3, width, layers: blocks, model: 'a'.repeat(64) })
  })

  it('fits the model that has its sizes, bundled, trained or imported', () => {
    const mini = { file: 'mini', name: 'mini' }
    expect(() => assertAdapterFits(adapter(), mini)).not.toThrow()
    expect(() => assertAdapterFits(adapter({ blocks: 1 }), mini)).not.toThrow()
    const trained = path.join(temporaryFolder(), 'trained.safetensors')
    writeSafetensors(trained, {}, { config: JSON.stringify(miniConfig) })
    expect(() => assertAdapterFits(adapter(), { file: trained, name: 'Trained' })).not.toThrow()
    const folder = path.join(temporaryFolder(), 'cogvideox')
    writeDiffusersFolder(folder, { layers: 2, text: false })
    const imported = { file: folder, name: 'Imported' }
    expect(() => assertAdapterFits(adapter({ blocks: 2, width: 32 }), imported)).not.toThrow()
    expect(() => assertAdapterFits(adapter({ blocks: 3, width: 32 }), imported)).toThrow(
      'the adapter "Dusk" is for a model of 3 blocks that are 32 wide, "Imported" has 2 of 32; choose the model that it was trained on, or no adapter',
    )
  })

  it('is measured against the folder that a trained file belongs to, where the file says which', () => {
    const trained = path.join(temporaryFolder(), 'trained.safetensors')
    const belongs = (base: string) => {
      writeSafetensors(trained, {}, { config: JSON.stringify(miniConfig), base })
      return () => assertAdapterFits(adapter({ blocks: 2, width: 32 }), { file: trained, name: 'Trained' })
    }
    const folder = path.join(temporaryFolder(), 'cogvideox')
    writeDiffusersFolder(folder, { layers: 2, text: false })
    expect(belongs(JSON.stringify({ dir: folder, hash: '' }))).not.toThrow()
    for (const base of ['[', '{"dir":7}', '"x"'])
      expect(belongs(base)).toThrow('"Trained" does not say which model folder it belongs to')
  })

  it.each([
    ['of another width', { width: 2 * width }, `${blocks} blocks that are ${2 * width} wide, "mini" has`],
    ['with more blocks', { blocks: blocks + 1 }, `is for a model of ${blocks + 1} blocks`],
  ])('%s does not fit, and that is said in one line', (_, options, message) => {
    expect(() => assertAdapterFits(adapter(options), { file: 'mini', name: 'mini' })).toThrow(message)
  })

  const file = (tensors: Parameters<typeof writeSafetensors>[1]) => {
    const made = path.join(temporaryFolder(), 'x.safetensors')
    writeSafetensors(made, tensors, { format: 'anywhere-adapter' })
    return made
  }
  const zeros = (...shape: number[]) =>
    ({ dtype: 'float32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }) as const
  const name = 'transformer.transformer_blocks.0.attn1.to_q.lora'
  it.each([
    ['nothing in it', {}, 'it has no low-rank weights'],
    ['a rank that is only claimed', { [`${name}_A.weight`]: zeros(1_000_000_000, 0) }, 'it has no low-rank weights'],
    ['halves that do not fit', { [`${name}_A.weight`]: zeros(2, 8), [`${name}_B.weight`]: zeros(8, 3) }, 'is [8, 3]'],
    ['something else in it', { [`${name}_A.weight`]: zeros(2, 8), 'vae.x': zeros(1) }, 'vae.x is no addition to'],
  ])('with %s is refused in one line', (_, tensors, message) => {
    expect(() => describeAdapter(file(tensors), 'x')).toThrow(message)
    expect(() => describeAdapter(file(tensors), 'x')).toThrow(/^"x" is not an adapter that the studio can use: [^\n]+$/)
  })

  it('a model is not taken for one', () => {
    expect(isAdapter(readHeader(path.resolve(import.meta.dirname, '../../../assets/models/mini.safetensors')))).toBe(
      false,
    )
  })
})
