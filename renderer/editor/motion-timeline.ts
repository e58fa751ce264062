// Frames and pixels of the timeline: what part of the clip is shown, where a frame lies, which frames the ruler names.

/** The frames at the left and right edge, not always whole. */
export interface TimeView {
  readonly from: number
  readonly to: number
}

/** Frames that must stay visible when zooming in. */
const fewest = 8

export const wholeClip = (frames: number): TimeView => ({ from: 0, to: Math.max(1, frames - 1) })

/** Pixels from the left edge at which `frame` lies, in a track `width` pixels wide. */
export function frameToX(view: TimeView, width: number, frame: number): number {
  return ((frame - view.from) / (view.to - view.from)) * width
}

/** The whole frame nearest to a pixel, within the clip. */
export function xToFrame(view: TimeView, width: number, x: number, frames: number): number {
  const frame = Math.round(view.from + (x / Math.max(1, width)) * (view.to - view.from))
  return Math.min(frames - 1, Math.max(0, frame))
}

/** Zooms by `factor` (above 1: closer) so that the frame under the pixel stays there; never beyond the clip. */
export function zoomAt(view: TimeView, factor: number, width: number, x: number, frames: number): TimeView {
  const whole = wholeClip(frames)
  const span = Math.min(whole.to, Math.max(Math.min(fewest, whole.to), (view.to - view.from) / factor))
  const share = x / Math.max(1, width)
  const held = view.from + share * (view.to - view.from)
  return panTo(held - share * span, span, frames)
}

/** Moves by a number of frames, never beyond the clip. */
export function pan(view: TimeView, by: number, frames: number): TimeView {
  return panTo(view.from + by, view.to - view.from, frames)
}

/** The least move that brings `frame` into view, by a whole page when it has left: what a playhead does. */
export function follow(view: TimeView, frame: number, frames: number): TimeView {
  if (frame >= view.from && frame <= view.to) return view
  return panTo(frame, view.to - view.from, frames)
}

function panTo(from: number, span: number, frames: number): TimeView {
  const start = Math.max(0, Math.min(wholeClip(frames).to - span, from))
  return { from: start, to: start + span }
}

const steps = [1, 2, 5, 10, 12, 24, 48, 60, 120, 240, 480, 600, 1200, 2400]

/**
 * Frames (0-based) that get a number, at least `apart` pixels from each other, and those that get a line between. Numbers count from
 * 1, as artists do: frame 0 is named 1, then whole multiples of the step.
 */
export function rulerTicks(
  view: TimeView,
  width: number,
  frames: number,
  apart = 56,
): { named: { frame: number; label: string }[]; lines: number[] } {
  const perFrame = width / (view.to - view.from)
  const step = steps.find((one) => one * perFrame >= apart) ?? steps.at(-1)!
  const minor = steps.filter((one) => step % one === 0 && one * perFrame >= 18)[0] ?? step
  const named: { frame: number; label: string }[] = []
  const lines: number[] = []
  const last = Math.min(frames, Math.floor(view.to) + 1)
  for (let label = Math.max(1, Math.ceil(view.from) + 1); label <= last; label++) {
    const isNamed = label === 1 ? true : label % step === 0 && (label - 1) * perFrame >= apart * 0.6
    if (isNamed) named.push({ frame: label - 1, label: String(label) })
    if (isNamed || label % minor === 0) lines.push(label - 1)
  }
  return { named, lines }
}
