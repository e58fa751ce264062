// Draws a person's round cones into a canvas with a depth test: each part visits only its own rectangle of the screen, then every
// sample that shows the person is shaded once.
import type { Camera } from '../../motion/camera'
import type { Part } from './body-parts'
import { floorShare } from './floor-light'
import { lightOn } from './place'
import type { FloorLight, Light } from './place'
import { raysOf } from './place-image'
import type { Canvas, Rays } from './place-image'

/** Ids in a canvas from here on mean parts of the person. */
export const FIRST_PART = 10000

const normal = new Float64Array(3)
const colour = new Float64Array(3)
const lit = new Float64Array(3)

/**
 * Draws `parts` over what is nearer than nothing in `canvas`; samples of the person then have id FIRST_PART + index of the part.
 * With `floor` the person stands in the shadows that lie there.
 */
export function drawPerson(
  parts: readonly Part[],
  light: Light,
  camera: Camera,
  canvas: Canvas,
  floor?: FloorLight,
): void {
  const rays = raysOf(camera)
  const cones = parts.map((part) => coneOf(part, rays))
  let top = canvas.height
  let bottom = 0
  cones.forEach((cone, index) => {
    const rows = trace(cone, index, rays, canvas)
    top = Math.min(top, rows[0])
    bottom = Math.max(bottom, rows[1])
  })
  const { width, id } = canvas
  for (let at = top * width; at < bottom * width; at++) {
    const index = id[at]! - FIRST_PART
    if (index >= 0) shade(parts[index]!, cones[index]!, light, floor, rays, at, canvas)
  }
}

/** A part seen from the ray's origin, in axes where its flattening is undone. */
interface Cone {
  /** From the eye to a and b. */
  ax: number
  ay: number
  az: number
  bx: number
  by: number
  bz: number
  ra: number
  rb: number
  /** What the flattening does to a vector v: v + (by - 1) * axis * (axis . v). */
  fx: number
  fy: number
  fz: number
  stretch: number
  left: number
  right: number
  top: number
  bottom: number
}

function coneOf(part: Part, { origin, axes, step, cx, cy }: Rays): Cone {
  const flat = part.flat
  const stretch = flat ? flat.by - 1 : 0
  const [fx, fy, fz] = flat ? [flat.axis.x, flat.axis.y, flat.axis.z] : [0, 0, 0]
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  const end = (x: number, y: number, z: number, radius: number): [number, number, number] => {
    const [dx, dy, dz] = [x - origin[0], y - origin[1], z - origin[2]]
    const depth = axes[6]! * dx + axes[7]! * dy + axes[8]! * dz
    if (depth > radius + 0.05) {
      const u = axes[0]! * dx + axes[1]! * dy + axes[2]! * dz
      const v = axes[3]! * dx + axes[4]! * dy + axes[5]! * dz
      const near = depth - radius // the sphere's outline is within the box of its nearest and farthest depths
      left = Math.min(left, (u - radius) / near, (u - radius) / (depth + radius))
      right = Math.max(right, (u + radius) / near, (u + radius) / (depth + radius))
      top = Math.min(top, (v - radius) / near, (v - radius) / (depth + radius))
      bottom = Math.max(bottom, (v + radius) / near, (v + radius) / (depth + radius))
    } else {
      ;[left, right, top, bottom] = [-Infinity, Infinity, -Infinity, Infinity]
    }
    const along = stretch * (fx * dx + fy * dy + fz * dz)
    return [dx + fx * along, dy + fy * along, dz + fz * along]
  }
  const [ax, ay, az] = end(part.a.x, part.a.y, part.a.z, part.ra)
  const [bx, by, bz] = end(part.b.x, part.b.y, part.b.z, part.rb)
  const sample = (value: number, centre: number) => (value + centre) / step
  return {
    ...{ ax, ay, az, bx, by, bz, ra: part.ra, rb: part.rb, fx, fy, fz, stretch },
    ...{ left: sample(left, cx), right: sample(right, cx), top: sample(top, cy), bottom: sample(bottom, cy) },
  }
}

/** Writes depth and id where the cone is the nearest; gives the rows it may have touched. */
function trace(
  cone: Cone,
  index: number,
  { axes, step, cx, cy }: Rays,
  { width, height, depth, id }: Canvas,
): [number, number] {
  const left = Math.max(0, Math.floor(cone.left))
  const right = Math.min(width, Math.ceil(cone.right) + 1)
  const top = Math.max(0, Math.floor(cone.top))
  const bottom = Math.min(height, Math.ceil(cone.bottom) + 1)
  for (let j = top; j < bottom; j++) {
    const y = (j + 0.5) * step - cy
    for (let i = left; i < right; i++) {
      const x = (i + 0.5) * step - cx
      const dx = axes[0]! * x + axes[3]! * y + axes[6]!
      const dy = axes[1]! * x + axes[4]! * y + axes[7]!
      const dz = axes[2]! * x + axes[5]! * y + axes[8]!
      const t = hitCone(cone, dx, dy, dz)
      const at = j * width + i
      if (t > 0.05 && t < depth[at]!) {
        depth[at] = t
        id[at] = FIRST_PART + index
      }
    }
  }
  return [Math.min(top, height), Math.max(0, bottom)]
}

/**
 * Distance, in lengths of (dx, dy, dz), from the eye to the round cone; -1 when the ray misses. The normal there goes to `normal`.
 * After Quilez, "rounded cone intersection": side of the cone first, then the two spheres.
 */
function hitCone(cone: Cone, dx: number, dy: number, dz: number): number {
  const { ax, ay, az, bx, by, bz, ra, rb, fx, fy, fz, stretch } = cone
  const along = stretch * (fx * dx + fy * dy + fz * dz)
  let rx = dx + fx * along
  let ry = dy + fy * along
  let rz = dz + fz * along
  const length = Math.sqrt(rx * rx + ry * ry + rz * rz)
  rx /= length
  ry /= length
  rz /= length
  const ex = bx - ax
  const ey = by - ay
  const ez = bz - az
  const rr = ra - rb
  const m0 = ex * ex + ey * ey + ez * ez
  const m1 = -(ex * ax + ey * ay + ez * az)
  const m2 = ex * rx + ey * ry + ez * rz
  const m3 = -(rx * ax + ry * ay + rz * az)
  const m5 = ax * ax + ay * ay + az * az
  const m6 = -(rx * bx + ry * by + rz * bz)
  const m7 = bx * bx + by * by + bz * bz
  const d2 = m0 - rr * rr
  if (d2 > 1e-12) {
    const k2 = d2 - m2 * m2
    const k1 = d2 * m3 - m1 * m2 + m2 * rr * ra
    const k0 = d2 * m5 - m1 * m1 + 2 * m1 * rr * ra - m0 * ra * ra
    const h = k1 * k1 - k0 * k2
    if (h < 0) return -1
    const t = (-Math.sqrt(h) - k1) / k2
    const y = m1 - ra * rr + t * m2
    if (y > 0 && y < d2) {
      normal[0] = d2 * (t * rx - ax) - ex * y
      normal[1] = d2 * (t * ry - ay) - ey * y
      normal[2] = d2 * (t * rz - az) - ez * y
      return t / length
    }
  }
  const h1 = m3 * m3 - m5 + ra * ra
  const h2 = m6 * m6 - m7 + rb * rb
  let t = Infinity
  if (h1 > 0) {
    t = -m3 - Math.sqrt(h1)
    normal[0] = t * rx - ax
    normal[1] = t * ry - ay
    normal[2] = t * rz - az
  }
  if (h2 > 0) {
    const second = -m6 - Math.sqrt(h2)
    if (second < t) {
      t = second
      normal[0] = t * rx - bx
      normal[1] = t * ry - by
      normal[2] = t * rz - bz
    }
  }
  return t === Infinity ? -1 : t / length
}

function shade(
  part: Part,
  cone: Cone,
  light: Light,
  floor: FloorLight | undefined,
  { origin, axes, step, cx, cy }: Rays,
  at: number,
  canvas: Canvas,
) {
  const { width } = canvas
  const x = ((at % width) + 0.5) * step - cx
  const y = (Math.floor(at / width) + 0.5) * step - cy
  const dx = axes[0]! * x + axes[3]! * y + axes[6]!
  const dy = axes[1]! * x + axes[4]! * y + axes[7]!
  const dz = axes[2]! * x + axes[5]! * y + axes[8]!
  const t = hitCone(cone, dx, dy, dz)
  const px = origin[0] + t * dx
  const py = origin[1] + t * dy
  const pz = origin[2] + t * dz
  const along = cone.stretch * (cone.fx * normal[0]! + cone.fy * normal[1]! + cone.fz * normal[2]!)
  let nx = normal[0]! + cone.fx * along
  let ny = normal[1]! + cone.fy * along
  let nz = normal[2]! + cone.fz * along
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz)
  nx /= length
  ny /= length
  nz /= length
  paintAt(part, px, py, pz)
  // limbs turned away from the eye are a little darker: it sets arms off against the body
  const facing = -(nx * dx + ny * dy + nz * dz) / Math.hypot(dx, dy, dz)
  const direct = floor ? sunThrough(light, floor, px, py, pz) : 1
  lightOn(light, px, py, pz, nx, ny, nz, direct, 0.62 + 0.38 * Math.max(0, facing), lit)
  for (let c = 0; c < 3; c++) canvas.colour[at * 3 + c] = colour[c]! * lit[c]!
}

/** Share of the main light that comes through to (x, y, z), read where its ray meets the floor. */
function sunThrough({ towards, lamp }: Light, floor: FloorLight, x: number, y: number, z: number): number {
  if (lamp) return 1
  const far = Math.max(0, y) / Math.max(0.15, towards[1])
  return floorShare(floor, floor.direct, x - towards[0] * far, z - towards[2] * far)
}

/** Colour of the point into `colour`: turned into the bone's axes (quaternion product written out, as it runs per sample). */
function paintAt({ origin, unturn: q, paint }: Part, px: number, py: number, pz: number) {
  const x = px - origin.x
  const y = py - origin.y
  const z = pz - origin.z
  const tx = 2 * (q.y * z - q.z * y)
  const ty = 2 * (q.z * x - q.x * z)
  const tz = 2 * (q.x * y - q.y * x)
  paint(
    x + q.w * tx + q.y * tz - q.z * ty,
    y + q.w * ty + q.z * tx - q.x * tz,
    z + q.w * tz + q.x * ty - q.y * tx,
    colour,
  )
}
