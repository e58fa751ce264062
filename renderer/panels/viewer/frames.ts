// Frames and seconds of a playing clip. Frame n is on screen from n/fps to (n+1)/fps; a seek aims at the middle of that span,
// so that rounding in a decoder never shows a neighbour.

/** The frame on screen at `seconds`, 0..frames-1. */
export const frameAt = (seconds: number, fps: number, frames: number): number =>
  Math.max(0, Math.min(frames - 1, Math.floor(seconds * fps + 1e-3)))

/** Where to seek so that `frame` is on screen, seconds. */
export const timeOf = (frame: number, fps: number, frames: number): number =>
  (Math.max(0, Math.min(frames - 1, frame)) + 0.5) / fps

/** '0:02.13': minutes, seconds, frames within the second. */
export function timecode(frame: number, fps: number): string {
  const rate = Math.max(1, Math.round(fps))
  const two = (value: number) => String(value).padStart(2, '0')
  const seconds = Math.floor(frame / rate)
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}.${two(frame % rate)}`
}

/** Speeds that the viewer offers, as multiples of the clip's own. */
export const speeds = [0.25, 0.5, 1, 2] as const

/**
 * How a following clip catches up with the leading one: null when they are together within `tolerance` seconds, 'seek' when
 * they are too far apart to bend time, else the playback rate for now.
 */
export function follow(leader: number, follower: number, rate: number, tolerance: number): number | 'seek' | null {
  const behind = leader - follower
  if (Math.abs(behind) <= tolerance) return null
  if (Math.abs(behind) > 0.25) return 'seek'
  return rate * (1 + Math.max(-0.25, Math.min(0.25, behind * 4)))
}
