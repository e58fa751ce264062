// Drawing of the timeline's rows: keys as diamonds, dense keys as bands, feet on the ground as bars.
import { runsOf } from '../../editor/motion-rows'
import type { Row, RowSide } from '../../editor/motion-rows'
import type { SampledMotion } from '../../editor/motion-sample'
import { frameToX, rulerTicks } from '../../editor/motion-timeline'
import type { TimeView } from '../../editor/motion-timeline'
import { colours } from '../animate/colours'

/** Pixels. */
export const rulerHeight = 28
export const leastRow = 18
export const mostRow = 24
/** Room at both sides of the track, so that the first and last key are whole. */
export const inset = 12

/** Keys nearer than this (pixels) are a band. */
const apart = 9
const diamond = 4.5

type Context = CanvasRenderingContext2D

export interface TrackBox {
  readonly width: number
  readonly height: number
}

/** Names of the rows of a motion, in order; the last shows when the feet stand. */
export function rowNames(motion: SampledMotion): { name: string; side: RowSide }[] {
  const rows = motion.rows.map(({ name, side }) => ({ name, side }))
  return motion.kind === 'motion' ? [...rows, { name: 'Contacts', side: 'center' }] : rows
}

export const rowHeight = (rows: number, height: number): number =>
  Math.min(mostRow, Math.max(leastRow, (height - rulerHeight - 4) / Math.max(1, rows)))

/** The whole track but for the playhead. */
export function drawTrack(context: Context, box: TrackBox, view: TimeView, motion: SampledMotion): void {
  const width = box.width - 2 * inset
  const palette = colours()
  const x = (frame: number) => inset + frameToX(view, width, frame)
  drawRuler(context, box, x, view, width, motion.frames)

  const names = rowNames(motion)
  const tall = rowHeight(names.length, box.height)
  const middle = (row: number) => rulerHeight + (row + 0.5) * tall
  motion.rows.forEach((row, i) => {
    if (i % 2 === 0) {
      context.fillStyle = palette.bg2
      context.globalAlpha = 0.35
      context.fillRect(0, rulerHeight + i * tall, box.width, tall)
      context.globalAlpha = 1
    }
    drawRow(context, row, middle(i), x, box.width)
  })
  if (motion.kind === 'motion') drawContacts(context, motion, middle(names.length - 1), x)
  drawRound(context, motion, x, box.height)
}

function drawRuler(
  context: Context,
  box: TrackBox,
  x: (frame: number) => number,
  view: TimeView,
  width: number,
  frames: number,
): void {
  const palette = colours()
  const { named, lines } = rulerTicks(view, width, frames)
  context.strokeStyle = palette.line1
  context.lineWidth = 1
  context.beginPath()
  for (const frame of lines) {
    const at = Math.round(x(frame)) + 0.5
    context.moveTo(at, rulerHeight - 4)
    context.lineTo(at, box.height)
  }
  context.stroke()
  context.fillStyle = palette.fg2
  context.font = `11px ${palette.font}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { frame, label } of named) context.fillText(label, x(frame), 10)
}

function drawRow(context: Context, row: Row, y: number, x: (frame: number) => number, width: number): void {
  const palette = colours()
  const colour = row.side === 'framing' ? palette.accent : palette[row.side]
  context.fillStyle = colour
  for (const [from, to] of row.spans) bar(context, x(from), x(to), y, 6, 0.45)
  const places = row.keys.map(x)
  if (places.length > 1) {
    context.globalAlpha = 0.4
    context.fillRect(places[0], y - 0.75, places[places.length - 1] - places[0], 1.5)
    context.globalAlpha = 1
  }
  for (const { from, to } of runsOf(places, apart)) {
    if (to < -diamond || from > width + diamond) continue
    if (to > from) bar(context, from - diamond, to + diamond, y, 8, 0.55)
    else drawDiamond(context, from, y)
  }
}

/** Left foot above, right foot below, in one row. */
function drawContacts(
  context: Context,
  { contacts }: Extract<SampledMotion, { kind: 'motion' }>,
  y: number,
  x: (frame: number) => number,
): void {
  for (const side of ['left', 'right'] as const) {
    context.fillStyle = colours()[side]
    for (const [from, to] of contacts[side])
      bar(context, x(from - 0.4), x(to + 0.4), y + (side === 'left' ? -3 : 3), 4, 0.5)
  }
}

/** Where a looping motion begins its next round, or where a shorter one has ended. */
function drawRound(context: Context, motion: SampledMotion, x: (frame: number) => number, height: number): void {
  if (motion.ownFrames >= motion.frames) return
  const { line2 } = colours()
  context.strokeStyle = line2
  context.lineWidth = 1
  context.setLineDash([3, 3])
  context.beginPath()
  for (let frame = motion.ownFrames; frame < motion.frames; frame += motion.ownFrames) {
    const at = Math.round(x(frame)) + 0.5
    context.moveTo(at, rulerHeight)
    context.lineTo(at, height)
  }
  context.stroke()
  context.setLineDash([])
}

function bar(context: Context, from: number, to: number, y: number, tall: number, alpha: number): void {
  context.globalAlpha = alpha
  context.beginPath()
  context.roundRect(from, y - tall / 2, Math.max(2, to - from), tall, tall / 2)
  context.fill()
  context.globalAlpha = 1
}

function drawDiamond(context: Context, x: number, y: number): void {
  context.beginPath()
  context.moveTo(x, y - diamond)
  context.lineTo(x + diamond, y)
  context.lineTo(x, y + diamond)
  context.lineTo(x - diamond, y)
  context.fill()
}
