// The motions we make ourselves: bundled samples, and the movement in synthetic footage.

import type { Motion } from '../motion'
import { run, walk } from './gait'
import { fight, freestyle, sit, talk } from './freestyle'
import { dance, idle, jump, kick, sidestep, squat, turn, wave } from './moves'

export { run, walk } from './gait'
export type { GaitOptions } from './gait'
export { fight, freestyle, seatOf, sit, talk } from './freestyle'
export { dance, idle, jump, kick, sidestep, squat, turn, wave } from './moves'
export type { MoveOptions } from './choreography'

/** All of them by name; each makes the same motion for the same options. */
export const SAMPLE_MOTIONS = {
  walk,
  run,
  wave,
  dance,
  turn,
  idle,
  jump,
  squat,
  kick,
  sidestep,
  talk,
  freestyle,
  fight,
  sit,
} satisfies Record<string, () => Motion>
