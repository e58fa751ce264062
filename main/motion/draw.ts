// The pose picture: OpenPose's coloured skeleton on black, the form in which the network is given a pose, in training and rendering.
// Each stroke is a capsule filled from its exact distance, row span by row span, so a small frame costs well under a millisecond.

import { BODY, BODY_LIMBS, HAND_LIMBS } from './types'
import type { Keypoints } from './types'

type Colour = readonly [number, number, number]

/** OpenPose's rainbow: one colour per body point, and in the same order one per limb. */
const BODY_COLOURS: readonly Colour[] = [
  [255, 0, 0],
  [255, 85, 0],
  [255, 170, 0],
  [255, 255, 0],
  [170, 255, 0],
  [85, 255, 0],
  [0, 255, 0],
  [0, 255, 85],
  [0, 255, 170],
  [0, 255, 255],
  [0, 170, 255],
  [0, 85, 255],
  [0, 0, 255],
  [85, 0, 255],
  [170, 0, 255],
  [255, 0, 255],
  [255, 0, 170],
  [255, 0, 85],
]

const FACE_POINTS = new Set([BODY.nose, BODY.leftEye, BODY.rightEye, BODY.leftEar, BODY.rightEar])
const FIRST_FACE_LIMB = 12
/** Limbs are drawn darker than points, as OpenPose does, so that joints stay readable. */
const LIMB_SHADE = 0.6
const HAND_COLOURS: readonly Colour[] = HAND_LIMBS.map((_, i) => hue(i / HAND_LIMBS.length))
const HAND_POINT: Colour = [0, 0, 255]

/**
 * The pose as RGB bytes [height, width, 3]. Points are in pixels of this width and height (see scaleKeypoints). A point's confidence
 * fades it below 0.4. Stroke width follows the person's size, within limits that keep it visible at 96x64.
 */
export function drawPose(keypoints: Keypoints, width: number, height: number): Uint8Array {
  const image = new Uint8Array(width * height * 3)
  const radius = strokeRadius(keypoints.body, width, height)
  const fine = Math.max(0.55, radius * 0.42)
  const { body } = keypoints
  BODY_LIMBS.forEach(([a, b], i) => {
    const stroke = i >= FIRST_FACE_LIMB ? Math.max(0.6, radius * 0.55) : radius
    link(body, a, b, stroke, shade(BODY_COLOURS[i]!, LIMB_SHADE))
  })
  BODY_COLOURS.forEach((colour, i) => dot(body, i, radius * (FACE_POINTS.has(i) ? 1.15 : 1.25), colour))
  for (const hand of [keypoints.leftHand, keypoints.rightHand]) {
    HAND_LIMBS.forEach(([a, b], i) => link(hand, a, b, fine, HAND_COLOURS[i]!))
    if (fine > 1.5) for (let i = 0; i < 21; i++) dot(hand, i, fine * 1.1, HAND_POINT)
  }
  return image

  function link(points: Float32Array, a: number, b: number, stroke: number, colour: Colour) {
    const alpha = Math.min(opacity(points[a * 3 + 2]!), opacity(points[b * 3 + 2]!))
    if (alpha === 0) return
    const [ax, ay, bx, by] = [points[a * 3]!, points[a * 3 + 1]!, points[b * 3]!, points[b * 3 + 1]!]
    capsule(image, width, height, ax, ay, bx, by, stroke, colour, alpha)
  }
  function dot(points: Float32Array, i: number, stroke: number, colour: Colour) {
    const alpha = opacity(points[i * 3 + 2]!)
    const [x, y] = [points[i * 3]!, points[i * 3 + 1]!]
    if (alpha > 0) capsule(image, width, height, x, y, x, y, stroke, colour, alpha)
  }
}

function opacity(confidence: number): number {
  return confidence < 0.05 ? 0 : Math.min(1, confidence / 0.4)
}

/** Half a limb's stroke in pixels: 1.2% of the standing person, whose height is told by its longest-looking part. */
function strokeRadius(body: Float32Array, width: number, height: number): number {
  const frame = Math.sqrt(width * height)
  const span = (a: number, b: number) =>
    body[a * 3 + 2]! > 0.05 && body[b * 3 + 2]! > 0.05
      ? Math.hypot(body[a * 3]! - body[b * 3]!, body[a * 3 + 1]! - body[b * 3 + 1]!)
      : 0
  const person = Math.max(
    3.3 * span(BODY.neck, BODY.leftHip),
    3.3 * span(BODY.neck, BODY.rightHip),
    4.1 * span(BODY.leftHip, BODY.leftKnee),
    4.1 * span(BODY.rightHip, BODY.rightKnee),
    4.2 * span(BODY.leftKnee, BODY.leftAnkle),
    4.2 * span(BODY.rightKnee, BODY.rightAnkle),
  )
  return Math.max(0.9, 0.0075 * frame, Math.min(0.02 * frame, 0.012 * person))
}

/** Lays a capsule from (ax, ay) to (bx, by) over the image; coverage falls from 1 to 0 over the pixel at its edge. */
function capsule(
  image: Uint8Array,
  width: number,
  height: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  radius: number,
  [red, green, blue]: Colour,
  alpha: number,
) {
  const reach = radius + 0.5
  const dx = bx - ax
  const dy = by - ay
  const length2 = dx * dx + dy * dy
  const top = Math.max(0, Math.floor(Math.min(ay, by) - reach))
  const bottom = Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach))
  for (let row = top; row <= bottom; row++) {
    const y = row + 0.5
    // the part of the segment within reach of this row bounds the row's span
    let from = 0
    let to = 1
    if (dy !== 0) {
      const s = (y - reach - ay) / dy
      const e = (y + reach - ay) / dy
      from = Math.max(0, Math.min(s, e))
      to = Math.min(1, Math.max(s, e))
      if (from > to) continue
    }
    const x0 = ax + from * dx
    const x1 = ax + to * dx
    const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach))
    const right = Math.min(width - 1, Math.ceil(Math.max(x0, x1) + reach))
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - ax
      const py = y - ay
      const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length2))
      const ex = px - t * dx
      const ey = py - t * dy
      const cover = reach - Math.sqrt(ex * ex + ey * ey)
      if (cover <= 0) continue
      const share = cover >= 1 ? alpha : cover * alpha
      const at = (row * width + column) * 3
      image[at] = image[at]! + (red - image[at]!) * share + 0.5
      image[at + 1] = image[at + 1]! + (green - image[at + 1]!) * share + 0.5
      image[at + 2] = image[at + 2]! + (blue - image[at + 2]!) * share + 0.5
    }
  }
}

function shade([r, g, b]: Colour, by: number): Colour {
  return [r * by, g * by, b * by]
}

/** Fully saturated colour of hue 0..1. */
function hue(h: number): Colour {
  const channel = (shift: number) => 255 * Math.min(1, Math.max(0, Math.abs(((h * 6 + shift) % 6) - 3) - 1))
  return [channel(0), channel(4), channel(2)]
}
