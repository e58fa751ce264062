// Long clips by overlapping windows: the model thinks about a fixed number of frames at a time, and neighbouring windows are
// cross-faded where they overlap.

export interface Window {
  /** First frame of the clip that this window covers. */
  readonly start: number
  readonly length: number
}

/** Frames that neighbouring windows of a render share at least. */
export const windowOverlap = 4

/** Windows of `length` frames that cover `frames`, neighbours sharing at least `overlap`. One window when it is enough. */
export function planWindows(frames: number, length: number, overlap: number): Window[] {
  if (frames <= length) return [{ start: 0, length: frames }]
  const count = Math.ceil((frames - overlap) / (length - overlap))
  // Evenly spread, so that no window is a mere remainder.
  return Array.from({ length: count }, (_, i) => ({ start: Math.round((i * (frames - length)) / (count - 1)), length }))
}

/** How much of frame `frame` comes from the window that starts at `next` rather than from the one that ends at `end`: 0..1. */
export function crossfade(frame: number, next: number, end: number): number {
  return Math.min(Math.max((frame - next + 1) / (end - next + 1), 0), 1)
}
