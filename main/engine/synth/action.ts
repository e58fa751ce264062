// What the person does: one of the procedural, foot-locked motions, varied in pace and style, and the gaze and arms that differ from
// person to person. Written down once for a few neighbouring seeds, as writing a motion down costs more than all else without pixels.
import { Euler, Quaternion, Vector3 } from 'three'
import { headingOf, rigOf, sampleMotion, worldPose } from '../../motion/motion'
import type { Motion, WorldPose } from '../../motion/motion'
import { SAMPLE_MOTIONS } from '../../motion/samples'
import type { Proportions } from '../../motion/rig'
import { Random } from '../nn/random'
import { makeBuild } from './person'
import type { Build } from './person'

export type ActionName = keyof typeof SAMPLE_MOTIONS

export interface Action {
  name: ActionName
  motion: Motion
  build: Build
  /** Whether the person goes somewhere; else they stay on their spot. */
  travels: boolean
}

/** Neighbouring seeds share build and motion (not its moment, camera, place, clothes or light): seeds 4k to 4k + 3. */
const SHARED_BY = 4

const TRAVELLING: readonly ActionName[] = ['walk', 'walk', 'walk', 'run']
const ON_THE_SPOT: readonly ActionName[] = [
  'idle',
  'idle',
  'wave',
  'wave',
  'dance',
  'dance',
  'turn',
  'jump',
  'squat',
  'kick',
]

const recent = new Map<string, Action>()
const KEPT = 24

/** The action of clip `seed`, long enough for `seconds`. */
export function actionFor(seed: number, seconds: number): Action {
  const group = Math.floor(seed / SHARED_BY)
  const key = `${group} ${seconds}`
  let action = recent.get(key)
  if (!action) {
    action = makeAction(new Random(`action ${group}`), seconds)
    if (recent.size >= KEPT) recent.delete(recent.keys().next().value!)
    recent.set(key, action)
  }
  return action
}

function makeAction(random: Random, seconds: number): Action {
  const travels = random.next() < 0.52
  const name = random.pick(travels ? TRAVELLING : ON_THE_SPOT)
  const build = makeBuild(random.fork('build'))
  return { name, motion: motionOf(random, name, build.proportions, seconds), build, travels }
}

function motionOf(random: Random, name: ActionName, proportions: Proportions, seconds: number): Motion {
  const seed = random.int(1000)
  const common = { seed, proportions }
  if (name === 'walk' || name === 'run') {
    const pace = Math.sqrt(proportions.upperLeg / 0.42)
    const speed = pace * (name === 'walk' ? random.uniform(0.6, 1.9) : random.uniform(2, 4))
    const bend = random.next() < 0.3 ? random.normal() * 0.8 : 0
    const heading = bend === 0 ? 0 : (time: number) => bend * time
    return SAMPLE_MOTIONS[name]({
      ...common,
      seconds: seconds + 0.6,
      speed,
      amplitude: random.uniform(0.6, 1.4),
      heading,
    })
  }
  return SAMPLE_MOTIONS[name]({ ...common, amplitude: random.uniform(0.6, 1.3), speed: random.uniform(0.75, 1.4) })
}

/** The poses of `action` at `fps` for `frames` frames, from a moment of `random`'s choice, in the world (feet on y = 0). */
export function posesOf(action: Action, random: Random, frames: number, fps: number): WorldPose[] {
  const { motion } = action
  const rig = rigOf(motion)
  const spare = Math.max(0, motion.duration - (frames - 1) / fps)
  const start = motion.loop ? random.uniform(0, motion.duration) : random.uniform(0, spare)
  const manner = mannerOf(random, action)
  return Array.from({ length: frames }, (_, i) => {
    const pose = sampleMotion(motion, start + i / fps)
    manner(pose.rotations, i / fps)
    return worldPose(rig, pose)
  })
}

type Rotations = ReturnType<typeof sampleMotion>['rotations']

/** Where the person looks and how it holds its arms, on top of the motion. Nothing below the chest moves, so feet stay planted. */
function mannerOf(random: Random, { name }: Action): (rotations: Rotations, time: number) => void {
  const gaze = random.normal() * 0.3
  const drift = random.normal() * 0.35
  const nod = random.normal() * 0.1
  const loose = name === 'walk' || name === 'idle' || name === 'turn' ? 0.22 : 0.08
  const arms = (['left', 'right'] as const).map((side) => ({
    upper: new Euler(random.normal() * loose, random.normal() * loose, random.normal() * loose * 0.5),
    lower: new Euler(0, (side === 'left' ? -1 : 1) * Math.abs(random.normal()) * loose * 1.5, 0),
    side,
  }))
  const turn = new Quaternion()
  return (rotations, time) => {
    const yaw = Math.max(-1, Math.min(1, gaze + drift * Math.sin(time * 1.7 + gaze * 9)))
    turn.setFromEuler(new Euler(nod * 0.5, yaw * 0.5, 0, 'YXZ'))
    rotations.neck = (rotations.neck ?? new Quaternion()).clone().multiply(turn)
    rotations.head = (rotations.head ?? new Quaternion()).clone().multiply(turn)
    for (const { upper, lower, side } of arms) {
      const bones = [`${side}UpperArm`, `${side}LowerArm`] as const
      rotations[bones[0]] = new Quaternion().setFromEuler(upper).multiply(rotations[bones[0]] ?? new Quaternion())
      rotations[bones[1]] = (rotations[bones[1]] ?? new Quaternion()).clone().multiply(turn.setFromEuler(lower))
    }
  }
}

/** Which way the body faces, radians (0 = +z, positive towards +x). */
export function facingOf(pose: WorldPose): number {
  return headingOf(pose.rotations.get('hips')!)
}

/**
 * The way of the hips on the ground, smoothed over `sigma` seconds so that the sway of steps is gone. Beyond its ends it is mirrored
 * through them, so that a steady walk stays steady.
 */
export function pathOf(poses: readonly WorldPose[], fps: number, sigma = 0.3): Vector3[] {
  const points = poses.map((pose) => pose.positions.get('hips')!)
  const last = points.length - 1
  const at = (i: number): Vector3 => {
    if (last === 0) return points[0]!
    if (i >= 0 && i <= last) return points[i]!
    const end = i < 0 ? 0 : last
    const inside = Math.max(0, Math.min(last, 2 * end - i))
    return points[end]!.clone().multiplyScalar(2).sub(points[inside]!)
  }
  const reach = Math.ceil(2.5 * sigma * fps)
  return points.map((_, i) => {
    const sum = new Vector3()
    let weights = 0
    for (let k = -reach; k <= reach; k++) {
      const weight = Math.exp(-0.5 * (k / fps / sigma) ** 2)
      sum.addScaledVector(at(i + k), weight)
      weights += weight
    }
    sum.divideScalar(weights)
    sum.y = 0
    return sum
  })
}
