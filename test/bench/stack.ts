// Blocks of CogVideoX at a width where matrix products should decide the time, as programs for the bench: a forward pass as in
// sampling, and the gradients of all weights as in training.
import { grad, hostTensor, input, program, segment, sizeOf } from '../../main/engine/ir'
import type { HostTensor, Program, Tensor } from '../../main/engine/ir'
import {
  block,
  conditioning,
  finalLayer,
  gridPositions,
  innerDim,
  latentHead,
  parseTransformerConfig,
  patchEmbed,
  rotaryTables,
  tokenGrid,
} from '../../main/engine/models/cogvideox'
import { initialise, Random, Scope, sinusoid } from '../../main/engine/nn'
import { squaredError } from '../../main/engine/training/losses'

export interface StackSize {
  /** Heads of 64 numbers: the width of a token is 64 times as many. */
  readonly heads: number
  readonly blocks: number
  /** Latent frames; two make a token. */
  readonly frames: number
  /** Side of the latents; 2 x 2 make a token. */
  readonly side: number
  readonly text: number
}

export interface Stack {
  /** Latents to prediction. */
  readonly sampling: Program
  /** The loss and the gradient of every weight, `grad.<name>`. */
  readonly training: Program
  readonly weights: Record<string, HostTensor>
  /** Everything that is fed besides weights; each program takes what it has inputs for. */
  readonly feeds: Record<string, HostTensor>
  /** Video and text together. */
  readonly tokens: number
  readonly width: number
}

const channels = 16
const textWidth = 512

/** `byBlock`: each block is a segment, whose inside the gradient makes anew. */
export function stackOf({ heads, blocks, frames, side, text }: StackSize, byBlock: boolean): Stack {
  const config = parseTransformerConfig(
    {
      num_attention_heads: heads,
      in_channels: 2 * channels,
      out_channels: channels,
      ofs_embed_dim: 512,
      text_embed_dim: textWidth,
      num_layers: blocks,
      patch_size_t: 2,
      max_text_seq_length: text,
    },
    'bench',
  )
  const width = innerDim(config)
  const grid = tokenGrid(config, frames, side, side)
  const random = new Random(0)
  const noise = (...shape: number[]): HostTensor => hostTensor(random.normals(sizeOf(shape)), shape)
  const feeds = {
    latents: noise(1, frames, 2 * channels, side, side),
    text: noise(1, text, textWidth),
    time: sinusoid([500], width),
    ofs: sinusoid([2], 512),
    target: noise(1, frames, channels, side, side),
    ...rotaryTables(gridPositions(grid), config.attention_head_dim),
  }
  const inputs = Object.fromEntries(Object.entries(feeds).map(([name, t]) => [name, input(name, t.shape)])) as Record<
    keyof typeof feeds,
    Tensor
  >

  const scope = new Scope()
  const part = byBlock ? segment : <T>(build: () => T): T => build()
  const temb = conditioning(scope, inputs.time, config, inputs.ofs)
  let streams = patchEmbed(scope.child('patch_embed'), inputs.latents, inputs.text, config)
  for (let i = 0; i < blocks; i++) {
    const { video, text: words } = streams
    streams = part(() => block(scope.child(`transformer_blocks.${i}`), { video, text: words }, temb, inputs, config))
  }
  const tokens = finalLayer(scope, streams.video, temb, config)
  const output = latentHead(scope, tokens, config, { frames, height: side, width: side })
  const loss = squaredError(output, inputs.target)
  const names = [...scope.weights.keys()]
  const gradients = grad(loss, [...scope.weights.values()])
  return {
    sampling: program('sampling', { output }),
    training: program('training', {
      loss,
      ...Object.fromEntries(names.map((name, i) => [`grad.${name}`, gradients[i]!])),
    }),
    weights: initialise(scope.specs, 0),
    feeds,
    tokens: grid.time * grid.height * grid.width + text,
    width,
  }
}
