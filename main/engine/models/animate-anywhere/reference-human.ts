// The human's picture taken apart: for each bone a flat piece that overlaps its neighbours round the joints, with colours continued
// beyond its outline, so that no sampled edge drags the old surroundings along and no piece its neighbour's ghost.
import type { Keypoints } from '../../../motion/types'
import { boundsOf, withRoom } from '../../geometry/bounds'
import type { Box } from '../../geometry/bounds'
import { boneCount, bones, torso } from './bones'
import { bonePose } from './bone-pose'
import { absent } from './facing'

/** A human picture ready for composition. */
export interface ReferenceHuman {
  readonly width: number
  readonly height: number
  /** [K, 4, H, W] per bone: red, green, blue in [-1, 1] and the cover of its piece, 0..1. */
  readonly layers: Float32Array
  readonly keypoints: Keypoints
}

/**
 * @param rgb  [H, W, 3] bytes
 * @param mask [H, W] 0..1, the person
 * @param keypoints in pixels of this picture
 */
export function prepareReferenceHuman(
  rgb: Uint8Array,
  mask: Float32Array,
  width: number,
  height: number,
  keypoints: Keypoints,
): ReferenceHuman {
  const area = width * height
  const everywhere = extendColours(rgb, mask, width, height)
  const covers = pieces(mask, width, height, keypoints)
  const layers = new Float32Array(boneCount * 4 * area)
  for (let k = 0; k < boneCount; k++) {
    const { cover, own } = covers[k]!
    layers.set(everywhere, k * 4 * area)
    layers.set(cover, (k * 4 + 3) * area)
    const bounds = boundsOf(cover, width, height, 0)
    if (!bounds) continue
    const box = withRoom(bounds, 2, width, height)
    // Where a piece reaches under its neighbours, it goes on in its own colours, not in theirs.
    const colour = extendColours(cut(rgb, 3, width, box), cut(own, 1, width, box), box.width, box.height)
    for (let c = 0; c < 3; c++)
      for (let y = 0; y < box.height; y++) {
        const from = (c * box.height + y) * box.width
        layers.set(colour.subarray(from, from + box.width), (k * 4 + c) * area + (box.y + y) * width + box.x)
      }
  }
  return { width, height, layers, keypoints }
}

interface Piece {
  /** [H, W] how far the piece covers what is behind it: its own pixels, what it shares with its neighbours at the joints, what they hide of it. */
  readonly cover: Float32Array
  /** [H, W] where its colours are its own. */
  readonly own: Float32Array
}

/** Bones that meet in a joint, which is where the first one starts. */
const meeting = [
  [0, 1],
  [2, 1],
  [4, 1],
  [3, 2],
  [5, 4],
  [6, 1],
  [8, 1],
  [7, 6],
  [9, 8],
  [10, 3],
  [11, 5],
  [12, 7],
  [13, 9],
] as const

/** How far a piece reaches into its neighbours and how softly it ends, in pixels of a body 50 px tall; at least so many true pixels. */
const reach = { body: 0.3, pixels: 0.4 }
const soft = { body: 0.4, pixels: 0.5 }

/**
 * The person in pieces, one per bone. A pixel belongs to the bone whose distance less its radius is smallest, with the distance measured
 * by walking inside the person, so that a hand hanging beside the hip is not the hip's. Pieces overlap a little, and more round the
 * joints, like those of a jointed paper doll: so a bent joint neither gapes nor lets the background through.
 */
function pieces(mask: Float32Array, width: number, height: number, keypoints: Keypoints): Piece[] {
  const area = width * height
  const pose = bonePose(keypoints)
  const pixel = pose.size / 50 // one pixel of a body 50 px tall
  const depth = bones.map((bone, k) => {
    const distance = new Float32Array(area).fill(Infinity)
    if (!pose.known[k]) return distance
    walkDistance(distance, mask, width, height, pose.ends.subarray(k * 4, k * 4 + 4), pixel)
    for (let i = 0; i < area; i++) {
      const far = distance[i]! / pixel
      distance[i] = far > (bone.most ?? Infinity) ? Infinity : far - bone.radius
    }
    return distance
  })
  const [reaches, fades] = [reach, soft].map(({ body, pixels }) => body + pixels / pixel) as [number, number]
  const solid = mask.map((m) => Math.min(Math.max((m - 0.1) / 0.8, 0), 1))
  const discs = meeting.map(([a, b]) => {
    const [x, y] = [pose.ends[a * 4]!, pose.ends[a * 4 + 1]!]
    return { a, b, x, y, radius: Math.min(roomAround(solid, width, height, x, y), 1.6 * bones[a]!.radius * pixel) }
  })
  const trunk = trunkShape(keypoints, fades * pixel)
  const made = bones.map(() => ({ cover: new Float32Array(area), own: new Float32Array(area) }))
  for (let i = 0; i < area; i++) {
    if (solid[i] === 0) continue
    let owner = 0
    for (let k = 1; k < boneCount; k++) if (depth[k]![i]! < depth[owner]![i]!) owner = k
    const best = depth[owner]![i]!
    if (best === Infinity) continue
    for (let k = 0; k < boneCount; k++) {
      const share = Math.min(Math.max(1 - (depth[k]![i]! - best - reaches) / fades, 0), 1)
      made[k]!.own[i] = made[k]!.cover[i] = share
    }
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5]
    for (const { a, b, x: jx, y: jy, radius } of discs) {
      if (owner !== a && owner !== b) continue
      const inside = Math.min(Math.max((radius - Math.hypot(x - jx, y - jy)) / (fades * pixel) + 0.5, 0), 1)
      const other = made[owner === a ? b : a]!
      other.own[i] = other.cover[i] = Math.max(other.cover[i]!, inside)
    }
    made[torso]!.cover[i] = Math.max(made[torso]!.cover[i]!, trunk(x, y))
    bones.forEach((bone, k) => {
      if (bone.flesh[0] === 0 || !pose.known[k]) return
      const inside = fleshAt(pose.ends.subarray(k * 4, k * 4 + 4), bone.flesh, pixel, fades, x, y)
      made[k]!.cover[i] = Math.max(made[k]!.cover[i]!, inside)
    })
    for (const { cover, own } of made) {
      cover[i]! *= solid[i]!
      own[i]! *= mask[i]!
    }
  }
  const total = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0)
  // A limb that lies wholly over or behind the trunk owns next to nothing: it has the colours of where it lies.
  for (const piece of made) if (total(piece.own) < leastOwn * total(piece.cover)) piece.own.set(piece.cover)
  return made
}

/** Share of a piece's cover that must be its own for its colours to be told by that. */
const leastOwn = 0.25

/** Distance from a joint to where the person ends: the radius of the disc of flesh round it. */
function roomAround(solid: Float32Array, width: number, height: number, x: number, y: number): number {
  for (let radius = 1; radius < Math.max(width, height); radius++)
    for (let i = 0; i < 24; i++) {
      const px = Math.floor(x + radius * Math.cos((i * Math.PI) / 12))
      const py = Math.floor(y + radius * Math.sin((i * Math.PI) / 12))
      if (px < 0 || py < 0 || px >= width || py >= height || solid[py * width + px]! < 0.5) return radius
    }
  return 0
}

/** 1 inside the round cone that a limb at least is, 0 outside, softly. */
function fleshAt(
  ends: Float32Array,
  flesh: readonly [number, number],
  pixel: number,
  fades: number,
  x: number,
  y: number,
): number {
  const [x0, y0, x1, y1] = ends as unknown as [number, number, number, number]
  const [dx, dy] = [x1 - x0, y1 - y0]
  const s = Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / Math.max(dx * dx + dy * dy, 1e-6), 0), 1)
  const radius = (flesh[0] + s * (flesh[1] - flesh[0])) * pixel
  return Math.min(Math.max((radius - Math.hypot(x - x0 - s * dx, y - y0 - s * dy)) / (fades * pixel) + 0.5, 0), 1)
}

/** 1 inside the four corners of shoulders and hips, where the trunk is even if an arm lies over it; 0 outside, softly. */
function trunkShape({ body }: Keypoints, fade: number): (x: number, y: number) => number {
  const corners = [2, 5, 11, 8].map((joint) => [body[joint * 3]!, body[joint * 3 + 1]!, body[joint * 3 + 2]!] as const)
  if (corners.some(([, , c]) => c < absent)) return () => 0
  const edges = corners.map(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % 4]!
    const length = Math.max(Math.hypot(bx - ax, by - ay), 1e-3)
    return { ax, ay, nx: -(by - ay) / length, ny: (bx - ax) / length }
  })
  const [[rx, ry], [lx, ly], , [hx, hy]] = corners as unknown as [number, number][] as [
    [number, number],
    [number, number],
    [number, number],
    [number, number],
  ]
  const turned = Math.sign((lx - rx) * (hy - ry) - (ly - ry) * (hx - rx)) || 1
  return (x, y) => {
    let inside = Infinity
    for (const { ax, ay, nx, ny } of edges) inside = Math.min(inside, turned * ((x - ax) * nx + (y - ay) * ny))
    return Math.min(Math.max(inside / fade, 0), 1)
  }
}

/** A part of [H, W, channels]. */
function cut<T extends Uint8Array | Float32Array>(from: T, channels: number, width: number, box: Box): T {
  const out = from.slice(0, box.width * box.height * channels) as T
  for (let y = 0; y < box.height; y++) {
    const start = ((box.y + y) * width + box.x) * channels
    out.set(from.subarray(start, start + box.width * channels), y * box.width * channels)
  }
  return out
}

/** Steps off the person cost this many times their length, so that a path keeps to the body where it can. */
const offBody = 4

/** Distance from a bone to every pixel along the cheapest path, two chamfer sweeps each way (Borgefors 1986), in pixels. */
function walkDistance(
  out: Float32Array,
  mask: Float32Array,
  width: number,
  height: number,
  ends: Float32Array,
  pixel: number,
) {
  const [x0, y0, x1, y1] = ends as unknown as [number, number, number, number]
  const dx = x1 - x0
  const dy = y1 - y0
  const lengthSquared = Math.max(dx * dx + dy * dy, 1e-6)
  const near = 1.5 * pixel
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const px = x + 0.5 - x0
      const py = y + 0.5 - y0
      const s = Math.min(Math.max((px * dx + py * dy) / lengthSquared, 0), 1)
      const straight = Math.hypot(px - s * dx, py - s * dy)
      out[y * width + x] = straight <= near ? straight : Infinity
    }
  }
  const cost = (i: number) => offBody - (offBody - 1) * mask[i]!
  const diagonal = Math.SQRT2
  for (let sweep = 0; sweep < 2; sweep++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x
        const c = cost(i)
        let d = out[i]!
        if (x > 0) d = Math.min(d, out[i - 1]! + c)
        if (y > 0) d = Math.min(d, out[i - width]! + c)
        if (x > 0 && y > 0) d = Math.min(d, out[i - width - 1]! + c * diagonal)
        if (x < width - 1 && y > 0) d = Math.min(d, out[i - width + 1]! + c * diagonal)
        out[i] = d
      }
    }
    for (let y = height - 1; y >= 0; y--) {
      for (let x = width - 1; x >= 0; x--) {
        const i = y * width + x
        const c = cost(i)
        let d = out[i]!
        if (x < width - 1) d = Math.min(d, out[i + 1]! + c)
        if (y < height - 1) d = Math.min(d, out[i + width]! + c)
        if (x < width - 1 && y < height - 1) d = Math.min(d, out[i + width + 1]! + c * diagonal)
        if (x > 0 && y < height - 1) d = Math.min(d, out[i + width - 1]! + c * diagonal)
        out[i] = d
      }
    }
  }
}

/**
 * The person's colours [3, H, W] in [-1, 1], continued smoothly outwards over everything that is not the person
 * (push-pull: averages of ever coarser pictures fill what the finer ones leave open; Gortler et al. 1996).
 */
export function extendColours(rgb: Uint8Array, mask: Float32Array, width: number, height: number): Float32Array {
  const area = width * height
  const level = new Float32Array(area * 4)
  for (let i = 0; i < area; i++) {
    // Half-covered edge pixels already hold the surroundings' colour: only what is surely the person counts.
    const weight = Math.min(Math.max((mask[i]! - 0.6) / 0.35, 0), 1)
    for (let c = 0; c < 3; c++) level[i * 4 + c] = (rgb[i * 3 + c]! / 127.5 - 1) * weight
    level[i * 4 + 3] = weight
  }
  pushPull(level, width, height)
  const colour = new Float32Array(3 * area)
  for (let i = 0; i < area; i++) for (let c = 0; c < 3; c++) colour[c * area + i] = level[i * 4 + c]!
  return colour
}

/** In place: premultiplied (r, g, b, weight) pixels become (r, g, b, 1), gaps filled from the coarser levels. */
function pushPull(level: Float32Array, width: number, height: number): void {
  if (width === 1 && height === 1) {
    const w = level[3]!
    for (let c = 0; c < 3; c++) level[c] = w > 0 ? level[c]! / w : 0
    level[3] = 1
    return
  }
  const w2 = Math.ceil(width / 2)
  const h2 = Math.ceil(height / 2)
  const coarse = new Float32Array(w2 * h2 * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 4; c++) coarse[((y >> 1) * w2 + (x >> 1)) * 4 + c]! += level[(y * width + x) * 4 + c]!
  for (let i = 0; i < w2 * h2; i++) {
    const weight = coarse[i * 4 + 3]!
    if (weight > 1) for (let c = 0; c < 4; c++) coarse[i * 4 + c]! /= weight
  }
  pushPull(coarse, w2, h2)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4
      const weight = level[i + 3]!
      if (weight >= 1) continue
      const cx = Math.min(Math.max((x - 0.5) / 2, 0), w2 - 1)
      const cy = Math.min(Math.max((y - 0.5) / 2, 0), h2 - 1)
      const x0 = Math.floor(cx)
      const y0 = Math.floor(cy)
      const x1 = Math.min(x0 + 1, w2 - 1)
      const y1 = Math.min(y0 + 1, h2 - 1)
      const fx = cx - x0
      const fy = cy - y0
      for (let c = 0; c < 3; c++) {
        const top = coarse[(y0 * w2 + x0) * 4 + c]! * (1 - fx) + coarse[(y0 * w2 + x1) * 4 + c]! * fx
        const bottom = coarse[(y1 * w2 + x0) * 4 + c]! * (1 - fx) + coarse[(y1 * w2 + x1) * 4 + c]! * fx
        level[i + c] = level[i + c]! + (1 - weight) * (top * (1 - fy) + bottom * fy)
      }
      level[i + 3] = 1
    }
  }
}

/** Bytes [H, W, 3] -> planes [3, H, W] in [-1, 1]. */
export function planes(bytes: Uint8Array, into: Float32Array = new Float32Array(bytes.length), at = 0): Float32Array {
  const area = bytes.length / 3
  for (let i = 0, from = 0; i < area; i++, from += 3) {
    into[at + i] = bytes[from]! / 127.5 - 1
    into[at + area + i] = bytes[from + 1]! / 127.5 - 1
    into[at + 2 * area + i] = bytes[from + 2]! / 127.5 - 1
  }
  return into
}
