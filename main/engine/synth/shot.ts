// The camera work of a clip: where it stands, how it moves, and what the hint says. The network must learn the camera from the poses,
// so every automatic shot is one that the poses give away: the feet are planted in the same world as the place.
import { Vector3 } from 'three'
import { intrinsics, lookAt } from '../../motion/camera'
import type { Camera } from '../../motion/camera'
import type { WorldPose } from '../../motion/motion'
import type { Hint } from '../../motion/hints'
import type { Random } from '../nn/random'
import { facingOf, pathOf } from './action'
import type { Action } from './action'

export interface Shot {
  /** Name of the camera work: static, follow, pan-follow, pan, tilt, zoom, dolly, orbit, truck, rise, handheld; 'projected ...' when ambiguous. */
  mode: string
  hint: Hint
  /** The camera in the place. */
  cameras: Camera[]
  /** The camera that sees the person; another one only in ambiguous clips, where the person stands before a projected place. */
  personCameras: Camera[]
  /** Where the camera stands and the person is, for building the place around them. */
  staging: { eyes: Vector3[]; subjects: Vector3[]; yaw: number }
}

export interface ShotSize {
  width: number
  height: number
  frames: number
  fps: number
}

/** How far the camera goes in a clip, from its beginning to its end. */
interface Move {
  /** Share of the subject's way that the camera goes along. */
  follow: number
  /** Share of the subject's way that the standing camera turns after. */
  watch: number
  /** Radians: to the right, up, around the subject (positive: the camera goes to its right). */
  pan: number
  tilt: number
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

const STILL: Move = { follow: 0, watch: 0, pan: 0, tilt: 0, orbit: 0, zoom: 0, dolly: 0, truck: 0, rise: 0, shake: 0 }

/** Where the camera stands towards the subject, in the middle of the clip. */
interface Stance {
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

/** The shot of a clip. */
export function makeShot(random: Random, action: Action, poses: readonly WorldPose[], size: ShotSize): Shot {
  const path = pathOf(poses, size.fps)
  const middle = path.length >> 1
  const facing = facingOf(poses[middle]!)
  const projected = random.next() < 0.07
  const stance = makeStance(random, action, facing, size)
  if (projected) return projectedShot(random, action, path, stance, facing, size)
  const { mode, move } = action.travels ? travellingMove(random) : standingMove(random, stance, size)
  const ready = move.follow > 0 ? stance : stepBack(stance, path, size)
  const cameras = shoot(random, ready, move, path, size)
  const hint = random.next() < 0.12 ? hintOf(mode, move) : 'auto'
  return { mode, hint, cameras, personCameras: cameras, staging: stagingOf(cameras, path) }
}

/** Ambiguous on purpose: the poses say one thing (mostly nothing), the hint another, and the place obeys the hint. */
function projectedShot(
  random: Random,
  action: Action,
  path: readonly Vector3[],
  stance: Stance,
  facing: number,
  size: ShotSize,
): Shot {
  const along: Move = { ...STILL, follow: action.travels ? 1 : 0 }
  const personCameras = shoot(random, stance, along, path, size)
  const middle = path[path.length >> 1]!
  const still = path.map(() => middle)
  const choice = random.next()
  let mode = 'static'
  let move: Move = STILL
  let ground: readonly Vector3[] = still
  if (action.travels ? choice > 0.5 : choice > 0.2) ({ mode, move } = standingMove(random, stance, size, false))
  if (!action.travels && choice > 0.85) {
    mode = 'follow'
    move = { ...STILL, follow: 1 }
    const step = random.uniform(0.6, 2) / size.fps
    ground = path.map((_, i) => {
      const far = (i - (path.length >> 1)) * step
      return new Vector3(middle.x + Math.sin(facing) * far, 0, middle.z + Math.cos(facing) * far)
    })
  }
  const cameras = shoot(random, stance, move, ground, size)
  return {
    mode: `projected ${mode}`,
    hint: hintOf(mode, move),
    cameras,
    personCameras,
    staging: stagingOf(cameras, ground),
  }
}

function stagingOf(cameras: readonly Camera[], path: readonly Vector3[]): Shot['staging'] {
  const eyes = cameras.map(({ w2c: m }) => {
    const at = (c: number) => -(m[c]! * m[3]! + m[4 + c]! * m[7]! + m[8 + c]! * m[11]!)
    return new Vector3(at(0), at(1), at(2))
  })
  const m = cameras[cameras.length >> 1]!.w2c
  return { eyes, subjects: path.map((p) => p.clone()), yaw: Math.atan2(m[8]!, m[10]!) }
}

/** Walking and running: standing by, going along, or turning after. */
function travellingMove(random: Random): { mode: string; move: Move } {
  const choice = random.next()
  if (choice < 0.33) return { mode: 'static', move: STILL }
  if (choice < 0.45) return { mode: 'pan-follow', move: { ...STILL, watch: 1, shake: shaky(random) } }
  const exact = random.next() < 0.7
  const move = { ...STILL, follow: exact ? 1 : random.uniform(0.75, 1.2), shake: shaky(random) }
  if (random.next() < 0.2) move.orbit = random.normal() * 0.3
  if (random.next() < 0.15) move.zoom = random.normal() * 0.15
  return { mode: 'follow', move }
}

/** Staying on the spot: the camera alone moves, or nothing does. */
function standingMove(random: Random, stance: Stance, size: ShotSize, mayStand = true): { mode: string; move: Move } {
  const sign = random.next() < 0.5 ? -1 : 1
  const seconds = Math.min(2, (size.frames - 1) / size.fps)
  const view = (share: number, side: number) => Math.atan((share * side * seconds) / stance.focal)
  const shake = mayStand ? shaky(random) : 0
  const choice = mayStand ? random.next() : random.uniform(0.37, 0.89)
  if (choice < 0.34) return { mode: 'static', move: STILL }
  if (choice < 0.37) return { mode: 'handheld', move: { ...STILL, shake: random.uniform(0.8, 2) } }
  if (choice < 0.52)
    return { mode: 'pan', move: { ...STILL, shake, pan: sign * view(random.uniform(0.12, 0.7), size.width) } }
  if (choice < 0.61)
    return { mode: 'tilt', move: { ...STILL, shake, tilt: sign * view(random.uniform(0.1, 0.45), size.height) } }
  if (choice < 0.71)
    return { mode: 'zoom', move: { ...STILL, shake, zoom: sign * seconds * random.uniform(0.12, 0.6) } }
  if (choice < 0.79)
    return { mode: 'dolly', move: { ...STILL, shake, dolly: sign * seconds * random.uniform(0.12, 0.5) } }
  if (choice < 0.89)
    return { mode: 'orbit', move: { ...STILL, shake, orbit: sign * seconds * random.uniform(0.15, 0.8) } }
  if (choice < 0.95)
    return {
      mode: 'truck',
      move: {
        ...STILL,
        shake,
        truck: (sign * seconds * random.uniform(0.1, 0.6) * size.width * stance.distance) / stance.focal,
      },
    }
  return { mode: 'rise', move: { ...STILL, shake, rise: sign * seconds * random.uniform(0.2, 0.6) } }
}

function shaky(random: Random): number {
  return random.next() < 0.2 ? random.uniform(0.3, 1.2) : 0
}

/** The hint that asks for this camera work; 'auto' where none does. Left and right are the camera's own way. */
function hintOf(mode: string, move: Move): Hint {
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

function makeStance(random: Random, { motion, travels }: Action, facing: number, size: ShotSize): Stance {
  const { width, height } = size
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
function stepBack(stance: Stance, path: readonly Vector3[], { width }: ShotSize): Stance {
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

/** The camera of each frame: the stance in the middle of the clip, the move before and after it. */
function shoot(random: Random, stance: Stance, move: Move, path: readonly Vector3[], size: ShotSize): Camera[] {
  const { width, height, fps } = size
  const middle = path[path.length >> 1]!
  const ease = progress(random)
  const tremble = shakeOf(random)
  const last = Math.max(1, path.length - 1)
  const centre = ease(0.5)
  return path.map((place, i) => {
    const e = ease(i / last) - centre
    const from = stance.from + move.orbit * e
    const distance = Math.max(0.6, stance.distance * Math.exp(-move.dolly * e))
    const anchor = middle.clone().lerp(place, move.follow)
    const [s, c] = [Math.sin(from), Math.cos(from)]
    const right = new Vector3(c, 0, -s)
    const eye = new Vector3(s, 0, c)
      .multiplyScalar(distance)
      .add(anchor)
      .addScaledVector(right, move.truck * e)
    eye.y = Math.max(0.12, stance.eye + move.rise * e)
    const target = middle.clone().lerp(place, Math.max(move.follow, move.watch))
    target.addScaledVector(right, stance.aside + move.truck * e)
    target.y = stance.aim + (move.rise !== 0 ? move.rise * e : 0)
    const shaken = tremble(i / fps, move.shake)
    const aim = turned(target.sub(eye), right, move.pan * e + shaken.pan, move.tilt * e + shaken.tilt).add(eye)
    eye.addScaledVector(right, shaken.x)
    eye.y += shaken.y
    const focal = stance.focal * Math.exp(move.zoom * e)
    return { K: intrinsics(focal, width, height), w2c: lookAt(eye, aim, stance.roll + shaken.roll), width, height }
  })
}

/** `direction` turned to the right by `pan` and up by `tilt`, radians. */
function turned(direction: Vector3, right: Vector3, pan: number, tilt: number): Vector3 {
  direction.applyAxisAngle(right, tilt)
  return direction.applyAxisAngle(new Vector3(0, 1, 0), -pan)
}

/** How a move goes from 0 to 1 over the clip. */
function progress(random: Random): (t: number) => number {
  const smooth = (t: number) => t * t * (3 - 2 * t)
  const choice = random.next()
  const wait = random.uniform(0.1, 0.35)
  if (choice < 0.4) return (t) => t
  if (choice < 0.68) return smooth
  if (choice < 0.79) return (t) => t * t
  if (choice < 0.9) return (t) => 1 - (1 - t) ** 2
  if (choice < 0.96) return (t) => smooth(Math.min(1, Math.max(0, (t - wait) / (1 - 2 * wait))))
  return (t) => Math.sin(Math.PI * t) // there and back
}

/** The small motions of a hand that holds a camera: a few slow waves. Radians and metres at strength 1. */
function shakeOf(
  random: Random,
): (time: number, strength: number) => { pan: number; tilt: number; roll: number; x: number; y: number } {
  const wave = (amount: number) => {
    const parts = [1, 2.2, 4.1].map((rate) => ({
      rate: rate * random.uniform(0.7, 1.4) * Math.PI,
      phase: random.uniform(0, 2 * Math.PI),
      amount: (amount * random.uniform(0.5, 1)) / Math.sqrt(rate),
    }))
    return (time: number) => parts.reduce((sum, part) => sum + part.amount * Math.sin(part.rate * time + part.phase), 0)
  }
  const [pan, tilt, roll, x, y] = [wave(0.01), wave(0.01), wave(0.006), wave(0.015), wave(0.015)]
  return (time, strength) => ({
    pan: strength * pan(time),
    tilt: strength * tilt(time),
    roll: strength * roll(time),
    x: strength * x(time),
    y: strength * y(time),
  })
}
