// The parts a body is made of, and how each is hung on the joints of a pose.
import { Vector3 } from 'three'
import type { Quaternion } from 'three'
import type { WorldPose } from '../../motion/motion'
import type { BoneName, JointName } from '../../motion/rig'
import type { Paint } from './person-paint'

/** A round cone from `a` (radius ra) to `b` (radius rb), metres, world; thinner along `flat.axis` by `flat.by`. */
export interface Part {
  a: Vector3
  ra: number
  b: Vector3
  rb: number
  flat: { axis: Vector3; by: number } | undefined
  paint: Paint
  /** Axes in which the paint is given: origin and the inverse of the bone's turn. */
  origin: Vector3
  unturn: Quaternion
  hand: boolean
}

/** Parts in the world, each added in the axes of a bone. */
export class Parts {
  readonly parts: Part[] = []

  constructor(private readonly pose: WorldPose) {}

  protected at(joint: JointName): Vector3 {
    return this.pose.positions.get(joint)!
  }

  protected turn(joint: JointName): Quaternion {
    return this.pose.rotations.get(joint)!
  }

  /** The point (x, y, z) of a bone's axes in the world. */
  protected local(bone: BoneName, x: number, y: number, z: number): Vector3 {
    return new Vector3(x, y, z).applyQuaternion(this.turn(bone)).add(this.at(bone))
  }

  protected add(
    bone: BoneName,
    a: Vector3,
    ra: number,
    b: Vector3,
    rb: number,
    paint: Paint,
    more: { flat?: readonly [x: number, y: number, z: number, by: number]; hand?: boolean } = {},
  ) {
    const turn = this.turn(bone)
    const { flat } = more
    this.parts.push({
      a,
      ra,
      b,
      rb,
      flat: flat && { axis: new Vector3(flat[0], flat[1], flat[2]).applyQuaternion(turn), by: flat[3] },
      paint,
      origin: this.at(bone),
      unturn: turn.clone().invert(),
      hand: more.hand ?? false,
    })
  }
}
