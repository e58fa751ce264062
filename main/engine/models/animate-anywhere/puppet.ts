// The puppet's geometry: which bones carry the human's pixels, and the map from a pixel of a frame to a pixel of the
// reference picture that each bone gives. Pure arithmetic on keypoints; the composition head samples the pictures with it.
//
// For a bone from p to q in the frame and from p' to q' in the reference picture:
//   s = (u-p).(q-p)/|q-p|^2 along the bone, n = signed distance across it,
//   u' = p' + s'(q'-p') + n * scale * perp(q'-p')/|q'-p'|;
// beyond the ends (s < 0, s > 1) lengths scale with the body instead of with the bone, so that hands, feet and hair keep their size.
// Which piece lies over which is guessed from the way the body faces.
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

/**
 * The head's middle, which lies between the ears whichever way it turns; with one ear a little towards the nose. Ears and eyes are level,
 * so a turning head does not nod.
 */
function headCentre(at: PointReader): Point | undefined {
  const [nose, rightEye, leftEye, rightEar, leftEar] = [0, 14, 15, 16, 17].map(at)
  const mean = (points: readonly (Point | undefined)[], axis: 'x' | 'y') => {
    const seen = points.filter((p): p is Point => p !== undefined)
    return seen.length ? seen.reduce((sum, p) => sum + p[axis], 0) / seen.length : undefined
  }
  const y = mean([rightEye, leftEye, rightEar, leftEar], 'y') ?? nose?.y
  const ears = mean([rightEar, leftEar], 'x')
  const front = nose?.x ?? mean([rightEye, leftEye], 'x')
  const x =
    ears === undefined || front === undefined || (rightEar && leftEar) ? (ears ?? front) : ears + 0.15 * (front - ears)
  return x === undefined || y === undefined ? undefined : { x, y }
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
  limb('right forearm', 3, 4, 1.3, 0.15),
  limb('left upper arm', 5, 6, 1.1, 0.17),
  limb('left forearm', 6, 7, 1.3, 0.15),
  limb('right thigh', 8, 9, 1.6, 0.24),
  limb('right shin', 9, 10, 1.2, 0.24),
  limb('left thigh', 11, 12, 1.6, 0.24),
  limb('left shin', 12, 13, 1.2, 0.24),
]
export const boneCount = bones.length
const head = 0
export const torso = 1

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

const averageProportions = bones.map(({ proportion }) => proportion)

/** A body's own proportions, of what its picture shows: a bone seen much shorter than the average one is foreshortened. */
const ownProportions = ({ ends, known, size }: BonePose): number[] =>
  averageProportions.map((average, k) => {
    const [x0, y0, x1, y1] = ends.subarray(k * 4, k * 4 + 4) as unknown as [number, number, number, number]
    const seen = Math.hypot(x1 - x0, y1 - y0) / size
    return known[k]! && (k === head || seen > 0.9 * average) ? seen : average
  })

/** Bones of one pose. Joints of confidence below 0.05 are absent. */
export function bonePose(pose: Keypoints, proportions: readonly number[] = averageProportions): BonePose {
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
    heights.push(Math.hypot(b.x - a.x, b.y - a.y) / proportions[k]!)
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
  /** [K, T] 1, or 0 where the bone is unknown in the frame or in the reference. */
  readonly known: Float32Array
  /** [K, T, K] to what degree bone k hides bone j in frame t, 0..1; the two directions add up to 1, and a bone hides itself. */
  readonly hides: Float32Array
  /** [K, 6] (ex, fx, px, ey, fy, py): grid x = ex s + fx n + px, likewise y, in [-1, 1] of the reference picture. */
  readonly toReference: Float32Array
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
  const proportions = ownProportions(own)
  const poses = frames.map((frame) => bonePose(frame, proportions))
  const sizes = steadySizes(poses.map((pose) => pose.size))
  const maps: PuppetMaps = {
    along: new Float32Array(K * T * 3),
    across: new Float32Array(K * T * 3),
    overshoot: new Float32Array(K * T),
    known: new Float32Array(K * T),
    hides: new Float32Array(K * T * K),
    toReference: new Float32Array(K * 6),
  }
  const ownSide = nearSide(reference)
  const sides = smooth(frames.map(nearSide))
  for (let k = 0; k < K; k++) {
    const [rx0, ry0, rx1, ry1] = own.ends.subarray(k * 4, k * 4 + 4) as unknown as [number, number, number, number]
    const referenceLength = Math.max(Math.hypot(rx1 - rx0, ry1 - ry0), 0.02 * own.size)
    const dx = (rx1 - rx0) / referenceLength
    const dy = (ry1 - ry0) / referenceLength
    const sx = 2 / referenceSize.width
    const sy = 2 / referenceSize.height
    maps.toReference.set(
      [dx * referenceLength * sx, -dy * sx, rx0 * sx - 1, dy * referenceLength * sy, dx * sy, ry0 * sy - 1],
      k * 6,
    )
    for (let t = 0; t < T; t++) {
      const pose = poses[t]!
      const scale = own.size / sizes[t]!
      const [x0, y0, x1, y1] = pose.ends.subarray(k * 4, k * 4 + 4) as unknown as [number, number, number, number]
      const seen = Math.max(Math.hypot(x1 - x0, y1 - y0), 0.02 * sizes[t]!)
      const ux = (x1 - x0) / seen
      const uy = (y1 - y0) / seen
      const mirrored = Math.min(Math.abs(ownSide), Math.abs(sides[t]!)) > 0.15 ? Math.sign(ownSide * sides[t]!) : 1
      const length = k === head ? rigid(seen, referenceLength / scale) : seen
      const acrossScale = scale * (k === torso ? torsoTurn(own, pose, scale, mirrored) : turning.has(k) ? mirrored : 1)
      const i = k * T + t
      maps.along.set([ux / length, uy / length, -(x0 * ux + y0 * uy) / length], i * 3)
      maps.across.set([-uy * acrossScale, ux * acrossScale, (x0 * uy - y0 * ux) * acrossScale], i * 3)
      maps.overshoot[i] = (scale * length) / referenceLength
      maps.known[i] = pose.known[k]! * own.known[k]!
    }
  }
  frames.forEach((_, t) => {
    const depth = boneDepths(poses[t]!, sides[t]!)
    for (let k = 0; k < K; k++)
      for (let j = 0; j < K; j++)
        maps.hides[(k * T + t) * K + j] = j === k ? 1 : 1 / (1 + Math.exp((depth[j]! - depth[k]!) / depthSoftness))
  })
  return maps
}

/** A head keeps its shape: what is seen of its length may differ from its size by little, whatever the face's points do. */
const rigid = (seen: number, whole: number): number => Math.min(Math.max(seen, 0.85 * whole), 1.1 * whole)

/** Heads and feet point the way the person goes: their pieces are mirrored when that is the other way than in the picture. */
const turning = new Set([head, 7, 9])

/**
 * The factor for distances across the torso: turning narrows the trunk. A back view of a front picture is its mirror image; so is a
 * person in profile who faces the other way.
 */
function torsoTurn(own: BonePose, pose: BonePose, scale: number, mirrored: number): number {
  const ratio = (pose.width * scale) / (Math.abs(own.width) > 0.05 * own.size ? own.width : 0.2 * own.size)
  const narrowing = Math.min(Math.max(Math.abs(ratio), 0.65), 1.15)
  const profile = Math.abs(own.width) < 0.1 * own.size
  return (profile ? mirrored : Math.sign(ratio || 1)) / narrowing
}

/** Depths closer than this (shares of the shoulders' width) are blended, so that a limb that passes another does not pop. */
const depthSoftness = 0.03
/** Towards the viewer when the person faces the viewer: arms are carried before the body, knees bend backwards. */
const forward = { head: 0.12, torso: 0, upperArm: 0.12, forearm: 0.3, thigh: -0.02, shin: -0.1 }

/**
 * How near each bone is to the viewer, in shares of the shoulders' width; a guess from the way the body faces: limbs of the near side lie
 * before the trunk and those of the far side behind it, arms before the body of somebody seen from the front.
 */
export function boneDepths({ width, size }: BonePose, near: number): Float32Array {
  const towards = Math.min(Math.max(width / (0.2 * size), -1), 1)
  const right = near * Math.sqrt(1 - towards * towards)
  const side = (sign: number) => 0.5 * sign * right
  const limbs = (sign: number) => [side(sign) + forward.upperArm * towards, side(sign) + forward.forearm * towards]
  const legs = (sign: number) => [0.6 * side(sign) + forward.thigh, 0.6 * side(sign) + forward.shin * towards]
  return Float32Array.from([forward.head, forward.torso, ...limbs(1), ...limbs(-1), ...legs(1), ...legs(-1)])
}

/**
 * Which way the person faces, and so which side is nearer: 1 to the right of the picture, with the right side nearer, -1 to the left;
 * by where the nose lies between the ears, or the ear that is seen.
 */
export function nearSide({ body }: Keypoints): number {
  const at = (joint: number) => (body[joint * 3 + 2]! >= absent ? body[joint * 3]! : undefined)
  const [nose, neck, right, left] = [at(0), at(1), at(16), at(17)]
  if (right !== undefined && left === undefined) return 1
  if (left !== undefined && right === undefined) return -1
  if (nose === undefined) return 0
  if (right === undefined || left === undefined) return neck === undefined ? 0 : Math.sign(nose - neck)
  return Math.min(Math.max((1.5 * (nose - (right + left) / 2)) / Math.max(Math.abs(left - right), 1), -1), 1)
}

/** A running mean over two frames each way: one frame's doubt is no turn. */
const smooth = (values: readonly number[]): number[] =>
  values.map((_, t) => {
    const near = values.slice(Math.max(0, t - 2), t + 3)
    return near.reduce((a, b) => a + b, 0) / near.length
  })
