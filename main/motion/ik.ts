// Turning bones so that they point where they should: from directions to turns, and two-bone inverse kinematics for arms and legs.

import { Matrix4, Quaternion, Vector3 } from 'three'
import type { Pose } from './motion'
import type { BoneName, Rig } from './rig'

/** How a limb lies at rest: where its bones point, and the axis about which elbow or knee bend. */
export interface LimbRest {
  along: Vector3
  hinge: Vector3
}

/** hinge = along x pole, where the pole is the side to which elbow (back) or knee (front) sticks out. */
export const LIMB_REST = {
  leg: { along: new Vector3(0, -1, 0), hinge: new Vector3(-1, 0, 0) },
  leftArm: { along: new Vector3(1, 0, 0), hinge: new Vector3(0, 1, 0) },
  rightArm: { along: new Vector3(-1, 0, 0), hinge: new Vector3(0, -1, 0) },
} as const satisfies Record<string, LimbRest>

const basis = new Matrix4()

/** Metres squared: what is shorter points nowhere. */
const NOTHING = 1e-18

/** The turn whose x axis is `x` and whose y axis is as near to `y` as it can be; an `x` of no length is the world's. */
export function axesTurn(x: Vector3, y: Vector3): Quaternion {
  const first = x.lengthSq() < NOTHING ? new Vector3(1, 0, 0) : x.clone().normalize()
  const third = first.clone().cross(y)
  // parallel axes: any perpendicular will do
  if (third.lengthSq() < 1e-12)
    third.copy(Math.abs(first.x) < 0.9 ? new Vector3(1, 0, 0) : new Vector3(0, 0, 1)).cross(first)
  third.normalize()
  return new Quaternion().setFromRotationMatrix(basis.makeBasis(first, third.clone().cross(first), third))
}

/** The world turn of a limb bone that points along `along` and bends about `hinge`; a bone of no length lies as at rest. */
export function limbTurn(rest: LimbRest, along: Vector3, hinge: Vector3): Quaternion {
  return axesTurn(along.lengthSq() < NOTHING ? rest.along : along, hinge).multiply(
    axesTurn(rest.along, rest.hinge).invert(),
  )
}

export interface LimbSolution {
  upper: Quaternion
  lower: Quaternion
  /** Where elbow or knee comes to lie. */
  middle: Vector3
  /** Where the end comes to lie: the target, or the nearest point within reach. */
  end: Vector3
}

/**
 * World turns of a limb's two bones (lengths in metres) so that it reaches from `start` to `target`, its middle joint towards `pole`
 * (a direction). What is out of reach is reached for; the limb is never quite straight, so that the hinge stays known.
 */
export function solveLimb(
  rest: LimbRest,
  start: Vector3,
  target: Vector3,
  lengths: [number, number],
  pole: Vector3,
): LimbSolution {
  const [a, b] = lengths
  const towards = target.clone().sub(start)
  const wanted = towards.length()
  if (wanted < 1e-9) towards.copy(rest.along)
  towards.normalize()
  const distance = Math.min((a + b) * 0.9995, Math.max(Math.abs(a - b) + 1e-4, wanted))
  const cosine = Math.min(1, Math.max(-1, (a * a + distance * distance - b * b) / (2 * a * distance)))
  const side = pole.clone().addScaledVector(towards, -pole.dot(towards))
  if (side.lengthSq() < 1e-12) side.copy(rest.hinge).cross(towards)
  side.normalize()
  const hinge = towards.clone().cross(side)
  const middle = start
    .clone()
    .addScaledVector(towards, a * cosine)
    .addScaledVector(side, a * Math.sqrt(1 - cosine * cosine))
  const end = start.clone().addScaledVector(towards, distance)
  return {
    upper: limbTurn(rest, middle.clone().sub(start), hinge),
    lower: limbTurn(rest, end.clone().sub(middle), hinge),
    middle,
    end,
  }
}

/** Turns against the parent from turns in the world; bones that are not named ride along with their parent. */
export function localTurns(rig: Rig, world: Partial<Record<BoneName, Quaternion>>): Pose['rotations'] {
  const turns: Quaternion[] = []
  const rotations: Pose['rotations'] = {}
  rig.joints.forEach(({ name, parent }, i) => {
    const above = parent < 0 ? new Quaternion() : turns[parent]!
    const own = world[name as BoneName]
    turns[i] = own ?? above
    if (own) rotations[name as BoneName] = above.clone().invert().multiply(own)
  })
  return rotations
}
