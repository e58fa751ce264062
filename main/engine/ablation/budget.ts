// How much of everything an ablation spends: the same for all its variants. `micro` is the mini model in small, so that all tables
// together are a matter of an hour on one core.
import { miniConfig } from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'

/** One training stage. */
export interface StageBudget {
  /** Different clips to learn from. */
  readonly clips: number
  readonly steps: number
  readonly batch: number
  readonly learningRate: number
}

export interface Budget {
  /** Of the full method; a variant changes what its name says and nothing else. */
  readonly config: AnimateAnywhereConfig
  /** Of all clips, pixels, multiples of 16. */
  readonly width: number
  readonly height: number
  readonly poses: StageBudget
  readonly places: StageBudget
  readonly control: StageBudget
  readonly joint: StageBudget
  /** Clips that no training sees, and how they are sampled. */
  readonly measuring: { readonly clips: number; readonly steps: number; readonly guidance: number }
  /** Training steps between checkpoints. */
  readonly every: number
}

/**
 * The mini model's parts at width 64: 3 main blocks and one copied block each for ControlNet and ReferenceNet, clips of 7 frames of
 * 64 x 48 pixels at 6 per second. `steps` of the control stage, four times as many of the poses alone, which are cheap, a third of the others.
 */
export function microBudget(steps: number, measuring: Budget['measuring']): Budget {
  const copied = 1 / 3
  const third = Math.max(1, Math.round(steps / 3))
  return {
    config: {
      ...miniConfig,
      transformer: {
        ...miniConfig.transformer,
        num_attention_heads: 2,
        num_layers: 3,
        time_embed_dim: 64,
        text_embed_dim: 32,
      },
      controlDepth: copied,
      referenceDepth: copied,
      bmlRank: 16,
      poseScale: 1,
      fps: 6,
      frames: 7,
      side: 55,
    },
    ...{ width: 64, height: 48, every: 100 },
    poses: { clips: 8000, steps: 4 * steps, batch: 32, learningRate: 2e-3 },
    places: { clips: 2000, steps: third, batch: 16, learningRate: 2e-3 },
    control: { clips: 4000, steps, batch: 16, learningRate: 2e-3 },
    joint: { clips: 240, steps: third, batch: 4, learningRate: 1e-3 },
    measuring,
  }
}
