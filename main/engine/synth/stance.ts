// Where a camera stands towards its subject: direction, distance, height, lens, and where in the frame the subject is.
import type { Vector3 } from 'three'
import type { Random } from '../nn/random'
import type { Action } from './action'

/** Where the camera stands towards the subject, in the middle of the clip. */
export interface Stance {
  /** Direction from the subject to the camera, radians (0 = +z). */
  from: number
  distance: number
  /** Of the eye above the floor; of what is looked at. */
  eye: number
  aim: number
  /** Metres by which the aim lies to the right of the subject. */
  aside: number
  focal: number
  roll: number
}

/** A stance drawn from `random` for somebody who faces `facing` (radians, 0 = +z). */
export function makeStance(
  random: Random,
  { motion, travels }: Action,
  facing: number,
  { width, height }: { width: number; height: number },
): Stance {
  const p = motion.proportions
  const tall = p.ankle + p.lowerLeg + p.upperLeg + p.torso + p.neck + p.head
  const focal = Math.max(width, height) * Math.exp(random.uniform(Math.log(0.8), Math.log(1.8)))
  const kind = random.next()
  const share =
    kind < 0.62
      ? random.uniform(0.55, 0.95)
      : kind < 0.8
        ? random.uniform(0.32, 0.55)
        : kind < 0.93
          ? random.uniform(1, 1.5)
          : random.uniform(1.5, 2.2)
  const distance = (tall * focal) / (share * height)
  const frontal = random.next() < (travels ? 0.35 : 0.75)
  const from = facing + (frontal ? random.normal() * 0.7 : random.uniform(-Math.PI, Math.PI))
  const eye = Math.min(1.5, Math.max(0.2, 0.72 + 0.2 * random.normal())) * tall
  // a whole body stands in the middle; when it is cut, it is cut below
  const y = share <= 1 ? 0.5 + random.uniform(-0.5, 0.5) * (1 - share) : random.uniform(0.06, 0.14) + share / 2
  const x = 0.5 + 0.09 * random.normal()
  const metres = distance / focal
  return {
    from,
    distance,
    eye,
    aim: tall / 2 + (y - 0.5) * height * metres,
    aside: (0.5 - x) * width * metres,
    focal,
    roll: random.next() < 0.15 ? random.normal() * 0.04 : 0,
  }
}

/**
 * A camera that stands must be far enough for the subject to stay in the frame (or for a camera that turns after it not to sweep over
 * more than about a frame), and not to be run into.
 */
export function stepBack(stance: Stance, path: readonly Vector3[], { width }: { width: number }): Stance {
  const middle = path[path.length >> 1]!
  const [s, c] = [Math.sin(stance.from), Math.cos(stance.from)]
  let needed = 0
  for (const p of path) {
    const [dx, dz] = [p.x - middle.x, p.z - middle.z]
    const towards = dx * s + dz * c
    const across = Math.abs(dx * c - dz * s)
    needed = Math.max(needed, towards + 1.1, towards + (across * stance.focal) / (0.4 * width))
  }
  if (needed <= stance.distance) return stance
  const more = needed / stance.distance
  return { ...stance, distance: needed, aside: stance.aside * more, aim: 0.9 + (stance.aim - 0.9) * more }
}
