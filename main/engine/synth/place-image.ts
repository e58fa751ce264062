// Draws the place as a camera sees it: first what each sample meets (solids only within their rectangle on the screen), then colours:
// one for a pixel whose samples lie on one surface (materials average themselves over the pixel), else one per sample. Colours stay
// linear and samples stay apart, so that the person and its shadow can be put in afterwards.
// The loops below run a million times per clip: plain numbers, no closures, no destructuring.
import type { Camera } from '../../motion/camera'
import { SKY, hitShell } from './place'
import type { FloorLight, Hit, Place } from './place'
import { albedo, shadePoint, shadeSky } from './place-shade'
import { FACES, faceOf, hitLocal } from './solid'
import type { Solid } from './solid'

/** Samples of a picture, `width` x `height` of them (twice the picture's pixels each way). */
export interface Canvas {
  readonly width: number
  readonly height: number
  /** Linear RGB. */
  readonly colour: Float32Array
  /** Depth along the view, metres; Infinity in the sky. */
  readonly depth: Float64Array
  /** What is seen: one of the ids of place.ts, or for a solid its index times FACES plus the face. */
  readonly id: Int16Array
}

/** Samples per pixel along each side. */
export const SUPERSAMPLING = 2

export function createCanvas(width: number, height: number): Canvas {
  const w = width * SUPERSAMPLING
  const h = height * SUPERSAMPLING
  return {
    width: w,
    height: h,
    colour: new Float32Array(w * h * 3),
    depth: new Float64Array(w * h),
    id: new Int16Array(w * h),
  }
}

/** Makes it show nothing. */
export function clear({ depth, id }: Canvas): void {
  depth.fill(Infinity)
  id.fill(SKY)
}

/** Makes `to` show what `from` shows; both of one size. */
export function copyCanvas(from: Canvas, to: Canvas): void {
  to.colour.set(from.colour)
  to.depth.set(from.depth)
  to.id.set(from.id)
}

/** A camera's rays: origin, and per sample the direction whose part along the view is 1, so that distances are depths. */
export interface Rays {
  readonly origin: readonly [number, number, number]
  /** Camera axes in the world: right, down, forward. */
  readonly axes: readonly number[]
  /** Direction in camera axes of sample (i, j): ((i + 0.5) * step - cx, (j + 0.5) * step - cy). */
  readonly step: number
  readonly cx: number
  readonly cy: number
}

export function raysOf(camera: Camera, supersampling = SUPERSAMPLING): Rays {
  const m = camera.w2c
  const focal = camera.K[0]!
  const at = (column: number) => -(m[column]! * m[3]! + m[4 + column]! * m[7]! + m[8 + column]! * m[11]!)
  return {
    origin: [at(0), at(1), at(2)],
    axes: [m[0]!, m[1]!, m[2]!, m[4]!, m[5]!, m[6]!, m[8]!, m[9]!, m[10]!],
    step: 1 / (supersampling * focal),
    cx: camera.K[2]! / focal,
    cy: camera.K[5]! / focal,
  }
}

/** Draws the empty place over the whole canvas. */
export function drawPlace(place: Place, floorLight: FloorLight, camera: Camera, canvas: Canvas): void {
  const rays = raysOf(camera)
  traceShell(place, rays, canvas)
  place.solids.forEach((solid, i) => {
    traceSolid(solid, i, rays, canvas)
  })
  shade(place, floorLight, rays, canvas)
}

function traceShell(place: Place, { origin, axes, step, cx, cy }: Rays, { width, height, depth, id }: Canvas) {
  const [ox, oy, oz] = origin
  const hit: Hit = { id: SKY, distance: 0 }
  for (let j = 0, at = 0; j < height; j++) {
    const y = (j + 0.5) * step - cy
    for (let i = 0; i < width; i++, at++) {
      const x = (i + 0.5) * step - cx
      const dx = axes[0]! * x + axes[3]! * y + axes[6]!
      const dy = axes[1]! * x + axes[4]! * y + axes[7]!
      const dz = axes[2]! * x + axes[5]! * y + axes[8]!
      hitShell(place, ox, oy, oz, dx, dy, dz, hit)
      depth[at] = hit.distance
      id[at] = hit.id
    }
  }
}

function traceSolid(solid: Solid, index: number, rays: Rays, { width, height, depth, id }: Canvas) {
  const { origin, axes, step, cx, cy } = rays
  const radius = solid.shape === 'cone' ? Math.max(solid.hx, solid.hz) : undefined
  const halves: [number, number, number] = [radius ?? solid.hx, solid.hy, radius ?? solid.hz]
  const rectangle = screenRectangle(solid, halves, rays, width, height)
  if (!rectangle) return
  const c = Math.cos(solid.yaw)
  const s = Math.sin(solid.yaw)
  const wx = origin[0] - solid.x
  const wz = origin[2] - solid.z
  const ox = c * wx - s * wz
  const oy = origin[1] - solid.y
  const oz = s * wx + c * wz
  for (let j = rectangle.top; j < rectangle.bottom; j++) {
    const y = (j + 0.5) * step - cy
    for (let i = rectangle.left; i < rectangle.right; i++) {
      const x = (i + 0.5) * step - cx
      const dx = axes[0]! * x + axes[3]! * y + axes[6]!
      const dy = axes[1]! * x + axes[4]! * y + axes[7]!
      const dz = axes[2]! * x + axes[5]! * y + axes[8]!
      const lx = c * dx - s * dz
      const lz = s * dx + c * dz
      const t = hitLocal(solid, ox, oy, oz, lx, dy, lz)
      const at = j * width + i
      if (t < depth[at]!) {
        depth[at] = t
        id[at] = index * FACES + (solid.shape === 'box' ? faceOf(solid, ox + t * lx, oy + t * dy, oz + t * lz) : 0)
      }
    }
  }
}

/** Samples (whole numbers, ends excluded) that the box around `solid` may cover; undefined when it is out of sight. */
function screenRectangle(
  solid: Solid,
  [hx, hy, hz]: [number, number, number],
  { origin, axes, step, cx, cy }: Rays,
  width: number,
  height: number,
): { left: number; right: number; top: number; bottom: number } | undefined {
  const c = Math.cos(solid.yaw)
  const s = Math.sin(solid.yaw)
  let left = Infinity
  let right = -Infinity
  let top = Infinity
  let bottom = -Infinity
  let behind = 0
  for (let corner = 0; corner < 8; corner++) {
    const lx = corner & 1 ? hx : -hx
    const ly = corner & 2 ? hy : -hy
    const lz = corner & 4 ? hz : -hz
    const x = solid.x + c * lx + s * lz - origin[0]
    const y = solid.y + ly - origin[1]
    const z = solid.z - s * lx + c * lz - origin[2]
    const depth = axes[6]! * x + axes[7]! * y + axes[8]! * z
    if (depth < 0.05) {
      behind++
      continue
    }
    const u = ((axes[0]! * x + axes[1]! * y + axes[2]! * z) / depth + cx) / step
    const v = ((axes[3]! * x + axes[4]! * y + axes[5]! * z) / depth + cy) / step
    left = Math.min(left, u)
    right = Math.max(right, u)
    top = Math.min(top, v)
    bottom = Math.max(bottom, v)
  }
  if (behind === 8) return undefined
  if (behind > 0) return { left: 0, right: width, top: 0, bottom: height }
  const rectangle = {
    left: Math.max(0, Math.floor(left)),
    right: Math.min(width, Math.ceil(right) + 1),
    top: Math.max(0, Math.floor(top)),
    bottom: Math.min(height, Math.ceil(bottom) + 1),
  }
  return rectangle.left < rectangle.right && rectangle.top < rectangle.bottom ? rectangle : undefined
}

function shade(place: Place, floorLight: FloorLight, rays: Rays, { width, height, depth, id, colour }: Canvas) {
  for (let j = 0; j < height; j += 2)
    for (let i = 0; i < width; i += 2) {
      const at = j * width + i
      const below = at + width
      const seen = id[at]!
      if (seen === id[at + 1]! && seen === id[below]! && seen === id[below + 1]!) {
        // 1/depth is linear over a plane's picture
        const near = 1 / depth[at]! + 1 / depth[at + 1]! + 1 / depth[below]! + 1 / depth[below + 1]!
        shadeSample(place, floorLight, rays, seen, i + 1, j + 1, 4 / near, 2)
        put(colour, at)
        put(colour, at + 1)
        put(colour, below)
        put(colour, below + 1)
      } else {
        for (let k = 0; k < 4; k++) {
          const sample = at + (k & 1) + (k >> 1) * width
          shadeSample(place, floorLight, rays, id[sample]!, i + (k & 1) + 0.5, j + (k >> 1) + 0.5, depth[sample]!, 1)
          put(colour, sample)
        }
      }
    }
}

function put(colour: Float32Array, at: number) {
  colour[at * 3] = albedo[0]!
  colour[at * 3 + 1] = albedo[1]!
  colour[at * 3 + 2] = albedo[2]!
}

/** Colour of what is seen at (x, y) samples from the corner at depth `t`, averaged over `size` samples, into `albedo`. */
function shadeSample(
  place: Place,
  floor: FloorLight,
  rays: Rays,
  id: number,
  x: number,
  y: number,
  t: number,
  size: number,
) {
  const { axes, step } = rays
  const u = x * step - rays.cx
  const v = y * step - rays.cy
  const dx = axes[0]! * u + axes[3]! * v + axes[6]!
  const dy = axes[1]! * u + axes[4]! * v + axes[7]!
  const dz = axes[2]! * u + axes[5]! * v + axes[8]!
  if (id === SKY) {
    shadeSky(place, dx, dy, dz, step * size)
    return
  }
  const px = rays.origin[0] + t * dx
  const py = rays.origin[1] + t * dy
  const pz = rays.origin[2] + t * dz
  shadePoint(place, floor, id, px, py, pz, dx, dy, dz, t, step * size)
}
