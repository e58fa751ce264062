// A BVH motion as places and turns in the world: y up, metres, whatever axes and units the file has.

import { Quaternion, Vector3 } from 'three'
import { MotionError } from '../errors'
import { AVERAGE } from '../rig'
import { mapBody } from './bvh-names'
import type { BodyMap, LimbPart, Side } from './bvh-names'
import type { Bvh, BvhNode } from './bvh-parse'

export interface SourceFrame {
  /** World place of each node, metres, y up. */
  places: Vector3[]
  /** World turn of each node against the file's zero pose. */
  turns: Quaternion[]
}

export interface Source {
  map: BodyMap
  frames: SourceFrame[]
  /** Seconds between frames. */
  step: number
  /** The pose of the offsets alone, in the file's axes, if it is a standing person; some exporters lay all bones along one axis. */
  rest: RestPose | undefined
  /** The nodes that hang on a node, nearest first. */
  below: (node: number) => number[]
}

/** Directions of the standing rest pose in the file's axes. */
export interface RestPose {
  left: Vector3
  up: Vector3
}

/** Keys are written at about this rate at most. */
const KEY_FPS = 30

const AXES = [new Vector3(1, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0, 1)]

/** Plays the file. Throws MotionError when it holds no human body. */
export function readSource(bvh: Bvh, name: string): Source {
  const { nodes } = bvh
  const stride = keyStride(bvh)
  const skip = startsWithCalibration(bvh) ? 1 : 0
  const rows = bvh.rows.filter((_, i) => i >= skip && (i - skip) % stride === 0)
  const frames = rows.map((row) => forward(nodes, row))
  const map = mapBody(nodes, frames[0]!.places)
  if (!map) {
    const some = nodes.slice(0, 8).map((node) => node.name)
    throw new MotionError(
      `motion ${name}: no human body found in the skeleton (${some.join(', ')}, ...): it needs two legs, two arms and a head on one trunk`,
    )
  }
  const rest = standingRest(map, forward(nodes, undefined).places)
  const upright = new Quaternion().setFromUnitVectors(upAxis(map, frames, rest), new Vector3(0, 1, 0))
  const scale = metresPerUnit(map, frames, name)
  for (const { places, turns } of frames) {
    for (const place of places) place.applyQuaternion(upright).multiplyScalar(scale)
    for (const turn of turns) turn.premultiply(upright)
  }
  const below = (node: number): number[] => {
    const found = [node]
    for (const one of found) nodes.forEach(({ parent }, i) => parent === one && found.push(i))
    return found.slice(1)
  }
  return { map, frames, step: bvh.frameTime * stride, rest, below }
}

/** Of so many rows one becomes a frame. */
export function keyStride({ frameTime }: Bvh): number {
  return Math.max(1, Math.round(1 / (KEY_FPS * frameTime)))
}

/** Forward kinematics of one row; without a row, of the offsets alone. Position channels stand in place of the offset. */
function forward(nodes: BvhNode[], row: Float64Array | undefined): SourceFrame {
  const places: Vector3[] = []
  const turns: Quaternion[] = []
  let at = 0
  for (const node of nodes) {
    const offset = [...node.offset]
    const own = new Quaternion()
    for (const channel of node.channels) {
      const value = row ? row[at++]! : 0
      const axis = 'XYZ'.indexOf(channel[0]!)
      if (channel.endsWith('rotation'))
        own.multiply(new Quaternion().setFromAxisAngle(AXES[axis]!, (value * Math.PI) / 180))
      else if (row) offset[axis] = value
    }
    const place = new Vector3().fromArray(offset)
    if (node.parent < 0) {
      places.push(place)
      turns.push(own)
    } else {
      places.push(place.applyQuaternion(turns[node.parent]!).add(places[node.parent]!))
      turns.push(turns[node.parent]!.clone().multiply(own))
    }
  }
  return { places, turns }
}

/** Whether the first frame is a T-pose put before the motion: the step out of it dwarfs those after it. */
function startsWithCalibration({ nodes, rows }: Bvh): boolean {
  if (rows.length < 12) return false
  const turns = rows.slice(0, 12).map((row) => forward(nodes, row).turns)
  const step = (i: number) =>
    turns[i]!.reduce((sum, turn, k) => sum + turn.angleTo(turns[i + 1]![k]!), 0) / nodes.length
  const later = Array.from({ length: 10 }, (_, i) => step(i + 1))
  return step(0) > 0.1 && step(0) > 6 * Math.max(...later)
}

/** The place of a part; legs, arms, feet and hands are there in every map. */
export function partPlace(map: BodyMap, frame: SourceFrame, side: Side, part: LimbPart): Vector3 {
  return frame.places[map.limbs[side][part]!]!
}

/** Middle between the left and the right of a part. */
export function middleOf(map: BodyMap, frame: SourceFrame, part: LimbPart): Vector3 {
  return partPlace(map, frame, 'left', part)
    .clone()
    .add(partPlace(map, frame, 'right', part))
    .multiplyScalar(0.5)
}

function standingRest(map: BodyMap, places: Vector3[]): RestPose | undefined {
  const frame = { places, turns: [] }
  const hips = middleOf(map, frame, 'upperLeg')
  const up = nearestAxis(middleOf(map, frame, 'upperArm').sub(hips))
  const left = partPlace(map, frame, 'left', 'upperLeg')
    .clone()
    .sub(partPlace(map, frame, 'right', 'upperLeg'))
  left.addScaledVector(up, -left.dot(up))
  if (left.lengthSq() < 1e-12) return undefined
  left.normalize()
  const shoulders = partPlace(map, frame, 'left', 'upperArm')
    .clone()
    .sub(partPlace(map, frame, 'right', 'upperArm'))
  const stands = (['left', 'right'] as const).every((side) => {
    const leg = partPlace(map, frame, side, 'foot')
      .clone()
      .sub(partPlace(map, frame, side, 'upperLeg'))
    return leg.dot(up) < -0.8 * leg.length()
  })
  return stands && shoulders.dot(left) > 0.5 * shoulders.length() ? { left, up } : undefined
}

/** The file's vertical: the axis along which people are, on average, above their feet; for those who lie, the rest pose's. */
function upAxis(map: BodyMap, frames: SourceFrame[], rest: RestPose | undefined): Vector3 {
  const mean = new Vector3()
  for (const frame of frames) {
    const body = middleOf(map, frame, 'upperArm').sub(middleOf(map, frame, 'foot'))
    mean.add(body.normalize())
  }
  mean.divideScalar(frames.length)
  const axis = nearestAxis(mean)
  return rest && mean.dot(axis) < 0.75 ? rest.up : axis
}

function nearestAxis(direction: Vector3): Vector3 {
  const along = AXES.reduce((best, axis) =>
    Math.abs(direction.dot(axis)) > Math.abs(direction.dot(best)) ? axis : best,
  )
  return along.clone().multiplyScalar(Math.sign(direction.dot(along)) || 1)
}

/** From the length of the legs: files come in inches, centimetres, metres and others, and never say so. */
function metresPerUnit(map: BodyMap, frames: SourceFrame[], name: string): number {
  const length = (part: LimbPart, next: LimbPart) =>
    linkLength(map, frames, 'left', part, next) + linkLength(map, frames, 'right', part, next)
  const leg = (length('upperLeg', 'lowerLeg') + length('lowerLeg', 'foot')) / 2
  if (!(leg > 0)) throw new MotionError(`motion ${name}: the legs of the skeleton have no length; its OFFSETs are zero`)
  return (AVERAGE.upperLeg + AVERAGE.lowerLeg) / leg
}

/** Median length over the motion between two parts of a side. */
export function linkLength(map: BodyMap, frames: SourceFrame[], side: Side, part: LimbPart, next: LimbPart): number {
  return median(frames.map((frame) => partPlace(map, frame, side, part).distanceTo(partPlace(map, frame, side, next))))
}

export function median(values: number[]): number {
  return percentile(values, 0.5)
}

/** The value below which `share` (0..1) of the values lie. */
export function percentile(values: number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.round(share * (values.length - 1))]!
}
