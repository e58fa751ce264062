// Carries a camera's move out: a camera per frame, with the ways in which moves begin and end and hands tremble.
import { Vector3 } from 'three'
import { intrinsics, lookAt } from '../../motion/camera'
import type { Camera } from '../../motion/camera'
import type { Random } from '../nn/random'
import { sameCamera } from './flow'
import type { Frame, Move } from './moves'
import type { Stance } from './stance'

/**
 * The camera of each frame: the stance in the middle of the clip, the move before and after it. `path` is the subject's way on the
 * ground, a point per frame; a `steady` move is as fast at every moment.
 */
export function shoot(
  random: Random,
  stance: Stance,
  move: Move,
  path: readonly Vector3[],
  { width, height, fps }: Frame,
  steady = false,
): Camera[] {
  const middle = path[path.length >> 1]!
  const ease = progress(random, steady)
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
    return {
      K: intrinsics(focal, width, height),
      w2c: lookAt(eye, aim, stance.roll + move.roll * e + shaken.roll),
      width,
      height,
    }
  })
}

/** `direction` turned to the right by `pan` and up by `tilt`, radians. */
function turned(direction: Vector3, right: Vector3, pan: number, tilt: number): Vector3 {
  direction.applyAxisAngle(right, tilt)
  return direction.applyAxisAngle(new Vector3(0, 1, 0), -pan)
}

/** How a move goes from 0 to 1 over the clip. */
function progress(random: Random, steady: boolean): (t: number) => number {
  const smooth = (t: number) => t * t * (3 - 2 * t)
  const choice = random.next()
  const wait = random.uniform(0.1, 0.35)
  if (steady || choice < 0.4) return (t) => t
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

/** The camera at a moment between two frames (or just before the first, or after the last). */
export function cameraBetween(cameras: readonly Camera[], moment: number): Camera {
  const i = Math.min(Math.max(0, cameras.length - 2), Math.max(0, Math.floor(moment)))
  const from = cameras[i]!
  const to = cameras[i + 1] ?? from
  const share = moment - i
  if (share === 1) return to
  if (share === 0 || sameCamera(from, to)) return from
  const mix = (a: readonly number[], b: readonly number[]) => a.map((value, k) => value + (b[k]! - value) * share)
  return { ...from, K: mix(from.K, to.K), w2c: mix(from.w2c, to.w2c) }
}
