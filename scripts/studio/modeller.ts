// Where clay goes: lumps are placed in the axes of the bones of a pose.
import { Vector3 } from 'three'
import type { Quaternion } from 'three'
import type { WorldPose } from '../../main/motion/motion'
import type { JointName } from '../../main/motion/rig'
import type { Lump, Stuff } from './clay'

export type V3 = readonly [number, number, number]
type Flat = readonly [x: number, y: number, z: number, by: number]

/** Puts lumps in the axes of a bone. */
export class Modeller {
  readonly lumps: Lump[] = []

  constructor(readonly pose: WorldPose) {}

  at(joint: JointName): Vector3 {
    return this.pose.positions.get(joint)!
  }

  /** The point (x, y, z) of a bone's axes in the world. */
  local(bone: JointName, [x, y, z]: V3): Vector3 {
    return new Vector3(x, y, z).applyQuaternion(this.turn(bone)).add(this.at(bone))
  }

  turn(bone: JointName): Quaternion {
    return this.pose.rotations.get(bone)!
  }

  cone(
    piece: string,
    stuff: Stuff,
    melt: number,
    bone: JointName,
    a: Vector3 | V3,
    ra: number,
    b: Vector3 | V3,
    rb: number,
    { flat, op = 'add', keep }: { flat?: Flat; op?: Lump['op']; keep?: readonly [point: V3, normal: V3] } = {},
  ): void {
    const place = (p: Vector3 | V3) => (p instanceof Vector3 ? p : this.local(bone, p))
    this.lumps.push({
      shape: 'cone',
      ...{ a: place(a), ra, b: place(b), rb, piece, stuff, melt, op },
      flat: flat && { axis: this.axis(bone, [flat[0], flat[1], flat[2]]), by: flat[3] },
      keep: keep && { point: this.local(bone, keep[0]), normal: this.axis(bone, keep[1]) },
    })
  }

  ring(
    piece: string,
    stuff: Stuff,
    melt: number,
    bone: JointName,
    centre: Vector3,
    axis: Vector3,
    radius: number,
    thick: number,
    flat?: Flat,
  ): void {
    this.lumps.push({
      shape: 'ring',
      ...{ a: centre, b: centre.clone().add(axis.clone().normalize()), ra: radius, rb: thick, piece, stuff, melt },
      op: 'add',
      flat: flat && { axis: this.axis(bone, [flat[0], flat[1], flat[2]]), by: flat[3] },
    })
  }

  axis(bone: JointName, [x, y, z]: V3): Vector3 {
    return new Vector3(x, y, z).normalize().applyQuaternion(this.turn(bone))
  }
}
