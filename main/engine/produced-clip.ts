// A clip whose truth is known, made anew by a model from what an artist would give: the person's picture, the first background, the poses.
import { drawPose } from '../motion/draw'
import type { Hint } from '../motion/hints'
import { hostTensor } from './ir'
import { cameraNumbers, planes, prepareReferenceHuman } from './models/animate-anywhere'
import type { ReferenceHuman } from './models/animate-anywhere'
import { openComposer } from './render/composing'
import type { ComposedFrame } from './render/composing'
import type { Model } from './render/model'
import { think } from './render/thinking'
import type { Thoughts } from './render/thinking'
import type { Clip } from './training/clip'

export interface Sampling {
  readonly steps: number
  readonly guidance: number
  readonly seed: number
  readonly signal?: AbortSignal
}

/** What an artist would give of a clip: its poses and hint, and made ready, its person and its place. */
export interface Conditions {
  readonly clip: Clip
  readonly human: ReferenceHuman
  /** [3, H, W] in [-1, 1]: the first background. */
  readonly ground: Float32Array
}

/** Dear, for the person is taken apart: once for all that is made of the clip. */
export function conditionsOf(clip: Clip): Conditions {
  const { referenceMask, referenceHuman, reference, width, height } = clip
  const mask = Float32Array.from(referenceMask, (v: number) => v / 255)
  const human = prepareReferenceHuman(referenceHuman, mask, width, height, reference)
  return { clip, human, ground: planes(firstBackground(clip)) }
}

/** What `model` makes of the conditions, with the clip's own hint unless another is given. */
export async function produce(
  model: Model,
  conditions: Conditions,
  { steps, guidance, seed, signal }: Sampling,
  hint: Hint = conditions.clip.hint,
): Promise<ComposedFrame[]> {
  const { clip, human, ground } = conditions
  const { width, height, poses } = clip
  const thoughts = await think({
    model,
    human: {
      native: human,
      small: human,
      picture: planes(clip.referenceHuman),
      pose: planes(drawPose(clip.reference, width, height)),
    },
    background: ground,
    reach: { up: 0, down: 0 }, // a clip's place is known within its frame
    ...{ poses, width, height, steps, hint, seed, bml: 1 },
    guidance: { reference: guidance, pose: guidance },
    ...(signal ? { signal } : {}),
  })
  return compose(conditions, thoughts)
}

/** What the untrained puppet makes of them. */
export const producePuppet = (conditions: Conditions): Promise<ComposedFrame[]> =>
  compose(conditions, noThoughts(conditions.clip.poses.length))

/** The place alone, as the first frame shows it. */
export const produceStill = (clip: Clip): ComposedFrame[] => {
  const frame = { picture: firstBackground(clip), person: new Uint8Array(clip.width * clip.height) }
  return clip.poses.map(() => frame)
}

/** Frame `t` of frames of `size` numbers each. */
export const frameOf = (of: Uint8Array, t: number, size: number): Uint8Array => of.subarray(t * size, (t + 1) * size)

const firstBackground = ({ background, width, height }: Clip) => frameOf(background, 0, 3 * width * height)

async function compose({ clip, human, ground }: Conditions, thoughts: Thoughts): Promise<ComposedFrame[]> {
  const { width, height, fps, poses } = clip
  const place = { ...{ picture: ground, width, height }, view: { x: 0.5, y: 0.5, width: 1, height: 1 } }
  const composer = await openComposer(thoughts, human, { width, height, fps, frames: [...poses] }, place)
  try {
    const frames: ComposedFrame[] = []
    for (let t = 0; t < poses.length; t++) frames.push(await composer.frame(t, t))
    return frames
  } finally {
    await composer.dispose()
  }
}

/** What an untrained network thinks: nothing. */
function noThoughts(T: number): Thoughts {
  const zero = (shape: number[]) => hostTensor(new Float32Array(shape.reduce((a, b) => a * b)), shape)
  return {
    frames: T,
    gain: zero([T, 3, 1, 1]),
    path: zero([T, cameraNumbers]),
    nearness: zero([1, 1, 1, 1]),
  }
}
