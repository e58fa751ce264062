// What the person does: one of the procedural, foot-locked motions, varied in pace and style, and the gaze and arms that differ from
// person to person. Written down once for a few neighbouring seeds, as writing a motion down costs more than all else without pixels.
import { Euler, Quaternion, Vector3 } from 'three'
import { headingOf, rigOf, sampleMotion, worldPose } from '../../motion/motion'
import type { Motion, WorldPose } from '../../motion/motion'
import { SAMPLE_MOTIONS, seatOf } from '../../motion/samples'
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
  /** Played from its end to its beginning: somebody who walks backwards. */
  backwards: boolean
  /** What the person sits down on: height and place of its middle, metres, in the world. */
  seat: { x: number; z: number; height: number } | undefined
}

/** Neighbouring seeds share build and motion (not its moment, camera, place, clothes or light): seeds 4k to 4k + 3. */
const SHARED_BY = 4
/** Which neighbours seed `seed` has: a whole number. */
export const neighbourhood = (seed: number): number => Math.floor(seed / SHARED_BY)

/** Share of clips in which somebody goes somewhere. */
const TRAVELS = 0.5
const TRAVELLING: readonly ActionName[] = ['walk', 'walk', 'walk', 'walk', 'walk', 'run', 'run', 'sidestep']
const ON_THE_SPOT: readonly ActionName[] = [
  'idle',
  'idle',
  'talk',
  'talk',
  'talk',
  'wave',
  'wave',
  'dance',
  'freestyle',
  'freestyle',
  'turn',
  'turn',
  'jump',
  'squat',
  'kick',
  'fight',
  'fight',
  'sit',
]

const recent = new Map<string, Action>()
const KEPT = 96

/** The action of clip `seed`, long enough for `seconds`. */
export function actionFor(seed: number, seconds: number): Action {
  const group = neighbourhood(seed)
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
  const travels = random.next() < TRAVELS
  const name = random.pick(travels ? TRAVELLING : ON_THE_SPOT)
  const build = makeBuild(random.fork('build'))
  const { height, behind } = seatOf(build.proportions)
  return {
    name,
    motion: motionOf(random, name, build, seconds),
    build,
    travels,
    backwards: name === 'walk' && random.next() < 0.1,
    seat: name === 'sit' ? { x: 0, z: -behind, height: height - 0.095 * build.size } : undefined,
  }
}

function motionOf(random: Random, name: ActionName, { proportions, age }: Build, seconds: number): Motion {
  const seed = random.int(1000)
  const common = { seed, proportions }
  if (name !== 'walk' && name !== 'run') {
    const speed = random.uniform(0.75, 1.4) * (age === 'old' ? 0.75 : 1)
    return SAMPLE_MOTIONS[name]({ ...common, amplitude: random.uniform(0.6, 1.3), speed })
  }
  const slow = age === 'old' ? 0.65 : 1
  const pace = slow * Math.sqrt(proportions.upperLeg / 0.42)
  const speed = pace * (name === 'walk' ? random.uniform(0.6, 1.9) : random.uniform(2, 4))
  const long = seconds + 0.6
  const way = random.next()
  const side = random.next() < 0.5 ? -1 : 1
  const going = { ...common, seconds: long, amplitude: random.uniform(0.5, 1.5) }
  if (way < 0.62) return SAMPLE_MOTIONS[name]({ ...going, speed })
  if (way < 0.88 || name === 'run') {
    const bend = side * random.uniform(0.25, 1.7)
    return SAMPLE_MOTIONS[name]({ ...going, speed, heading: (time) => bend * time })
  }
  // turns to go elsewhere, as somebody does who has forgotten something
  const angle = side * random.uniform(0.9, 3.1)
  const from = random.uniform(0.1, 0.5) * long
  const heading = (time: number) => angle * smooth((time - from) / 0.9)
  return SAMPLE_MOTIONS[name]({ ...going, speed: Math.min(1, speed), heading })
}

function smooth(x: number): number {
  const t = Math.min(1, Math.max(0, x))
  return t * t * (3 - 2 * t)
}

/** What is seen of an action from a moment of `random`'s choice on: the pose (world, feet on y = 0) so many seconds into the clip. */
export function performance(action: Action, random: Random, seconds: number): (time: number) => WorldPose {
  const { motion, backwards } = action
  const rig = rigOf(motion)
  const spare = Math.max(0, motion.duration - seconds)
  const start = motion.loop ? random.uniform(0, motion.duration) : random.uniform(0, spare)
  const manner = mannerOf(random, action)
  return (time) => {
    const at = start + time
    const pose = sampleMotion(motion, backwards ? motion.duration - at : at)
    manner(pose.rotations, time)
    return worldPose(rig, pose)
  }
}

/** The poses of `action` at `fps` for `frames` frames. */
export function posesOf(action: Action, random: Random, frames: number, fps: number): WorldPose[] {
  const poseAt = performance(action, random, (frames - 1) / fps)
  return Array.from({ length: frames }, (_, i) => poseAt(i / fps))
}

/** The pose in which somebody is pictured: mostly standing about, else in the middle of what they do in the clip. */
export function portraitPose(random: Random, action: Action): WorldPose {
  if (random.next() < 0.45) return performance(action, random, 0)(0)
  const { proportions, age } = action.build
  const amplitude = random.uniform(0.5, 1.2)
  const name = random.pick(['talk', 'talk', 'idle', 'wave'] as const)
  // a motion of which one moment is needed: written down coarsely
  const motion = SAMPLE_MOTIONS[name]({ seed: random.int(1000), proportions, amplitude, speed: 6 })
  const posing = { ...action, name, motion, build: { ...action.build, age }, backwards: false }
  return performance(posing, random, 0)(0)
}

type Rotations = ReturnType<typeof sampleMotion>['rotations']

/** How the person holds back, head and arms, on top of the motion. Nothing below the spine moves, so feet stay planted. */
function mannerOf(random: Random, { name, build }: Action): (rotations: Rotations, time: number) => void {
  const gaze = random.normal() * 0.3
  const drift = random.normal() * 0.35
  const nod = random.normal() * 0.1
  const loose = ['walk', 'idle', 'turn', 'sidestep'].includes(name) ? 0.22 : 0.08
  const arms = (['left', 'right'] as const).map((side) => ({
    upper: new Euler(random.normal() * loose, random.normal() * loose, random.normal() * loose * 0.5),
    lower: new Euler(0, (side === 'left' ? -1 : 1) * Math.abs(random.normal()) * loose * 1.5, 0),
    side,
  }))
  const stoop = (build.age === 'old' ? random.uniform(0.1, 0.3) : 0) + 0.05 * random.normal()
  const bow = new Quaternion().setFromEuler(new Euler(stoop, 0, 0))
  const turn = new Quaternion()
  return (rotations, time) => {
    const yaw = Math.max(-1, Math.min(1, gaze + drift * Math.sin(time * 1.7 + gaze * 9)))
    rotations.chest = (rotations.chest ?? new Quaternion()).clone().multiply(bow)
    turn.setFromEuler(new Euler((nod - stoop) * 0.5, yaw * 0.5, 0, 'YXZ'))
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
