// What comes out of MediaPipe's person detector, made into people: anchors, decoding, and merging of overlapping boxes.
// Source: mediapipe/modules/pose_detection/pose_detection.pbtxt and the calculators it names.
import type { Region } from './region'

export const DETECTOR_SIDE = 224

/** One person: box and alignment points in the unit square of the detector's view (0..1, y down). */
export interface Detection {
  score: number
  /** Left, top, right, bottom of the head-and-shoulders box. */
  box: [number, number, number, number]
  /** Middle of the hips, a point on the circle around the whole body, middle of the shoulders, a point on the circle around the upper body. */
  points: [number, number][]
}

/** Anchor centres [2254, 2] in 0..1: two per cell at stride 8 and 16, six at stride 32 (three layers of two), each of unit size. */
export function anchors(): Float32Array {
  const centres: number[] = []
  for (const [stride, perCell] of [
    [8, 2],
    [16, 2],
    [32, 6],
  ] as const) {
    const cells = DETECTOR_SIDE / stride
    for (let y = 0; y < cells; y++)
      for (let x = 0; x < cells; x++)
        for (let k = 0; k < perCell; k++) centres.push((x + 0.5) / cells, (y + 0.5) / cells)
  }
  return Float32Array.from(centres)
}

const CENTRES = anchors()
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-Math.min(Math.max(x, -100), 100)))

/**
 * @param boxes [2254, 12]: centre x, y, width, height, then four points, in pixels of the 224-px view relative to the anchor
 * @param scores [2254] logits
 * @returns people with at least `threshold` probability, best first; overlapping boxes (intersection over union above 0.3) are averaged by score
 */
export function decodeDetections(boxes: Float32Array, scores: Float32Array, threshold: number): Detection[] {
  const found: Detection[] = []
  for (let i = 0; i < scores.length; i++) {
    const score = sigmoid(scores[i]!)
    if (score < threshold) continue
    const raw = Array.from(boxes.subarray(i * 12, i * 12 + 12), (value) => value / DETECTOR_SIDE)
    const [ax, ay] = [CENTRES[2 * i]!, CENTRES[2 * i + 1]!]
    const [x, y, w, h] = [raw[0]! + ax, raw[1]! + ay, raw[2]!, raw[3]!]
    const points = [4, 6, 8, 10].map((at): [number, number] => [raw[at]! + ax, raw[at + 1]! + ay])
    found.push({ score, box: [x - w / 2, y - h / 2, x + w / 2, y + h / 2], points })
  }
  return mergeOverlapping(found.sort((a, b) => b.score - a.score))
}

function overlap(a: Detection['box'], b: Detection['box']): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  if (width <= 0 || height <= 0) return 0
  const area = (box: Detection['box']): number => (box[2] - box[0]) * (box[3] - box[1])
  return (width * height) / (area(a) + area(b) - width * height)
}

/** Weighted non-maximum suppression: each best box takes the score-weighted mean of all that overlap it. */
function mergeOverlapping(sorted: Detection[]): Detection[] {
  const people: Detection[] = []
  let rest = sorted
  while (rest.length > 0) {
    const best = rest[0]!
    const same = rest.filter((other) => other === best || overlap(best.box, other.box) > 0.3)
    rest = rest.filter((other) => !same.includes(other))
    const total = same.reduce((sum, d) => sum + d.score, 0)
    const mean = (value: (d: Detection) => number): number =>
      same.reduce((sum, d) => sum + value(d) * d.score, 0) / total
    people.push({
      score: best.score,
      box: [0, 1, 2, 3].map((i) => mean((d) => d.box[i]!)) as Detection['box'],
      points: best.points.map((_, k): [number, number] => [mean((d) => d.points[k]![0]), mean((d) => d.points[k]![1])]),
    })
  }
  return people
}

/** The whole body's square: centred on the hips, upright along hips-to-`edge` (a point on the circle around the body), 25% larger than that circle. */
export function bodyRegion(hips: readonly [number, number], edge: readonly [number, number]): Region {
  const [dx, dy] = [edge[0] - hips[0], edge[1] - hips[1]]
  return { x: hips[0], y: hips[1], size: 2.5 * Math.hypot(dx, dy), rotation: Math.atan2(dx, -dy) }
}
