// Walking and running, locked to the ground: each footfall has its place, the foot rolls over heel and ball there, and the hips travel
// over it. The camera's motion is learned from the feet's contact, so a foot that slides would teach a wrong camera.

import { createRig } from '../rig'
import type { Proportions } from '../rig'
import type { Motion } from '../motion'
import { bake } from './body'
import { Walker } from './walker'
import type { Gait } from './walker'

export interface GaitOptions {
  /** At least this long; rounded up to whole double steps. */
  seconds?: number
  /** Metres per second. */
  speed?: number
  /** Metres from one foot's place to the other's; from the speed and the legs when absent. */
  stride?: number
  /** How lively: 1 = natural, 0 = stiff, 2 = swaggering. */
  amplitude?: number
  /** Where it goes, radians: 0 = to the camera (+z), positive = to the subject's left (+x); a function of seconds for a curved path. */
  heading?: number | ((time: number) => number)
  /** Small personal differences. */
  seed?: number
  proportions?: Partial<Proportions>
}

const WALK: Gait = {
  name: 'Walk',
  duty: [0.6, 0.53],
  travel: 1.05,
  over: 0.45,
  land: -0.34,
  leave: 1,
  lift: 0.05,
  bob: 0,
  give: 0.06,
  forward: 0.02,
  lean: 0.03,
  armSwing: 0.42,
  elbow: 0.3,
  curl: 0.3,
  inward: 0.05,
  // people keep step length / step rate near a constant ("walk ratio", 0.36 m s for a leg of 0.83 m)
  cadence: (speed, leg) => 0.5 * Math.sqrt(speed / (0.44 * leg)),
}

const RUN: Gait = {
  name: 'Run',
  duty: [0.34, 0.2],
  travel: 0.8,
  over: 0.42,
  land: -0.05,
  leave: 0.95,
  lift: 0.11,
  bob: 0.07,
  give: Infinity,
  forward: -0.1,
  lean: 0.14,
  armSwing: 0.75,
  elbow: 1.5,
  curl: 0.75,
  inward: -0.2,
  cadence: (speed, leg) => (1.32 + 0.05 * speed) * Math.sqrt(0.83 / leg),
}

/** A walk; 1.3 m/s unless said otherwise. Loops when it goes straight. */
export function walk(options: GaitOptions = {}): Motion {
  return gait(WALK, 1.3, options)
}

/** A run; 3 m/s unless said otherwise. Loops when it goes straight. */
export function run(options: GaitOptions = {}): Motion {
  return gait(RUN, 3, options)
}

function gait(kind: Gait, usualSpeed: number, options: GaitOptions): Motion {
  const { seconds = 2, speed = usualSpeed, amplitude = 1, heading = 0, seed = 0 } = options
  const rig = createRig(options.proportions)
  const leg = rig.proportions.upperLeg + rig.proportions.lowerLeg
  const cadence = options.stride ? speed / (2 * options.stride) : kind.cadence(speed, leg)
  const duration = Math.ceil(seconds * cadence - 1e-6) / cadence
  const walker = new Walker(rig, kind, { speed, cadence, amplitude, heading, seed, duration })
  return bake(
    { name: kind.name, duration, loop: typeof heading === 'number', proportions: options.proportions },
    (time) => walker.goal(time),
  )
}
