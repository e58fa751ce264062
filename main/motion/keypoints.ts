// Small work on key points: scaling, mirroring, other frame rates, filling what a detector lost for a moment.

import { BODY_POINTS, emptyKeypoints, pointArrays } from './types'
import type { BodyPoint, Keypoints, PoseSequence } from './types'

const SEEN = 0.05
const ARRAYS = ['body', 'leftHand', 'rightHand'] as const

/** A copy with every present point moved to `place(x, y)`. */
export function mapKeypoints(
  keypoints: Keypoints,
  place: (x: number, y: number) => readonly [number, number],
): Keypoints {
  const moved = (points: Float32Array) => {
    const out = points.slice()
    for (let i = 0; i < out.length; i += 3) if (out[i + 2]! > 0) out.set(place(out[i]!, out[i + 1]!), i)
    return out
  }
  return { body: moved(keypoints.body), leftHand: moved(keypoints.leftHand), rightHand: moved(keypoints.rightHand) }
}

/** Key points of a picture that is resized by (sx, sy), then moved by (dx, dy) pixels. */
export function scaleKeypoints(keypoints: Keypoints, sx: number, sy = sx, dx = 0, dy = 0): Keypoints {
  return mapKeypoints(keypoints, (x, y) => [x * sx + dx, y * sy + dy])
}

/** A sequence for a frame of another size: as large as it can be whole, centred. */
export function fitSequence(sequence: PoseSequence, width: number, height: number): PoseSequence {
  const scale = Math.min(width / sequence.width, height / sequence.height)
  const dx = (width - sequence.width * scale) / 2
  const dy = (height - sequence.height * scale) / 2
  return {
    ...sequence,
    width,
    height,
    frames: sequence.frames.map((frame) => scaleKeypoints(frame, scale, scale, dx, dy)),
  }
}

/** For each body point the one that takes its place in a mirror. */
const MIRRORED = BODY_POINTS.map((name) => {
  const other = name.replace(/^(left|right)/, (side) => (side === 'left' ? 'right' : 'left'))
  return BODY_POINTS.indexOf(other as BodyPoint)
})

/** The key points of the mirrored picture: x flipped within `width`, left and right exchanged. */
export function flipKeypoints(keypoints: Keypoints, width: number): Keypoints {
  const { body, leftHand, rightHand } = mapKeypoints(keypoints, (x, y) => [width - x, y])
  const exchanged = new Float32Array(body.length)
  MIRRORED.forEach((from, i) => exchanged.set(body.subarray(from * 3, from * 3 + 3), i * 3))
  return { body: exchanged, leftHand: rightHand, rightHand: leftHand }
}

/** Key points between `a` (share 0) and `b` (share 1); a point seen in only one of them is taken from it while it is the nearer. */
export function mixKeypoints(a: Keypoints, b: Keypoints, share: number): Keypoints {
  const out = emptyKeypoints()
  for (const name of ARRAYS) {
    const [from, to, mixed] = [a[name], b[name], out[name]]
    for (let i = 0; i < mixed.length; i += 3) {
      if (from[i + 2]! > 0 && to[i + 2]! > 0)
        for (let k = i; k < i + 3; k++) mixed[k] = from[k]! + (to[k]! - from[k]!) * share
      else mixed.set((share < 0.5 ? from : to).subarray(i, i + 3), i)
    }
  }
  return out
}

/** The sequence at another rate; `frames` frames (its own duration when absent). Beyond its end the last pose is held. */
export function resamplePoses(sequence: PoseSequence, fps: number, frames?: number): PoseSequence {
  const { length } = sequence.frames
  const count = frames ?? Math.max(1, Math.round((length / sequence.fps) * fps))
  const resampled = Array.from({ length: count }, (_, i) => {
    const at = Math.min(length - 1, (i * sequence.fps) / fps)
    const before = Math.floor(at)
    return mixKeypoints(sequence.frames[before]!, sequence.frames[Math.min(length - 1, before + 1)]!, at - before)
  })
  return { ...sequence, fps, frames: resampled }
}

/** Points lost for at most `seconds` come back on the straight line between where they were and where they return. */
export function fillGaps(sequence: PoseSequence, seconds = 0.5): PoseSequence {
  const longest = Math.round(seconds * sequence.fps)
  const frames = sequence.frames.map((frame) => mapKeypoints(frame, (x, y) => [x, y]))
  const arrays = frames.map(pointArrays)
  for (let part = 0; part < 3; part++) {
    for (let i = 0; i < arrays[0]![part]!.length; i += 3) {
      let last = -1
      for (let f = 0; f < frames.length; f++) {
        const points = arrays[f]![part]!
        if (points[i + 2]! < SEEN) continue
        if (last >= 0 && f - last > 1 && f - last - 1 <= longest) bridge(last, f, part, i)
        last = f
      }
    }
  }
  return { ...sequence, frames }

  function bridge(from: number, to: number, part: number, i: number) {
    const [a, b] = [arrays[from]![part]!, arrays[to]![part]!]
    for (let f = from + 1; f < to; f++) {
      const share = (f - from) / (to - from)
      const confidence = Math.min(a[i + 2]!, b[i + 2]!)
      arrays[f]![part]!.set(
        [a[i]! + (b[i]! - a[i]!) * share, a[i + 1]! + (b[i + 1]! - a[i + 1]!) * share, confidence],
        i,
      )
    }
  }
}
