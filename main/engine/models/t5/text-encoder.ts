// From a prompt to what the video transformer reads of it. The encoder is far larger than what it computes, so its layers are read from
// the disk one after another and let go at once: memory holds one layer.
import type { Initializer } from '../../backends/onnx'
import { compileSegments } from '../../backends/onnx'
import { hostTensor, input, program } from '../../ir'
import type { HostTensor } from '../../ir'
import { Scope } from '../../nn'
import type { T5Config } from './config'
import { t5Encoder } from './encoder'
import { readSpiece } from './spiece'
import { tokenizer } from './tokenizer'

export interface TextEncoderFiles {
  readonly config: T5Config
  /** Every weight of `t5Specs`, by name. */
  readonly weights: Readonly<Record<string, Initializer>>
  /** Path of spiece.model. */
  readonly tokenizer: string
}

/** What is needed of a model to encode text for it; DiffusersFolder has it all. */
export interface TextModel {
  readonly transformer: { readonly config: { readonly max_text_seq_length: number; readonly text_embed_dim: number } }
  /** Without it every prompt is the zero embedding. */
  readonly textEncoder?: TextEncoderFiles
}

export interface TextEncoder {
  /** Features [max_text_seq_length, text_embed_dim], float32, of the padding as well: the transformer reads them without a mask. */
  encode(prompt: string): Promise<HostTensor>
  dispose(): Promise<void>
}

/** The embedding that stands for no text: all zero, as in the published training (cogvideox-facts 10.2). [length, width] */
export function zeroText(length: number, width: number): HostTensor {
  return hostTensor(new Float32Array(length * width), [length, width])
}

/** One prompt, [max_text_seq_length, text_embed_dim]; nothing of the encoder stays. */
export async function encodeOnce(model: TextModel, prompt: string): Promise<HostTensor> {
  const encoder = openTextEncoder(model)
  try {
    return await encoder.encode(prompt)
  } finally {
    await encoder.dispose()
  }
}

/** The text encoder of a model. Throws UserError when its tokenizer cannot be read. */
export function openTextEncoder({ transformer: { config }, textEncoder }: TextModel): TextEncoder {
  const { max_text_seq_length: length, text_embed_dim: width } = config
  if (!textEncoder) return { encode: () => Promise.resolve(zeroText(length, width)), dispose: () => Promise.resolve() }
  const tokens = tokenizer(readSpiece(textEncoder.tokenizer))
  const features = t5Encoder(new Scope(), input('ids', [length], 'int64'), textEncoder.config)
  const encoder = compileSegments(program('text encoder', { features }), {
    initializers: textEncoder.weights,
    resident: 0,
  })
  return {
    async encode(prompt) {
      const ids = BigInt64Array.from(tokens.encode(prompt, length), BigInt)
      return (await encoder.run({ ids: hostTensor(ids, [length]) })).features!
    },
    dispose: () => encoder.dispose(),
  }
}
