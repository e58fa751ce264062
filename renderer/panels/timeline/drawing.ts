// Drawing of the timeline's rows: keys as diamonds, dense keys as bands, feet on the ground as bars.
import { runsOf } from '../../editor/motion-rows'
import type { Row, RowSide, Run } from '../../editor/motion-rows'
import type { SampledBody, SampledMotion } from '../../editor/motion-sample'
import { frameToX, rulerTicks } from '../../editor/motion-timeline'
import type { TimeView } from '../../editor/motion-timeline'
import { colours } from '../animate/colours'

/** Pixels. */
export const rulerHeight = 28
export const leastRow = 18
export const mostRow = 24
/** Room at both sides of the track, so that the first and last key are whole. */
export const inset = 12

/** Keys nearer than this (pixels) run into each other. */
const apart = 9
/** Fewer such keys are still drawn one by one. */
const band = 6
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
    if (motion.kind === 'motion') drawActivity(context, motion, row, middle(i), tall, x)
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
  const runs = runsOf(places, apart)
  let first = 0
  runs.forEach((run, i) => {
    const { from, to, count } = run
    const next = runs.at(i + 1)
    if (next) bar(context, to, next.from, y, 1.5, 0.45)
    if (to >= -diamond && from <= width + diamond) {
      if (isBand(run)) bar(context, from - 3, to + 3, y, 5, 0.3)
      else for (const place of places.slice(first, first + count)) drawDiamond(context, place, y)
    }
    first += count
  })
}
const isBand = ({ count }: Run): boolean => count >= band

/** Over a row's bands: how much the part moves, as a wave about the row's middle. */
function drawActivity(
  context: Context,
  { activity, frames }: SampledBody,
  row: Row,
  y: number,
  tall: number,
  x: (frame: number) => number,
): void {
  const wave = activity[row.name] as Float32Array | undefined
  const dense = runsOf(row.keys.map(x), apart).filter(isBand)
  if (!wave || dense.length === 0) return
  const height = (frame: number) => 0.75 + 0.36 * tall * wave[frame]
  context.save()
  context.beginPath()
  for (const { from, to } of dense) context.rect(from - 3, y - tall / 2, to - from + 6, tall)
  context.clip()
  context.beginPath()
  for (let frame = 0; frame < frames; frame++) context.lineTo(x(frame), y - height(frame))
  for (let frame = frames - 1; frame >= 0; frame--) context.lineTo(x(frame), y + height(frame))
  context.closePath()
  context.fillStyle = row.side === 'framing' ? colours().accent : colours()[row.side]
  context.globalAlpha = 0.55
  context.fill()
  context.restore()
}

/** Left foot above, right foot below, in one row. */
function drawContacts(context: Context, { contacts }: SampledBody, y: number, x: (frame: number) => number): void {
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
