// What colour a point of the place has as seen: its material in the light there, the haze before it, and the sky behind all.
// Like the loops that call it: plain numbers, no closures, no destructuring.
import { floorShare } from './floor-light'
import { litShare, shadeMaterial } from './material'
import { noiseField, sampleNoise } from './noise'
import { CEILING, FLOOR, WALL_X0, WALL_X1, WALL_Z0, WALL_Z1, lightOn } from './place'
import type { FloorLight, Place, Room } from './place'
import { FACES, solidSurface } from './solid'
import type { SurfacePoint } from './solid'

/** The latest colour, linear RGB. */
export const albedo = new Float64Array(3)
const light = new Float64Array(3)
const surface: SurfacePoint = { nx: 0, ny: 0, nz: 0, u: 0, v: 0, material: undefined }

/**
 * Colour of the point (px, py, pz) of what `id` names, into `albedo`. It is seen along (dx, dy, dz) at depth `t`, where that direction's
 * part along the view is 1, and averaged over `spread` of the view at depth 1.
 */
export function shadePoint(
  place: Place,
  floor: FloorLight,
  id: number,
  px: number,
  py: number,
  pz: number,
  dx: number,
  dy: number,
  dz: number,
  t: number,
  spread: number,
): void {
  if (id >= 0) solidSurface(place.solids[Math.floor(id / FACES)]!, px, py, pz, surface)
  else shellSurface(place, id, px, py, pz)
  const length = Math.sqrt(dx * dx + dy * dy + dz * dz)
  const cosine = Math.abs(surface.nx * dx + surface.ny * dy + surface.nz * dz) / length
  const footprint = (t * spread) / Math.max(0.12, cosine) ** 0.6
  shadeSurface(place, floor, id, px, py, pz, footprint)
  if (place.room) return
  const fog = 1 - Math.exp(-(((t * length) / place.haze) ** 1.5))
  const { horizon } = place.sky
  for (let c = 0; c < 3; c++) albedo[c]! += (horizon[c]! - albedo[c]!) * fog
}

/** Colour of the point that `surface` describes, averaged over `footprint` metres, into `albedo`. */
function shadeSurface(place: Place, floor: FloorLight, id: number, x: number, y: number, z: number, footprint: number) {
  let direct = 1
  let open = 1
  if (y < 0.02) {
    direct = floorShare(floor, floor.direct, x, z)
    open = floorShare(floor, floor.open, x, z)
  } else if (id >= 0) {
    const solid = place.solids[Math.floor(id / FACES)]!
    if (solid.y - solid.hy < 0.3) open = 0.6 + 0.4 * Math.min(1, y / 0.4 + (surface.ny > 0.5 ? 1 : 0))
  }
  const { room } = place
  if (id < 0 && room) open *= cornerShade(room, id, x, y, z)
  const { nx, ny, nz, u, v, material } = surface
  shadeMaterial(material!, u, v, footprint, albedo)
  if (id <= WALL_X0 && y < 0.1) for (let c = 0; c < 3; c++) albedo[c] = room!.skirting[c]!
  lightOn(place.light, x, y, z, nx, ny, nz, direct, open, light)
  const { glow, lit } = material!
  for (let c = 0; c < 3; c++) albedo[c] = albedo[c]! * (light[c]! + glow)
  if (!lit || Math.abs(ny) > 0.5) return
  const share = litShare(material!, u, v, footprint)
  for (let c = 0; c < 3; c++) albedo[c]! += lit.colour[c]! * share
}

/** Corners of a room get less light. */
function cornerShade({ x0, x1, z0, z1, height }: Room, id: number, x: number, y: number, z: number): number {
  let share = 1
  if (id !== WALL_X0 && id !== WALL_X1) share *= nearWall(Math.min(x - x0, x1 - x))
  if (id !== WALL_Z0 && id !== WALL_Z1) share *= nearWall(Math.min(z - z0, z1 - z))
  if (id !== FLOOR && id !== CEILING) share *= nearWall(Math.min(y, height - y))
  return share
}

function nearWall(distance: number): number {
  return distance > 2 ? 1 : 1 - 0.45 * Math.exp(-Math.max(0, distance) / 0.35)
}

function shellSurface(place: Place, id: number, x: number, y: number, z: number) {
  surface.nx = id === WALL_X0 ? 1 : id === WALL_X1 ? -1 : 0
  surface.ny = id === FLOOR ? 1 : id === CEILING ? -1 : 0
  surface.nz = id === WALL_Z0 ? 1 : id === WALL_Z1 ? -1 : 0
  if (id === FLOOR || id === CEILING) {
    surface.u = x
    surface.v = z
    surface.material = id === FLOOR ? place.floor : place.room!.ceiling
  } else {
    surface.u = surface.nx !== 0 ? z + 3.3 : x
    surface.v = y
    surface.material = place.room!.walls
  }
}

/** Sky with clouds and a line of hills; depends on the direction only, so it is infinitely far. Into `albedo`. */
export function shadeSky(place: Place, dx: number, dy: number, dz: number, step: number) {
  const { zenith, horizon, cloud, cover, hills, seed } = place.sky
  const flat = Math.hypot(dx, dz)
  const elevation = Math.atan2(dy, flat)
  const turn = Math.atan2(dx, dz) / (2 * Math.PI)
  const offset = (seed % 89) / 89
  const footprint = step / (2 * Math.PI)
  const ridge = sampleNoise(noiseField('clouds'), turn * 2 + offset, offset, footprint * 2)
  const detail = sampleNoise(noiseField('leaves'), turn * 9, elevation * 1.5 + offset, footprint * 9)
  const crest = hills.height * (0.25 + 1.3 * ridge) + 0.02 * (detail - 0.5)
  const rise = Math.min(1, Math.max(0, (crest - elevation) / Math.max(step, 1e-4) + 0.5))
  const height = Math.max(0, dy) / Math.hypot(flat, dy)
  const clear = Math.sqrt(height)
  const reach = 0.35 / (height + 0.12)
  const mass = sampleNoise(
    noiseField('clouds'),
    (dx / flat) * reach * 0.45 + offset,
    (dz / flat) * reach * 0.45 + offset * 3,
    step * 0.6,
  )
  const clouds = Math.min(1, Math.max(0, (mass - 0.75 + 0.6 * cover) * 3.2))
  for (let c = 0; c < 3; c++) {
    let value = horizon[c]! + (zenith[c]! - horizon[c]!) * clear
    value += (cloud[c]! * (0.75 + 0.5 * mass) - value) * clouds
    albedo[c] = value + (hills.colour[c]! * (0.7 + 0.6 * detail) - value) * rise
  }
}
