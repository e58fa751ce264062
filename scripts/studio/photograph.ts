// Takes a photograph of a set: per pixel some rays, and at what each meets the light of sun, windows and sky and what the
// surroundings throw back once (path tracing cut after one bounce). Slow and quiet; only the sample pictures need it.
import { Vector3 } from 'three'
import type { Rgb } from '../../main/engine/synth/colour'
import { shadeMaterial } from '../../main/engine/synth/material'
import { Bvh } from './bvh'
import type { Paint, Seen, Shape } from './shapes'

/** A window or lamp: a rectangle that shines to the side of across x up. */
export interface Panel {
  corner: Vector3
  across: Vector3
  up: Vector3
  colour: Rgb
}

export interface Set {
  shapes: Shape[]
  sun: { towards: Vector3; colour: Rgb; size: number }
  panels: Panel[]
  /** Light of the sky from a direction, linear RGB, into `out`. */
  sky: (dx: number, dy: number, dz: number, out: Float64Array) => void
  /** Whether the sky's light reaches surfaces by itself; indoors it comes through the panels. */
  open: boolean
  /** Stands for all light after the first bounce. */
  ambient: Rgb
}

/** A level camera. */
export interface Lens {
  eye: Vector3
  /** Where it looks: 0 = -z, positive to the right. */
  yaw: number
  /** Pixels. */
  focal: number
  width: number
  height: number
  /** Share of the height above the horizon. */
  horizon: number
}

/** What the film holds per pixel: colour of the things, light of the sun and light from all sides on them, and their geometry. */
export interface Film {
  width: number
  height: number
  albedo: Float32Array
  direct: Float32Array
  around: Float32Array
  mirrored: Float32Array
  normal: Float32Array
  depth: Float32Array
}

/** `samples` rays per pixel, an even number. */
export function takePhotograph(set: Set, lens: Lens, samples: number): Film {
  const { width, height } = lens
  const size = width * height
  const film: Film = {
    width,
    height,
    albedo: new Float32Array(size * 3),
    direct: new Float32Array(size * 3),
    around: new Float32Array(size * 3),
    mirrored: new Float32Array(size * 3),
    normal: new Float32Array(size * 3),
    depth: new Float32Array(size),
  }
  const tracer = new Tracer(set)
  const right = new Vector3(Math.cos(lens.yaw), 0, Math.sin(lens.yaw))
  const forward = new Vector3(Math.sin(lens.yaw), 0, -Math.cos(lens.yaw))
  const ray = new Vector3()
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      tracer.seed(x, y)
      for (let i = 0; i < samples; i++) {
        tracer.next(i)
        const u = (x + tracer.spread(0) - width / 2) / lens.focal
        const v = (y + tracer.spread(1) - lens.horizon * height) / lens.focal
        ray.copy(forward).addScaledVector(right, u)
        ray.y -= v
        tracer.expose(lens.eye, ray, 1 / lens.focal, film, at, 1 / samples)
      }
    }
  return film
}

/** How the even sequences of sample points go on (Roberts' R2). */
const STEP = [0.7548776662466927, 0.5698402909980532]
const DIMENSIONS = 12
/** Mirror images are no brighter than this: a few rays that find the sun would show as sparks. */
const BRIGHTEST = 4
/** For the same reason what is thrown back by the surroundings is no brighter than this. */
const GLARE = 1.4

class Tracer {
  private readonly bvh: Bvh
  private readonly offsets = new Float64Array(DIMENSIONS)
  private index = 0
  private readonly seen: Seen = { nx: 0, ny: 0, nz: 0, u: 0, v: 0, material: undefined }
  private readonly beyond: Seen = { nx: 0, ny: 0, nz: 0, u: 0, v: 0, material: undefined }
  private readonly albedo = new Float64Array(3)
  private readonly other = new Float64Array(3)
  private readonly light = new Float64Array(3)
  private readonly falling = new Float64Array(3)
  private readonly way = new Vector3()

  constructor(private readonly set: Set) {
    this.bvh = new Bvh(set.shapes)
  }

  seed(x: number, y: number) {
    let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77)
    for (let d = 0; d < DIMENSIONS; d++) {
      h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) + 0x6d2b79f5
      h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
      h ^= h >>> 15
      this.offsets[d] = (h >>> 0) / 2 ** 32
    }
  }

  next(index: number) {
    this.index = index
  }

  /** An evenly spread number in 0..1 for this sample; pairs (0, 1), (2, 3)... are spread evenly together. */
  spread(dimension: number): number {
    const x = this.offsets[dimension]! + (this.index + 1) * STEP[dimension & 1]!
    return x - Math.floor(x)
  }

  /** Adds what the ray sees to the film, `share` of it. */
  expose(eye: Vector3, ray: Vector3, pixel: number, film: Film, at: number, share: number) {
    const { albedo, light, seen, set } = this
    const hit = this.bvh.cast(eye.x, eye.y, eye.z, ray.x, ray.y, ray.z)
    if (!hit) {
      set.sky(ray.x, ray.y, ray.z, albedo)
      for (let c = 0; c < 3; c++) {
        film.albedo[at * 3 + c]! += albedo[c]! * share
        film.direct[at * 3 + c]! += share
      }
      film.depth[at]! += 1e4 * share
      return
    }
    const { t } = hit
    const x = eye.x + t * ray.x
    const y = eye.y + t * ray.y
    const z = eye.z + t * ray.z
    const length = ray.length()
    const paint = this.look(hit.shape, x, y, z, ray, t * pixel, seen, albedo)
    const gloss = this.mirror(paint, x, y, z, ray, film, at, share)
    const { nx, ny, nz } = seen
    this.sunlight(x, y, z, nx, ny, nz, paint.thin ?? 0, 2, light)
    for (let c = 0; c < 3; c++) film.direct[at * 3 + c]! += light[c]! * share
    // outdoors every other sample is enough for the light from all sides, which is smoothed anyway
    const counts = set.open ? (this.index % 2 === 0 ? 2 : 0) : 1
    if (counts > 0) this.aroundLight(x, y, z, light)
    for (let c = 0; c < 3; c++) {
      if (counts > 0) film.around[at * 3 + c]! += (light[c]! + paint.glow) * counts * share
      film.albedo[at * 3 + c]! += albedo[c]! * (1 - gloss) * share
    }
    film.normal[at * 3]! += nx * share
    film.normal[at * 3 + 1]! += ny * share
    film.normal[at * 3 + 2]! += nz * share
    film.depth[at]! += t * length * share
  }

  /** Colour and normal (towards the eye, with relief) of a point; gives its paint. */
  private look(
    shape: Shape,
    x: number,
    y: number,
    z: number,
    ray: Vector3,
    footprint: number,
    out: Seen,
    colour: Float64Array,
  ): Paint {
    shape.see(x, y, z, out)
    const paint = out.material!
    if (out.nx * ray.x + out.ny * ray.y + out.nz * ray.z > 0) {
      out.nx = -out.nx
      out.ny = -out.ny
      out.nz = -out.nz
    }
    const cosine = Math.abs(out.nx * ray.x + out.ny * ray.y + out.nz * ray.z) / ray.length()
    const wide = footprint / Math.max(0.12, cosine) ** 0.5
    if (paint.relief) this.emboss(paint, out, wide, paint.relief)
    shadeMaterial(paint, out.u, out.v, wide, colour)
    return paint
  }

  /** Tilts the normal as if the pattern's dark parts lay deeper. */
  private emboss(paint: Paint, out: Seen, footprint: number, relief: number) {
    const { other } = this
    const step = Math.max(0.002, footprint)
    const height = (u: number, v: number) => {
      shadeMaterial(paint, u, v, footprint, other)
      return other[1]!
    }
    const here = height(out.u, out.v)
    const scale = relief / (step * Math.max(0.05, paint.colours[1][1]))
    const clip = (slope: number) => Math.max(-0.6, Math.min(0.6, slope))
    const du = clip((height(out.u + step, out.v) - here) * scale)
    const dv = clip((height(out.u, out.v + step) - here) * scale)
    const flat = Math.abs(out.ny) > 0.9
    const [ux, uz] = flat ? [1, 0] : [Math.abs(out.nz), -out.nx]
    const nx = out.nx - du * ux
    const ny = out.ny - (flat ? 0 : dv)
    const nz = out.nz - du * uz - (flat ? dv : 0)
    const length = Math.hypot(nx, ny, nz)
    out.nx = nx / length
    out.ny = ny / length
    out.nz = nz / length
  }

  /** Adds what a glossy surface mirrors; gives its share of the light. */
  private mirror(
    paint: Paint,
    x: number,
    y: number,
    z: number,
    ray: Vector3,
    film: Film,
    at: number,
    share: number,
  ): number {
    if (!paint.gloss) return 0
    const { seen, way, falling, beyond, other, set } = this
    const rough = (paint.rough ?? 0) ** 2
    const length = ray.length()
    const turn = 2 * Math.PI * this.spread(8)
    const off = rough * Math.sqrt(-2 * Math.log(1 - 0.98 * this.spread(9)))
    way.set(Math.cos(turn) * off, Math.sin(turn) * off, Math.cos(turn + 2) * off)
    way.x += seen.nx
    way.y += seen.ny
    way.z += seen.nz
    way.normalize()
    const into = (way.x * ray.x + way.y * ray.y + way.z * ray.z) / length
    const share0 = paint.gloss + (1 - paint.gloss) * (1 - Math.min(1, Math.abs(into))) ** 5
    way.multiplyScalar(-2 * into).addScaledVector(ray, 1 / length)
    const hit = this.bvh.cast(x + seen.nx * 1e-3, y + seen.ny * 1e-3, z + seen.nz * 1e-3, way.x, way.y, way.z)
    if (!hit) set.sky(way.x, way.y, way.z, falling)
    else {
      const { t } = hit
      const [px, py, pz] = [x + t * way.x, y + t * way.y, z + t * way.z]
      const thing = this.look(hit.shape, px, py, pz, way, t * 0.01 * (1 + 20 * rough), beyond, other)
      this.roughLight(px, py, pz, beyond, thing, other, 10, falling)
    }
    for (let c = 0; c < 3; c++) film.mirrored[at * 3 + c]! += Math.min(BRIGHTEST, falling[c]!) * share0 * share
    return share0
  }

  /** Light that reaches the point from sky, windows and the things around it. */
  private aroundLight(x: number, y: number, z: number, out: Float64Array) {
    const { seen, way, falling, beyond, other, set } = this
    const { nx, ny, nz } = seen
    // a direction over the surface, more often along the normal (cosine law)
    const turn = 2 * Math.PI * this.spread(4)
    const height = 2 * this.spread(5) - 1
    const flat = Math.sqrt(1 - height * height)
    way.set(nx + flat * Math.cos(turn), ny + height, nz + flat * Math.sin(turn))
    if (way.lengthSq() < 1e-6) way.set(nx, ny, nz)
    way.normalize()
    const hit = this.bvh.cast(x + nx * 1e-3, y + ny * 1e-3, z + nz * 1e-3, way.x, way.y, way.z)
    if (hit) {
      const { t } = hit
      const [px, py, pz] = [x + t * way.x, y + t * way.y, z + t * way.z]
      const paint = this.look(hit.shape, px, py, pz, way, 0.05 * t, beyond, other)
      this.roughLight(px, py, pz, beyond, paint, other, 6, falling)
      for (let c = 0; c < 3; c++) out[c] = Math.min(GLARE, falling[c]!)
    } else if (set.open) set.sky(way.x, way.y, way.z, out)
    else out.fill(0)
    this.panelLight(x, y, z, nx, ny, nz, 2, out)
  }

  /** Light that a point beyond throws back: sun, windows, and the ambient for all else. */
  private roughLight(
    x: number,
    y: number,
    z: number,
    { nx, ny, nz }: Seen,
    paint: Paint,
    albedo: Float64Array,
    dimension: number,
    out: Float64Array,
  ) {
    this.sunlight(x, y, z, nx, ny, nz, paint.thin ?? 0, dimension, out)
    this.panelLight(x, y, z, nx, ny, nz, dimension, out)
    const { ambient } = this.set
    for (let c = 0; c < 3; c++) out[c] = albedo[c]! * (out[c]! + ambient[c]! + paint.glow)
  }

  private sunlight(
    x: number,
    y: number,
    z: number,
    nx: number,
    ny: number,
    nz: number,
    thin: number,
    dimension: number,
    out: Float64Array,
  ) {
    const { towards, colour, size } = this.set.sun
    out.fill(0)
    const radius = size * Math.sqrt(this.spread(dimension))
    const turn = 2 * Math.PI * this.spread(dimension + 1)
    const sx = towards.x + radius * Math.cos(turn)
    const sy = towards.y + radius * Math.cos(turn + 2)
    const sz = towards.z + radius * Math.sin(turn)
    const cosine = nx * sx + ny * sy + nz * sz
    const share = cosine > 0 ? cosine : -cosine * thin
    if (share < 1e-4 || colour[0] === 0) return
    const side = cosine > 0 ? 1e-3 : -1e-3
    if (this.bvh.blocked(x + nx * side, y + ny * side, z + nz * side, sx, sy, sz, Infinity)) return
    for (let c = 0; c < 3; c++) out[c] = colour[c]! * share
  }

  /** Adds the light of one panel, chosen by chance. */
  private panelLight(
    x: number,
    y: number,
    z: number,
    nx: number,
    ny: number,
    nz: number,
    dimension: number,
    out: Float64Array,
  ) {
    const { panels } = this.set
    if (panels.length === 0) return
    const chosen = this.spread(dimension + 1) * panels.length
    const { corner, across, up, colour } = panels[Math.floor(chosen)]!
    const u = this.spread(dimension)
    const v = chosen - Math.floor(chosen)
    const dx = corner.x + u * across.x + v * up.x - x
    const dy = corner.y + u * across.y + v * up.y - y
    const dz = corner.z + u * across.z + v * up.z - z
    const far = dx * dx + dy * dy + dz * dz
    // the panel's normal, as long as its area
    const ax = across.y * up.z - across.z * up.y
    const ay = across.z * up.x - across.x * up.z
    const az = across.x * up.y - across.y * up.x
    const leaving = -(ax * dx + ay * dy + az * dz)
    const arriving = nx * dx + ny * dy + nz * dz
    if (leaving <= 0 || arriving <= 0) return
    if (this.bvh.blocked(x + nx * 1e-3, y + ny * 1e-3, z + nz * 1e-3, dx, dy, dz, 0.999)) return
    const strength = (panels.length * leaving * arriving) / (Math.PI * far * Math.max(far, 0.04))
    for (let c = 0; c < 3; c++) out[c]! += colour[c]! * strength
  }
}
