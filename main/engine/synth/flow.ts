// What the place does in front of the camera: where the background of each frame is to be found in the first frame, how near each part of it
// is, and the camera's way. All three are truths that the camera is learned from; the last two are the first one's causes.
import type { Camera } from '../../motion/camera'
import { SKY, castRay } from './place'
import type { Hit, Place } from './place'
import { raysOf } from './place-image'
import { FLOW_CELL } from '../training/clip'

/** How far outside the first frame a point still counts, as a share of the frame's side. */
const MARGIN = 0.5

export interface BackgroundFlow {
  /** [T, H/8, W/8, 2]: from the cell's centre to where its background point is seen in frame 0, pixels, x then y. */
  flow: Float32Array
  /** [T, H/8, W/8]: 1 where that point lies in front of the first camera and within half a frame of the first frame. */
  valid: Uint8Array
  /** [H/8, W/8] how near the place is at the centres of the first frame's cells: `distance` over its depth; 0 is the sky. */
  nearness: Float32Array
  /** [T, 4] dx, dy, z, r: what is endlessly far does when the camera turns and zooms (`PoseClip.cameraPath`). */
  cameraPath: Float32Array
  /** [T, 3] where the camera went (`PoseClip.travel`). */
  travel: Float32Array
}

/** The truth about cameras that see `place`; `distance` is how far the person is from the first one, metres along its view. */
export function backgroundFlow(place: Place, cameras: readonly Camera[], distance: number): BackgroundFlow {
  const first = cameras[0]!
  const columns = first.width / FLOW_CELL
  const rows = first.height / FLOW_CELL
  const flow = new Float32Array(cameras.length * rows * columns * 2)
  const valid = new Uint8Array(cameras.length * rows * columns).fill(1)
  const nearness = new Float32Array(rows * columns)
  const cameraPath = new Float32Array(cameras.length * 4)
  const travel = new Float32Array(cameras.length * 3)
  const hit: Hit = { id: SKY, distance: 0 }
  cameras.forEach((camera, t) => {
    const still = sameCamera(camera, first) // exactly zero, without rounding
    if (still && t > 0) return
    const { origin, axes, step, cx, cy } = raysOf(camera, 1)
    const fit = new SimilarityFit()
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const px = (i + 0.5) * FLOW_CELL
        const py = (j + 0.5) * FLOW_CELL
        const x = px * step - cx
        const y = py * step - cy
        const dx = axes[0]! * x + axes[3]! * y + axes[6]!
        const dy = axes[1]! * x + axes[4]! * y + axes[7]!
        const dz = axes[2]! * x + axes[5]! * y + axes[8]!
        castRay(place, ...origin, dx, dy, dz, hit)
        // the sky is a point at infinity: its place does not matter, only its direction
        const far = hit.id === SKY
        const d = far ? 1 : hit.distance
        if (t === 0) {
          nearness[j * columns + i] = far ? 0 : distance / depthOf(first, origin, d, dx, dy, dz)
          continue
        }
        const [fx, fy] = project(first, dx, dy, dz, 0)
        const [qx, qy] = far ? [fx, fy] : project(first, origin[0] + d * dx, origin[1] + d * dy, origin[2] + d * dz, 1)
        const cell = (t * rows + j) * columns + i
        const known = Number.isFinite(qx)
        flow[cell * 2] = known ? qx - px : 0
        flow[cell * 2 + 1] = known ? qy - py : 0
        const { width: w, height: h } = first
        const inside = qx > -MARGIN * w && qx < (1 + MARGIN) * w && qy > -MARGIN * h && qy < (1 + MARGIN) * h
        valid[cell] = known && inside ? 1 : 0
        if (Number.isFinite(fx)) fit.add(px - w / 2, py - h / 2, fx - w / 2, fy - h / 2)
      }
    if (still) return
    cameraPath.set(fit.solve() ?? cameraPath.subarray(t * 4 - 4, t * 4), t * 4)
    const [x, y, z] = [0, 4, 8].map((row) => rowOf(first, row, origin[0], origin[1], origin[2])) as [
      number,
      number,
      number,
    ]
    travel.set([(first.K[0]! * x) / distance, (first.K[4]! * y) / distance, z / distance], t * 3)
  })
  return { flow, valid, nearness, cameraPath, travel }
}

/** One coordinate, metres, of a world point as `camera` has it. */
const rowOf = ({ w2c: m }: Camera, row: number, x: number, y: number, z: number) =>
  m[row]! * x + m[row + 1]! * y + m[row + 2]! * z + m[row + 3]!

/** Depth before `camera` of origin + d (dx, dy, dz), metres. */
const depthOf = (
  camera: Camera,
  origin: readonly [number, number, number],
  d: number,
  dx: number,
  dy: number,
  dz: number,
) => rowOf(camera, 8, origin[0] + d * dx, origin[1] + d * dy, origin[2] + d * dz)

/** Whether both see the same, to the last bit. */
export function sameCamera(a: Camera, b: Camera): boolean {
  return a.w2c.every((value, i) => value === b.w2c[i]) && a.K.every((value, i) => value === b.K[i])
}

/** Pixel of the homogeneous point (x, y, z, w); NaN when it is not in front of the camera. */
function project({ K, w2c: m }: Camera, x: number, y: number, z: number, w: number): [number, number] {
  const depth = m[8]! * x + m[9]! * y + m[10]! * z + m[11]! * w
  if (depth < 0.05) return [NaN, NaN]
  const u = m[0]! * x + m[1]! * y + m[2]! * z + m[3]! * w
  const v = m[4]! * x + m[5]! * y + m[6]! * z + m[7]! * w
  return [(K[0]! * u) / depth + K[2]!, (K[4]! * v) / depth + K[5]!]
}

/** Least squares for q = exp(z) R(r) p + d; with points as complex numbers a linear regression. */
class SimilarityFit {
  private count = 0
  private readonly sums = new Float64Array(7) // px, py, qx, qy, |p|^2, Re(conj(p) q), Im(conj(p) q)

  add(px: number, py: number, qx: number, qy: number) {
    const s = this.sums
    this.count++
    s[0]! += px
    s[1]! += py
    s[2]! += qx
    s[3]! += qy
    s[4]! += px * px + py * py
    s[5]! += px * qx + py * qy
    s[6]! += px * qy - py * qx
  }

  /** dx, dy, z, r; undefined when fewer than three points or all on one. */
  solve(): [number, number, number, number] | undefined {
    const n = this.count
    if (n < 3) return undefined
    const [px, py, qx, qy, pp, re, im] = this.sums as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const spread = pp - (px * px + py * py) / n
    const a = (re - (px * qx + py * qy) / n) / spread
    const b = (im - (px * qy - py * qx) / n) / spread
    const scale = Math.hypot(a, b)
    if (!(spread > 1e-6) || scale < 1e-6) return undefined
    return [(qx - (a * px - b * py)) / n, (qy - (b * px + a * py)) / n, Math.log(scale), Math.atan2(b, a)]
  }
}
