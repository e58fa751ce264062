// A place: floor, room or sky, solids and light; and where a ray from a camera meets it. Metres, y up, floor at y = 0.
import type { Rgb } from './colour'
import type { Material } from './material'
import { hitSolid } from './solid'
import type { Solid } from './solid'

export interface Light {
  /** Unit vector towards the light. */
  towards: readonly [number, number, number]
  colour: Rgb
  /** Light from above and light thrown back from below. */
  above: Rgb
  below: Rgb
  /** Indoors and at night the main light is a lamp at this point, whose light falls off beyond `reach` metres. */
  lamp?: Lamp
  /** Other lamps, which throw no shadows. */
  lamps: readonly (Lamp & { colour: Rgb })[]
}

export interface Lamp {
  x: number
  y: number
  z: number
  reach: number
}

/** Walls around x0..x1, z0..z1 and a ceiling. */
export interface Room {
  x0: number
  x1: number
  z0: number
  z1: number
  height: number
  walls: Material
  ceiling: Material
  skirting: Rgb
}

export interface Sky {
  zenith: Rgb
  horizon: Rgb
  cloud: Rgb
  /** 0 = clear, 1 = overcast. */
  cover: number
  /** Distant hills or woods: height in radians above the horizon, their colour; one place's silhouette differs from another's by seed. */
  hills: { height: number; colour: Rgb }
  seed: number
}

/** How much of the main light reaches the floor, and how open it lies, baked on a grid of size x size over the middle of the place. */
export interface FloorLight {
  size: number
  x0: number
  z0: number
  /** Metres per grid step. */
  step: number
  direct: Float32Array
  open: Float32Array
}

export interface Place {
  kind: string
  floor: Material
  room: Room | undefined
  sky: Sky
  solids: Solid[]
  light: Light
  /** Distance (metres) at which things fade to the horizon by 63%. */
  haze: number
  night: boolean
}

/** Ids of what is no solid; solids have their index. */
export const SKY = -1
export const FLOOR = -2
export const CEILING = -3
export const WALL_X0 = -4
export const WALL_X1 = -5
export const WALL_Z0 = -6
export const WALL_Z1 = -7

/** What a ray met; `distance` in lengths of its direction, Infinity for the sky. One object, refilled. */
export interface Hit {
  id: number
  distance: number
}

/** What lies behind all solids: floor, walls, ceiling or sky. The ray starts above the floor, and inside the room if there is one. */
export function hitShell(
  place: Place,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  hit: Hit,
): void {
  hit.id = SKY
  hit.distance = Infinity
  if (dy < 0) {
    hit.id = FLOOR
    hit.distance = -oy / dy
  }
  const { room } = place
  if (!room) return
  if (dy > 0) {
    hit.id = CEILING
    hit.distance = (room.height - oy) / dy
  }
  if (dx !== 0) {
    const t = ((dx < 0 ? room.x0 : room.x1) - ox) / dx
    if (t < hit.distance) {
      hit.distance = t
      hit.id = dx < 0 ? WALL_X0 : WALL_X1
    }
  }
  if (dz !== 0) {
    const t = ((dz < 0 ? room.z0 : room.z1) - oz) / dz
    if (t < hit.distance) {
      hit.distance = t
      hit.id = dz < 0 ? WALL_Z0 : WALL_Z1
    }
  }
}

/** The first thing that the ray meets. */
export function castRay(
  place: Place,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  hit: Hit,
): void {
  hitShell(place, ox, oy, oz, dx, dy, dz, hit)
  const { solids } = place
  for (let i = 0; i < solids.length; i++) {
    const t = hitSolid(solids[i]!, ox, oy, oz, dx, dy, dz)
    if (t < hit.distance) {
      hit.distance = t
      hit.id = i
    }
  }
}

/**
 * Light (linear RGB, into `out`) that falls on a surface at (x, y, z) with unit normal (nx, ny, nz); `direct` and `open` are the
 * shares of the main and of the surrounding light that are not blocked, 0..1.
 */
export function lightOn(
  light: Light,
  x: number,
  y: number,
  z: number,
  nx: number,
  ny: number,
  nz: number,
  direct: number,
  open: number,
  out: Float64Array,
): void {
  let lx = light.towards[0]
  let ly = light.towards[1]
  let lz = light.towards[2]
  let strength = direct
  const { lamp } = light
  if (lamp) {
    lx = lamp.x - x
    ly = lamp.y - y
    lz = lamp.z - z
    const distance = Math.sqrt(lx * lx + ly * ly + lz * lz)
    lx /= distance
    ly /= distance
    lz /= distance
    strength /= 1 + (distance / lamp.reach) ** 2
  }
  strength *= Math.max(0, nx * lx + ny * ly + nz * lz)
  const up = (0.5 + 0.5 * ny) * open
  const down = (0.5 - 0.5 * ny) * open
  const { colour, above, below } = light
  for (let c = 0; c < 3; c++) out[c] = strength * colour[c]! + up * above[c]! + down * below[c]!
  for (let i = 0; i < light.lamps.length; i++) addLamp(light.lamps[i]!, x, y, z, nx, ny, nz, open, out)
}

function addLamp(
  { x: ax, y: ay, z: az, reach, colour }: Lamp & { colour: Rgb },
  x: number,
  y: number,
  z: number,
  nx: number,
  ny: number,
  nz: number,
  open: number,
  out: Float64Array,
) {
  const dx = ax - x
  const dy = ay - y
  const dz = az - z
  const square = dx * dx + dy * dy + dz * dz
  const cosine = (nx * dx + ny * dy + nz * dz) / Math.sqrt(square)
  if (cosine <= 0) return
  const strength = (cosine * open) / (1 + square / (reach * reach))
  for (let c = 0; c < 3; c++) out[c]! += strength * colour[c]!
}
