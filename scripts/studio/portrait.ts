// Takes the picture of a person of clay before a plain backdrop: rays are walked along the distance field, the light comes from a large
// soft box, a dim room and a rim light behind.
import { Vector3 } from 'three'
import type { Picture } from '../../main/media/pictures'
import type { Rgb } from '../../main/engine/synth/colour'
import { noiseField, sampleNoise } from '../../main/engine/synth/noise'
import type { Clay, Near, Stuff } from './clay'

export interface Studio {
  width: number
  height: number
  /** Colour of the backdrop. */
  backdrop: Rgb
  /** Metres: how high the person is, from which the distance of the camera follows. */
  tall: number
  /** Where cloth creases most. */
  creases: readonly Vector3[]
}

const KEY = new Vector3(-0.5, 0.62, 0.72).normalize()
const RIM = new Vector3(0.62, 0.5, -0.72).normalize()
const KEY_COLOUR: Rgb = [1.78, 1.7, 1.58]
const RIM_COLOUR: Rgb = [0.5, 0.53, 0.58]
const ABOVE: Rgb = [0.62, 0.64, 0.68]
const BELOW: Rgb = [0.34, 0.31, 0.28]
/** Where rays go through a pixel: four in a turned square where the person is, else one. */
const SAMPLES = [
  [0.125, 0.375],
  [0.375, 0.875],
  [0.625, 0.125],
  [0.875, 0.625],
] as const
const MIDDLE = [[0.5, 0.5]] as const
/** Pixels between the rays that look for the person. */
const COARSE = 3

export function takePortrait(clay: Clay, { width, height, backdrop, tall, creases }: Studio): Picture {
  const model = new Sitter(clay, backdrop, creases)
  const distance = 4.6
  const focal = (0.87 * height * distance) / tall
  const eye = new Vector3(0, tall * 0.56, distance)
  const middle = 0.5 * height + ((eye.y - tall / 2) * focal) / distance
  const aim = new Vector3()
  const colour = new Float64Array(3)
  const towards = (x: number, y: number) =>
    aim.set((x - width / 2) / focal, (height - middle - y) / focal, -1).normalize()
  const person = outline(width, height, (x, y) => model.meets(eye, towards(x, y)))
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const samples = person(x, y) ? SAMPLES : MIDDLE
      const sum = [0, 0, 0]
      for (const [dx, dy] of samples) {
        model.see(eye, towards(x + dx, y + dy), colour)
        for (let c = 0; c < 3; c++) sum[c]! += film(colour[c]!) / samples.length
      }
      for (let c = 0; c < 3; c++) data[at * 3 + c] = Math.round(255 * sum[c]!)
    }
  return { width, height, channels: 3, data }
}

/** Whether a pixel may show the person: one ray for each few pixels, and their neighbours. */
function outline(
  width: number,
  height: number,
  meets: (x: number, y: number) => boolean,
): (x: number, y: number) => boolean {
  const across = Math.ceil(width / COARSE)
  const shows = Uint8Array.from({ length: across * Math.ceil(height / COARSE) }, (_, i) =>
    meets(((i % across) + 0.5) * COARSE, (Math.floor(i / across) + 0.5) * COARSE) ? 1 : 0,
  )
  const at = (i: number, j: number) => i >= 0 && j >= 0 && i < across && shows[j * across + i] === 1
  return (x, y) => {
    const [i, j] = [Math.floor(x / COARSE), Math.floor(y / COARSE)]
    return [-1, 0, 1].some((dy) => [-1, 0, 1].some((dx) => at(i + dx, j + dy)))
  }
}

/** Linear light to sRGB 0..1 with a soft shoulder. */
function film(x: number): number {
  const v = x < 0.7 ? x : 1 - 0.3 * Math.exp((0.7 - x) / 0.3)
  return v <= 0.0031308 ? 12.92 * Math.max(0, v) : 1.055 * v ** (1 / 2.4) - 0.055
}

class Sitter {
  private readonly found: Near = { distance: 0, stuff: undefined }
  private readonly normal = new Vector3()

  constructor(
    private readonly clay: Clay,
    private readonly backdrop: Rgb,
    private readonly creases: readonly Vector3[],
  ) {}

  meets(eye: Vector3, ray: Vector3): boolean {
    return this.walk(eye, ray) !== undefined
  }

  see(eye: Vector3, ray: Vector3, out: Float64Array) {
    const t = this.walk(eye, ray)
    if (t === undefined) return this.ground(eye, ray, out)
    const stuff = this.found.stuff!
    const [x, y, z] = [eye.x + t * ray.x, eye.y + t * ray.y, eye.z + t * ray.z]
    this.turn(x, y, z)
    this.light(x, y, z, ray, stuff, out)
  }

  private distance(x: number, y: number, z: number): number {
    this.clay.measure(x, y, z, this.found)
    const { distance, stuff } = this.found
    if (distance > 0.03 || stuff?.kind !== 'cloth') return distance
    return distance - this.crumple(x, y, z) * folds(x, y, z)
  }

  /** Depth of folds here, metres. */
  private crumple(x: number, y: number, z: number): number {
    let most = 0
    for (const { x: cx, y: cy, z: cz } of this.creases)
      most = Math.max(most, 0.012 - (x - cx) ** 2 - (y - cy) ** 2 - (z - cz) ** 2)
    return 0.0017 + 0.09 * most
  }

  /** Distance along the ray to the person, if it meets them. */
  private walk(eye: Vector3, ray: Vector3): number | undefined {
    const { low, high } = this.clay
    let from = 0
    let to = Infinity
    for (let axis = 0; axis < 3; axis++) {
      const [o, d] = [eye.getComponent(axis), ray.getComponent(axis)]
      const [a, b] = [(low.getComponent(axis) - o) / d, (high.getComponent(axis) - o) / d]
      from = Math.max(from, Math.min(a, b))
      to = Math.min(to, Math.max(a, b))
    }
    for (let t = from, i = 0; t < to && i < 160; i++) {
      const d = this.distance(eye.x + t * ray.x, eye.y + t * ray.y, eye.z + t * ray.z)
      if (d < 3e-4) return t
      t += 0.85 * d
    }
    return undefined
  }

  /** The surface's normal at a point, from the distances around it (a tetrahedron of four). */
  private turn(x: number, y: number, z: number) {
    const e = 6e-4
    const a = this.distance(x + e, y - e, z - e)
    const b = this.distance(x - e, y - e, z + e)
    const c = this.distance(x - e, y + e, z - e)
    const d = this.distance(x + e, y + e, z + e)
    this.normal.set(a - b - c + d, -a - b + c + d, -a + b - c + d).normalize()
  }

  private light(x: number, y: number, z: number, ray: Vector3, { colour, kind }: Stuff, out: Float64Array) {
    const n = this.normal
    let gain = 1
    if (kind === 'hair') gain = this.strands(x, y, z)
    else if (kind === 'cloth')
      gain = 1 + 0.1 * (sampleNoise(noiseField('grain'), x * 6 + z * 2, y * 6 - z * 3, 0.004) - 0.5)
    const open = this.openness(x, y, z)
    const into = n.dot(KEY)
    const shadow = into > -0.3 ? this.shadow(x, y, z, KEY) : 1
    const rim = Math.max(0, n.dot(RIM)) * open
    const up = 0.5 + 0.5 * n.y
    const half = KEY.clone().sub(ray).normalize()
    const facing = Math.max(0, -n.dot(ray))
    const sharp = kind === 'shine' ? 120 : kind === 'hair' ? 22 : kind === 'skin' ? 18 : 8
    const gleam = { shine: 0.5, hair: 0.1, skin: 0.06, cloth: 0.015, plain: 0.04 }[kind]
    const glance = gleam * Math.max(0, n.dot(half)) ** sharp * shadow
    const edge = (1 - facing) ** 3
    for (let c = 0; c < 3; c++) {
      // skin: light creeps into the shade, red the farthest
      const wrap = kind === 'skin' ? [0.34, 0.17, 0.12][c]! : 0.06
      const key = Math.max(0, (into + wrap) / (1 + wrap)) * (kind === 'skin' ? shadow ** [0.75, 1, 1.1][c]! : shadow)
      const around = (ABOVE[c]! * up + BELOW[c]! * (1 - up)) * open ** (kind === 'skin' ? [0.7, 1, 1.1][c]! : 1)
      const light = KEY_COLOUR[c]! * key + around + RIM_COLOUR[c]! * rim
      const fuzz = kind === 'cloth' ? 0.12 * edge * around : 0
      out[c] = 0.5 * (colour[c]! * gain * light + glance * KEY_COLOUR[c]! + fuzz)
    }
  }

  /** Tilts the normal along strands and says how light the strand is. */
  private strands(x: number, y: number, z: number): number {
    const fine = sampleNoise(noiseField('streaks'), y * 5 + z * 2, (x + 0.4 * z) * 16, 0.002) - 0.5
    this.normal.x += 0.35 * fine
    this.normal.normalize()
    return 1 + 0.7 * fine
  }

  private openness(x: number, y: number, z: number): number {
    const { normal: n } = this
    let hidden = 0
    let weight = 1
    for (let i = 1; i <= 4; i++) {
      const far = 0.011 * i * i
      this.clay.measure(x + n.x * far, y + n.y * far, z + n.z * far, this.found)
      hidden += (weight * Math.max(0, far - this.found.distance)) / far
      weight *= 0.62
    }
    const floor = 1 - 0.35 * Math.exp(-Math.max(0, y) / 0.12)
    return Math.max(0.12, 1 - 0.62 * hidden) * floor
  }

  /** How much of a large light gets through, 0..1 (Quilez, soft shadows in distance fields). */
  private shadow(x: number, y: number, z: number, light: Vector3): number {
    const { normal: n } = this
    let share = 1
    for (let t = 0.012, i = 0; t < 0.9 && i < 26; i++) {
      this.clay.measure(
        x + n.x * 0.006 + light.x * t,
        y + n.y * 0.006 + light.y * t,
        z + n.z * 0.006 + light.z * t,
        this.found,
      )
      share = Math.min(share, 0.5 + (0.5 * this.found.distance) / (0.11 * t))
      if (share < 0) return 0
      t += Math.min(0.06, Math.max(0.008, Math.abs(this.found.distance)))
    }
    return share * share * (3 - 2 * share)
  }

  /** The paper backdrop: a floor that bends up into a wall far behind. */
  private ground(eye: Vector3, ray: Vector3, out: Float64Array) {
    let shade = 1
    const t = ray.y < 0 ? -eye.y / ray.y : Infinity
    const [x, z] = [eye.x + t * ray.x, eye.z + t * ray.z]
    if (Math.abs(x) < 1 && Math.abs(z) < 1) {
      this.normal.set(0, 1, 0)
      const open = this.openness(x, 0.002, z)
      const sun = this.shadow(x, 0.002, z, KEY)
      const near = Math.min(1, Math.max(0, 1.6 - 1.6 * Math.hypot(x, z)))
      shade = 1 - near * (0.32 * (1 - Math.min(1, open / 0.65)) + 0.2 * (1 - sun))
    }
    // a little darker towards the corners
    const corner = (ray.x * ray.x + (ray.y + 0.02) * (ray.y + 0.02)) * 1.7
    for (let c = 0; c < 3; c++) out[c] = this.backdrop[c]! * shade * (1 - Math.min(0.3, corner))
  }
}

/** Folds of cloth, about -1..1: rather across the limbs than along them. */
function folds(x: number, y: number, z: number): number {
  const field = noiseField('clouds')
  const front = sampleNoise(field, x * 0.55 + 0.2, y * 1.5 + x * 0.4, 0.012)
  const side = sampleNoise(field, z * 0.55 + 0.7, y * 1.5 - z * 0.5, 0.012)
  return 2.2 * (front + side - 1)
}
