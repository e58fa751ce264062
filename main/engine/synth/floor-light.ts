// Shadows of the place on its floor, worked out once per clip on a grid: the sun or lamp behind solids (softened), and the
// darkening beside them that makes things stand on the ground.
import { hitSolid } from './solid'
import type { FloorLight, Place } from './place'

const SIZE = 112

/** The light on the floor within `reach` metres around (x, z). */
export function bakeFloorLight(place: Place, x: number, z: number, reach: number): FloorLight {
  const step = (2 * reach) / SIZE
  const x0 = x - reach
  const z0 = z - reach
  const direct = new Float32Array(SIZE * SIZE).fill(1)
  const open = new Float32Array(SIZE * SIZE).fill(1)
  const { lamp, towards } = place.light
  for (const solid of place.solids) {
    const radius = Math.hypot(solid.hx, solid.shape === 'cone' ? 0 : solid.hz)
    const bottom = solid.y - solid.hy
    // darkening close to what stands on the floor
    const aura = bottom < 0.5 ? 0.35 : 0
    // how far its shadow can fall
    const top = solid.y + solid.hy
    const [lx, ly, lz] = lamp ? [lamp.x - solid.x, lamp.y - top * 0.5, lamp.z - solid.z] : towards
    const length = Math.min(12, (top * Math.hypot(lx, lz)) / Math.max(0.15, ly))
    const away = Math.hypot(lx, lz) > 1e-6 ? length / Math.hypot(lx, lz) : 0
    const [sx, sz] = [solid.x - lx * away, solid.z - lz * away]
    const low = (a: number, b: number, origin: number) =>
      Math.max(0, Math.floor((Math.min(a, b) - radius - 1 - origin) / step))
    const high = (a: number, b: number, origin: number) =>
      Math.min(SIZE - 1, Math.ceil((Math.max(a, b) + radius + 1 - origin) / step))
    for (let j = low(solid.z, sz, z0); j <= high(solid.z, sz, z0); j++)
      for (let i = low(solid.x, sx, x0); i <= high(solid.x, sx, x0); i++) {
        const px = x0 + (i + 0.5) * step
        const pz = z0 + (j + 0.5) * step
        const [dx, dy, dz] = lamp ? [lamp.x - px, lamp.y, lamp.z - pz] : towards
        const t = hitSolid(solid, px, 0.001, pz, dx, dy, dz)
        const at = j * SIZE + i
        if (t < (lamp ? 1 : Infinity)) direct[at] = 0
        if (aura > 0) {
          const gap = Math.max(0, Math.hypot(px - solid.x, pz - solid.z) - radius * 0.85)
          open[at]! *= 1 - 0.5 * Math.exp(-gap / aura) * Math.min(1, solid.hy * 3)
        }
      }
  }
  return { size: SIZE, x0, z0, step, direct: soften(soften(direct)), open }
}

/** 3 x 3 binomial blur. */
function soften(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length)
  const at = (i: number, j: number) =>
    values[Math.min(SIZE - 1, Math.max(0, j)) * SIZE + Math.min(SIZE - 1, Math.max(0, i))]!
  for (let j = 0; j < SIZE; j++)
    for (let i = 0; i < SIZE; i++) {
      const row = (y: number) => at(i - 1, y) + 2 * at(i, y) + at(i + 1, y)
      out[j * SIZE + i] = (row(j - 1) + 2 * row(j) + row(j + 1)) / 16
    }
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
