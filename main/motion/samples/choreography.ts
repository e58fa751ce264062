// Motions on the spot as rows of key goals joined smoothly, breathing, with the feet where they stand.

import { Vector3 } from 'three'
import type { Motion } from '../motion'
import { AVERAGE } from '../rig'
import type { Proportions, Rig } from '../rig'
import { HANGING, LEVEL, bake, lowestPoint, plantedAnkle } from './body'
import type { ArmGoal, BodyGoal, FootGoal, Turn } from './body'
import { random } from './random'

export interface MoveOptions {
  /** How large the gestures are: 1 = natural, 0 = hardly any. */
  amplitude?: number
  /** How fast: 1 = natural. */
  speed?: number
  /** Which way the subject faces, radians: 0 = to the camera (+z), positive = to its left. */
  heading?: number
  /** Small personal differences. */
  seed?: number
  proportions?: Partial<Proportions>
}

/** Goals in the subject's own directions (x to its left, z to its front, metres from where it stands; for average legs); what a key leaves out is as at ease. */
export interface Stand {
  /** Hips against their place at ease; x and z also move between the feet. */
  hips?: { x?: number; y?: number; z?: number }
  hipsTurn?: Partial<Turn>
  chest?: Partial<Turn>
  head?: Partial<Turn>
  leftArm?: Partial<ArmGoal>
  rightArm?: Partial<ArmGoal>
  leftFoot?: Partial<Footing>
  rightFoot?: Partial<Footing>
}

/** Where a foot stands, and how far its ankle is lifted from there. */
interface Footing {
  x: number
  z: number
  lift: number
  yaw: number
  pitch: number
}

export interface Cue extends Stand {
  /** Seconds at speed 1. */
  time: number
}

export const STANCE = 0.11
export const AT_EASE = {
  hips: { x: 0, y: -0.02, z: 0 },
  hipsTurn: LEVEL,
  chest: LEVEL,
  head: LEVEL,
  leftArm: HANGING,
  rightArm: HANGING,
  leftFoot: { x: STANCE, z: 0, lift: 0, yaw: 0.15, pitch: 0 },
  rightFoot: { x: -STANCE, z: 0, lift: 0, yaw: -0.15, pitch: 0 },
} as const satisfies Required<Stand>

type Full = { [part in keyof typeof AT_EASE]: Record<keyof (typeof AT_EASE)[part], number> }
export type Part = keyof Full

/** At ease, with what the cue says in its place. */
function complete(stand: Stand): Full {
  const parts = Object.keys(AT_EASE) as Part[]
  return Object.fromEntries(parts.map((part) => [part, { ...AT_EASE[part], ...stand[part] }])) as unknown as Full
}

/** A loop through the cues (the last one leads back to the first at `duration`), breathing all the while. */
export function choreograph(name: string, duration: number, cues: Cue[], options: MoveOptions): Motion {
  const { speed = 1, heading = 0, seed = 0 } = options
  const keys = cues.map((cue) => ({ time: cue.time, goal: complete(cue) }))
  const breath = breathing(seed, duration)
  return bake({ name, duration: duration / speed, loop: true, proportions: options.proportions }, (time, rig) =>
    placed(blend(keys, duration, Math.min(time * speed, duration)), breath(time * speed), heading, rig),
  )
}

/** Every number on a smooth curve (monotone cubic, so that nothing overshoots and held goals hold) through its cues, periodic in `duration`. */
function blend(keys: { time: number; goal: Full }[], duration: number, time: number): Full {
  const n = keys.length
  let i = 0
  while (i + 1 < n && keys[i + 1]!.time <= time) i++
  const at = (k: number) => keys[((k % n) + n) % n]!
  const timeOf = (k: number) => at(k).time + Math.floor(k / n) * duration
  const [t0, t1] = [timeOf(i), timeOf(i + 1)]
  const s = (time - t0) / (t1 - t0)
  const number = (part: Part, name: string) => {
    const value = (k: number) => (at(k).goal[part] as Record<string, number>)[name]!
    const slope = (k: number) => {
      const before = (value(k) - value(k - 1)) / (timeOf(k) - timeOf(k - 1))
      const after = (value(k + 1) - value(k)) / (timeOf(k + 1) - timeOf(k))
      return before * after <= 0 ? 0 : (2 * before * after) / (before + after)
    }
    const [a, b] = [value(i), value(i + 1)]
    const [da, db] = [slope(i) * (t1 - t0), slope(i + 1) * (t1 - t0)]
    return a + s * (da + s * (3 * (b - a) - 2 * da - db + s * (2 * (a - b) + da + db)))
  }
  const goal = complete({})
  for (const part of Object.keys(goal) as Part[]) {
    const values = goal[part] as Record<string, number>
    for (const name of Object.keys(values)) values[name] = number(part, name)
  }
  return goal
}

interface Breath {
  rise: number
  sway: number
}

/** Slow movement of a living body, periodic in `duration`. */
function breathing(seed: number, duration: number): (time: number) => Breath {
  const shift = random(seed)()
  const breaths = Math.max(1, Math.round(duration / 3.4))
  return (time) => ({
    rise: Math.sin(2 * Math.PI * ((breaths * time) / duration + shift)),
    sway: Math.sin(2 * Math.PI * (time / duration + 2 * shift)),
  })
}

/** Steps and crouches of a body of these legs against those of an average one, for which cues are written. */
export function scaleOf({ upperLeg, lowerLeg }: Proportions): number {
  return (upperLeg + lowerLeg) / (AVERAGE.upperLeg + AVERAGE.lowerLeg)
}

/** The goals in the world: turned to the heading, feet on the ground, hips within their reach. */
function placed(full: Full, breath: Breath, heading: number, rig: Rig): BodyGoal {
  const p = rig.proportions
  const cos = Math.cos(heading)
  const sin = Math.sin(heading)
  const scale = scaleOf(p)
  const world = (x: number, z: number) => [(x * cos + z * sin) * scale, (z * cos - x * sin) * scale] as const
  const foot = (footing: Footing): FootGoal => {
    const [x, z] = world(footing.x, footing.z)
    const yaw = heading + footing.yaw
    const goal = {
      ankle: plantedAnkle(p, x, z, yaw, footing.pitch),
      yaw,
      pitch: footing.pitch,
      toes: footing.lift > 0.02 ? 0 : 1,
    }
    goal.ankle.y += footing.lift * scale
    goal.ankle.y -= Math.min(0, lowestPoint(p, goal))
    return goal
  }
  const [x, z] = world(full.hips.x + 0.006 * breath.sway, full.hips.z)
  return {
    hips: new Vector3(x, rig.hipsHeight + full.hips.y * scale, z),
    hipsTurn: { ...full.hipsTurn, yaw: full.hipsTurn.yaw + heading },
    chest: {
      ...full.chest,
      pitch: full.chest.pitch - 0.012 * breath.rise,
      roll: full.chest.roll + 0.008 * breath.sway,
    },
    head: { ...full.head, pitch: full.head.pitch + 0.012 * breath.rise, roll: full.head.roll - 0.008 * breath.sway },
    leftArm: { ...full.leftArm, spread: full.leftArm.spread + 0.01 * breath.rise },
    rightArm: { ...full.rightArm, spread: full.rightArm.spread + 0.01 * breath.rise },
    leftFoot: foot(full.leftFoot),
    rightFoot: foot(full.rightFoot),
  }
}

/** What ends elsewhere than it began, a turn or steps to the side: it is not blended back, so it is baked without a loop. */
export function onward(name: string, cues: Cue[], options: MoveOptions): Motion {
  const { speed = 1, heading = 0, seed = 0 } = options
  const duration = cues.at(-1)!.time + 0.3
  const keys = [...cues, { ...cues.at(-1)!, time: duration + 1 }].map((cue) => ({
    time: cue.time,
    goal: complete(cue),
  }))
  keys.unshift({ time: 0, goal: keys[0]!.goal })
  const breath = breathing(seed, duration)
  return bake({ name, duration: duration / speed, loop: false, proportions: options.proportions }, (time, rig) =>
    placed(blend(keys, duration + 2, time * speed), breath(time * speed), heading, rig),
  )
}
