// The puppet's geometry: which bones carry the human's pixels, and the map from a pixel of a frame to a pixel of the
// reference picture that each bone gives. Pure arithmetic on keypoints; the composition head samples the pictures with it.
//
// For a bone from p to q in the frame and from p' to q' in the reference picture:
//   s = (u-p).(q-p)/|q-p|^2 along the bone, n = signed distance across it,
//   u' = p' + s'(q'-p') + n * scale * (1 + taper (1 - s)) * perp(q'-p')/|q'-p'|, s for the taper within 0..1;
// beyond the ends (s < 0, s > 1) lengths scale with the body instead of with the bone, so that toes and hair keep their size.
// Which piece lies over which is guessed from the way the body faces.
import type { Keypoints } from '../../../motion/types'
import { bonePose, endsOf, lengthOf, ownProportions, steadySizes } from './bone-pose'
import type { BonePose } from './bone-pose'
import { boneCount, head, leftFoot, rightFoot, torso } from './bones'
import { headOf, nearSide, reader, smooth, smoothTurns } from './facing'
import { headTurn, torsoTurn } from './turning'

/** The coefficients of every bone's map, K bones and T frames: inputs of the candidates program. */
export interface PuppetMaps {
  /** [K, T, 3] (a, b, c): s = a x + b y + c along the bone, for pixel centre (x, y) of the frame. */
  readonly along: Float32Array
  /** [K, T, 3] (a, b, c): signed distance across the bone, already in reference pixels. */
  readonly across: Float32Array
  /** [K, T] factor for the part of s outside [0, 1]. */
  readonly overshoot: Float32Array
  /** [K, T] by what share distances across are more at the bone's beginning than at its end. */
  readonly taper: Float32Array
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
    taper: new Float32Array(K * T),
    known: new Float32Array(K * T),
    hides: new Float32Array(K * T * K),
    toReference: new Float32Array(K * 6),
  }
  const ownSide = nearSide(reference)
  const sides = smooth(frames.map(nearSide))
  const ownFace = headOf(reader(reference))?.turn
  const faces = smoothTurns(frames.map((frame) => headOf(reader(frame))?.turn))
  const turned = (k: number, t: number) => {
    const mirrored = Math.min(Math.abs(ownSide), Math.abs(sides[t]!)) > 0.15 ? Math.sign(ownSide * sides[t]!) : 1
    const still = { stretch: 1, taper: 0, offset: 0 }
    if (k === head) return { ...still, ...headTurn(faces[t], ownFace) }
    if (k === torso) return { ...still, ...torsoTurn(own, poses[t]!, sizes[t]!, mirrored) }
    return turning.has(k) ? { ...still, stretch: mirrored } : still
  }
  for (let k = 0; k < K; k++) {
    const [rx0, ry0, rx1, ry1] = endsOf(own.ends, k)
    const { length: referenceLength, ux: dx, uy: dy } = directed(rx1 - rx0, ry1 - ry0, shortest * own.size)
    const sx = 2 / referenceSize.width
    const sy = 2 / referenceSize.height
    maps.toReference.set(
      [dx * referenceLength * sx, -dy * sx, rx0 * sx - 1, dy * referenceLength * sy, dx * sy, ry0 * sy - 1],
      k * 6,
    )
    const wholes = sizes.map((size) => (referenceLength * size) / own.size)
    const larger = smooth(
      poses.map((pose, t) => (k === head || k === torso ? nearer(lengthOf(pose.ends, k) / wholes[t]!) : 1)),
    )
    for (let t = 0; t < T; t++) {
      const pose = poses[t]!
      const [x0, y0, x1, y1] = endsOf(pose.ends, k)
      const { length: seen, ux, uy } = directed(x1 - x0, y1 - y0, shortest * sizes[t]!)
      const length = k === head ? rigid(seen, wholes[t]!) : seen
      const scale = own.size / (sizes[t]! * larger[t]!)
      const { stretch, taper, offset } = turned(k, t)
      const across = scale * stretch
      const i = k * T + t
      maps.along.set([ux / length, uy / length, -(x0 * ux + y0 * uy) / length], i * 3)
      maps.across.set([-uy * across, ux * across, (x0 * uy - y0 * ux) * across + own.size * offset], i * 3)
      maps.overshoot[i] = (scale * length) / referenceLength
      maps.taper[i] = taper
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

/** Bones seen shorter than this share of the body's height point at the viewer: nothing is stretched over more. */
const shortest = 0.04

const directed = (x: number, y: number, atLeast: number) => {
  const length = Math.hypot(x, y)
  const [ux, uy] = length > 1e-6 ? [x / length, y / length] : [0, 1]
  return { length: Math.max(length, atLeast), ux, uy }
}

/** A head keeps its shape: what is seen of its length may differ from its size by no more, whatever the face's points do. */
const rigid = (seen: number, whole: number): number => Math.min(Math.max(seen, 0.7 * whole), 1.2 * whole)

/**
 * How much larger than the whole body's size a head or a trunk is seen, of which `seen` of its length shows: to a camera close by they are nearer
 * or farther than the legs. Some of a shorter length is a nod or a bow, which makes nothing smaller. Fitted to the outlines of 200 synthetic clips.
 */
const nearer = (seen: number): number => Math.min(Math.max(seen, 0.7), 1.3) ** 0.6

/** Feet, and shins with their calves, point the way the person goes: their pieces are mirrored when that is the other way than in the picture. */
const turning = new Set([7, 9, rightFoot, leftFoot])

/** Depths closer than this (shares of the shoulders' width) are blended, so that a limb that passes another does not pop. */
const depthSoftness = 0.03
/** Towards the viewer when the person faces the viewer: arms are carried before the body, knees bend backwards. */
const forward = { head: 0.12, torso: 0, upperArm: 0.12, forearm: 0.3, hand: 0.32, thigh: -0.02, shin: -0.1 }

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
  const hand = (sign: number) => side(sign) + forward.hand * towards
  const foot = (sign: number) => 0.6 * side(sign)
  return Float32Array.from([
    ...[forward.head, forward.torso, ...limbs(1), ...limbs(-1), ...legs(1), ...legs(-1)],
    ...[hand(1), hand(-1), foot(1), foot(-1)],
  ])
}
