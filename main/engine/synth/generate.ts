// A clip of synthetic footage from a seed: somebody does something somewhere, a camera sees it, and everything about it is known.
// Each ingredient has its own stream of chance, so that the poses and cameras are the same with and without pixels.
import { Vector3 } from 'three'
import { intrinsics, lookAt } from '../../motion/camera'
import type { Camera } from '../../motion/camera'
import type { WorldPose } from '../../motion/motion'
import { projectJoints } from '../../motion/project'
import type { Keypoints } from '../../motion/types'
import { Random } from '../nn/random'
import { FLOW_CELL } from '../training/clip'
import type { Clip, PoseClip } from '../training/clip'
import { actionFor, facingOf, posesOf } from './action'
import type { Action } from './action'
import { encode } from './colour'
import { bakeFloorLight } from './floor-light'
import { backgroundFlow } from './flow'
import { makePerson } from './person'
import type { Person } from './person'
import { FIRST_PART, drawPerson } from './person-image'
import { bodyParts } from './person-shape'
import { makePlace } from './place-kinds'
import type { Light, Place } from './place'
import { SUPERSAMPLING, createCanvas, drawPlace } from './place-image'
import type { Canvas } from './place-image'
import { drawShadow } from './shadow'
import { makeShot } from './shot'
import type { Shot } from './shot'

export interface SynthOptions {
  /** Whole number; the same options give the same bytes. */
  seed: number
  /** Pixels, multiples of 8. */
  width: number
  height: number
  frames: number
  fps: number
}

/** Sizes and length that clips have when nothing else is said: horizontal, vertical, square. */
export const SYNTH_SIZES: readonly (readonly [width: number, height: number])[] = [
  [96, 64],
  [64, 96],
  [80, 80],
]
export const SYNTH_FRAMES = 13
export const SYNTH_FPS = 12

interface Scene {
  random: Random
  action: Action
  poses: WorldPose[]
  shot: Shot
  place: Place
}

function makeScene(options: SynthOptions): Scene {
  const { seed, width, height, frames, fps } = options
  if (width % FLOW_CELL || height % FLOW_CELL || width < 16 || height < 16)
    throw new RangeError(
      `synthetic clip: size ${width}x${height}; both sides must be multiples of ${FLOW_CELL}, at least 16`,
    )
  if (!Number.isInteger(frames) || frames < 1 || !(fps > 0))
    throw new RangeError(`synthetic clip: ${frames} frames at ${fps} per second`)
  const random = new Random(`synth ${seed}`)
  const action = actionFor(seed, (frames - 1) / fps)
  const poses = posesOf(action, random.fork('moment'), frames, fps)
  const shot = makeShot(random.fork('shot'), action, poses, options)
  const place = makePlace(random.fork('place'), shot.staging)
  return { random, action, poses, shot, place }
}

/** Key points, cameras and background flow of clip `seed`, without any pixel: a few milliseconds. */
export function samplePoseAndFlow(options: SynthOptions): PoseClip {
  return poseClip(options, makeScene(options))
}

function poseClip({ seed, width, height, fps }: SynthOptions, { action, poses, shot, place }: Scene): PoseClip {
  const { cameras, personCameras } = shot
  const { flow, valid, cameraPath } = backgroundFlow(place, cameras)
  return {
    id: `synth-${seed}-${width}x${height}`,
    source: 'synth',
    width,
    height,
    fps,
    hint: shot.hint,
    cameraMode: `${shot.mode}, ${action.name}, ${place.kind}`,
    poses: poses.map((pose, t) => projectJoints(pose.positions, personCameras[t]!)),
    intrinsics: Float32Array.from(cameras.flatMap((camera) => camera.K)),
    extrinsics: Float32Array.from(cameras.flatMap((camera) => camera.w2c)),
    backgroundFlow: flow,
    backgroundFlowValid: valid,
    cameraPath,
  }
}

/** The whole clip `seed`. */
export function generateClip(options: SynthOptions): Clip {
  const scene = makeScene(options)
  const { random, action, poses, shot, place } = scene
  const { width, height } = options
  const person = makePerson(random.fork('person'), action.build)
  const exposure = Math.exp(0.14 * random.fork('exposure').normal())
  const canvas = createCanvas(width, height)
  const pixels = width * height
  const frames = new Uint8Array(poses.length * pixels * 3)
  const background = new Uint8Array(frames.length)
  const humanMask = new Uint8Array(poses.length * pixels)
  const handMask = new Uint8Array(humanMask.length)
  const centre = shot.staging.subjects[poses.length >> 1]!
  const floor = bakeFloorLight(place, centre.x, centre.z, place.room ? 6 : 14)
  const projected = shot.cameras !== shot.personCameras
  poses.forEach((pose, t) => {
    const camera = shot.cameras[t]!
    const at = t * pixels * 3
    drawPlace(place, floor, camera, canvas)
    develop(canvas, exposure, background.subarray(at, at + pixels * 3))
    if (projected) canvas.depth.fill(Infinity)
    else drawShadow(pose, person.size, place.light, floor, camera, canvas)
    const parts = bodyParts(person, pose)
    drawPerson(parts, place.light, shot.personCameras[t]!, canvas)
    develop(canvas, exposure, frames.subarray(at, at + pixels * 3))
    coverage(canvas, (id) => id >= FIRST_PART, humanMask.subarray(t * pixels, (t + 1) * pixels))
    coverage(
      canvas,
      (id) => id >= FIRST_PART && parts[id - FIRST_PART]!.hand,
      handMask.subarray(t * pixels, (t + 1) * pixels),
    )
  })
  return {
    ...poseClip(options, scene),
    frames,
    background,
    humanMask,
    handMask,
    ...referenceHuman(scene, person, exposure, canvas, options),
  }
}

/** The person as a user's picture would show it: another moment, mostly from the front, whole, on neutral grey. */
function referenceHuman(
  { random, action, place }: Scene,
  person: Person,
  exposure: number,
  canvas: Canvas,
  { width, height }: SynthOptions,
) {
  const chance = random.fork('reference')
  const pose = posesOf(action, chance, 1, 1)[0]!
  const choice = chance.next()
  const turn =
    choice < 0.78
      ? 0.28 * chance.normal()
      : choice < 0.9
        ? chance.next() < 0.5
          ? 1.2
          : -1.2
        : Math.PI + 0.4 * chance.normal()
  const camera = portraitCamera(pose, facingOf(pose) + turn, width, height)
  canvas.depth.fill(Infinity)
  canvas.id.fill(-1)
  const parts = bodyParts(person, pose)
  drawPerson(parts, portraitLight(chance, place.light), camera, canvas)
  const referenceMask = new Uint8Array(width * height)
  coverage(canvas, (id) => id >= FIRST_PART, referenceMask)
  const referenceHuman = new Uint8Array(width * height * 3)
  develop(canvas, exposure, referenceHuman, 127)
  const reference: Keypoints = projectJoints(pose.positions, camera)
  return { referenceHuman, referenceMask, reference }
}

/** A level camera from which the whole person fills about 85% of the frame's height, or 92% of its width. */
function portraitCamera(pose: WorldPose, from: number, width: number, height: number): Camera {
  const [s, c] = [Math.sin(from), Math.cos(from)]
  let [left, right, top, bottom] = [Infinity, -Infinity, -Infinity, Infinity]
  for (const p of pose.positions.values()) {
    const across = p.x * c - p.z * s
    left = Math.min(left, across - 0.05)
    right = Math.max(right, across + 0.05)
    top = Math.max(top, p.y + 0.02)
    bottom = Math.min(bottom, p.y)
  }
  const focal = 2 * Math.max(width, height)
  const hips = pose.positions.get('hips')!
  const distance = focal * Math.max((top - bottom) / (0.85 * height), (right - left) / (0.92 * width))
  const across = (left + right) / 2
  const along = hips.x * s + hips.z * c
  const target = new Vector3(across * c + along * s, (top + bottom) / 2, -across * s + along * c)
  const eye = target.clone().add(new Vector3(s, 0, c).multiplyScalar(distance))
  return { K: intrinsics(focal, width, height), w2c: lookAt(eye, target), width, height }
}

/** The place's light, or that of a studio: pictures of a person are seldom taken where they are to appear. */
function portraitLight(random: Random, light: Light): Light {
  if (random.next() < 0.4)
    return { ...light, lamp: undefined, towards: light.lamp ? [0.3, 0.8, 0.52] : light.towards } as Light
  const turn = random.uniform(0, 2 * Math.PI)
  const fill = random.uniform(0.45, 0.7)
  const strength = random.uniform(0.4, 0.8)
  return {
    towards: [0.6 * Math.sin(turn), 0.75, 0.6 * Math.cos(turn)],
    colour: [strength, strength, strength],
    above: [fill, fill, fill],
    below: [fill * 0.8, fill * 0.8, fill * 0.8],
  }
}

/** Samples to bytes: exposure, sRGB, averaged per pixel. With `ground`, samples that show nobody have that byte. */
function develop({ width, colour, id }: Canvas, exposure: number, out: Uint8Array, ground?: number): void {
  const pixelsAcross = width / SUPERSAMPLING
  const share = 1 / (SUPERSAMPLING * SUPERSAMPLING)
  for (let pixel = 0; pixel < out.length / 3; pixel++) {
    const corner = Math.floor(pixel / pixelsAcross) * SUPERSAMPLING * width + (pixel % pixelsAcross) * SUPERSAMPLING
    let [r, g, b] = [0.5, 0.5, 0.5]
    for (let j = 0; j < SUPERSAMPLING; j++)
      for (let i = 0; i < SUPERSAMPLING; i++) {
        const at = corner + j * width + i
        if (ground !== undefined && id[at]! < FIRST_PART) {
          r += ground * share
          g += ground * share
          b += ground * share
        } else {
          r += encode(colour[at * 3]! * exposure) * share
          g += encode(colour[at * 3 + 1]! * exposure) * share
          b += encode(colour[at * 3 + 2]! * exposure) * share
        }
      }
    out[pixel * 3] = r
    out[pixel * 3 + 1] = g
    out[pixel * 3 + 2] = b
  }
}

/** 255 times the share of each pixel's samples whose id satisfies `chosen`. */
function coverage({ width, id }: Canvas, chosen: (id: number) => boolean, out: Uint8Array): void {
  const pixelsAcross = width / SUPERSAMPLING
  for (let pixel = 0; pixel < out.length; pixel++) {
    const corner = Math.floor(pixel / pixelsAcross) * SUPERSAMPLING * width + (pixel % pixelsAcross) * SUPERSAMPLING
    let count = 0
    for (let j = 0; j < SUPERSAMPLING; j++)
      for (let i = 0; i < SUPERSAMPLING; i++) if (chosen(id[corner + j * width + i]!)) count++
    out[pixel] = Math.round((255 * count) / SUPERSAMPLING ** 2)
  }
}
