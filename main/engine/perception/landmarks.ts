// What comes out of MediaPipe's pose landmark network, made into points on the picture.
// Source: mediapipe/modules/pose_landmark/*.pbtxt, refine_landmarks_from_heatmap_calculator.
import { type Region, fromRegion } from './region'

export const LANDMARK_SIDE = 256
/** 33 points of the body and 6 for alignment (33: middle of the hips, 34: a point on the circle around the body). */
export const LANDMARKS = 39
const HEATMAP = 64

/** Raw outputs of the landmark network for one region. */
export interface LandmarkOutputs {
  /** [39, 5]: x, y, z in pixels of the 256-px view; visibility and presence logits. */
  landmarks: Float32Array
  /** [1]: probability that a person is in the region. */
  score: Float32Array
  /** [256, 256] logits of the person. */
  mask: Float32Array
  /** [64, 64, 39] logits of each point's place. */
  heatmap: Float32Array
  /** [39, 3] metres, origin at the hips, y down, in the region's turned frame. */
  world: Float32Array
}

export interface Landmark {
  /** Picture pixels. */
  x: number
  y: number
  /** Probability that the point is seen (not hidden), and that it lies inside the region. */
  visibility: number
  presence: number
  /** Metres from the hips: x to the right of the picture, y down, z away from the viewer. */
  world: [number, number, number]
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** The network's 39 points in picture pixels, sharpened by its heat maps. */
export function decodeLandmarks(outputs: LandmarkOutputs, region: Region): Landmark[] {
  const [cos, sin] = [Math.cos(region.rotation), Math.sin(region.rotation)]
  return Array.from({ length: LANDMARKS }, (_, k): Landmark => {
    const raw = outputs.landmarks.subarray(k * 5, k * 5 + 5)
    const [u, v] = refine(outputs.heatmap, k, raw[0]! / LANDMARK_SIDE, raw[1]! / LANDMARK_SIDE)
    const [x, y] = fromRegion(region, u, v)
    const [wx, wy, wz] = outputs.world.subarray(k * 3, k * 3 + 3) as unknown as [number, number, number]
    return {
      x,
      y,
      visibility: sigmoid(raw[3]!),
      presence: sigmoid(raw[4]!),
      world: [wx * cos - wy * sin, wx * sin + wy * cos, wz],
    }
  })
}

/** Moves a point to the centre of mass of its heat map within 7x7 cells, when the map is sure of itself there (probability of 0.5 or more). */
function refine(heatmap: Float32Array, k: number, u: number, v: number): [number, number] {
  const [column, row] = [Math.trunc(u * HEATMAP), Math.trunc(v * HEATMAP)]
  if (column < 0 || row < 0 || column >= HEATMAP || row >= HEATMAP) return [u, v]
  let [sum, best, x, y] = [0, 0, 0, 0]
  for (let r = Math.max(0, row - 3); r <= Math.min(HEATMAP - 1, row + 3); r++) {
    for (let c = Math.max(0, column - 3); c <= Math.min(HEATMAP - 1, column + 3); c++) {
      const confidence = sigmoid(heatmap[(r * HEATMAP + c) * LANDMARKS + k]!)
      sum += confidence
      best = Math.max(best, confidence)
      x += c * confidence
      y += r * confidence
    }
  }
  return best < 0.5 || sum <= 0 ? [u, v] : [x / HEATMAP / sum, y / HEATMAP / sum]
}
