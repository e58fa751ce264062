// Drawing of the camera view on 2D canvases: the place with its crop, and the figure as the clip's camera sees it.
// A plain canvas is as sharp as the display, and works where there is no WebGL.
import { BODY, projectPoint } from '../../../main/motion'
import type { Camera, Keypoints } from '../../../main/motion'
import { Vector3 } from 'three'
import type { Crop } from '../../../main/api'
import { bodyLinks, handLinks, rigLinks } from '../../editor/motion-figure'
import type { Side } from '../../editor/motion-figure'
import { cropRect, pictureRect } from '../../editor/motion-frame'
import type { Rect } from '../../editor/motion-frame'
import type { SampledBody, SampledMotion } from '../../editor/motion-sample'
import { colours } from '../animate/colours'
import type { Box } from '../animate/canvas'
import type { Place } from './place'

type Context = CanvasRenderingContext2D

/** A line of the figure, in pixels of the clip. */
interface Stroke {
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
  readonly side: Side
  readonly weight: number
  readonly joint: boolean
}

/** How much of the place and the figure is seen outside the frame. */
const outside = { place: 0.13, figure: 0.35 }
const radius = 6

/** The whole picture faintly, and what the frame shows of it at full strength. */
export function drawPlace(context: Context, box: Box, frame: Rect, place: Place | undefined, crop: Crop): void {
  const { bg0, bg2 } = colours()
  context.fillStyle = bg0
  context.fillRect(0, 0, box.width, box.height)
  if (place) {
    const at = pictureRect(place, cropRect(place, frame, crop), frame)
    context.imageSmoothingQuality = 'high'
    context.globalAlpha = outside.place
    context.drawImage(place.bitmap, at.x, at.y, at.width, at.height)
    context.globalAlpha = 1
    shadow(context, frame)
    context.save()
    roundRect(context, frame)
    context.clip()
    context.drawImage(place.bitmap, at.x, at.y, at.width, at.height)
    context.restore()
  } else {
    shadow(context, frame)
    context.fillStyle = bg2
    roundRect(context, frame)
    context.fill()
  }
}

function shadow(context: Context, frame: Rect): void {
  context.save()
  context.shadowColor = '#000c'
  context.shadowBlur = 28
  context.shadowOffsetY = 6
  context.fillStyle = colours().bg0
  roundRect(context, frame)
  context.fill()
  context.restore()
}

export interface FigureOptions {
  readonly ghosts: boolean
  readonly trails: boolean
}

/** Seconds before and after now at which ghosts stand, and their strength. */
const ghosts = [
  { seconds: 0.8, alpha: 0.24 },
  { seconds: 0.4, alpha: 0.36 },
]

/** The figure of `at`, with its ghosts and the path of its hips along the ground. */
export function drawFigure(
  context: Context,
  box: Box,
  frame: Rect,
  motion: SampledMotion,
  at: number,
  options: FigureOptions,
): void {
  const scale = frame.width / motion.width
  const thick = thickness(motion, at, scale)
  context.save()
  context.translate(frame.x, frame.y)
  if (options.trails && motion.kind === 'motion') drawTrail(context, motion, at, scale)
  if (options.ghosts)
    for (const { seconds, alpha } of ghosts)
      for (const sign of [-1, 1]) {
        const then = at + sign * Math.round(seconds * motion.fps)
        if (then >= 0 && then < motion.frames) drawGhost(context, strokes(motion, then, at), scale, thick, alpha)
      }
  drawStrokes(context, strokes(motion, at, at), scale, thick)
  context.restore()
  dimOutside(context, box, frame)
}

/** Takes strength from what is drawn beside the frame. */
function dimOutside(context: Context, box: Box, frame: Rect): void {
  const [right, bottom] = [frame.x + frame.width, frame.y + frame.height]
  context.save()
  context.globalCompositeOperation = 'destination-out'
  context.globalAlpha = 1 - outside.figure
  context.fillRect(0, 0, box.width, frame.y)
  context.fillRect(0, bottom, box.width, box.height - bottom)
  context.fillRect(0, frame.y, frame.x, frame.height)
  context.fillRect(right, frame.y, box.width - right, frame.height)
  context.restore()
}

/** Pixels of a limb's stroke: a share of the standing person. */
function thickness(motion: SampledMotion, at: number, scale: number): number {
  const limits = (size: number) => Math.min(9, Math.max(2, size))
  if (motion.kind === 'poses') return limits(0.0095 * motion.height * scale)
  const camera = motion.cameras[at]
  const [, , depth] = projectPoint(camera, jointAt(motion, at, motion.names.indexOf('hips')))
  return limits((0.017 * motion.tall * camera.K[4] * scale) / Math.max(0.1, depth))
}

function drawStrokes(context: Context, lines: readonly Stroke[], scale: number, thick: number): void {
  const palette = colours()
  context.lineCap = 'round'
  // A dark edge keeps the figure apart from a bright place.
  context.strokeStyle = '#0006'
  for (const { weight, path } of grouped(lines, scale, ({ weight }) => `${weight}`)) {
    context.lineWidth = Math.max(1, thick * weight) + 2
    context.stroke(path)
  }
  for (const { side, weight, path } of grouped(lines, scale, look)) {
    context.strokeStyle = palette[side]
    context.lineWidth = Math.max(1, thick * weight)
    context.stroke(path)
  }
  const joints = new Path2D()
  for (const { to, joint } of lines) {
    if (!joint) continue
    const [x, y] = [to[0] * scale, to[1] * scale]
    joints.moveTo(x + 0.72 * thick, y)
    joints.arc(x, y, 0.72 * thick, 0, 2 * Math.PI)
  }
  context.fillStyle = palette.bg0
  context.strokeStyle = palette.fg0
  context.lineWidth = Math.max(1, 0.28 * thick)
  context.fill(joints)
  context.stroke(joints)
}

/** Limbs only: fingers of ghosts are more than the eye wants. */
function drawGhost(context: Context, lines: readonly Stroke[], scale: number, thick: number, alpha: number): void {
  context.lineCap = 'round'
  context.globalAlpha = alpha
  const limbs = lines.filter(({ weight }) => weight > 0.5)
  for (const { side, path } of grouped(limbs, scale, ({ side }) => side)) {
    context.strokeStyle = colours()[side]
    context.lineWidth = Math.max(1, thick)
    context.stroke(path)
  }
  context.globalAlpha = 1
}

const look = ({ side, weight }: Stroke): string => `${side} ${weight}`

/** Lines that look alike as one path each: few strokes are fast, and where they overlap they do not darken. */
function grouped(lines: readonly Stroke[], scale: number, key: (line: Stroke) => string) {
  const groups = new Map<string, { side: Side; weight: number; path: Path2D }>()
  for (const line of lines) {
    let group = groups.get(key(line))
    if (!group) groups.set(key(line), (group = { side: line.side, weight: line.weight, path: new Path2D() }))
    group.path.moveTo(line.from[0] * scale, line.from[1] * scale)
    group.path.lineTo(line.to[0] * scale, line.to[1] * scale)
  }
  return groups.values()
}

/** Metres: nearer than this a point counts as behind the camera. */
const near = 0.05

/** The lines of frame `then`, seen by the camera of frame `at`. */
function strokes(motion: SampledMotion, then: number, at: number): Stroke[] {
  return motion.kind === 'motion' ? bodyStrokes(motion, then, motion.cameras[at]) : poseStrokes(motion.poses[then])
}

function bodyStrokes(motion: SampledBody, frame: number, camera: Camera): Stroke[] {
  const places = motion.names.map((_, i) => projectPoint(camera, jointAt(motion, frame, i)))
  const index = indexOf(motion)
  return rigLinks.flatMap((link) => {
    const from = places[index.get(link.from)!]
    const to = places[index.get(link.to)!]
    return from[2] < near || to[2] < near ? [] : [{ ...link, from: [from[0], from[1]], to: [to[0], to[1]] }]
  })
}

const indices = new WeakMap<readonly string[], Map<string, number>>()
function indexOf({ names }: SampledBody): Map<string, number> {
  let index = indices.get(names)
  if (!index) indices.set(names, (index = new Map(names.map((name, i) => [name, i]))))
  return index
}

const seen = 0.05

function poseStrokes({ body, leftHand, rightHand }: Keypoints): Stroke[] {
  const lines: Stroke[] = []
  const put = (points: Float32Array, links: typeof bodyLinks) => {
    for (const { from, to, ...look } of links)
      if (points[from * 3 + 2] > seen && points[to * 3 + 2] > seen)
        lines.push({ ...look, from: pointOf(points, from), to: pointOf(points, to) })
  }
  const hips = [BODY.leftHip, BODY.rightHip].filter((point) => body[point * 3 + 2] > seen)
  if (hips.length === 2 && body[BODY.neck * 3 + 2] > seen) {
    const [left, right] = hips.map((point) => pointOf(body, point))
    const middle: [number, number] = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2]
    const spine = { weight: 1.1, joint: true, from: middle }
    lines.push({ ...spine, side: 'center', joint: true, to: pointOf(body, BODY.neck) })
    lines.push({ ...spine, side: 'left', weight: 1, to: left }, { ...spine, side: 'right', weight: 1, to: right })
  }
  put(body, bodyLinks)
  put(leftHand, leftLinks)
  put(rightHand, rightLinks)
  return lines
}
const leftLinks = handLinks('left')
const rightLinks = handLinks('right')
const pointOf = (points: Float32Array, i: number): [number, number] => [points[i * 3], points[i * 3 + 1]]

/** Pixels: between two dots of a trail, their radius, and how many dots say nothing (who stays in place). */
const dotGap = 9
const dotRadius = 1.8
const fewDots = 7

/** The way of the hips along the ground, as the camera of frame `at` sees it. */
function drawTrail(context: Context, motion: SampledBody, at: number, scale: number): void {
  const hips = motion.names.indexOf('hips')
  const dots: [number, number][] = []
  for (let frame = 0; frame < motion.frames; frame++) {
    const [x, y, depth] = projectPoint(motion.cameras[at], jointAt(motion, frame, hips).setY(0))
    if (depth < near) continue
    const last = dots.at(-1)
    const way = last ? Math.hypot(x * scale - last[0], y * scale - last[1]) : 0
    if (!last || way > 40 * dotGap) dots.push([x * scale, y * scale])
    else
      for (let gone = dotGap; gone <= way; gone += dotGap)
        dots.push([last[0] + ((x * scale - last[0]) * gone) / way, last[1] + ((y * scale - last[1]) * gone) / way])
  }
  if (dots.length < fewDots) return
  const path = new Path2D()
  for (const [x, y] of dots) {
    path.moveTo(x + dotRadius, y)
    path.arc(x, y, dotRadius, 0, 2 * Math.PI)
  }
  context.strokeStyle = '#0008'
  context.lineWidth = 1.5
  context.stroke(path)
  context.fillStyle = colours().accent
  context.fill(path)
}

const point = new Vector3()
const jointAt = (motion: SampledBody, frame: number, joint: number): Vector3 =>
  point.fromArray(motion.joints, (frame * motion.names.length + joint) * 3)

function roundRect(context: Context, { x, y, width, height }: Rect): void {
  context.beginPath()
  context.roundRect(x, y, width, height, radius)
}
