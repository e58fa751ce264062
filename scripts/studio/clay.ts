// Clay: round cones and rings that melt into one another where they are of one piece (a signed distance field), and what remains of
// them where others cut. Bodies, clothes and faces are modelled in it. Metres.
import { Vector3 } from 'three'
import type { Rgb } from '../../main/engine/synth/colour'

export interface Stuff {
  colour: Rgb
  /** How it takes light: skin is soft and a little red in the shade, hair has strands, cloth has folds. */
  kind: 'skin' | 'cloth' | 'hair' | 'shine' | 'plain'
}

export interface Lump {
  shape: 'cone' | 'ring'
  /** Cone: from a (radius ra) to b (radius rb). Ring: centre a, axis towards b, radius ra, thickness rb. */
  a: Vector3
  b: Vector3
  ra: number
  rb: number
  /** Thinner along this axis by this factor. */
  flat?: { axis: Vector3; by: number } | undefined
  stuff: Stuff
  /** Lumps of one piece melt over this many metres; pieces only touch. */
  piece: string
  melt: number
  /** 'cut' takes away from its piece. */
  op: 'add' | 'cut'
  /** Only what lies on the side of `normal` from `point` is kept. */
  keep?: { point: Vector3; normal: Vector3 } | undefined
}

/** Side of a cell of the grid that remembers which lumps are near. */
const CELL = 0.025
const ROOM = 0.12

/** What is nearest to a point. */
export interface Near {
  distance: number
  stuff: Stuff | undefined
}

interface Numbered {
  lump: Lump
  piece: number
}

export class Clay {
  readonly low = new Vector3(Infinity, Infinity, Infinity)
  readonly high = new Vector3(-Infinity, -Infinity, -Infinity)
  private readonly lumps: Numbered[]
  private readonly cells: (Numbered[] | undefined)[] = []
  private readonly size: [number, number, number]
  // per piece: its distance, the distance of its nearest lump, and what that is of
  private readonly melted: Float64Array
  private readonly nearest: Float64Array
  private readonly stuffs: (Stuff | undefined)[]

  constructor(lumps: readonly Lump[]) {
    for (const { a, b, ra, rb, shape } of lumps) {
      const reach = (shape === 'ring' ? ra + rb : Math.max(ra, rb)) + ROOM
      for (const p of [a, b]) {
        this.low.min(p.clone().subScalar(reach))
        this.high.max(p.clone().addScalar(reach))
      }
    }
    const span = this.high.clone().sub(this.low).divideScalar(CELL)
    this.size = [Math.ceil(span.x), Math.ceil(span.y), Math.ceil(span.z)]
    const pieces = [...new Set(lumps.map((lump) => lump.piece))]
    this.lumps = lumps.map((lump) => ({ lump, piece: pieces.indexOf(lump.piece) }))
    this.melted = new Float64Array(pieces.length)
    this.nearest = new Float64Array(pieces.length)
    this.stuffs = pieces.map(() => undefined)
  }

  /** The nearest surface to (x, y, z), negative inside. */
  measure(x: number, y: number, z: number, out: Near): void {
    const { melted, nearest, stuffs } = this
    melted.fill(Infinity)
    nearest.fill(Infinity)
    const lumps = this.lumpsNear(x, y, z)
    for (let i = 0; i < lumps.length; i++) {
      const { lump, piece } = lumps[i]!
      let d = distanceTo(lump, x, y, z)
      const before = melted[piece]!
      if (lump.op === 'cut') {
        melted[piece] = -blend(-before, d, lump.melt)
        continue
      }
      const { keep } = lump
      if (keep) {
        const { point, normal } = keep
        d = Math.max(d, (point.x - x) * normal.x + (point.y - y) * normal.y + (point.z - z) * normal.z)
      }
      melted[piece] = before === Infinity ? d : blend(before, d, lump.melt)
      if (d < nearest[piece]!) {
        nearest[piece] = d
        stuffs[piece] = lump.stuff
      }
    }
    out.distance = Infinity
    for (let piece = 0; piece < melted.length; piece++)
      if (melted[piece]! < out.distance) {
        out.distance = melted[piece]!
        out.stuff = stuffs[piece]
      }
  }

  private lumpsNear(x: number, y: number, z: number): readonly Numbered[] {
    const i = Math.floor((x - this.low.x) / CELL)
    const j = Math.floor((y - this.low.y) / CELL)
    const k = Math.floor((z - this.low.z) / CELL)
    const [w, h, d] = this.size
    if (i < 0 || j < 0 || k < 0 || i >= w || j >= h || k >= d) return this.lumps
    const cell = (k * h + j) * w + i
    return (this.cells[cell] ??= this.gather(
      this.low.x + (i + 0.5) * CELL,
      this.low.y + (j + 0.5) * CELL,
      this.low.z + (k + 0.5) * CELL,
    ))
  }

  /** The lumps that matter anywhere in the cell around (x, y, z). */
  private gather(x: number, y: number, z: number): Numbered[] {
    const distances = this.lumps.map(({ lump }) => distanceTo(lump, x, y, z))
    const solid = distances.filter((_, i) => this.lumps[i]!.lump.op === 'add' && !this.lumps[i]!.lump.keep)
    const nearest = Math.max(0, Math.min(...solid)) + 2 * 0.87 * CELL
    return this.lumps.filter(({ lump }, i) => distances[i]! < nearest + lump.melt)
  }
}

/** Polynomial smooth minimum (Quilez): the two melt over `k` metres. */
function blend(a: number, b: number, k: number): number {
  const h = Math.max(k - Math.abs(a - b), 0) / k
  return Math.min(a, b) - h * h * k * 0.25
}

function distanceTo({ shape, a, b, ra, rb, flat }: Lump, x: number, y: number, z: number): number {
  let px = x - a.x
  let py = y - a.y
  let pz = z - a.z
  let ex = b.x - a.x
  let ey = b.y - a.y
  let ez = b.z - a.z
  if (shape === 'ring') {
    const length = Math.sqrt(ex * ex + ey * ey + ez * ez)
    const up = (px * ex + py * ey + pz * ez) / length
    let across = px * px + py * py + pz * pz - up * up
    if (flat) {
      const along = px * flat.axis.x + py * flat.axis.y + pz * flat.axis.z
      across += along * along * (flat.by * flat.by - 1)
    }
    return Math.hypot(Math.sqrt(Math.max(0, across)) - ra, up) - rb
  }
  let scale = 1
  if (flat) {
    const { axis, by } = flat
    const p = (by - 1) * (px * axis.x + py * axis.y + pz * axis.z)
    const e = (by - 1) * (ex * axis.x + ey * axis.y + ez * axis.z)
    px += p * axis.x
    py += p * axis.y
    pz += p * axis.z
    ex += e * axis.x
    ey += e * axis.y
    ez += e * axis.z
    scale = by
  }
  // round cone after Quilez
  const l2 = ex * ex + ey * ey + ez * ez
  const rr = ra - rb
  const a2 = l2 - rr * rr
  if (l2 < 1e-12 || a2 <= 0) {
    const toA = Math.sqrt(px * px + py * py + pz * pz) - ra
    const toB = Math.hypot(px - ex, py - ey, pz - ez) - rb
    return Math.min(toA, toB) / scale
  }
  const il2 = 1 / l2
  const yy = px * ex + py * ey + pz * ez
  const zz = yy - l2
  const qx = px * l2 - ex * yy
  const qy = py * l2 - ey * yy
  const qz = pz * l2 - ez * yy
  const x2 = qx * qx + qy * qy + qz * qz
  const y2 = yy * yy * l2
  const z2 = zz * zz * l2
  const k = Math.sign(rr) * rr * rr * x2
  let d: number
  if (Math.sign(zz) * a2 * z2 > k) d = Math.sqrt(x2 + z2) * il2 - rb
  else if (Math.sign(yy) * a2 * y2 < k) d = Math.sqrt(x2 + y2) * il2 - ra
  else d = (Math.sqrt(x2 * a2 * il2) + yy * rr) * il2 - ra
  return d / scale
}
