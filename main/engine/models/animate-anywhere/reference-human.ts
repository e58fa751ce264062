// The human's picture made ready to be taken apart: colours continued beyond the outline (so that no sampled edge drags the
// old surroundings along) and an ownership map that says which bone carries which pixel.
import type { Keypoints } from '../../../motion/types'
import { bonePose, bones, boneCount } from './puppet'

/** A human picture ready for composition. */
export interface ReferenceHuman {
  readonly width: number
  readonly height: number
  /** [K, 4, H, W] per bone: red, green, blue in [-1, 1] and the share of the person that this bone owns there, 0..1. */
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
  const colour = extendColours(rgb, mask, width, height)
  const owned = ownership(mask, width, height, keypoints)
  const layers = new Float32Array(boneCount * 4 * area)
  for (let k = 0; k < boneCount; k++) {
    layers.set(colour, k * 4 * area)
    const share = k * area
    const out = (k * 4 + 3) * area
    for (let i = 0; i < area; i++) layers[out + i] = owned[share + i]! * mask[i]!
  }
  return { width, height, layers, keypoints }
}

/**
 * Skinning weights [K, H, W]: softmax over bones of -(distance to bone - radius) / softness, with the distance measured by
 * walking inside the person, so that a hand hanging beside the hip is not owned by the hip.
 */
export function ownership(mask: Float32Array, width: number, height: number, keypoints: Keypoints): Float32Array {
  const area = width * height
  const pose = bonePose(keypoints)
  const pixel = pose.size / 50 // one pixel of a body 50 px tall
  const distances = new Float32Array(boneCount * area).fill(Infinity)
  for (let k = 0; k < boneCount; k++) {
    if (!pose.known[k]) continue
    walkDistance(
      distances.subarray(k * area, (k + 1) * area),
      mask,
      width,
      height,
      pose.ends.subarray(k * 4, k * 4 + 4),
      pixel,
    )
  }
  const softness = 0.8 * pixel
  for (let i = 0; i < area; i++) {
    let best = Infinity
    for (let k = 0; k < boneCount; k++) best = Math.min(best, distances[k * area + i]! - bones[k]!.radius * pixel)
    let sum = 0
    for (let k = 0; k < boneCount; k++) {
      const weight = Math.exp(-(distances[k * area + i]! - bones[k]!.radius * pixel - best) / softness)
      distances[k * area + i] = weight
      sum += weight
    }
    for (let k = 0; k < boneCount; k++) distances[k * area + i] = sum > 0 ? distances[k * area + i]! / sum : 0
  }
  return distances
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
