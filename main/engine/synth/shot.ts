// The camera work of a clip: where it stands, how it moves, and what the hint says. The network must learn the camera from the poses,
// so every automatic shot is one that the poses give away: the feet are planted in the same world as the place.
import { Vector3 } from 'three'
import { cameraCentre } from '../../motion/camera'
import type { Camera } from '../../motion/camera'
import type { WorldPose } from '../../motion/motion'
import { hints } from '../../motion/hints'
import type { Hint } from '../../motion/hints'
import type { Random } from '../nn/random'
import { facingOf, pathOf } from './action'
import type { Action } from './action'
import { hintOf, standing, workAlong, workFor, workOnTheSpot } from './moves'
import type { Frame } from './moves'
import { shoot } from './shoot'
import { makeStance, stepBack } from './stance'
import type { Stance } from './stance'

export interface Shot {
  /** Name of the camera work: static, follow, lead, pan-follow, pan, tilt, zoom, dolly, orbit, truck, rise, roll, handheld; 'projected ...' when ambiguous. */
  mode: string
  hint: Hint
  /** The camera in the place. */
  cameras: Camera[]
  /** The camera that sees the person; another one only in ambiguous clips, where the person stands before a projected place. */
  personCameras: Camera[]
  /** Where the camera stands and the person is, for building the place around them. */
  staging: { eyes: Vector3[]; subjects: Vector3[]; yaw: number; seat?: Action['seat'] }
}

/** Share of clips whose poses leave the camera open; and of the others, how many say in their hint what the poses say anyway. */
const OPEN = 0.185
const TOLD = 0.16

/** What a hint may be in clips whose poses leave the camera open. */
const RESOLVING = hints.filter((hint) => hint !== 'auto')

/** The shot of a clip. With `hint` the poses leave the camera open, and the place obeys the hint; the poses are the same for any hint. */
export function makeShot(
  random: Random,
  action: Action,
  poses: readonly WorldPose[],
  frame: Frame,
  hint?: (typeof RESOLVING)[number],
): Shot {
  const path = pathOf(poses, frame.fps)
  const facing = facingOf(poses[path.length >> 1]!)
  const stance = makeStance(random, action, facing, frame)
  const open = random.next() < OPEN
  if (hint || open)
    return openShot(random, hint ?? random.fork('hint').pick(RESOLVING), action, path, stance, facing, frame)
  const work = action.travels ? workAlong(random, stance, frame) : workOnTheSpot(random, stance, frame)
  const ready = work.move.follow > 0 ? stance : stepBack(stance, path, frame)
  const cameras = shoot(random, ready, work.move, path, frame)
  // Somebody whom a camera goes round looks like somebody who turns: that is told.
  const told = random.next() < TOLD || work.mode === 'orbit'
  return {
    mode: modeOf(work.mode, stance, facing),
    hint: told ? hintOf(work) : 'auto',
    cameras,
    personCameras: cameras,
    staging: { ...stagingOf(cameras, path), seat: action.seat },
  }
}

/** A camera that goes along ahead of somebody is said to lead. */
function modeOf(mode: string, { from }: Stance, facing: number): string {
  return mode.startsWith('follow') && Math.cos(from - facing) > 0.7 ? mode.replace('follow', 'lead') : mode
}

/**
 * Ambiguous on purpose: the poses are those of somebody who stays where they are in the frame (who stands as on a skateboard, or walks as on
 * a treadmill), and the place behind obeys the hint alone.
 */
function openShot(
  random: Random,
  hint: (typeof RESOLVING)[number],
  action: Action,
  path: readonly Vector3[],
  stance: Stance,
  facing: number,
  frame: Frame,
): Shot {
  const along = action.travels ? workFor('follow', stance, frame) : standing
  const personCameras = shoot(random, stance, along.move, path, frame)
  const { mode, move } = workFor(hint, stance, frame)
  const ground = groundUnder(hint, action, path, facing, frame)
  const cameras = shoot(random, stance, move, ground, frame, true)
  return { mode: `projected ${mode}`, hint, cameras, personCameras, staging: stagingOf(cameras, ground) }
}

/** Metres a second at which a place goes past somebody who is carried along. */
const CARRIED = 1.3

/** Where in the place somebody is who stays in the frame: on one spot, or carried along the way they face. */
function groundUnder(
  hint: Hint,
  { travels }: Action,
  path: readonly Vector3[],
  facing: number,
  { fps }: Frame,
): readonly Vector3[] {
  const middle = path[path.length >> 1]!
  if (hint !== 'follow') return path.map(() => middle)
  if (travels) return path
  const step = CARRIED / fps
  return path.map((_, i) => {
    const far = (i - (path.length >> 1)) * step
    return new Vector3(middle.x + Math.sin(facing) * far, 0, middle.z + Math.cos(facing) * far)
  })
}

function stagingOf(cameras: readonly Camera[], path: readonly Vector3[]): Shot['staging'] {
  const m = cameras[cameras.length >> 1]!.w2c
  return { eyes: cameras.map(cameraCentre), subjects: path.map((p) => p.clone()), yaw: Math.atan2(m[8]!, m[10]!) }
}
