// What the sets of the sample pictures are built of: the solids of the synthetic world, and leaves. Each can be hit by a ray and says
// what is seen there. Metres, y up.
import { Vector3 } from 'three'
import type { Material } from '../../main/engine/synth/material'
import { hitLocal, solidSurface } from '../../main/engine/synth/solid'
import type { Solid, SurfacePoint } from '../../main/engine/synth/solid'

/** A material as a photograph shows it. */
export interface Paint extends Material {
  /** Share of light mirrored head-on, 0..1; more at grazing angles. */
  gloss?: number
  /** How much the mirror image is blurred, 0..1. */
  rough?: number
  /** Depth of the pattern's relief, metres: its dark parts lie deeper. */
  relief?: number
  /** Share of light that comes through from the other side (leaves). */
  thin?: number
}

export interface Seen extends SurfacePoint {
  material: Paint | undefined
}

export interface Shape {
  readonly low: Vector3
  readonly high: Vector3
  /** Distance along the ray in lengths of its direction; Infinity when it misses. */
  hit(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number
  /** What is at the point (x, y, z) of its surface. */
  see(x: number, y: number, z: number, out: Seen): void
}

/** Radius of the worn edges of boxes. */
const EDGE = 0.012

export class SolidShape implements Shape {
  readonly low: Vector3
  readonly high: Vector3
  private readonly c: number
  private readonly s: number

  constructor(
    private readonly solid: Solid,
    private readonly edge = EDGE,
  ) {
    const { x, y, z, hx, hy, hz, yaw, shape } = solid
    this.c = Math.cos(yaw)
    this.s = Math.sin(yaw)
    const [c, s] = [Math.abs(this.c), Math.abs(this.s)]
    const wide = shape === 'cone' ? Math.max(hx, hz) : undefined
    const reach = new Vector3(wide ?? c * hx + s * hz, hy, wide ?? s * hx + c * hz)
    this.low = new Vector3(x, y, z).sub(reach)
    this.high = new Vector3(x, y, z).add(reach)
  }

  hit(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
    const { solid, c, s } = this
    const x = ox - solid.x
    const z = oz - solid.z
    return hitLocal(solid, c * x - s * z, oy - solid.y, s * x + c * z, c * dx - s * dz, dy, s * dx + c * dz)
  }

  see(x: number, y: number, z: number, out: Seen): void {
    const { solid, c, s, edge } = this
    solidSurface(solid, x, y, z, out)
    if (solid.shape !== 'box' || edge === 0) return
    // near an edge the normal leans over it
    const lx = c * (x - solid.x) - s * (z - solid.z)
    const lz = s * (x - solid.x) + c * (z - solid.z)
    const nx = lean(lx, solid.hx, edge)
    const ny = lean(y - solid.y, solid.hy, edge)
    const nz = lean(lz, solid.hz, edge)
    const length = Math.hypot(nx, ny, nz)
    if (length < 1e-6) return
    out.nx = (c * nx + s * nz) / length
    out.ny = ny / length
    out.nz = (c * nz - s * nx) / length
  }
}

function lean(at: number, half: number, edge: number): number {
  const width = Math.min(edge, half * 0.5)
  const inside = (half - Math.abs(at)) / width
  return inside >= 1 ? 0 : Math.sign(at) * (1 - inside) ** 2
}

/** A flat round leaf. */
export class Leaf implements Shape {
  readonly low: Vector3
  readonly high: Vector3

  constructor(
    private readonly at: Vector3,
    private readonly normal: Vector3,
    private readonly radius: number,
    private readonly material: Paint,
  ) {
    const reach = (n: number) => radius * Math.sqrt(Math.max(0, 1 - n * n)) + 1e-4
    const size = new Vector3(reach(normal.x), reach(normal.y), reach(normal.z))
    this.low = at.clone().sub(size)
    this.high = at.clone().add(size)
  }

  hit(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
    const { at, normal, radius } = this
    const x = at.x - ox
    const y = at.y - oy
    const z = at.z - oz
    const t = (x * normal.x + y * normal.y + z * normal.z) / (dx * normal.x + dy * normal.y + dz * normal.z)
    if (!(t > 0)) return Infinity
    return (t * dx - x) ** 2 + (t * dy - y) ** 2 + (t * dz - z) ** 2 < radius * radius ? t : Infinity
  }

  see(x: number, y: number, z: number, out: Seen): void {
    out.nx = this.normal.x
    out.ny = this.normal.y
    out.nz = this.normal.z
    out.u = x + this.at.z
    out.v = y + z
    out.material = this.material
  }
}
