// Adapters: what fine-tuning on an artist's own footage makes, a few megabytes beside the model. The file is a LoRA as diffusers and PEFT
// write it (cogvideox-facts 5.4), so that either side can read the other's: `transformer.transformer_blocks.{i}.attn1.to_q.lora_A.weight`
// [rank, width] and `.lora_B.weight` [width, rank] for to_q, to_k, to_v and to_out.0 of the main blocks.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UserError } from '../../media/errors'
import { hostTensor } from '../ir'
import type { HostTensor } from '../ir'
import { adapterFormat, adapterName } from './adapter-header'
import type { AdapterTarget } from './adapter-header'
import { toFloat32 } from './load'
import { readSafetensors, writeSafetensors } from './safetensors'

export interface Adapter {
  readonly rank: number
  /** By the names that the network has for them ('adapter.transformer_blocks...'), float32; what the file leaves out is zero. */
  readonly weights: Readonly<Record<string, HostTensor>>
  /** SHA-256 of the file. */
  readonly hash: string
  /** SHA-256 of the model that it was trained on, if the file says so. */
  readonly model?: string
}

export const adapterPrefix = 'adapter.'
const filePrefix = 'transformer.'
const projections = ['to_q', 'to_k', 'to_v', 'to_out.0'] as const

/** Reads an adapter for a model of `layers` blocks whose tokens are `width` wide. Throws UserError for anything that does not fit. */
export function readAdapter(file: string, { layers, width }: AdapterTarget): Adapter {
  const { tensors, metadata } = readSafetensors(file)
  const bad = (what: string) => new UserError(`${file} is not an adapter for this model: ${what}`)
  const [name, first] = [...tensors].find(([one]) => one.endsWith('.lora_A.weight')) ?? []
  if (!first) throw bad('it has no tensor that ends in .lora_A.weight')
  const [rank = 0] = first.shape
  if (first.shape.join() !== `${rank},${width}` || rank === 0)
    throw bad(`${name} is [${first.shape.join(', ')}], the model needs [rank, ${width}]`)
  const alpha = metadata.alpha === undefined ? rank : Number(metadata.alpha)
  if (!Number.isFinite(alpha)) throw bad(`its metadata gives alpha as "${metadata.alpha}"`)
  const weights = Object.fromEntries(
    Array.from({ length: layers }, (_, i) => projections.map((name) => `transformer_blocks.${i}.attn1.${name}`))
      .flat()
      .flatMap((name) => [
        [`${adapterPrefix}${name}.lora_A.weight`, hostTensor(new Float32Array(rank * width), [rank, width])],
        [`${adapterPrefix}${name}.lora_B.weight`, hostTensor(new Float32Array(width * rank), [width, rank])],
      ]),
  ) as Record<string, HostTensor>
  for (const [name, tensor] of tensors) {
    const [, own, block, side] = adapterName.exec(name) ?? []
    if (own === undefined) throw bad(`${name} is no low-rank addition to to_q, to_k, to_v or to_out.0 of a block`)
    if (Number(block) >= layers) throw bad(`${name}: the model has only ${layers} blocks`)
    const { shape } = weights[adapterPrefix + own]!
    if (tensor.shape.join() !== shape.join())
      throw bad(`${name} is [${tensor.shape.join(', ')}], the model needs [${shape.join(', ')}]`)
    const values = toFloat32(tensor)
    if (!(values.data instanceof Float32Array)) throw bad(`${name} is ${tensor.dtype}`)
    if (!values.data.every(Number.isFinite)) throw bad(`${name} holds numbers that are not finite`)
    // The addition is alpha / rank * B A; the factor goes into B.
    const scale = side === 'B' ? alpha / rank : 1
    weights[adapterPrefix + own] = hostTensor(scale === 1 ? values.data : values.data.map((v) => v * scale), shape)
  }
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
  return { rank, weights, hash, ...(metadata.model === undefined ? {} : { model: metadata.model }) }
}

/** Writes the adapter among `weights` (names as in the network, float32). `model` is the SHA-256 of what it was trained on. */
export function writeAdapter(
  file: string,
  weights: Readonly<Record<string, HostTensor>>,
  about: Readonly<Record<string, string>> & { readonly model: string },
): void {
  const own = Object.entries(weights).filter(([name]) => name.startsWith(adapterPrefix))
  const rank = String(own[0]![1].shape[0])
  const named = own.map(([name, tensor]) => [filePrefix + name.slice(adapterPrefix.length), tensor] as const)
  writeSafetensors(file, Object.fromEntries(named), { ...about, format: adapterFormat, rank, alpha: rank })
}
