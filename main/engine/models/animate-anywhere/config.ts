// One architecture, two presets. `mini` is trained from nothing and composes real pixels; `cogvideox-1.5-5b` is the production model,
// whose base weights the user imports. Everything that differs between them is a value here.
import { UserError } from '../../../media/errors'
import { parseJson } from '../../../motion/formats/json'
import { parseTransformerConfig } from '../cogvideox/config'
import type { TransformerConfig } from '../cogvideox/config'
import { z } from 'zod'
import { dctChannels } from '../codec/dct'

export interface AnimateAnywhereConfig {
  readonly transformer: TransformerConfig
  /** Share of the main blocks that ControlNet and ReferenceNet copy: 18 of 42 in the paper. */
  readonly controlDepth: number
  readonly referenceDepth: number
  /**
   * How the ControlNet's output linears start. 'zero' leaves a pretrained base as it is; where there is none to protect they start open,
   * because a zero between two networks that know nothing yet kept either from learning (measured: nothing in 400 steps).
   */
  readonly controlLinears: 'zero' | 'open'
  /**
   * How the camera follows from the poses. 'bml': the Background Motion Learner in every main block, as in the paper; the others are what
   * it is compared with. 'none': without it. 'two-stage': a network of its own reads the camera path from the poses, and the background
   * is warped by that path alone.
   */
  readonly backgroundMotion: 'bml' | 'none' | 'two-stage'
  /** Rank of the Background Motion Learner's LoRA in each main block. */
  readonly bmlRank: number
  /** Tokens that carry the hint; they stand beside the text tokens. */
  readonly hintTokens: number
  /** 'latent': the head predicts latents. 'composition': it moves pixels of the two pictures. */
  readonly head: 'latent' | 'composition'
  /** What the latent head's output means; the composition head always gives the clean clip. */
  readonly prediction: 'v_prediction' | 'sample'
  /** The reference background on the frames after the first: as in CogVideoX, or given to each frame. */
  readonly backgroundOverTime: 'zero-pad' | 'repeat'
  /** The pose video is drawn this many times larger than the frames, so that a face survives in a token. */
  readonly poseScale: 1 | 2
  /** Whether the ControlNet is given the key points as numbers beside their picture. */
  readonly poseNumbers: boolean
  /** Frames per second at which the model thinks. */
  readonly fps: number
  /** Frames of one window. */
  readonly frames: number
  /** Pixels of the frames at which the model thinks: width x height = this squared, sides multiples of 16. */
  readonly side: number
}

/** Blocks of a copied network: the share of the main blocks, at least one. */
export const copiedBlocks = (config: AnimateAnywhereConfig, depth: number): number =>
  Math.max(1, Math.round(config.transformer.num_layers * depth))

const paperDepth = 18 / 42

/** Ours: bundled, trained by `anywhere train`, runs anywhere. 13 frames at 12 fps of about 96 x 64 pixels. */
export const miniConfig: AnimateAnywhereConfig = {
  transformer: parseTransformerConfig(
    {
      num_attention_heads: 4,
      attention_head_dim: 32,
      in_channels: 2 * dctChannels,
      out_channels: dctChannels,
      time_embed_dim: 128,
      text_embed_dim: 64,
      num_layers: 4,
      patch_size: 2,
      patch_size_t: null,
      max_text_seq_length: 2,
    },
    'mini preset',
  ),
  controlDepth: paperDepth,
  referenceDepth: paperDepth,
  controlLinears: 'open',
  backgroundMotion: 'bml',
  bmlRank: 32,
  hintTokens: 2,
  head: 'composition',
  prediction: 'sample',
  backgroundOverTime: 'repeat',
  poseScale: 2,
  poseNumbers: true,
  fps: 12,
  frames: 13,
  side: 78,
}

/** The paper's: CogVideoX1.5-5B-I2V with its own VAE, 81 frames at 16 fps of about 1360 x 768 pixels. */
export const cogVideoXConfig: AnimateAnywhereConfig = {
  transformer: parseTransformerConfig(
    {
      num_attention_heads: 48,
      attention_head_dim: 64,
      in_channels: 32,
      out_channels: 16,
      time_embed_dim: 512,
      ofs_embed_dim: 512,
      text_embed_dim: 4096,
      num_layers: 42,
      patch_size: 2,
      patch_size_t: 2,
      max_text_seq_length: 226,
    },
    'cogvideox-1.5-5b preset',
  ),
  controlDepth: paperDepth,
  referenceDepth: paperDepth,
  controlLinears: 'zero',
  backgroundMotion: 'bml',
  bmlRank: 128,
  hintTokens: 4,
  head: 'latent',
  prediction: 'v_prediction',
  backgroundOverTime: 'zero-pad',
  poseScale: 1,
  poseNumbers: false,
  fps: 16,
  frames: 81,
  side: 1022,
}

export const presets = { mini: miniConfig, 'cogvideox-1.5-5b': cogVideoXConfig } as const

const schema = z.object({
  transformer: z.unknown(),
  controlDepth: z.number().positive().max(1),
  referenceDepth: z.number().positive().max(1),
  controlLinears: z.enum(['zero', 'open']),
  backgroundMotion: z.enum(['bml', 'none', 'two-stage']).default('bml'), // model files of before it was a choice
  bmlRank: z.number().int().positive().max(10_000),
  hintTokens: z.number().int().positive().max(1000),
  head: z.enum(['latent', 'composition']),
  prediction: z.enum(['v_prediction', 'sample']),
  backgroundOverTime: z.enum(['zero-pad', 'repeat']),
  poseScale: z.union([z.literal(1), z.literal(2)]),
  poseNumbers: z.boolean(),
  fps: z.number().positive().max(1000),
  frames: z.number().int().positive().max(10_000),
  side: z.number().positive().max(100_000),
})

/** The config that a model file carries in its metadata. Throws a UserError naming `source` and the value that is wrong. */
export function parseConfig(json: string | undefined, source: string): AnimateAnywhereConfig {
  if (json === undefined) throw new UserError(`${source} is not an AnimateAnywhere model: its metadata has no "config"`)
  let value: unknown
  try {
    value = parseJson(json)
  } catch {
    throw new UserError(`${source}: the "config" in its metadata is not JSON`)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new UserError(`${source}: config ${issue.path.join('.')}: ${issue.message}`)
  }
  if (parsed.data.backgroundMotion === 'two-stage' && !(parsed.data.poseNumbers && parsed.data.head === 'composition'))
    throw new UserError(`${source}: config backgroundMotion: two-stage needs poseNumbers and the composition head`)
  return { ...parsed.data, transformer: parseTransformerConfig(parsed.data.transformer, source) }
}

/** A side in pixels as whole tokens: a multiple of 16, at least two tokens. */
export const wholeTokens = (side: number): number => Math.max(32, Math.round(side / 16) * 16)

/** The frame at which a model thinks for an output of this shape: sides multiples of 16, area about side^2, at least two tokens a side. */
export function thinkingSize(
  config: AnimateAnywhereConfig,
  width: number,
  height: number,
): { width: number; height: number } {
  const aspect = Math.sqrt(width / height)
  return { width: wholeTokens(config.side * aspect), height: wholeTokens(config.side / aspect) }
}
