// BVH import: whatever skeleton, names, axes, units and rest pose a file has, its motion is played on our rig.

import { Quaternion, Vector3 } from 'three'
import { MotionError } from '../errors'
import { localTurns } from '../ik'
import { FOLLOW, headingOf, worldPose } from '../motion'
import type { Motion } from '../motion'
import { AVERAGE, createRig } from '../rig'
import type { Proportions, Rig } from '../rig'
import { writeTracks } from '../tracks'
import type { LimbPart } from './bvh-names'
import { parseBvh } from './bvh-parse'
import type { Bvh } from './bvh-parse'
import { Solver } from './bvh-solve'
import type { SolvedPose } from './bvh-solve'
import { keyStride, linkLength, median, middleOf, partPlace, percentile, readSource } from './bvh-source'
import type { Source, SourceFrame } from './bvh-source'

export interface BvhOptions {
  /**
   * Where the subject faces at the start. 'front' (the default): as in the file if that is within 45 degrees of the camera, else the whole
   * motion is turned just so far that it is; 'keep': as in the file; a number: degrees, 0 = to the camera, positive = to its left.
   */
  heading?: 'front' | 'keep' | number
  /** Of a longer file only so many rows, evenly spread, (two or more) are played: for a quick look. The duration stays. */
  mostRows?: number
}

const UP = new Vector3(0, 1, 0)
const SIDES = ['left', 'right'] as const
const FRONT = Math.PI / 4
/** 20 minutes of keys. */
const MOST_FRAMES = 36_000

/** Reads a BVH file's text. `name` is told in errors and becomes the motion's name. Throws MotionError for what cannot be used. */
export function importBvh(text: string, name: string, options: BvhOptions = {}): Motion {
  const bvh = parseBvh(text, name)
  refuseEndless(bvh, text.length, name)
  const source = readSource(thinned(bvh, options.mostRows), name)
  const proportions = measure(source)
  const rig = createRig(proportions)
  const poses = new Solver(source, rig).solve()
  const first = headingOf(poses[0]!.world.hips!)
  const { heading = 'front' } = options
  const wanted =
    heading === 'keep'
      ? first
      : heading === 'front'
        ? Math.min(FRONT, Math.max(-FRONT, first))
        : (heading * Math.PI) / 180
  const turn = new Quaternion().setFromAxisAngle(UP, wanted - first)
  const start = poses[0]!.root.clone().setY(groundHeight(rig, poses))

  const written = poses.map(({ root, world }, i) => {
    const rotations = localTurns(rig, world)
    rotations.hips!.premultiply(turn)
    return { time: i * source.step, pose: { root: root.sub(start).applyQuaternion(turn), rotations } }
  })
  const title = name.replace(/^.*[/\\]/, '').replace(/\.bvh$/i, '')
  const duration = (source.frames.length - 1) * source.step
  return { name: title, duration, loop: false, proportions, ...writeTracks(written), framing: { ...FOLLOW } }
}

/** Played, a frame takes 40 kB: what is too long for that is told before it is tried, and so is a short text that claims to be long. */
function refuseEndless(bvh: Bvh, characters: number, name: string): void {
  const frames = bvh.rows.length / keyStride(bvh)
  if (frames > MOST_FRAMES)
    throw new MotionError(
      `motion ${name}: ${Math.round((bvh.rows.length * bvh.frameTime) / 60)} minutes of motion; cut it into parts of at most 20 minutes`,
    )
  if (frames * bvh.nodes.length > characters)
    throw new MotionError(`motion ${name}: ${bvh.nodes.length} joints, most of which have no channels; remove those`)
}

function thinned(bvh: Bvh, most = Infinity): Bvh {
  const { length } = bvh.rows
  if (length <= most) return bvh
  const step = (length - 1) / (most - 1)
  const rows = Array.from({ length: most }, (_, i) => bvh.rows[Math.round(i * step)]!)
  return { ...bvh, frameTime: bvh.frameTime * step, rows }
}

/** Where the soles are when they stand; a person in the air most of the time is not expected. */
function groundHeight(rig: Rig, poses: SolvedPose[]): number {
  const heights = poses.map(({ root, world }) => {
    const { positions } = worldPose(rig, { root, rotations: localTurns(rig, world) })
    const soles = SIDES.flatMap((side) => [
      positions.get(`${side}Heel`)!.y,
      positions.get(`${side}Toes`)!.y - 0.25 * rig.proportions.ankle,
    ])
    return Math.min(...soles)
  })
  return percentile(heights, 0.2)
}

/** The file's proportions, alike on both sides and within what bodies have. */
function measure({ map, frames }: Source): Proportions {
  const link = (part: LimbPart, next: LimbPart) =>
    SIDES.reduce((sum, side) => sum + linkLength(map, frames, side, part, next) / 2, 0)
  const between = (part: LimbPart) =>
    median(frames.map((frame) => partPlace(map, frame, 'left', part).distanceTo(partPlace(map, frame, 'right', part))))
  const shoulders = (frame: SourceFrame) => middleOf(map, frame, 'upperArm')
  const measured: Partial<Proportions> = {
    hipWidth: between('upperLeg'),
    upperLeg: link('upperLeg', 'lowerLeg'),
    lowerLeg: link('lowerLeg', 'foot'),
    torso: median(frames.map((frame) => middleOf(map, frame, 'upperLeg').distanceTo(shoulders(frame)))),
    shoulderWidth: between('upperArm'),
    upperArm: link('upperArm', 'lowerArm'),
    lowerArm: link('lowerArm', 'hand'),
    neck: median(frames.map((frame) => frame.places[map.head]!.distanceTo(shoulders(frame)))),
  }
  const clamped = Object.entries(measured).map(([name, value]) => {
    const usual = AVERAGE[name as keyof Proportions]
    return [name, Math.min(1.2 * usual, Math.max(0.85 * usual, value))]
  })
  return { ...AVERAGE, ...Object.fromEntries(clamped) }
}
