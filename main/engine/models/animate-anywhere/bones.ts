// The bones that carry the human's pixels: where each begins and ends in a pose, and how thick the limb round it is.
import type { Keypoints } from '../../../motion/types'
import { absent, headOf } from './facing'
import type { Point, PointReader, Turn } from './facing'

export interface Bone {
  readonly name: string
  /** Radius of the limb, in pixels of a body 50 px tall; it decides which pixels the limb owns. */
  readonly radius: number
  /** Radius of the limb itself at its two ends, in the same pixels; 0 for head and torso, whose shape is only what is seen of it. */
  readonly flesh: readonly [number, number]
  /** Beyond this distance nothing is the limb's, in the same pixels: a hand is no pocket. */
  readonly most?: number
  /** Length as a share of the body's height: what a foreshortened bone's true length is judged by. 0 for hands and feet, which say nothing of it. */
  readonly proportion: number
  /** Where it lies; of a hand or a foot in a body of `size` pixels that faces `turn`. */
  readonly ends: (at: PointReader, pose: Keypoints, size: number, turn: Turn) => readonly [Point, Point] | undefined
}

const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })

const limb = (
  name: string,
  from: number,
  to: number,
  radius: number,
  flesh: readonly [number, number],
  proportion: number,
): Bone => ({
  name,
  radius,
  flesh,
  proportion,
  ends: (at) => {
    const a = at(from)
    const b = at(to)
    return a && b ? [a, b] : undefined
  },
})

/** Length of a hand as far as the last joints of its fingers, in lengths of the forearm seen and of what its knuckles show. */
const handShare = { forearm: 0.5, knuckles: 1.7 }

/** From the wrist to the last joints of the fingers; as far as the knuckles tell, or as a hand goes on from its arm, where those are unknown. */
function hand(name: string, points: 'leftHand' | 'rightHand', elbow: number, wrist: number): Bone {
  const from = (a: Point, towards: Point, share: number): [Point, Point] => [
    a,
    { x: a.x + share * (towards.x - a.x), y: a.y + share * (towards.y - a.y) },
  ]
  return {
    name,
    radius: 0.9,
    flesh: [1.1, 0.9],
    most: 1.7,
    proportion: 0,
    ends: (at, { [points]: hand }) => {
      const [e, a] = [at(elbow), at(wrist)]
      if (!e || !a) return undefined
      const mean = (joints: readonly number[]): Point | undefined => {
        const seen = joints.filter((joint) => hand[joint * 3 + 2]! > absent)
        const sum = (axis: 0 | 1) => seen.reduce((total, joint) => total + hand[joint * 3 + axis]!, 0)
        return seen.length ? { x: sum(0) / seen.length, y: sum(1) / seen.length } : undefined
      }
      const fingers = mean([7, 11, 15])
      if (fingers) return [a, fingers]
      const knuckles = mean([5, 9, 13, 17])
      return knuckles
        ? from(a, knuckles, handShare.knuckles)
        : from(a, { x: 2 * a.x - e.x, y: 2 * a.y - e.y }, handShare.forearm)
    },
  }
}

/** A foot in shares of the body's height: how far its toes are from the ankle, forth and down, and how much lower in a picture from the front. */
const feet = { forth: 0.09, down: 0.05, lower: 0.012 }
/** Share of the shin's tilt that its foot takes part in. */
const footTilt = 0.3

/** From the ankle to the toes, which no key point tells: they point the way the body faces. */
function foot(name: string, knee: number, ankle: number): Bone {
  return {
    name,
    radius: 1.2,
    flesh: [1.4, 1],
    proportion: 0,
    ends: (at, _, size, turn) => {
      const [from, a] = [at(knee), at(ankle)]
      if (!from || !a) return undefined
      const shin = Math.max(Math.hypot(a.x - from.x, a.y - from.y), 1e-6)
      const [tx, ty] = [(footTilt * (a.x - from.x)) / shin, (footTilt * (a.y - from.y)) / shin + 1 - footTilt]
      const unit = Math.max(Math.hypot(tx, ty), 1e-6)
      const [forth, down] = [(feet.forth * turn.sin * size) / unit, ((feet.down + feet.lower * turn.cos) * size) / unit]
      return [a, { x: a.x + forth * ty + down * tx, y: a.y - forth * tx + down * ty }]
    },
  }
}

/** The bones that carry pixels, K of them, in the order of every tensor's bone axis (OpenPose-18 joints). */
export const bones: readonly Bone[] = [
  {
    name: 'head',
    radius: 3,
    flesh: [0, 0],
    proportion: 0.13,
    ends: (at) => {
      const neck = at(1)
      const face = headOf(at)
      return neck && face ? [neck, face.centre] : undefined
    },
  },
  {
    name: 'torso',
    radius: 4.5,
    flesh: [0, 0],
    proportion: 0.3,
    ends: (at) => {
      const neck = at(1)
      const right = at(8)
      const left = at(11)
      const hips = right && left ? between(right, left) : (right ?? left)
      return neck && hips ? [neck, hips] : undefined
    },
  },
  limb('right upper arm', 2, 3, 1.1, [1.7, 1.4], 0.17),
  limb('right forearm', 3, 4, 1.3, [1.4, 1], 0.15),
  limb('left upper arm', 5, 6, 1.1, [1.7, 1.4], 0.17),
  limb('left forearm', 6, 7, 1.3, [1.4, 1], 0.15),
  limb('right thigh', 8, 9, 1.6, [2.7, 1.9], 0.24),
  limb('right shin', 9, 10, 1.2, [1.8, 1.25], 0.24),
  limb('left thigh', 11, 12, 1.6, [2.7, 1.9], 0.24),
  limb('left shin', 12, 13, 1.2, [1.8, 1.25], 0.24),
  hand('right hand', 'rightHand', 3, 4),
  hand('left hand', 'leftHand', 6, 7),
  foot('right foot', 9, 10),
  foot('left foot', 12, 13),
]
export const boneCount = bones.length
export const head = 0
export const torso = 1
export const rightFoot = 12
export const leftFoot = 13

/** Of shoulders and hips seen from the front, as a share of the body's height. */
export const breadth = 0.155
