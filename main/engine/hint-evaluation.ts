// Whether a hint is obeyed: on clips whose poses leave the camera open, does the place in the produced frames go the way the hint says?
import { hints } from '../motion/hints'
import type { Hint } from '../motion/hints'
import { backgroundPath, wholeWay } from './metrics/background-motion'
import { conditionsOf, frameOf, produce } from './produced-clip'
import type { Sampling } from './produced-clip'
import type { ComposedFrame } from './render/composing'
import type { Model } from './render/model'
import type { Clip } from './training/clip'

export type GivenHint = Exclude<Hint, 'auto'>
export const givenHints = hints.filter((hint): hint is GivenHint => hint !== 'auto')

export interface HintFigures {
  readonly clips: number
  /** Share of the clips whose place goes the right way. */
  readonly right: number
  /** 95% interval (Wilson). */
  readonly ci: readonly [low: number, high: number]
}

/** Of the width, or of log zoom: what moves less stands still. */
const still = 0.005

/** What is seen of the place's movement in one clip: pan and tilt as shares of the width, log zoom. */
export interface Movement {
  /** From the first frame to the last: where the last frame's centre is found in the first. */
  readonly whole: readonly [x: number, y: number, zoom: number]
  /** Mean distance from where the place was in the first frame. */
  readonly drift: number
}

/**
 * Whether a movement obeys a hint. The camera pans left: the place moves right, so what the last frame's centre shows lies further left in the first. Zooming in
 * shrinks the first frame's part that the last one shows. In an orbit to the left the camera turns right while it goes left, to keep the person: the
 * place behind moves left. With `follow` the place passes as in the true clip.
 */
export function obeys(hint: GivenHint, { whole: [x, y, zoom], drift }: Movement, truth: () => Movement): boolean {
  switch (hint) {
    case 'static':
      return drift < still
    case 'pan-left':
    case 'orbit-right':
      return x < -still
    case 'pan-right':
    case 'orbit-left':
      return x > still
    case 'tilt-up':
      return y < -still
    case 'tilt-down':
      return y > still
    case 'zoom-in':
      return zoom < -still
    case 'zoom-out':
      return zoom > still
    case 'follow': {
      const [trueX, trueY, trueZoom] = truth().whole
      return Math.hypot(x, y, zoom) > still && x * trueX + y * trueY + zoom * trueZoom > 0
    }
  }
}

/** Renders `count` open clips with each of `asked`, read by `read`, and counts those that obey. */
export async function evaluateHints(
  model: Model,
  asked: readonly GivenHint[],
  count: number,
  read: (hint: GivenHint, index: number) => Promise<Clip> | Clip,
  options: Sampling & { readonly onClip?: (done: number, of: number) => void },
): Promise<Record<string, HintFigures>> {
  const figures: Record<string, HintFigures> = {}
  for (const [h, hint] of asked.entries()) {
    let right = 0
    for (let i = 0; i < count; i++) {
      options.signal?.throwIfAborted()
      const clip = await read(hint, i)
      const produced = await produce(model, conditionsOf(clip), options, hint)
      if (obeys(hint, movementOf(produced, clip), () => movementOf(trueFrames(clip), clip))) right++
      options.onClip?.(h * count + i + 1, asked.length * count)
    }
    figures[hint] = { clips: count, right: right / count, ci: wilson(right, count) }
  }
  return figures
}

const trueFrames = ({ poses, frames, humanMask, width, height }: Clip): ComposedFrame[] =>
  poses.map((_, t) => ({
    picture: frameOf(frames, t, 3 * width * height),
    person: frameOf(humanMask, t, width * height),
  }))

/** How the place moves in frames, read from the frames alone. */
export function movementOf(frames: readonly ComposedFrame[], { width, height }: Clip): Movement {
  const pictures = frames.map(({ picture }) => picture)
  const hidden = frames.map(({ person }) => person.map((v) => (v > 20 ? 1 : 0)))
  const path = backgroundPath(pictures[0]!, pictures, hidden, width, height, hidden[0]!)
  const [x, y, zoom] = wholeWay(pictures, hidden, width, height)
  const drift = path.reduce((sum, [dx, dy]) => sum + Math.hypot(dx, dy), 0) / path.length / width
  return { whole: [x / width, y / width, zoom], drift }
}

/** Wilson's interval of a share, 95%. */
export function wilson(right: number, of: number): [low: number, high: number] {
  const z = 1.96
  const share = right / of
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}
