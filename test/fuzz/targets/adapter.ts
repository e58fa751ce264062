// Adapters: safetensors whose tensors must fit a model.
import { readFileSync } from 'node:fs'
import type { HostTensor } from '../../../main/engine/ir'
import { readAdapter } from '../../../main/engine/weights/adapter'
import { writeSafetensors } from '../../../main/engine/weights/safetensors'
import { scratchFile } from '../scratch'
import type { Target } from '../target'
import { allFinite, insist } from '../target'
import { spoilSafetensors } from './safetensors'

const model = { layers: 2, width: 8 }
const tensor = (shape: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape[0]! * shape[1]! }, (_, i) => i / 7),
})
const projections = ['to_q', 'to_out.0'].map((name) => `transformer.transformer_blocks.1.attn1.${name}`)
const weights = projections.flatMap((name) => [
  [`${name}.lora_A.weight`, tensor([2, 8])] as const,
  [`${name}.lora_B.weight`, tensor([8, 2])] as const,
])
let seed: Uint8Array | undefined

function seedFile(): Uint8Array {
  if (seed) return seed
  const file = scratchFile('adapter-seed.safetensors', new Uint8Array(0))
  const about = { format: 'anywhere-adapter', rank: '2', alpha: '2', model: '0'.repeat(64) }
  writeSafetensors(file, Object.fromEntries(weights), about)
  return (seed = new Uint8Array(readFileSync(file)))
}

export const adapter: Target = {
  name: 'adapter',
  extension: 'safetensors',
  make: (dice) => spoilSafetensors(seedFile(), dice),
  parse(input) {
    const { rank, weights: read } = readAdapter(scratchFile('adapter.safetensors', input), model)
    insist(rank > 0 && Object.keys(read).length === model.layers * 8, 'a pair for each of four projections of a block')
    for (const { shape, data } of Object.values(read)) {
      insist(shape.join() === `${rank},8` || shape.join() === `8,${rank}`, 'shapes of the model')
      insist(data.length === rank * 8 && allFinite(data as Float32Array), 'finite values')
    }
  },
}
