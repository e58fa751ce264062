// Puts solids into a place without standing in the way: nothing may come between camera and subject, or where the subject goes.
import type { Random } from '../nn/random'
import type { Material } from './material'
import type { Shape, Solid } from './solid'

/** Where camera and subject are during the clip: eyes[i] looks at subjects[i]. Metres. */
export interface Staging {
  eyes: readonly { x: number; y: number; z: number }[]
  subjects: readonly { x: number; z: number }[]
  /** Direction (radians, 0 = +z) in which the camera looks in the middle of the clip. */
  yaw: number
  /** What the subject sits down on. */
  seat?: { x: number; z: number; height: number } | undefined
}

/** A piece that is put together of several solids, in its own axes: x to the side, z to the front, y up from the floor. */
export interface Piece {
  shape: Shape
  at: readonly [x: number, y: number, z: number]
  half: readonly [x: number, y: number, z: number]
  side: Material
  top?: Material
}

/** Bounds of everything that the clip needs free. */
export interface Bounds {
  x0: number
  x1: number
  z0: number
  z1: number
}

export class PlaceBuilder {
  readonly solids: Solid[] = []
  readonly bounds: Bounds

  constructor(
    readonly random: Random,
    readonly staging: Staging,
  ) {
    const xs = [...staging.eyes, ...staging.subjects].map((p) => p.x)
    const zs = [...staging.eyes, ...staging.subjects].map((p) => p.z)
    this.bounds = { x0: Math.min(...xs), x1: Math.max(...xs), z0: Math.min(...zs), z1: Math.max(...zs) }
  }

  /** Whether a circle of `radius` around (x, z) leaves the lines of sight and the subject's way free. */
  isFree(x: number, z: number, radius: number): boolean {
    const { eyes, subjects } = this.staging
    return eyes.every((eye, i) => {
      const subject = subjects[i]!
      const [dx, dz] = [subject.x - eye.x, subject.z - eye.z]
      const along = ((x - eye.x) * dx + (z - eye.z) * dz) / (dx * dx + dz * dz + 1e-9)
      const s = Math.min(1, Math.max(0, along))
      const room = 0.3 + 0.55 * s // narrow at the lens, an arm's length around the subject
      return Math.hypot(eye.x + s * dx - x, eye.z + s * dz - z) > radius + room
    })
  }

  /** Adds the pieces with their origin at (x, z), turned by `yaw`. */
  put(pieces: readonly Piece[], x: number, z: number, yaw: number): void {
    const [c, s] = [Math.cos(yaw), Math.sin(yaw)]
    for (const { shape, at, half, side, top } of pieces) {
      const [px, py, pz] = at
      const place = { x: x + c * px + s * pz, y: py, z: z - s * px + c * pz }
      this.solids.push({ shape, ...place, hx: half[0], hy: half[1], hz: half[2], yaw, side, top: top ?? side })
    }
  }

  /** `put` where it is free and (unless `touching`) clear of other solids; says whether it was done. */
  tryPut(pieces: readonly Piece[], x: number, z: number, yaw: number): boolean {
    const radius = Math.max(...pieces.map(({ at, half }) => Math.hypot(at[0], at[2]) + Math.hypot(half[0], half[2])))
    if (!this.isFree(x, z, radius)) return false
    const crowded = this.solids.some(
      (other) =>
        other.hy > 0.05 && Math.hypot(other.x - x, other.z - z) < 0.7 * (radius + Math.hypot(other.hx, other.hz)),
    )
    if (crowded) return false
    this.put(pieces, x, z, yaw)
    return true
  }

  /** Tries to put `count` things between the camera and the subject's distance, at the edges of the picture. */
  foreground(count: number, make: () => readonly Piece[]): void {
    const { eyes, subjects, yaw } = this.staging
    const middle = eyes.length >> 1
    const eye = eyes[middle]!
    const subject = subjects[middle]!
    const distance = Math.hypot(subject.x - eye.x, subject.z - eye.z)
    for (let i = 0; i < count; i++) {
      const around = yaw + (this.random.next() < 0.5 ? -1 : 1) * this.random.uniform(0.22, 0.6)
      const away = distance * this.random.uniform(0.55, 1.05)
      const at = [eye.x + away * Math.sin(around), eye.z + away * Math.cos(around)] as const
      this.tryPut(make(), ...at, this.random.uniform(0, 2 * Math.PI))
    }
  }

  /** Tries to put `count` things where the camera is likely to see them: beyond the subject, `near`..`far` metres from it. Says where each went. */
  scatter(
    count: number,
    near: number,
    far: number,
    make: (index: number) => readonly Piece[],
  ): ({ x: number; z: number } | undefined)[] {
    const { eyes, subjects, yaw } = this.staging
    const middle = eyes.length >> 1
    const eye = eyes[middle]!
    const subject = subjects[middle]!
    const distance = Math.hypot(subject.x - eye.x, subject.z - eye.z)
    return Array.from({ length: count }, (_, i) => {
      const pieces = make(i)
      for (let attempt = 0; attempt < 4; attempt++) {
        const around = yaw + this.random.normal() * 0.55
        const away = distance + near + (far - near) * this.random.next() ** 1.5
        const [x, z] = [eye.x + away * Math.sin(around), eye.z + away * Math.cos(around)]
        if (this.tryPut(pieces, x, z, this.random.uniform(0, 2 * Math.PI))) return { x, z }
      }
      return undefined
    })
  }
}
