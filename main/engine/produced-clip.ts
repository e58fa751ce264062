// A clip whose truth is known, made anew by a model from what an artist would give: the person's picture, the first background, the poses.
import { drawPose } from '../motion/draw'
import type { Hint } from '../motion/hints'
import { hostTensor } from './ir'
import { cameraNumbers, planes, prepareReferenceHuman } from './models/animate-anywhere'
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

/** What `model` makes of the clip's conditions, with the clip's own hint unless another is given. */
export async function produce(
  model: Model,
  clip: Clip,
  { steps, guidance, seed, signal }: Sampling,
  hint: Hint = clip.hint,
): Promise<ComposedFrame[]> {
  const { width, height, poses } = clip
  const small = humanOf(clip)
  const thoughts = await think({
    model,
    human: {
      native: small,
      small,
      picture: planes(clip.referenceHuman),
      pose: planes(drawPose(clip.reference, width, height)),
    },
    background: planes(firstBackground(clip)),
    ...{ poses, width, height, steps, hint, seed, bml: 1 },
    guidance: { reference: guidance, pose: guidance },
    ...(signal ? { signal } : {}),
  })
  return compose(clip, thoughts)
}

/** What the untrained puppet makes of it. */
export const producePuppet = (clip: Clip): Promise<ComposedFrame[]> =>
  compose(clip, noThoughts(clip.poses.length))

/** The place alone, as the first frame shows it. */
export const produceStill = (clip: Clip): ComposedFrame[] => {
  const frame = { picture: firstBackground(clip), person: new Uint8Array(clip.width * clip.height) }
  return clip.poses.map(() => frame)
}

/** Frame `t` of frames of `size` numbers each. */
export const frameOf = (of: Uint8Array, t: number, size: number): Uint8Array => of.subarray(t * size, (t + 1) * size)

const firstBackground = ({ background, width, height }: Clip) => frameOf(background, 0, 3 * width * height)

function humanOf({ referenceMask, referenceHuman, reference, width, height }: Clip) {
  const mask = Float32Array.from(referenceMask, (v: number) => v / 255)
  return prepareReferenceHuman(referenceHuman, mask, width, height, reference)
}

async function compose(clip: Clip, thoughts: Thoughts): Promise<ComposedFrame[]> {
  const { width, height, poses } = clip
  const ground = {
    ...{ picture: planes(firstBackground(clip)), width, height },
    view: { x: 0.5, y: 0.5, width: 1, height: 1 },
  }
  const composer = await openComposer(thoughts, humanOf(clip), poses, ground, width, height)
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
    shift: zero([T, 2, 1, 1]),
    gain: zero([T, 3, 1, 1]),
    path: zero([T, cameraNumbers]),
    nearness: zero([1, 1, 1, 1]),
  }
}
