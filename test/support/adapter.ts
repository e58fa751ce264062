// Files of adapters to test with: small low-rank additions to some blocks, with numbers of the test's choice.
import type { HostTensor } from '../../main/engine/ir'
import { writeSafetensors } from '../../main/engine/weights/safetensors'

export interface AdapterOptions {
  readonly blocks: number
  readonly width: number
  readonly rank?: number
  /** Of every number. Default 0.01. */
  readonly value?: number
  readonly metadata?: Readonly<Record<string, string>>
}

/** Writes an adapter as the trainer and diffusers do. */
export function writeTestAdapter(
  file: string,
  { blocks, width, rank = 2, value = 0.01, metadata }: AdapterOptions,
): void {
  const tensor = (shape: [number, number]): HostTensor => ({
    dtype: 'float32',
    shape,
    data: new Float32Array(shape[0] * shape[1]).fill(value),
  })
  const names = Array.from({ length: blocks }, (_, i) =>
    ['to_q', 'to_k', 'to_v', 'to_out.0'].map((name) => `transformer.transformer_blocks.${i}.attn1.${name}`),
  ).flat()
  const tensors = names.flatMap((name) => [
    [`${name}.lora_A.weight`, tensor([rank, width])] as const,
    [`${name}.lora_B.weight`, tensor([width, rank])] as const,
  ])
  const about = { format: 'anywhere-adapter', rank: String(rank), alpha: String(rank), ...metadata }
  writeSafetensors(file, Object.fromEntries(tensors), about)
}
