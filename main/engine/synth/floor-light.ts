// Shadows of the place on its floor, worked out once per clip on a grid: the sun or lamp behind solids (softened), and the
// darkening beside them that makes things stand on the ground.
import { hitSolid } from './solid'
import type { FloorLight, Light, Place } from './place'
import type { Solid } from './solid'

const SIZE = 112

/** The light on the floor within `reach` metres around (x, z). */
export function bakeFloorLight(place: Place, x: number, z: number, reach: number): FloorLight {
  const step = (2 * reach) / SIZE
  const direct = new Float32Array(SIZE * SIZE).fill(1)
  const open = new Float32Array(SIZE * SIZE).fill(1)
  const floor: FloorLight = { size: SIZE, x0: x - reach, z0: z - reach, step, direct, open }
  for (const solid of place.solids) bakeSolid(solid, place.light, floor)
  return { ...floor, direct: soften(soften(direct)) }
}

/** Metres over which the darkening beside a thing that stands on the floor fades. */
const AURA = 0.35

function bakeSolid(solid: Solid, { lamp, towards }: Light, floor: FloorLight) {
  const { step, direct, open } = floor
  const radius = Math.hypot(solid.hx, solid.shape === 'cone' ? 0 : solid.hz)
  const top = solid.y + solid.hy
  const stands = solid.y - solid.hy < 0.5
  const dark = 0.5 * Math.min(1, solid.hy * 3)
  let lx = towards[0]
  let ly = towards[1]
  let lz = towards[2]
  if (lamp) {
    lx = lamp.x - solid.x
    ly = lamp.y - top / 2
    lz = lamp.z - solid.z
  }
  // where the shadow of its top falls
  const flat = Math.hypot(lx, lz)
  const away = flat > 1e-6 ? Math.min(12, (top * flat) / Math.max(0.15, ly)) / flat : 0
  const columns = gridRange(solid.x, solid.x - lx * away, radius + 1, floor.x0, step)
  const rows = gridRange(solid.z, solid.z - lz * away, radius + 1, floor.z0, step)
  for (let j = rows[0]; j <= rows[1]; j++)
    for (let i = columns[0]; i <= columns[1]; i++) {
      const px = floor.x0 + (i + 0.5) * step
      const pz = floor.z0 + (j + 0.5) * step
      const at = j * SIZE + i
      const t = lamp
        ? hitSolid(solid, px, 0.001, pz, lamp.x - px, lamp.y, lamp.z - pz)
        : hitSolid(solid, px, 0.001, pz, lx, ly, lz)
      if (t < (lamp ? 1 : Infinity)) direct[at] = 0
      if (!stands) continue
      const dx = px - solid.x
      const dz = pz - solid.z
      const gap = Math.max(0, Math.sqrt(dx * dx + dz * dz) - radius * 0.85)
      if (gap < 4 * AURA) open[at]! *= 1 - dark * Math.exp(-gap / AURA)
    }
}

/** First and last grid index that what reaches from a to b, widened by `margin` metres, can touch. */
function gridRange(a: number, b: number, margin: number, origin: number, step: number): [number, number] {
  const first = Math.floor((Math.min(a, b) - margin - origin) / step)
  const last = Math.ceil((Math.max(a, b) + margin - origin) / step)
  return [Math.max(0, first), Math.min(SIZE - 1, last)]
}

/** 3 x 3 binomial blur: across, then down. */
function soften(values: Float32Array): Float32Array {
  return blurred(blurred(values, 1), SIZE)
}

function blurred(values: Float32Array, stride: number): Float32Array {
  const out = values.slice()
  for (let at = stride; at < values.length - stride; at++)
    out[at] = (values[at - stride]! + 2 * values[at]! + values[at + stride]!) / 4
  return out
}

/** Bilinear reading of one of the grids; 1 beyond its edge. */
export function floorShare(light: FloorLight, values: Float32Array, x: number, z: number): number {
  const { size } = light
  const u = (x - light.x0) / light.step - 0.5
  const v = (z - light.z0) / light.step - 0.5
  if (u < 0 || v < 0 || u >= size - 1 || v >= size - 1) return 1
  const i = Math.floor(u)
  const j = Math.floor(v)
  const fu = u - i
  const fv = v - j
  const at = j * size + i
  const top = values[at]! + (values[at + 1]! - values[at]!) * fu
  const bottom = values[at + size]! + (values[at + size + 1]! - values[at + size]!) * fu
  return top + (bottom - top) * fv
}
