// What an adapter's file says of itself, from its header alone: enough for the library to take it in and for the queue to know which
// models it fits, without the weights and without the engine.
import { UserError } from '../../media/errors'
import { readHeader } from './safetensors'
import type { SafetensorsHeader } from './safetensors'

/** `format` in the metadata of adapters made here. */
export const adapterFormat = 'anywhere-adapter'

/** A tensor's name in the file: what it has after the prefix, the block, and which half of the product it is. */
export const adapterName =
  /^transformer\.(transformer_blocks\.(\d+)\.attn1\.(?:to_q|to_k|to_v|to_out\.0)\.lora_([AB])\.weight)$/

/** Sizes of a model that an adapter must fit: blocks, and the width of their tokens. */
export interface AdapterTarget {
  readonly layers: number
  readonly width: number
}

export interface AdapterFacts {
  readonly rank: number
  readonly width: number
  /** The model has at least so many blocks. */
  readonly layers: number
  /** SHA-256 of the model that it was trained on, if the file says so. */
  readonly model?: string
}

/** Whether a file with this header is meant as an adapter. Models of ours have low-rank weights, too, and a config. */
export const isAdapter = ({ metadata, tensors }: SafetensorsHeader): boolean =>
  metadata.format === adapterFormat ||
  (metadata.config === undefined && [...tensors.keys()].some((name) => /\.lora_[AB]\.weight$/.test(name)))

/** Reads the header of the adapter in `file`, which the user calls `called`. Throws UserError with one line for what is none. */
export function describeAdapter(file: string, called: string): AdapterFacts {
  const { metadata, tensors } = readHeader(file)
  const bad = (what: string) => new UserError(`"${called}" is not an adapter that the studio can use: ${what}`)
  const [first] = [...tensors].filter(([name]) => name.endsWith('.lora_A.weight'))
  const [rank = 0, width = 0] = first?.[1].shape ?? []
  if (rank < 1 || width < 1) throw bad('it has no low-rank weights')
  let layers = 0
  for (const [name, { shape, dtype }] of tensors) {
    const [, own, block, side] = adapterName.exec(name) ?? []
    if (own === undefined) throw bad(`${name} is no addition to to_q, to_k, to_v or to_out.0 of a block`)
    const needed = side === 'A' ? [rank, width] : [width, rank]
    if (shape.join() !== needed.join())
      throw bad(`${name} is [${shape.join(', ')}], the others make it [${needed.join(', ')}]`)
    if (!['float32', 'float16', 'bfloat16'].includes(dtype)) throw bad(`${name} is ${dtype}`)
    layers = Math.max(layers, Number(block) + 1)
  }
  return { rank, width, layers, ...(metadata.model === undefined ? {} : { model: metadata.model }) }
}
