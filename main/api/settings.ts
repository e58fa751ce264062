// Everything that makes a clip, besides its human, background and motion. A clip remembers all of it.
import { z } from 'zod'
import { hints } from '../motion/hints'
import { assetId, thingName } from './ids'

/** Width and height of a clip are multiples of this (pixels); windows snap to it. */
export const sizeStep = 16
const side = z.number().int().min(128).max(2048).multipleOf(sizeStep)

/** Which part of the background is shown first: its centre as shares of the picture, and how much closer than 'fills the frame'. */
export const crop = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  zoom: z.number().min(1).max(4),
})
export type Crop = z.infer<typeof crop>

export const renderSettings = z.object({
  width: side,
  height: side,
  /** null: the motion's own length, up to ten seconds. */
  frames: z.number().int().min(1).max(3600).nullable(),
  fps: z.number().min(1).max(60),
  steps: z.number().int().min(1).max(100),
  /** Classifier-free guidance of pictures and pose; 1 is none. */
  guidance: z.number().min(0).max(20),
  /** Strength of the background motion learner; 0 is a still place. */
  bml: z.number().min(0).max(3),
  hint: z.enum(hints),
  /** How far the camera follows the hint: 0 as with 'auto', 1 as learned. Projects and clips of earlier versions have none. */
  hintStrength: z.number().min(0).max(2).default(1),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  /** A locked seed stays; otherwise every queued clip draws a fresh one. */
  seedLocked: z.boolean(),
  crop,
  /** 'mini' is the bundled model. */
  model: z.union([z.literal('mini'), assetId]),
  adapter: assetId.nullable(),
})
export type RenderSettings = z.infer<typeof renderSettings>

export const defaultSettings: RenderSettings = {
  width: 640,
  height: 368,
  frames: null,
  fps: 24,
  steps: 2,
  guidance: 2.5,
  bml: 1,
  hint: 'auto',
  hintStrength: 1,
  seed: 0,
  seedLocked: true,
  crop: { x: 0.5, y: 0.5, zoom: 1 },
  model: 'mini',
  adapter: null,
}

/** Named settings, kept with the preferences. */
export const preset = z.object({ name: thingName, settings: renderSettings })
export type Preset = z.infer<typeof preset>
