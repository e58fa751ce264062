// A clip of synthetic footage from a seed: somebody does something somewhere, a camera sees it, and everything about it is known.
// Each ingredient has its own stream of chance, so that the poses and cameras are the same with and without pixels.
import { projectPoint } from '../../motion/camera'
import type { Camera } from '../../motion/camera'
import type { WorldPose } from '../../motion/motion'
import type { Hint } from '../../motion/hints'
import { projectJoints } from '../../motion/project'
import { Random } from '../nn/random'
import { FLOW_CELL, lightBetween } from '../training/clip'
import type { Clip, PlaceClip, PoseClip } from '../training/clip'
import { actionFor, performance, portraitPose } from './action'
import type { Action } from './action'
import type { Rgb } from './colour'
import { bakeFloorLight } from './floor-light'
import { brightness, coverage, develop } from './develop'
import { makeFaults, soften, spoil } from './faults'
import type { Faults } from './faults'
import { backgroundFlow, sameCamera } from './flow'
import { makePerson } from './person'
import type { Person } from './person'
import { drawPerson } from './person-image'
import { bodyParts } from './person-shape'
import { makePlace } from './place-kinds'
import { FLOOR } from './place'
import type { FloorLight, Light, Place } from './place'
import { clear, copyCanvas, createCanvas, drawPlace, raysOf } from './place-image'
import type { Canvas } from './place-image'
import { makePortrait } from './portrait'
import { drawShadow } from './shadow'
import { cameraBetween } from './shoot'
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
  /** The pose at any moment, in frames. */
  poseAt: (frame: number) => WorldPose
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
  const perform = performance(action, random.fork('moment'), (frames - 1) / fps)
  const poseAt = (frame: number) => perform(frame / fps)
  const poses = Array.from({ length: frames }, (_, i) => poseAt(i))
  const shot = makeShot(random.fork('shot'), action, poses, options, hint)
  const place = makePlace(random.fork('place'), shot.staging)
  return { random, action, poses, poseAt, shot, place }
}

/** Key points, cameras and background flow of clip `seed`, without any pixel: a few milliseconds. */
export function samplePoseAndFlow(options: SynthOptions): PoseClip {
  return poseClip(options, makeScene(options))
}

function poseClip({ seed, width, height, fps, hint }: SynthOptions, { action, poses, shot, place }: Scene): PoseClip {
  const { cameras, personCameras } = shot
  const { flow, valid, ...known } = backgroundFlow(place, cameras, distanceOf(poses[0]!, personCameras[0]!))
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
    ...known,
  }
}

/** How far somebody's hips are from a camera, along its view, metres. */
function distanceOf({ positions }: WorldPose, camera: Camera): number {
  return projectPoint(camera, positions.get('hips')!)[2]
}

/** The same, with the place as the first frame shows it, and the person's picture: tens of milliseconds. */
export function samplePlace(options: SynthOptions): PlaceClip {
  const scene = makeScene(options)
  const { random, action, place, poses, shot } = scene
  const pixels = options.width * options.height
  const canvas = createCanvas(options.width, options.height)
  const { floor, gain } = setUp(scene, canvas)
  const ground = new Uint8Array(pixels * 3)
  develop(canvas, gain, ground)
  const person = makePerson(random.fork('person'), action.build)
  const studio = portraitOf(scene, person, canvas)
  // The person of the first frame in either light.
  const parts = bodyParts(person, poses[0]!)
  const seenIn = (light: Light, gain: Rgb, floor?: FloorLight) => {
    const [picture, mask] = [new Uint8Array(pixels * 3), new Uint8Array(pixels)]
    clear(canvas)
    drawPerson(parts, light, shot.personCameras[0]!, canvas, floor)
    coverage(canvas, mask)
    develop(canvas, gain, picture, 0)
    return [picture, mask] as const
  }
  const apart = shot.cameras !== shot.personCameras
  const light = lightBetween(seenIn(place.light, gain, apart ? undefined : floor), seenIn(studio.light, studio.gain))
  return { ...poseClip(options, scene), referenceHuman: studio.portrait.referenceHuman, ground, light }
}

/** The whole clip `seed`. */
export function generateClip(options: SynthOptions): Clip {
  const scene = makeScene(options)
  const person = makePerson(scene.random.fork('person'), scene.action.build)
  const empty = createCanvas(options.width, options.height)
  const canvas = createCanvas(options.width, options.height)
  return {
    ...poseClip(options, scene),
    ...film(scene, person, empty, canvas),
    ...portraitOf(scene, person, canvas).portrait,
  }
}

/** The person of the scene at another moment and elsewhere, and how that picture is lit and exposed. */
function portraitOf({ random, action, place }: Scene, person: Person, canvas: Canvas) {
  const elsewhere = random.fork('reference')
  const pose = portraitPose(elsewhere, action)
  const gain = makeGain(elsewhere, NORMAL, NORMAL)
  const { light, ...portrait } = makePortrait(elsewhere, person, pose, place, gain, canvas)
  return { portrait, light, gain }
}

type Film = Pick<Clip, 'frames' | 'background' | 'humanMask' | 'handMask'>

/** Exposes every frame, with the place alone beside it. */
function film(scene: Scene, person: Person, empty: Canvas, canvas: Canvas): Film {
  const { random, poses, poseAt, shot, place } = scene
  const { width, height } = shot.cameras[0]!
  const pixels = width * height
  const count = poses.length
  const made: Film = {
    frames: new Uint8Array(count * pixels * 3),
    background: new Uint8Array(count * pixels * 3),
    humanMask: new Uint8Array(count * pixels),
    handMask: new Uint8Array(count * pixels),
  }
  const { floor, gain } = setUp(scene, empty)
  const faults = makeFaults(random.fork('faults'))
  let drawn = shot.cameras[0]!
  const plate = new Uint8Array(pixels * 3)
  const sums = {
    frames: new Exposure(pixels * 3),
    background: new Exposure(pixels * 3),
    humanMask: new Exposure(pixels),
    handMask: new Exposure(pixels),
  }
  // moments, in frames, at which light is gathered around the one that the frame is about
  const moments = faults.shutter > 0 ? [-faults.shutter / 3, 0, faults.shutter / 3] : [0]
  for (let t = 0; t < count; t++) {
    const exposure = driftedGain(gain, faults, count > 1 ? t / (count - 1) : 0)
    for (const moment of moments) {
      const camera = cameraBetween(shot.cameras, t + moment)
      const pose = moment === 0 ? poses[t]! : poseAt(t + moment)
      if (!sameCamera(camera, drawn)) drawPlace(place, floor, camera, empty)
      drawn = camera
      develop(empty, exposure, plate)
      sums.background.add(plate)
      copyCanvas(empty, canvas)
      const parts = bodyParts(person, pose)
      const personCamera = cameraBetween(shot.personCameras, t + moment)
      const apart = shot.cameras !== shot.personCameras
      if (apart) standBefore(canvas, personCamera)
      drawShadow(pose, person.size, place.light, floor, personCamera, canvas)
      if (apart) canvas.depth.fill(Infinity)
      drawPerson(parts, place.light, personCamera, canvas, apart ? undefined : floor)
      develop(canvas, exposure, plate)
      sums.frames.add(plate)
      coverage(canvas, plate.subarray(0, pixels))
      sums.humanMask.add(plate)
      coverage(canvas, plate.subarray(0, pixels), (part) => parts[part]!.hand)
      sums.handMask.add(plate)
    }
    for (const name of ['frames', 'background', 'humanMask', 'handMask'] as const) {
      const size = made[name].length / count
      const picture = made[name].subarray(t * size, (t + 1) * size)
      sums[name].take(picture)
      const channels = size / pixels
      if (faults.soft) soften(picture, width, channels)
      if (channels === 3) spoil(picture, width, faults, random.fork(`sensor ${t}`))
    }
  }
  return made
}

/** The light on the floor, the place as the first camera sees it, on `canvas`, and how that is exposed. */
function setUp({ random, shot, place }: Scene, canvas: Canvas) {
  const { subjects } = shot.staging
  const centre = subjects[subjects.length >> 1]!
  const floor = bakeFloorLight(place, centre.x, centre.z, place.room ? 6 : 14)
  drawPlace(place, floor, shot.cameras[0]!, canvas)
  const gain = makeGain(random.fork('exposure'), brightness(canvas), place.night ? NIGHT : NORMAL)
  return { floor, gain }
}

/** Where the floor is seen, it is that of somebody whom another camera sees: their shadow falls on it. All else is out of its reach. */
function standBefore({ width, height, depth, id }: Canvas, camera: Camera): void {
  const { origin, axes, step, cx, cy } = raysOf(camera)
  for (let at = 0; at < width * height; at++) {
    const x = ((at % width) + 0.5) * step - cx
    const y = (Math.floor(at / width) + 0.5) * step - cy
    const down = axes[1]! * x + axes[4]! * y + axes[7]!
    depth[at] = id[at] === FLOOR && down < 0 ? -origin[1] / down : Infinity
  }
}

/** Mean of pictures of `size` bytes. */
class Exposure {
  private readonly sum: Uint16Array
  private count = 0

  constructor(private readonly size: number) {
    this.sum = new Uint16Array(size)
  }

  add(picture: Uint8Array) {
    for (let i = 0; i < this.size; i++) this.sum[i]! += picture[i]!
    this.count++
  }

  /** Writes the mean, and starts anew. */
  take(out: Uint8Array) {
    for (let i = 0; i < this.size; i++) out[i] = this.sum[i]! / this.count + (this.count > 1 ? 0.5 : 0)
    this.sum.fill(0)
    this.count = 0
  }
}

/** Mean linear brightness of a well exposed picture, and of one taken at night, which is to look like night. */
const NORMAL = 0.22
const NIGHT = 0.07

/** Exposure and white balance of a camera that sees a scene of this mean brightness: it makes up for most of it, not for all. */
function makeGain(random: Random, seen: number, wanted: number): Rgb {
  const exposure = (wanted / Math.max(0.01, seen)) ** 0.65 * Math.exp(0.15 * random.normal())
  const channel = () => exposure * Math.exp(0.03 * random.normal())
  return [channel(), channel(), channel()]
}

/** The gain at `share` (0..1) of the clip. */
function driftedGain(gain: Rgb, { drift }: Faults, share: number): Rgb {
  return [gain[0] * drift[0] ** share, gain[1] * drift[1] ** share, gain[2] * drift[2] ** share]
}
