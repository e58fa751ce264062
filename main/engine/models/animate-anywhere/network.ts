// The AnimateAnywhere network around the CogVideoX trunk:
//   ReferenceNet: a copy of the first blocks sees the human; its tokens become more keys and values of the main blocks.
//   ControlNet:   a copy of the first blocks sees the pose video; its features are added to the main tokens through zero linears.
//   BML:          the Background Motion Learner, a LoRA in every main block fed with main + pose features; with the poses alone to
//                 go by, it learns how the camera moves.
//   Hint tokens:  stand beside the text tokens and say what the poses leave open.
import { add, concat, constant, expand, matmul, mul, pad, reshape, segment, slice } from '../../ir'
import type { Tensor } from '../../ir'
import { linear, lora, zeroInit } from '../../nn'
import type { Scope } from '../../nn'
import {
  block,
  conditioning,
  finalLayer,
  gridPositions,
  innerDim,
  patchEmbed,
  patchify,
  rotaryTables,
  tokenGrid,
} from '../cogvideox'
import type { AttentionTap, Projection, Rope, Streams, TokenGrid, TransformerConfig } from '../cogvideox'
import { hints } from '../../../motion/hints'
import { posesOverTime } from './poses-over-time'
import { copiedBlocks } from './config'
import type { AnimateAnywhereConfig } from './config'

export interface NetworkInputs {
  /** [B, F, C, h, w] noisy latents. */
  readonly latents: Tensor
  /** [B, F, C, h, w] latents of the reference background over time. */
  readonly background: Tensor
  /** [B, F, C, h s, w s] latents of the pose video; s = poseScale. */
  readonly pose: Tensor
  /** [B, F, 128] the same poses as numbers (`poseNumbers`), for models with config.poseNumbers. */
  readonly poseNumbers?: Tensor
  /** [B, pt, 2 C, h', w'] latents of the reference human and, on the next channels, of its pose picture (pt = patch_size_t or 1). */
  readonly reference: Tensor
  /** [B, hints] one at the hint. */
  readonly hint: Tensor
  /** [B, L, text_embed_dim] text features, for base models that were trained with text. */
  readonly text?: Tensor
  /** [B, D] sinusoid of the training steps. */
  readonly time: Tensor
  /** [1, D] sinusoid of step 0: the reference is clean. */
  readonly timeZero: Tensor
  /** [1, ofs_embed_dim] sinusoid of 2, for base models with ofs. */
  readonly ofs?: Tensor
}

export interface NetworkOptions {
  /** Factor of the BML's additions; 1 as trained. 0 is the model without it. A tensor [1] makes it a run-time value. */
  readonly bml?: Tensor
  /** Rank of an adapter: a LoRA on the projections of all main blocks, its weights under 'adapter.' (weights/adapter.ts). */
  readonly adapterRank?: number
  /** Whether each block is a segment of its own (ir/segments.ts): for models that are too large or too deep to be run at once. */
  readonly byBlock?: boolean
  /** What enters the softmax of main block `block`; called while that block is made, so that what it makes belongs to the block. */
  readonly onAttention?: (block: number, tap: AttentionTap) => void
}

/** Final tokens of the main network [B, N, D], ready for either head, and their grid. */
export function network(
  scope: Scope,
  inputs: NetworkInputs,
  config: AnimateAnywhereConfig,
  options: NetworkOptions = {},
): { tokens: Tensor; grid: TokenGrid } {
  const t = config.transformer
  const [, F, , h, w] = inputs.latents.shape as [number, number, number, number, number]
  const grid = tokenGrid(t, F, h, w)
  const rope = ropeOf(grid, t)
  const text = hintTokens(scope.child('hint'), inputs, config)
  const temb = conditioning(scope, inputs.time, t, inputs.ofs)
  const part = options.byBlock ? segment : <T>(build: () => T): T => build()

  // The copies run just ahead of the main blocks that need them, so that little waits in memory.
  const controls = controlFeatures(scope.child('control'), inputs, text, temb, rope, config, part)
  const references = referenceTokens(scope.child('reference'), inputs, text, config, grid.time, part)
  const control: ControlFeature[] = []
  const copies = copiedBlocks(config, config.controlDepth)

  let streams: Streams = patchEmbed(scope.child('patch_embed'), concat([inputs.latents, inputs.background], 2), text, t)
  for (let i = 0; i < t.num_layers; i++) {
    if (i < copies) control.push(controls.next().value!)
    const reference = references.next().value
    const from = control[Math.floor((i * copies) / t.num_layers)]!
    const learner = scope.child(`bml.${i}`)
    const { text, video } = streams
    streams = part(() => {
      const result = block(scope.child(`transformer_blocks.${i}`), { text, video }, temb, rope, t, {
        ...(reference ? { referenceTokens: reference.tokens, referenceRope: reference.rope } : {}),
        ...(config.backgroundMotion === 'bml'
          ? { lora: (name, x) => backgroundMotion(learner, name, x, from.attention, config, options.bml) }
          : {}),
        ...(options.adapterRank ? { adapter: adapterOf(scope, i, options.adapterRank) } : {}),
        ...(options.onAttention ? { onAttention: (tap) => options.onAttention?.(i, tap) } : {}),
      })
      return { text: result.text, video: i < copies ? add(result.video, control[i]!.residual) : result.video }
    })
  }
  return { tokens: finalLayer(scope, streams.video, temb, t), grid }
}

/** Text tokens (where the base model has them) followed by the hint's tokens, [B, L, text_embed_dim]. */
function hintTokens(scope: Scope, inputs: NetworkInputs, config: AnimateAnywhereConfig): Tensor {
  const { hintTokens: count } = config
  const width = config.transformer.text_embed_dim
  const table = scope.weight('weight', [hints.length, count * width], {
    kind: config.controlLinears === 'zero' ? 'zeros' : 'normal', // a pretrained base is left as it is
  })
  const tokens = reshape(matmul(inputs.hint, table), [inputs.hint.shape[0]!, count, width])
  return inputs.text ? concat([inputs.text, tokens], 1) : tokens
}

interface ControlFeature {
  /** [B, N, D], through its linear (zero-initialised over a pretrained base): added to the main tokens after the block of the same index. */
  readonly residual: Tensor
  /** [B, N, D] output of the copy's 3D attention: the pose features of the BML. */
  readonly attention: Tensor
}

/** How a block is built: as a segment, or as it comes. */
type Part = <T>(build: () => T) => T

function* controlFeatures(
  scope: Scope,
  inputs: NetworkInputs,
  text: Tensor,
  temb: Tensor,
  rope: Rope,
  config: AnimateAnywhereConfig,
  part: Part,
): Generator<ControlFeature, undefined> {
  const t = config.transformer
  const width = innerDim(t)
  // A pose video drawn larger has as many more latent cells per token.
  const patches = patchify(withHistory(inputs.pose, t), { ...t, patch_size: t.patch_size * config.poseScale })
  const drawn = linear(scope, 'patch_embed.proj', patches, width)
  let streams: Streams = {
    video: inputs.poseNumbers
      ? add(drawn, perFrame(poseFeatures(scope, inputs.poseNumbers, inputs.hint, config), drawn))
      : drawn,
    text: linear(scope, 'patch_embed.text_proj', text, width),
  }
  const options = config.controlLinears === 'zero' ? { init: zeroInit } : {}
  for (let i = 0; i < copiedBlocks(config, config.controlDepth); i++) {
    const { text, video } = streams
    const made = part(() => {
      const result = block(scope.child(`transformer_blocks.${i}`), { text, video }, temb, rope, t)
      return { ...result, residual: linear(scope, `proj_out.${i}`, result.video, width, options) }
    })
    streams = made
    yield { residual: made.residual, attention: made.attentionVideo }
  }
  return undefined
}

/** What the ControlNet (its scope) reads from the poses as numbers, [B, F, D]. */
export const poseFeatures = (scope: Scope, poseNumbers: Tensor, hint: Tensor, config: AnimateAnywhereConfig): Tensor =>
  posesOverTime(scope.child('poses'), poseNumbers, hint, innerDim(config.transformer))

/** Features of each frame [B, F, D], the same for all tokens of the frame: [B, N, D]. */
function perFrame(features: Tensor, like: Tensor): Tensor {
  const [B, N, D] = like.shape as [number, number, number]
  const F = features.shape[1]!
  return reshape(expand(reshape(features, [B, F, 1, D]), [B, F, N / F, D]), [B, N, D])
}

/**
 * Motion is the difference of two poses. Tokens of two frames (patch_size_t 2) hold both; tokens of one frame are given the frame before
 * on further channels: [B, F, C, h, w] -> [B, F, 2 C, h, w].
 */
function withHistory(pose: Tensor, config: TransformerConfig): Tensor {
  if (config.patch_size_t !== null) return pose
  const frames = pose.shape[1]!
  const before = frames === 1 ? pose : concat([slice(pose, 1, 0, 1), slice(pose, 1, 0, frames - 1)], 1)
  return concat([pose, before], 2)
}

/** Per copied block: the tokens to append to the keys and values of the main block of the same index. */
function* referenceTokens(
  scope: Scope,
  inputs: NetworkInputs,
  text: Tensor,
  config: AnimateAnywhereConfig,
  framesOfVideo: number,
  part: Part,
): Generator<{ tokens: Tensor; rope: Rope }, undefined> {
  const t = config.transformer
  const [B, F, , h, w] = inputs.reference.shape as [number, number, number, number, number]
  const grid = tokenGrid(t, F, h, w)
  const own = ropeOf(grid, t)
  // In the main attention the reference stands just after the last frame: same rows and columns, a time no frame has.
  const rope = ropeOf(grid, t, framesOfVideo)
  const timeZero = conditioning(scope, inputs.timeZero, t, inputs.ofs)
  const temb = B === 1 ? timeZero : concat(Array<Tensor>(B).fill(timeZero), 0)
  let streams: Streams = patchEmbed(scope.child('patch_embed'), inputs.reference, text, t)
  for (let i = 0; i < copiedBlocks(config, config.referenceDepth); i++) {
    const { text, video } = streams
    const made = part(() => block(scope.child(`transformer_blocks.${i}`), { text, video }, temb, own, t))
    streams = made
    yield { tokens: made.modulatedVideo, rope }
  }
  return undefined
}

/** The BML: LoRA on a projection of the main block, its input main + pose features; text tokens pass by. */
function backgroundMotion(
  scope: Scope,
  name: string,
  x: Tensor,
  pose: Tensor,
  config: AnimateAnywhereConfig,
  strength: Tensor | undefined,
): Tensor {
  const [, tokens, width] = x.shape as [number, number, number]
  const textTokens = tokens - pose.shape[1]!
  const addition = lora(scope, name, add(slice(x, 1, textTokens, tokens), pose), width, config.bmlRank)
  const scaled = strength ? mul(addition, strength) : addition
  return pad(scaled, [
    [0, 0],
    [textTokens, 0],
    [0, 0],
  ])
}

/** The adapter's part of main block `i`. */
function adapterOf(scope: Scope, i: number, rank: number): (name: Projection, x: Tensor) => Tensor {
  const own = scope.child(`adapter.transformer_blocks.${i}.attn1`)
  return (name, x) => lora(own, name, x, x.shape[2]!, rank)
}

/** Rotary tables of a token grid whose frames start at `time`, as constants of the program. */
function ropeOf(grid: TokenGrid, config: TransformerConfig, time = 0): Rope {
  const { cos, sin } = rotaryTables(gridPositions(grid, { time }), config.attention_head_dim)
  return { cos: constant(cos.data as Float32Array, cos.shape), sin: constant(sin.data as Float32Array, sin.shape) }
}
