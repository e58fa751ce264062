// Where the background of each frame is to be found in the first frame: the truth that the camera is learned from.
import type { Camera } from '../../motion/camera'
import { follow } from '../geometry/similarity'
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
  /**
   * [T, 4] dx, dy, z, r: steps from frame to frame, each the similarity that fits the flow between the two best (least squares), one after
   * the other. A background point at u in frame t (pixels from the frame's centre) is seen in frame 0 at about
   * exp(z) R(r) u + (dx, dy), R(r) = [[cos r, -sin r], [sin r, cos r]]. Fitted to frame 0 at once, what little is left of it in view, or
   * nearness to some wall, would turn and stretch a camera that only goes by.
   */
  cameraPath: Float32Array
}

export function backgroundFlow(place: Place, cameras: readonly Camera[]): BackgroundFlow {
  const first = cameras[0]!
  const columns = first.width / FLOW_CELL
  const rows = first.height / FLOW_CELL
  const flow = new Float32Array(cameras.length * rows * columns * 2)
  const valid = new Uint8Array(cameras.length * rows * columns).fill(1)
  const cameraPath = new Float32Array(cameras.length * 4)
  const hit: Hit = { id: SKY, distance: 0 }
  cameras.forEach((camera, t) => {
    if (sameCamera(camera, first)) return // exactly zero, without rounding
    const before = cameras[t - 1]!
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
        const seenBy = (other: Camera) =>
          far
            ? project(other, dx, dy, dz, 0)
            : project(other, origin[0] + d * dx, origin[1] + d * dy, origin[2] + d * dz, 1)
        const [qx, qy] = seenBy(first)
        const cell = (t * rows + j) * columns + i
        const known = Number.isFinite(qx)
        flow[cell * 2] = known ? qx - px : 0
        flow[cell * 2 + 1] = known ? qy - py : 0
        const { width: w, height: h } = first
        const inside = qx > -MARGIN * w && qx < (1 + MARGIN) * w && qy > -MARGIN * h && qy < (1 + MARGIN) * h
        valid[cell] = known && inside ? 1 : 0
        const [bx, by] = seenBy(before)
        if (Number.isFinite(bx)) fit.add(px - w / 2, py - h / 2, bx - w / 2, by - h / 2)
      }
    const soFar = cameraPath.subarray(t * 4 - 4, t * 4)
    const found = sameCamera(camera, before) ? undefined : fit.solve()
    cameraPath.set(found ? follow(soFar, found) : soFar, t * 4)
  })
  return { flow, valid, cameraPath }
}

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
