// A clip of synthetic footage from a seed: somebody does something somewhere, a camera sees it, and everything about it is known.
// Each ingredient has its own stream of chance, so that the poses and cameras are the same with and without pixels.
import type { WorldPose } from '../../motion/motion'
import type { Hint } from '../../motion/hints'
import { projectJoints } from '../../motion/project'
import { Random } from '../nn/random'
import { FLOW_CELL } from '../training/clip'
import type { Clip, PoseClip } from '../training/clip'
import { actionFor, posesOf } from './action'
import type { Action } from './action'
import type { Rgb } from './colour'
import { bakeFloorLight } from './floor-light'
import { brightness, coverage, develop } from './develop'
import { backgroundFlow, sameCamera } from './flow'
import { makePerson } from './person'
import { drawPerson } from './person-image'
import { bodyParts } from './person-shape'
import { makePlace } from './place-kinds'
import type { Place } from './place'
import { copyCanvas, createCanvas, drawPlace } from './place-image'
import { makePortrait } from './portrait'
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
  /**
   * Any but 'auto': a clip whose poses leave the camera open and whose place obeys this hint. The same seed has the same poses with every
   * hint. When absent, the seed decides.
   */
  hint?: Hint
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
  const { seed, width, height, frames, fps, hint } = options
  if (width % FLOW_CELL || height % FLOW_CELL || width < 16 || height < 16)
    throw new RangeError(
      `synthetic clip: size ${width}x${height}; both sides must be multiples of ${FLOW_CELL}, at least 16`,
    )
  if (!Number.isInteger(frames) || frames < 1 || !(fps > 0))
    throw new RangeError(`synthetic clip: ${frames} frames at ${fps} per second`)
  if (hint === 'auto') throw new RangeError("synthetic clip: hint 'auto' leaves nothing to obey; leave the hint out")
  const random = new Random(`synth ${seed}`)
  const action = actionFor(seed, (frames - 1) / fps)
  const poses = posesOf(action, random.fork('moment'), frames, fps)
  const shot = makeShot(random.fork('shot'), action, poses, options, hint)
  const place = makePlace(random.fork('place'), shot.staging)
  return { random, action, poses, shot, place }
}

/** Key points, cameras and background flow of clip `seed`, without any pixel: a few milliseconds. */
export function samplePoseAndFlow(options: SynthOptions): PoseClip {
  return poseClip(options, makeScene(options))
}

function poseClip({ seed, width, height, fps, hint }: SynthOptions, { action, poses, shot, place }: Scene): PoseClip {
  const { cameras, personCameras } = shot
  const { flow, valid, cameraPath } = backgroundFlow(place, cameras)
  return {
    id: `synth-${seed}-${width}x${height}${hint ? `-${hint}` : ''}`,
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
  const pixels = options.width * options.height
  const clip = {
    ...poseClip(options, scene),
    frames: new Uint8Array(poses.length * pixels * 3),
    background: new Uint8Array(poses.length * pixels * 3),
    humanMask: new Uint8Array(poses.length * pixels),
    handMask: new Uint8Array(poses.length * pixels),
  }
  const person = makePerson(random.fork('person'), action.build)
  const empty = createCanvas(options.width, options.height)
  const canvas = createCanvas(options.width, options.height)
  const centre = shot.staging.subjects[poses.length >> 1]!
  const floor = bakeFloorLight(place, centre.x, centre.z, place.room ? 6 : 14)
  const projected = shot.cameras !== shot.personCameras
  drawPlace(place, floor, shot.cameras[0]!, empty)
  const gain = makeGain(random.fork('exposure'), brightness(empty))
  poses.forEach((pose, t) => {
    const camera = shot.cameras[t]!
    const picture = (of: Uint8Array) => of.subarray(t * pixels * 3, (t + 1) * pixels * 3)
    const mask = (of: Uint8Array) => of.subarray(t * pixels, (t + 1) * pixels)
    if (t === 0 || !sameCamera(camera, shot.cameras[t - 1]!)) {
      drawPlace(place, floor, camera, empty)
      develop(empty, gain, picture(clip.background))
    } else clip.background.copyWithin(t * pixels * 3, (t - 1) * pixels * 3, t * pixels * 3)
    copyCanvas(empty, canvas)
    if (projected) canvas.depth.fill(Infinity)
    else drawShadow(pose, person.size, place.light, floor, camera, canvas)
    const parts = bodyParts(person, pose)
    drawPerson(parts, place.light, shot.personCameras[t]!, canvas)
    develop(canvas, gain, picture(clip.frames))
    coverage(canvas, mask(clip.humanMask))
    coverage(canvas, mask(clip.handMask), (part) => parts[part]!.hand)
  })
  const elsewhere = random.fork('reference')
  const pose = posesOf(action, elsewhere, 1, 1)[0]!
  return { ...clip, ...makePortrait(elsewhere, person, pose, place.light, makeGain(elsewhere, NORMAL), canvas) }
}

/** Mean linear brightness of a well exposed picture. */
const NORMAL = 0.22

/** Exposure and white balance of a camera that sees a scene of this mean brightness: it makes up for most of it, not for all. */
function makeGain(random: Random, seen: number): Rgb {
  const exposure = (NORMAL / Math.max(0.02, seen)) ** 0.65 * Math.exp(0.15 * random.normal())
  const channel = () => exposure * Math.exp(0.03 * random.normal())
  return [channel(), channel(), channel()]
}
