// The reference human: the person of a clip as a user's picture would show it. Another moment, mostly from the front, whole, on grey.
import { Vector3 } from 'three'
import { intrinsics, lookAt } from '../../motion/camera'
import type { Camera } from '../../motion/camera'
import type { WorldPose } from '../../motion/motion'
import { projectJoints } from '../../motion/project'
import type { Keypoints } from '../../motion/types'
import type { Random } from '../nn/random'
import { facingOf } from './action'
import type { Rgb } from './colour'
import { coverage, develop } from './develop'
import type { Person } from './person'
import { drawPerson } from './person-image'
import { bodyParts } from './person-shape'
import type { Light, Place } from './place'
import { SUPERSAMPLING, clear } from './place-image'
import type { Canvas } from './place-image'

/** Byte of the neutral ground. */
const GROUND = 127

export interface Portrait {
  /** What the person is lit by. */
  light: Light
  referenceHuman: Uint8Array
  referenceMask: Uint8Array
  reference: Keypoints
}

/** Draws `person` in `pose` (world), at the canvas' size. `place` is the clip's: its light may serve. */
export function makePortrait(
  random: Random,
  person: Person,
  pose: WorldPose,
  { light, night }: Pick<Place, 'light' | 'night'>,
  gain: Rgb,
  canvas: Canvas,
): Portrait {
  const width = canvas.width / SUPERSAMPLING
  const height = canvas.height / SUPERSAMPLING
  const camera = portraitCamera(pose, facingOf(pose) + viewFrom(random), random.uniform(0.74, 0.92), width, height)
  const studio = portraitLight(random, light, night)
  clear(canvas)
  drawPerson(bodyParts(person, pose), studio, camera, canvas)
  const referenceMask = new Uint8Array(width * height)
  const referenceHuman = new Uint8Array(width * height * 3)
  coverage(canvas, referenceMask)
  develop(canvas, gain, referenceHuman, GROUND)
  return { light: studio, referenceHuman, referenceMask, reference: projectJoints(pose.positions, camera) }
}

/** Radians from the front: four of five pictures are roughly frontal, some from the side, some from behind. */
function viewFrom(random: Random): number {
  const choice = random.next()
  if (choice < 0.8) return 0.28 * random.normal()
  if (choice < 0.92) return (random.next() < 0.5 ? 1.2 : -1.2) + 0.3 * random.normal()
  return Math.PI + 0.4 * random.normal()
}

/** A level camera from which the whole person fills the share `fill` of the frame's height, or 92% of its width. */
function portraitCamera(pose: WorldPose, from: number, fill: number, width: number, height: number): Camera {
  const s = Math.sin(from)
  const c = Math.cos(from)
  const places = [...pose.positions.values()]
  const across = places.map((p) => p.x * c - p.z * s)
  const heights = places.map((p) => p.y)
  const left = Math.min(...across) - 0.05
  const right = Math.max(...across) + 0.05
  const bottom = Math.min(...heights)
  const top = Math.max(...heights) + 0.02
  const focal = 2 * Math.max(width, height)
  const distance = focal * Math.max((top - bottom) / (fill * height), (right - left) / (0.92 * width))
  const hips = pose.positions.get('hips')!
  const middle = (left + right) / 2
  const along = hips.x * s + hips.z * c
  const target = new Vector3(middle * c + along * s, (top + bottom) / 2, -middle * s + along * c)
  const eye = target.clone().add(new Vector3(s, 0, c).multiplyScalar(distance))
  return { K: intrinsics(focal, width, height), w2c: lookAt(eye, target), width, height }
}

/** That of the place, or a studio's: pictures of a person are seldom taken where they are to appear. */
function portraitLight(random: Random, { towards, colour, above, below, lamp }: Light, night: boolean): Light {
  const lamps = [] as const
  if (!night && random.next() < 0.4) return { towards: lamp ? [0.3, 0.8, 0.52] : towards, colour, above, below, lamps }
  const turn = random.uniform(0, 2 * Math.PI)
  const fill = random.uniform(0.45, 0.7)
  const strength = random.uniform(0.4, 0.8)
  return {
    towards: [0.6 * Math.sin(turn), 0.75, 0.6 * Math.cos(turn)],
    colour: [strength, strength, strength],
    above: [fill, fill, fill],
    below: [fill * 0.8, fill * 0.8, fill * 0.8],
    lamps,
  }
}
