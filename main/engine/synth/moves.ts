// How a camera moves in a clip, what such work is called, and which hint asks for it.
import type { Hint } from '../../motion/hints'
import type { Random } from '../nn/random'
import type { Stance } from './stance'

/** How far the camera goes in a clip, from its beginning to its end. */
export interface Move {
  /** Share of the subject's way that the camera goes along. */
  follow: number
  /** Share of the subject's way that the standing camera turns after. */
  watch: number
  /** Radians: to the right, up, about the view (positive: the picture turns to the left), around the subject (positive: the camera goes to its right). */
  pan: number
  tilt: number
  roll: number
  orbit: number
  /** Log of the change of focal length, and of nearness. */
  zoom: number
  dolly: number
  /** Metres: to the right, up. */
  truck: number
  rise: number
  /** Unsteadiness: 1 = a camera held in the hand. */
  shake: number
}

/** A move with its name. */
export interface Work {
  mode: string
  move: Move
}

/** What a move's size is measured against. */
export interface Frame {
  width: number
  height: number
  frames: number
  fps: number
}

const STILL: Move = {
  follow: 0,
  watch: 0,
  pan: 0,
  tilt: 0,
  roll: 0,
  orbit: 0,
  zoom: 0,
  dolly: 0,
  truck: 0,
  rise: 0,
  shake: 0,
}

export const standing: Work = { mode: 'static', move: STILL }

/** One kind of camera work: `sign` is its way, 1 or -1. */
type Maker = (random: Random, sign: number, stance: Stance, frame: Frame) => Partial<Move>

/** Longer clips go farther, but not for ever. */
const seconds = ({ frames, fps }: Frame) => Math.min(2, (frames - 1) / fps)

/** The angle under which `share` of a side of the frame is seen. */
const view = (share: number, side: number, stance: Stance) => Math.atan((share * side) / stance.focal)

const makers = {
  pan: (random, sign, stance, frame) => ({
    pan: sign * view(random.uniform(0.12, 0.7) * seconds(frame), frame.width, stance),
  }),
  tilt: (random, sign, stance, frame) => ({
    tilt: sign * view(random.uniform(0.1, 0.45) * seconds(frame), frame.height, stance),
  }),
  zoom: (random, sign, _stance, frame) => ({ zoom: sign * seconds(frame) * random.uniform(0.12, 0.6) }),
  dolly: (random, sign, _stance, frame) => ({ dolly: sign * seconds(frame) * random.uniform(0.12, 0.6) }),
  orbit: (random, sign, _stance, frame) => ({ orbit: sign * seconds(frame) * random.uniform(0.15, 0.8) }),
  truck: (random, sign, stance, frame) => ({
    truck: (sign * seconds(frame) * random.uniform(0.1, 0.6) * frame.width * stance.distance) / stance.focal,
  }),
  rise: (random, sign, _stance, frame) => ({ rise: sign * seconds(frame) * random.uniform(0.2, 0.6) }),
  roll: (random, sign, _stance, frame) => ({ roll: sign * seconds(frame) * random.uniform(0.04, 0.2) }),
} as const satisfies Record<string, Maker>

type Kind = keyof typeof makers

function work(kind: Kind, random: Random, sign: number, stance: Stance, frame: Frame): Work {
  return { mode: kind, move: { ...STILL, ...makers[kind](random, sign, stance, frame) } }
}

/** How often each kind is seen with somebody who stays on the spot; the rest of the clips stand. */
const ON_THE_SPOT: readonly (readonly [Kind, number])[] = [
  ['pan', 0.13],
  ['tilt', 0.09],
  ['zoom', 0.12],
  ['dolly', 0.11],
  ['orbit', 0.08],
  ['truck', 0.04],
  ['rise', 0.02],
  ['roll', 0.02],
]

/** The camera work for somebody who stays on the spot: the camera alone moves, or nothing does. */
export function workOnTheSpot(random: Random, stance: Stance, frame: Frame): Work {
  const sign = random.next() < 0.5 ? -1 : 1
  const shake = shaky(random)
  let left = random.next()
  for (const [kind, share] of ON_THE_SPOT) {
    left -= share
    if (left < 0) {
      const { mode, move } = work(kind, random, sign, stance, frame)
      return { mode, move: { ...move, shake } }
    }
  }
  return left < 0.04 ? { mode: 'handheld', move: { ...STILL, shake: random.uniform(0.8, 2) } } : standing
}

/** The camera work for somebody who goes somewhere: standing by, coming nearer, turning after, or going along. */
export function workAlong(random: Random, stance: Stance, frame: Frame): Work {
  const choice = random.next()
  if (choice < 0.36) return standing
  const shake = shaky(random)
  if (choice < 0.46) return { mode: 'pan-follow', move: { ...STILL, watch: 1, shake } }
  const sign = random.next() < 0.5 ? -1 : 1
  const kind = random.next() < 0.5 ? 'zoom' : 'dolly'
  const closer = work(kind, random, sign, stance, frame)
  if (choice < 0.55) return { mode: kind, move: { ...closer.move, shake } }
  const exact = random.next() < 0.7
  const move = { ...STILL, follow: exact ? 1 : random.uniform(0.75, 1.2), shake }
  if (choice < 0.65) return { mode: `follow and ${kind}`, move: { ...closer.move, ...{ follow: 1, shake } } }
  if (random.next() < 0.2) move.orbit = random.normal() * 0.3
  return { mode: 'follow', move }
}

function shaky(random: Random): number {
  return random.next() < 0.2 ? random.uniform(0.3, 1.2) : 0
}

/** What a hint means where the poses say nothing, in a second: shares of the frame's sides, log ratio, radians. */
const ASKED = { pan: 0.4, tilt: 0.28, zoom: 0.36, orbit: 0.48 }

/** The work that obeys `hint`, always as much of it: how fast a camera goes that nothing but a hint asks for, nobody could guess. */
export function workFor(hint: Exclude<Hint, 'auto'>, stance: Stance, frame: Frame): Work {
  const time = seconds(frame)
  const make = (mode: Kind, size: number): Work => ({ mode, move: { ...STILL, [mode]: size } })
  const pan = view(ASKED.pan * time, frame.width, stance)
  const tilt = view(ASKED.tilt * time, frame.height, stance)
  switch (hint) {
    case 'static':
      return standing
    case 'follow':
      return { mode: 'follow', move: { ...STILL, follow: 1 } }
    case 'pan-left':
      return make('pan', -pan)
    case 'pan-right':
      return make('pan', pan)
    case 'tilt-up':
      return make('tilt', tilt)
    case 'tilt-down':
      return make('tilt', -tilt)
    case 'zoom-in':
      return make('zoom', ASKED.zoom * time)
    case 'zoom-out':
      return make('zoom', -ASKED.zoom * time)
    case 'orbit-left':
      return swinging(make('orbit', -ASKED.orbit * time))
    case 'orbit-right':
      return swinging(make('orbit', ASKED.orbit * time))
  }
}

/** An orbit that turns in more than it goes round: then even the floor before the subject passes the way of the place behind. */
function swinging({ mode, move }: Work): Work {
  return { mode, move: { ...move, orbit: 0.7 * move.orbit, pan: -0.5 * move.orbit } }
}

/** The hint that asks for this camera work; 'auto' where none does. Left and right are the camera's own way. */
export function hintOf({ mode, move }: Work): Hint {
  switch (mode) {
    case 'static':
      return 'static'
    case 'follow':
      return 'follow'
    case 'pan':
      return move.pan < 0 ? 'pan-left' : 'pan-right'
    case 'truck':
      return move.truck < 0 ? 'pan-left' : 'pan-right'
    case 'tilt':
      return move.tilt > 0 ? 'tilt-up' : 'tilt-down'
    case 'zoom':
    case 'dolly':
      return move.zoom + move.dolly > 0 ? 'zoom-in' : 'zoom-out'
    case 'orbit':
      return move.orbit < 0 ? 'orbit-left' : 'orbit-right'
    default:
      return 'auto'
  }
}
