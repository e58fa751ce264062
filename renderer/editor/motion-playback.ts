// How a playhead moves: by steps, and by time. Frames are whole and 0-based; a range (first..last) bounds playing, not stepping.

export interface PlayRange {
  readonly first: number
  readonly last: number
}

export const clampFrame = (frame: number, frames: number): number => Math.min(frames - 1, Math.max(0, frame))

/** The frame `by` steps on; at an end it goes round when looping, else stays. */
export function stepFrame(frame: number, by: number, frames: number, loop: boolean): number {
  const to = frame + by
  return loop ? ((to % frames) + frames) % frames : clampFrame(to, frames)
}

/** Where playing begins: a playhead outside the range, or at its end with no loop, starts at the range's first frame. */
export function startFrame(frame: number, range: PlayRange, loop: boolean): number {
  const outside = frame < range.first || frame > range.last
  return outside || (!loop && frame >= range.last) ? range.first : frame
}

/**
 * The place (in frames, not whole) after `seconds` more at `fps` x `speed`. Each frame is shown for its whole time, so the range ends
 * at last + 1; there it goes round, or stays on the last frame and `ended` says so.
 */
export function advance(
  place: number,
  seconds: number,
  { fps, speed, range, loop }: { fps: number; speed: number; range: PlayRange; loop: boolean },
): { place: number; ended: boolean } {
  const length = range.last + 1 - range.first
  const next = place + seconds * fps * speed
  if (next < range.last + 1) return { place: next, ended: false }
  if (!loop) return { place: range.last, ended: true }
  return { place: range.first + ((next - range.first) % length), ended: false }
}

/** A range within the clip, first before last. */
export function clampRange(range: PlayRange, frames: number): PlayRange {
  const first = clampFrame(Math.min(range.first, range.last), frames)
  return { first, last: clampFrame(Math.max(range.first, range.last), frames) }
}
