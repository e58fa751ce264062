// The puppet's geometry: which bones carry the human's pixels, and the map from a pixel of a frame to a pixel of the
// reference picture that each bone gives. Pure arithmetic on keypoints; the composition head samples the pictures with it.
//
// For a bone from p to q in the frame and from p' to q' in the reference picture:
//   s = (u-p).(q-p)/|q-p|^2 along the bone, n = signed distance across it,
//   u' = p' + s'(q'-p') + n * scale * perp(q'-p')/|q'-p'|;
// beyond the ends (s < 0, s > 1) lengths scale with the body instead of with the bone, so that hands, feet and hair keep their size.
import type { Keypoints } from '../../../motion/types'

interface Bone {
  readonly name: string
  /** Radius of the limb, in pixels of a body 50 px tall; it decides which pixels the limb owns. */
  readonly radius: number
  /** Length as a share of the body's height: what a foreshortened bone's true length is judged by. */
  readonly proportion: number
  readonly ends: (points: PointReader) => readonly [Point, Point] | undefined
}

interface Point {
  readonly x: number
  readonly y: number
}
type PointReader = (joint: number) => Point | undefined

const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })

const limb = (name: string, from: number, to: number, radius: number, proportion: number): Bone => ({
  name,
  radius,
  proportion,
  ends: (at) => {
    const a = at(from)
    const b = at(to)
    return a && b ? [a, b] : undefined
  },
})

/** The head's middle: between what is farthest left and right of nose, eyes and ears, so that a turning head does not tilt. */
function headCentre(at: PointReader): Point | undefined {
  const face = [0, 14, 15, 16, 17].map(at).filter((p): p is Point => p !== undefined)
  if (face.length === 0) return undefined
  const xs = face.map((p) => p.x)
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: face.reduce((sum, p) => sum + p.y, 0) / face.length }
}

/** The bones that carry pixels, K of them, in the order of every tensor's bone axis (OpenPose-18 joints). */
export const bones: readonly Bone[] = [
  {
    name: 'head',
    radius: 3,
    proportion: 0.13,
    ends: (at) => {
      const neck = at(1)
      const head = headCentre(at)
      return neck && head ? [neck, head] : undefined
    },
  },
  {
    name: 'torso',
    radius: 4.5,
    proportion: 0.3,
    ends: (at) => {
      const neck = at(1)
      const right = at(8)
      const left = at(11)
      const hips = right && left ? between(right, left) : (right ?? left)
      return neck && hips ? [neck, hips] : undefined
    },
  },
  limb('right upper arm', 2, 3, 1.1, 0.17),
  limb('right forearm', 3, 4, 1, 0.15),
  limb('left upper arm', 5, 6, 1.1, 0.17),
  limb('left forearm', 6, 7, 1, 0.15),
  limb('right thigh', 8, 9, 1.6, 0.24),
  limb('right shin', 9, 10, 1.2, 0.24),
  limb('left thigh', 11, 12, 1.6, 0.24),
  limb('left shin', 12, 13, 1.2, 0.24),
]
export const boneCount = bones.length
const torso = 1

/** Where each bone lies in one pose. */
export interface BonePose {
  /** [K, 4] x0, y0, x1, y1 in pixels; zeros where the bone is not known. */
  readonly ends: Float32Array
  /** [K] 1 where both ends are known, else 0. */
  readonly known: Float32Array
  /** Body height in pixels, judged from the least foreshortened bones. */
  readonly size: number
  /** Signed width across the shoulders and hips in pixels (positive: the person's left is to the right of the picture, a front view). */
  readonly width: number
}

/** Confidence below which a joint counts as absent. */
const absent = 0.05

/** Bones of one pose. Joints of confidence below 0.05 are absent. */
export function bonePose(pose: Keypoints): BonePose {
  const at: PointReader = (joint) =>
    pose.body[joint * 3 + 2]! >= absent ? { x: pose.body[joint * 3]!, y: pose.body[joint * 3 + 1]! } : undefined
  const ends = new Float32Array(boneCount * 4)
  const known = new Float32Array(boneCount)
  const heights: number[] = []
  bones.forEach((bone, k) => {
    const found = bone.ends(at)
    if (!found) return
    const [a, b] = found
    ends.set([a.x, a.y, b.x, b.y], k * 4)
    known[k] = 1
    heights.push(Math.hypot(b.x - a.x, b.y - a.y) / bone.proportion)
  })
  heights.sort((a, b) => a - b)
  const size = Math.max(heights[Math.floor((heights.length - 1) * 0.75)] ?? 1, 1)
  const across = (right: Point | undefined, left: Point | undefined) => (right && left ? left.x - right.x : undefined)
  const spans = [across(at(2), at(5)), across(at(8), at(11))].filter((v): v is number => v !== undefined)
  const width = spans.length ? spans.reduce((a, b) => a + b, 0) / spans.length : 0.2 * size
  return { ends, known, size, width }
}

/** Heights over time without the dips of foreshortening: a running upper quartile, then a running mean. */
export function steadySizes(sizes: readonly number[], reach = 6): number[] {
  const around = (values: readonly number[], t: number, r: number) => values.slice(Math.max(0, t - r), t + r + 1)
  const upper = sizes.map((_, t) => {
    const near = [...around(sizes, t, reach)].sort((a, b) => a - b)
    return near[Math.floor((near.length - 1) * 0.75)]!
  })
  return upper.map((_, t) => {
    const near = around(upper, t, Math.ceil(reach / 2))
    return near.reduce((a, b) => a + b, 0) / near.length
  })
}

/** The coefficients of every bone's map, K bones and T frames: inputs of the candidates program. */
export interface PuppetMaps {
  /** [K, T, 3] (a, b, c): s = a x + b y + c along the bone, for pixel centre (x, y) of the frame. */
  readonly along: Float32Array
  /** [K, T, 3] (a, b, c): signed distance across the bone, already in reference pixels. */
  readonly across: Float32Array
  /** [K, T] factor for the part of s outside [0, 1]. */
  readonly overshoot: Float32Array
  /** [K, T] added to the bone's prior logit: 0, or -30 where the bone is unknown in the frame or in the reference. */
  readonly bias: Float32Array
  /** [K, 6] (ex, fx, px, ey, fy, py): grid x = ex s + fx n + px, likewise y, in [-1, 1] of the reference picture. */
  readonly toReference: Float32Array
  /** [K] bone length in reference pixels. */
  readonly length: Float32Array
  /** [1] pixels of the reference picture in which the prior falls by one: 0.16 of the body's height there. */
  readonly unit: Float32Array
}

/**
 * Maps from frames to the reference picture for each bone.
 * @param reference the human's own pose, in pixels of the reference picture of `width` x `height`
 * @param frames    the poses to take, in pixels of the frame that will be composed
 */
export function puppetMaps(
  reference: Keypoints,
  referenceSize: { readonly width: number; readonly height: number },
  frames: readonly Keypoints[],
): PuppetMaps {
  const K = boneCount
  const T = frames.length
  const own = bonePose(reference)
  const poses = frames.map(bonePose)
  const sizes = steadySizes(poses.map((pose) => pose.size))
  const maps: PuppetMaps = {
    along: new Float32Array(K * T * 3),
    across: new Float32Array(K * T * 3),
    overshoot: new Float32Array(K * T),
    bias: new Float32Array(K * T),
    toReference: new Float32Array(K * 6),
    length: new Float32Array(K),
    unit: new Float32Array([0.16 * own.size]),
  }
  for (let k = 0; k < K; k++) {
    const [rx0, ry0, rx1, ry1] = own.ends.subarray(k * 4, k * 4 + 4) as unknown as [number, number, number, number]
    const referenceLength = Math.max(Math.hypot(rx1 - rx0, ry1 - ry0), 0.02 * own.size)
    const dx = (rx1 - rx0) / referenceLength
    const dy = (ry1 - ry0) / referenceLength
    const sx = 2 / referenceSize.width
    const sy = 2 / referenceSize.height
    maps.length[k] = referenceLength
    maps.toReference.set(
      [dx * referenceLength * sx, -dy * sx, rx0 * sx - 1, dy * referenceLength * sy, dx * sy, ry0 * sy - 1],
      k * 6,
    )
    for (let t = 0; t < T; t++) {
      const pose = poses[t]!
      const scale = own.size / sizes[t]!
      const [x0, y0, x1, y1] = pose.ends.subarray(k * 4, k * 4 + 4) as unknown as [number, number, number, number]
      const length = Math.max(Math.hypot(x1 - x0, y1 - y0), 0.02 * sizes[t]!)
      const ux = (x1 - x0) / length
      const uy = (y1 - y0) / length
      const acrossScale = scale * (k === torso ? torsoTurn(own, pose, scale) : 1)
      const i = k * T + t
      maps.along.set([ux / length, uy / length, -(x0 * ux + y0 * uy) / length], i * 3)
      maps.across.set([-uy * acrossScale, ux * acrossScale, (x0 * uy - y0 * ux) * acrossScale], i * 3)
      maps.overshoot[i] = (scale * length) / referenceLength
      maps.bias[i] = pose.known[k]! * own.known[k]! === 1 ? 0 : -30
    }
  }
  return maps
}

/** Turning narrows the trunk, and a back view of a front picture is its mirror image: the factor for distances across the torso. */
function torsoTurn(own: BonePose, pose: BonePose, scale: number): number {
  const ratio = (pose.width * scale) / (Math.abs(own.width) > 0.05 * own.size ? own.width : 0.2 * own.size)
  const narrowing = Math.min(Math.max(Math.abs(ratio), 0.65), 1.15)
  return Math.sign(ratio || 1) / narrowing
}
