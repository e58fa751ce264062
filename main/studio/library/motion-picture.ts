// A motion's thumbnail: its skeleton at five moments, side by side, the earlier ones as ghosts of the last.
import type { Picture } from '../../media'
import { drawPose, hipCentre, mapKeypoints, pointArrays, projectMotion } from '../../motion'
import type { Keypoints, MotionContent } from '../../motion'

const width = 320
const height = 180
const moments = 5
/** The dark ground of a window's cards. */
const ground = [26, 28, 34] as const
const margin = 12

/** Draws the motion's picture, RGB. */
export function motionPicture(content: MotionContent): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = ground[i % 3]!
  const placed = inRow(fiveOf(content))
  placed.forEach((keypoints, i) => {
    const strength = 0.3 + (0.7 * (i + 1)) / placed.length
    const figure = drawPose(keypoints, width, height)
    for (let at = 0; at < data.length; at++) data[at] = Math.max(data[at]!, figure[at]! * strength)
  })
  return { width, height, channels: 3, data }
}

function fiveOf(content: MotionContent): Keypoints[] {
  if (content.kind === 'motion') {
    const { motion } = content
    // The last moment lies before the end, which in a loop looks like the start.
    const fps = motion.duration > 0 ? moments / motion.duration : 1
    return projectMotion(motion, { width, height, fps, frames: motion.duration > 0 ? moments : 1 }).frames
  }
  const { frames } = content.poses
  const seen = frames.filter((frame) => hipCentre(frame) !== undefined)
  const from = seen.length > 0 ? seen : frames
  const count = Math.min(moments, from.length)
  return Array.from({ length: count }, (_, i) => from[Math.floor((i * from.length) / count)]!)
}

/** The figures at one scale, as tall as the picture allows, each in the middle of its column. */
function inRow(figures: readonly Keypoints[]): Keypoints[] {
  const boxes = figures.map((figure) => {
    const [xs, ys]: [number[], number[]] = [[], []]
    for (const points of pointArrays(figure))
      for (let i = 0; i < points.length; i += 3) {
        if (points[i + 2]! <= 0.05) continue
        xs.push(points[i]!)
        ys.push(points[i + 1]!)
      }
    return xs.length === 0
      ? { left: 0, right: 1, top: 0, bottom: 1 }
      : { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
  })
  const tallest = Math.max(1, ...boxes.map(({ top, bottom }) => bottom - top))
  const widest = Math.max(1, ...boxes.map(({ left, right }) => right - left))
  const column = width / figures.length
  // Neighbours may overlap a little: arms out wide should not shrink the figures.
  const scale = Math.min((height - 2 * margin) / tallest, (1.6 * column) / widest)
  return figures.map((figure, i) => {
    const { left, right, bottom } = boxes[i]!
    const centre = (left + right) / 2
    return mapKeypoints(figure, (x, y) => [
      (x - centre) * scale + (i + 0.5) * column,
      (y - bottom) * scale + height - (height - tallest * scale) / 2,
    ])
  })
}
