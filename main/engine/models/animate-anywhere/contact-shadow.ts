// The dark spots under a standing person, without which they float before the place: a small one under each foot and a wide faint one under all
// of them. Where the light comes from nobody says, so no more of a shadow than this is thrown. Nothing of it is learned: the numbers below are
// near what fits synthetic footage best, the spots somewhat smaller and darker, since there they stand for shadows of every direction too.
import type { PoseSequence } from '../../../motion/types'
import { add, exp, hostTensor, input, mul, reshape, slice, sub } from '../../ir'
import type { HostTensor, Tensor } from '../../ir'
import { bonePose, endsOf } from './bone-pose'
import type { BonePose } from './bone-pose'
import { leftFoot, rightFoot } from './bones'
import { pixelCentres } from './candidates'

/** Of a spot, in shares of the body's height: half axes, of a foot's spot beyond the foot, and the height at which a third of it is left. */
interface Spot {
  readonly across: number
  readonly down: number
  readonly height: number
  /** Share of the light that is kept off its middle. */
  readonly dark: number
}
const ofFoot: Spot = { across: 0.035, down: 0.033, height: 0.1, dark: 0.35 }
const ofBody: Spot = { across: 0.22, down: 0.08, height: 0.2, dark: 0.1 }
const feet = [rightFoot, leftFoot] as const

const spotCount = feet.length + 1
/** Numbers of a spot: its middle (x, y), one over its half axes, how dark it is. */
const numbers = 5
const nothing = [0, 0, 1, 1, 0]

/** Seconds each way within which somebody who jumps is on the floor again. */
const jump = 0.65

/**
 * The spots of poses in pixels of their frames, [T, 3, 5]: under the right foot, the left one, the body. What is not known has none, and
 * what is lifted above the lowest of the body, or with the body as long as a jump lasts, has a fainter one.
 */
export function contactSpots({ frames, fps }: PoseSequence): HostTensor {
  const bodies = frames.map((pose) => bonePose(pose))
  const floor = closed(bodies.map(lowest), Math.round(jump * fps))
  const data = bodies.flatMap((body, t) => {
    const standing = feet.map((foot) => (body.known[foot] ? stance(body, foot) : undefined))
    const known = standing.filter((foot) => foot !== undefined)
    const spot = (at: Stance, { across, down, height, dark }: Spot) => {
      const lifted = Math.max(floor[t]! - at.y, 0) / (height * body.size)
      return [at.x, at.y, 1 / (at.half + across * body.size), 1 / (down * body.size), dark * Math.exp(-lifted)]
    }
    const mean = known.reduce((sum, { x }) => sum + x, 0) / known.length
    const lower = Math.max(...known.map(({ y }) => y))
    return [
      ...standing.flatMap((foot) => (foot ? spot(foot, ofFoot) : nothing)),
      ...(known.length ? spot({ x: mean, y: lower, half: 0 }, ofBody) : nothing),
    ]
  })
  return hostTensor(Float32Array.from(data), [frames.length, spotCount, numbers])
}

/** Where a foot stands: its middle, the height of its sole, half its length across the frame. */
interface Stance {
  readonly x: number
  readonly y: number
  readonly half: number
}

function stance({ ends }: BonePose, foot: number): Stance {
  const [x0, y0, x1, y1] = endsOf(ends, foot)
  return { x: (x0 + x1) / 2, y: Math.max(y0, y1), half: Math.abs(x1 - x0) / 2 }
}

/** How far down a body reaches, in pixels. */
const lowest = ({ ends, known }: BonePose): number =>
  ends.reduce((most, y, i) => (i % 2 && known[i >> 2] ? Math.max(most, y) : most), -Infinity)

/** Values without their dips of up to 2 `reach` frames (morphological closing): a slope stays what it is, to its ends. */
function closed(values: readonly number[], reach: number): number[] {
  const around = (of: readonly number[], t: number) => of.slice(Math.max(0, t - reach), t + reach + 1)
  const greatest = Array.from({ length: values.length + 2 * reach }, (_, i) => Math.max(...around(values, i - reach)))
  return values.map((_, t) => Math.min(...greatest.slice(t, t + 2 * reach + 1)))
}

/** The input for one frame's spots. */
export const spotsInput = (): Tensor => input('spots', [1, 1, spotCount, numbers])

/** The place [1, 1, 3, H, W] in [-1, 1] with one frame's spots [1, 1, 3, 5]: each keeps off dark exp(-dx^2 - dy^2), dx and dy in its half axes. */
export function shadeContacts(spots: Tensor, background: Tensor): Tensor {
  const [H, W] = background.shape.slice(3) as [number, number]
  const xs = pixelCentres(W, [1, 1, 1, 1, W])
  const ys = pixelCentres(H, [1, 1, 1, H, 1])
  const light = Array.from({ length: spotCount }, (_, spot) => {
    const number = (i: number) => reshape(slice(slice(spots, 2, spot, spot + 1), 3, i, i + 1), [1, 1, 1, 1, 1])
    return sub(1, mul(bell(xs, number(0), number(2)), mul(bell(ys, number(1), number(3)), number(4))))
  })
  // Brightness begins at -1.
  return sub(mul(add(background, 1), light.reduce(mul)), 1)
}

function bell(at: Tensor, middle: Tensor, narrow: Tensor): Tensor {
  const far = mul(sub(at, middle), narrow)
  return exp(mul(mul(far, far), -1))
}
