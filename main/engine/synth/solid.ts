// The building blocks of a place: boxes, ellipsoids and upright cones, each turned about the vertical; where a ray meets them and
// what is painted there. All in metres, y up.
import type { Material } from './material'

export type Shape = 'box' | 'ellipsoid' | 'cone'

export interface Solid {
  shape: Shape
  /** Centre. */
  x: number
  y: number
  z: number
  /** Half sizes. A cone's `hx` is its radius at the bottom, its `hz` the radius at the top. */
  hx: number
  hy: number
  hz: number
  /** Turn about the vertical, radians. */
  yaw: number
  side: Material
  top: Material
}

/** Distance along the ray, in lengths of its direction, to where it enters `solid`; Infinity when it misses or starts inside. */
export function hitSolid(solid: Solid, ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
  const c = Math.cos(solid.yaw)
  const s = Math.sin(solid.yaw)
  const x = ox - solid.x
  const z = oz - solid.z
  return hitLocal(solid, c * x - s * z, oy - solid.y, s * x + c * z, c * dx - s * dz, dy, s * dx + c * dz)
}

/** The same for a ray in the solid's own axes. */
export function hitLocal(solid: Solid, ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
  switch (solid.shape) {
    case 'box':
      return hitBox(solid, ox, oy, oz, dx, dy, dz)
    case 'ellipsoid': {
      const { hx, hy, hz } = solid
      const a = (dx / hx) ** 2 + (dy / hy) ** 2 + (dz / hz) ** 2
      const b = (ox * dx) / (hx * hx) + (oy * dy) / (hy * hy) + (oz * dz) / (hz * hz)
      const k = (ox / hx) ** 2 + (oy / hy) ** 2 + (oz / hz) ** 2 - 1
      const d = b * b - a * k
      if (d < 0 || k < 0) return Infinity
      const t = (-b - Math.sqrt(d)) / a
      return t > 0 ? t : Infinity
    }
    case 'cone':
      return hitCone(solid, ox, oy, oz, dx, dy, dz)
  }
}

function hitBox({ hx, hy, hz }: Solid, ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
  const ix = 1 / dx
  const iy = 1 / dy
  const iz = 1 / dz
  const ax = Math.abs(ix) * hx
  const ay = Math.abs(iy) * hy
  const az = Math.abs(iz) * hz
  const near = Math.max(-ox * ix - ax, -oy * iy - ay, -oz * iz - az)
  const far = Math.min(-ox * ix + ax, -oy * iy + ay, -oz * iz + az)
  return near > 0 && near < far ? near : Infinity
}

function hitCone(solid: Solid, ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
  const { hx: bottom, hy, hz: top } = solid
  const slope = (top - bottom) / (2 * hy)
  // radius along the ray: r0 + t * dr
  const r0 = bottom + (oy + hy) * slope
  const dr = dy * slope
  const a = dx * dx + dz * dz - dr * dr
  const b = ox * dx + oz * dz - r0 * dr
  const k = ox * ox + oz * oz - r0 * r0
  let hit = Infinity
  const d = b * b - a * k
  if (d >= 0 && Math.abs(a) > 1e-12) {
    const t = (-b - Math.sqrt(d)) / a
    const y = oy + t * dy
    if (t > 0 && Math.abs(y) <= hy && r0 + t * dr >= 0) hit = t
  }
  if (top > 0 && dy < 0) {
    const t = (hy - oy) / dy
    if (t > 0 && t < hit && (ox + t * dx) ** 2 + (oz + t * dz) ** 2 <= top * top) hit = t
  }
  return hit
}

/** Faces of a solid that count as surfaces of their own: a box has them across x, y and z. */
export const FACES = 4

/** The axis (0 = x, 1 = y, 2 = z) across which the face of a box lies that the point (in its own axes) is on. */
export function faceOf({ hx, hy, hz }: Solid, x: number, y: number, z: number): 0 | 1 | 2 {
  const ax = Math.abs(x) / hx
  const ay = Math.abs(y) / hy
  const az = Math.abs(z) / hz
  if (ay >= ax && ay >= az) return 1
  return ax >= az ? 0 : 2
}

/** What a ray finds on a surface: the normal, where on its paint (metres), which paint. */
export interface SurfacePoint {
  nx: number
  ny: number
  nz: number
  u: number
  v: number
  material: Material | undefined
}

/** Fills `out` for the point (x, y, z) of the world on the surface of `solid`. */
export function solidSurface(solid: Solid, x: number, y: number, z: number, out: SurfacePoint): void {
  const c = Math.cos(solid.yaw)
  const s = Math.sin(solid.yaw)
  const { hx, hy, hz } = solid
  const wx = x - solid.x
  const wz = z - solid.z
  const lx = c * wx - s * wz
  const ly = y - solid.y
  const lz = s * wx + c * wz
  let nx = 0
  let ny = 0
  let nz = 0
  out.material = solid.side
  out.v = ly + hy
  if (solid.shape === 'box') {
    const face = faceOf(solid, lx, ly, lz)
    if (face === 1) {
      ny = Math.sign(ly)
      out.u = lx
      out.v = lz
      out.material = solid.top
    } else if (face === 0) {
      nx = Math.sign(lx)
      out.u = lz
    } else {
      nz = Math.sign(lz)
      out.u = lx
    }
  } else if (solid.shape === 'ellipsoid') {
    nx = lx / (hx * hx)
    ny = ly / (hy * hy)
    nz = lz / (hz * hz)
    const length = Math.hypot(nx, ny, nz)
    nx /= length
    ny /= length
    nz /= length
    out.u = Math.atan2(lx, lz) * Math.max(hx, hz)
  } else {
    const radius = Math.max(Math.hypot(lx, lz), 1e-6)
    out.u = Math.atan2(lx, lz) * Math.max(hx, hz)
    if (ly > hy * 0.9999 && hz > 0) {
      ny = 1
      out.u = lx
      out.v = lz
      out.material = solid.top
    } else {
      const slope = (hx - hz) / (2 * hy)
      const length = Math.hypot(1, slope)
      nx = lx / radius / length
      ny = slope / length
      nz = lz / radius / length
    }
  }
  out.nx = c * nx + s * nz
  out.ny = ny
  out.nz = -s * nx + c * nz
}
