// OpenPose JSON: one file per frame as OpenPose writes it (BODY_25 or COCO-18, hands or not, pixels or shares of the frame), or all
// frames in one file as editors write it. People come and go and change places in the list; one of them is followed.

import { z } from 'zod'
import { MotionError } from '../errors'
import { fillGaps, scaleKeypoints } from '../keypoints'
import { emptyKeypoints, pointArrays } from '../types'
import type { Keypoints, PoseSequence } from '../types'

export interface OpenPoseFile {
  name: string
  /** The parsed content. */
  json: unknown
}

export interface OpenPoseOptions {
  /** Size of the footage in pixels; else what the files say, else the usual video size that holds all points. */
  width?: number
  height?: number
  /** Frames per second of the footage; 30 unless given, the files do not say. */
  fps?: number
}

const numbers = z.array(z.number().min(-1e6).max(1e6)).nullish()
/** Pixels. */
const side = z.number().min(1).max(1e6)
const personSchema = z.object({
  pose_keypoints_2d: numbers,
  pose_keypoints: numbers,
  hand_left_keypoints_2d: numbers,
  hand_right_keypoints_2d: numbers,
})
const frameSchema = z.object({
  people: z.array(personSchema),
  canvas_width: side.optional(),
  canvas_height: side.optional(),
})
type FrameJson = z.infer<typeof frameSchema>

/** Where each of our 18 points lies among BODY_25's. */
const FROM_BODY_25 = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
const FROM_COCO_18 = Array.from({ length: 18 }, (_, i) => i)
const USUAL_SIZES = [
  [640, 480],
  [854, 480],
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
] as const
/** So many people of a frame are told apart. */
const CROWD = 20
/** More than an hour of footage. */
const MOST_FRAMES = 120_000
/** Missing frame numbers up to this many seconds are frames in which nobody was found; more is a cut, and is closed. */
const LONGEST_GAP = 2

/** A folder of OpenPose files as a pose sequence. Throws MotionError when there is nothing, nobody, or something else in it. */
export function importOpenPose(files: readonly OpenPoseFile[], options: OpenPoseOptions = {}): PoseSequence {
  if (files.length === 0)
    throw new MotionError(
      'OpenPose motion: the folder holds no .json files; give the folder that OpenPose wrote with --write_json',
    )
  const fps = options.fps ?? 30
  const frames = inOrder(files, Math.round(LONGEST_GAP * fps))
  if (frames.length > MOST_FRAMES)
    throw new MotionError(`OpenPose motion: ${frames.length} frames; cut the footage into parts of at most an hour`)
  const people = frames.map((frame) =>
    frame ? frame.json.people.flatMap((person) => readPerson(person, frame.name) ?? []) : [],
  )
  const chosen = followOne(people)
  if (!chosen.some(Boolean))
    throw new MotionError(`OpenPose motion: nobody in ${files.length} files (${files[0]!.name}, ...)`)
  const first = chosen.findIndex(Boolean)
  const end = chosen.findLastIndex(Boolean) + 1
  const size = frameSize(
    frames.flatMap((frame) => frame?.json ?? []),
    chosen.flatMap((k) => k ?? []),
    options,
  )
  const poses = chosen.slice(first, end).map((keypoints) => (keypoints ? size.toPixels(keypoints) : emptyKeypoints()))
  return fillGaps({ width: size.width, height: size.height, fps, frames: poses })
}

interface NumberedFrame {
  name: string
  json: FrameJson
}

/** Frames by the number in their names; undefined where numbers are missing. */
function inOrder(files: readonly OpenPoseFile[], longestGap: number): (NumberedFrame | undefined)[] {
  const numbered = files.flatMap(({ name, json }) => {
    const list = Array.isArray(json) ? json : [json]
    return list.map((frame, i) => ({ name, number: list.length > 1 ? i : frameNumber(name), json: check(frame, name) }))
  })
  if (numbered.some(({ number }) => number === undefined)) {
    return numbered.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  }
  numbered.sort((a, b) => a.number! - b.number!)
  const steps = numbered.slice(1).map((frame, i) => frame.number! - numbered[i]!.number!)
  const twice = steps.indexOf(0)
  if (twice >= 0)
    throw new MotionError(
      `OpenPose motion: ${numbered[twice]!.name} and ${numbered[twice + 1]!.name} are both frame ${numbered[twice]!.number}; keep one clip per folder`,
    )
  const usual = mostCommon(steps) ?? 1
  const frames: (NumberedFrame | undefined)[] = []
  numbered.forEach((frame, i) => {
    const missing = i === 0 ? 0 : Math.round(steps[i - 1]! / usual) - 1
    if (missing <= longestGap) for (let k = 0; k < missing; k++) frames.push(undefined)
    frames.push(frame)
  })
  return frames
}

/** The last number of a file's name: `clip_2_000000000052_keypoints.json` is frame 52. */
function frameNumber(name: string): number | undefined {
  const digits = name
    .replace(/^.*[/\\]/, '')
    .replace(/\.json$/i, '')
    .replace(/_keypoints$/i, '')
    .match(/\d+/g)
  return digits ? Number(digits.at(-1)) : undefined
}

function check(json: unknown, name: string): FrameJson {
  const parsed = frameSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new MotionError(
    `OpenPose motion: ${name}: ${issue.path.join('.') || 'content'}: ${issue.message}; expected { "people": [{ "pose_keypoints_2d": [x, y, confidence, ...] }] }`,
  )
}

function readPerson(person: z.infer<typeof personSchema>, name: string): Keypoints | undefined {
  const values = person.pose_keypoints_2d ?? person.pose_keypoints ?? []
  if (values.length === 0) return undefined
  const order = values.length === 75 ? FROM_BODY_25 : values.length === 54 ? FROM_COCO_18 : undefined
  if (!order)
    throw new MotionError(
      `OpenPose motion: ${name}: a person of ${values.length} numbers; known are BODY_25 (75) and COCO (54): x, y, confidence per point`,
    )
  const keypoints = emptyKeypoints()
  order.forEach((from, i) => keypoints.body.set(values.slice(from * 3, from * 3 + 3), i * 3))
  const hands = [person.hand_left_keypoints_2d, person.hand_right_keypoints_2d]
  ;[keypoints.leftHand, keypoints.rightHand].forEach((points, i) => {
    if (hands[i]?.length === 63) points.set(hands[i])
  })
  for (const points of pointArrays(keypoints)) {
    for (let i = 0; i < points.length; i += 3) {
      // older writers mark a lost point by the origin alone
      const lost = !(points[i + 2]! > 0) || (points[i] === 0 && points[i + 1] === 0)
      if (lost) points.fill(0, i, i + 3)
      else points[i + 2] = Math.min(1, points[i + 2]!)
    }
  }
  return pointArrays(keypoints)[0].some((value) => value !== 0) ? keypoints : undefined
}

interface Track {
  frames: (Keypoints | undefined)[]
  last: Keypoints
  /** Of the person, pixels. */
  size: number
  lastFrame: number
  /** Sum over frames of size times confidence: who is large and stays wins. */
  weight: number
}

/** The person followed through all frames: the largest, most lasting of the tracks. Of a crowd only the largest are looked at. */
function followOne(people: Keypoints[][]): (Keypoints | undefined)[] {
  let live: Track[] = []
  let best: Track | undefined
  const end = (track: Track) => {
    if (!best || track.weight > best.weight) best = track
  }
  people.forEach((all, f) => {
    const found = all.length <= CROWD ? all : [...all].sort((a, b) => extent(b) - extent(a)).slice(0, CROWD)
    const free = new Set(found)
    live.sort((a, b) => b.weight - a.weight)
    const lost = (track: Track, rank: number) => f - track.lastFrame > 60 || rank >= 3 * CROWD
    live.filter(lost).forEach(end)
    live = live.filter((track, rank) => !lost(track, rank))
    for (const track of [...live]) {
      let same: Keypoints | undefined
      let nearest = 0.5 + 0.02 * (f - track.lastFrame)
      for (const person of free) {
        const distance = apart(track.last, person) / track.size
        if (distance < nearest) [same, nearest] = [person, distance]
      }
      if (same) {
        free.delete(same)
        extend(track, same, f)
      }
    }
    for (const person of free) {
      const track: Track = { frames: [], last: person, size: 1, lastFrame: f, weight: 0 }
      live.push(track)
      extend(track, person, f)
    }
  })
  live.forEach(end)
  return people.map((_, f) => best?.frames[f])
}

function extend(track: Track, person: Keypoints, f: number) {
  track.frames[f] = person
  track.last = person
  track.lastFrame = f
  const { body } = person
  const confidence = body.reduce((sum, value, i) => (i % 3 === 2 ? sum + value : sum), 0) / 18
  track.size = Math.max(1e-9, extent(person))
  track.weight += confidence * track.size
}

/** Half the perimeter of the box around a person. */
function extent({ body }: Keypoints): number {
  const range = (axis: number) => {
    const values = Array.from({ length: 18 }, (_, i) => i).filter((i) => body[i * 3 + 2]! > 0)
    const along = values.map((i) => body[i * 3 + axis]!)
    return Math.max(...along) - Math.min(...along)
  }
  return range(0) + range(1)
}

/** Mean distance of the points both have. */
function apart(a: Keypoints, b: Keypoints): number {
  let sum = 0
  let count = 0
  for (let i = 0; i < a.body.length; i += 3) {
    if (a.body[i + 2]! === 0 || b.body[i + 2]! === 0) continue
    sum += Math.hypot(a.body[i]! - b.body[i]!, a.body[i + 1]! - b.body[i + 1]!)
    count++
  }
  return count === 0 ? Infinity : sum / count
}

interface FrameSize {
  width: number
  height: number
  toPixels: (keypoints: Keypoints) => Keypoints
}

/** The footage's size, and how its coordinates become pixels: they are shares of the frame if all lie within -1..1.5. */
function frameSize(frames: FrameJson[], people: Keypoints[], options: OpenPoseOptions): FrameSize {
  let [low, right, bottom] = [Infinity, -Infinity, -Infinity]
  for (const { body } of people)
    for (let i = 0; i < body.length; i += 3) {
      if (body[i + 2]! === 0) continue
      low = Math.min(low, body[i]!, body[i + 1]!)
      right = Math.max(right, body[i]!)
      bottom = Math.max(bottom, body[i + 1]!)
    }
  const shares = Math.max(right, bottom) <= 1.5 && low >= -1.5
  const canvas = frames.find((frame) => frame.canvas_width && frame.canvas_height)
  const [width, height] =
    options.width && options.height
      ? [options.width, options.height]
      : canvas
        ? [canvas.canvas_width!, canvas.canvas_height!]
        : shares
          ? [1280, 720]
          : usualSize(right, bottom)
  if (!shares) return { width, height, toPixels: (keypoints) => keypoints }
  // --keypoint_scale 4 writes -1..1, scale 3 writes 0..1
  const signed = low < -0.1
  const toPixels = (keypoints: Keypoints) =>
    signed
      ? scaleKeypoints(keypoints, width / 2, height / 2, width / 2, height / 2)
      : scaleKeypoints(keypoints, width, height)
  return { width, height, toPixels }
}

function usualSize(right: number, bottom: number): [number, number] {
  for (const [long, short] of USUAL_SIZES) {
    if (right <= long && bottom <= short) return [long, short]
    if (right <= short && bottom <= long) return [short, long]
  }
  return [Math.ceil(right), Math.ceil(bottom)]
}

function mostCommon(values: number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0]
}
