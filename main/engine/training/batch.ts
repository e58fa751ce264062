// From clips to the feeds of a training step: pictures as planes, poses drawn, the puppet's candidates made, noise and timesteps drawn.
// Everything random comes from the step's own stream, so a step's batch can be made again.
import { hints } from '../../motion/hints'
import { drawPose } from '../../motion/draw'
import { scaleKeypoints } from '../../motion/keypoints'
import { compile } from '../backends/onnx'
import type { Executable } from '../backends/onnx'
import { alphasCumprod } from '../diffusion/schedules'
import { hostTensor, program } from '../ir'
import type { HostTensor } from '../ir'
import {
  boneCount,
  cameraNumbers,
  candidates,
  frameSize,
  nearest,
  pickFrames,
  poseNumbers,
  poseNumbersWidth,
  prepareReferenceHuman,
  puppetFeeds,
  puppetInputs,
} from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { dctCell, dctChannels } from '../models/codec/dct'
import { innerDim } from '../models/cogvideox'
import { sinusoid } from '../nn'
import type { Random } from '../nn'
import { planes } from '../models/animate-anywhere'
import { stepBetween } from '../geometry/similarity'
import type { Clip, PlaceClip, PoseClip } from './clip'
import { backgroundTokens, epipolarFeeds, tokenFrames } from './epipolar-feeds'
import { handFeeds } from './hand-loss'
import { miniGrid } from './objective'
import type { BatchShape } from './objective'

/** Chance that a condition is left out of a training sample, so that guidance can be told what it adds. */
const dropReference = 0.1
const dropPose = 0.1
/** Timesteps are drawn as sigmoid(normal(0.8, 1)): mostly noisy, where the conditions must do the work. */
const timestepMean = 0.8

const alphas = alphasCumprod()

/** Feeds of the stage 'poses': numbers in, what the camera truly did to compare with. */
export function poseFeedsAsNumbers(clips: readonly PoseClip[], shape: BatchShape): Record<string, HostTensor> {
  return { ...numberFeeds(clips, shape), ...hintFeed(clips), ...cameraFeeds(clips, shape) }
}

/** Feeds of the stage 'places': pictures of places and people, the first poses, and how near and bright it truly is. */
export function placeFeeds(places: readonly PlaceClip[], shape: BatchShape): Record<string, HostTensor> {
  const { batch: B, width: W, height: H } = shape
  const area = 3 * W * H
  const [ground, person] = [new Float32Array(B * area), new Float32Array(B * area)]
  places.forEach((place, b) => {
    planes(place.ground, ground, b * area)
    planes(place.referenceHuman, person, b * area)
  })
  return {
    ground: hostTensor(ground, [B, 3, H, W]),
    person: hostTensor(person, [B, 3, H, W]),
    light: hostTensor(Float32Array.from(places.flatMap(({ light }) => light)), [B, 3]),
    ...nearnessFeed(places, shape),
    ...numberFeeds(places, shape),
  }
}

/** Feeds of the control stage: poses and noise in, what the camera truly did to compare with. */
export function controlFeeds(
  clips: readonly PoseClip[],
  shape: BatchShape,
  config: AnimateAnywhereConfig,
  random: Random,
): Record<string, HostTensor> {
  return {
    ...poseFeeds(clips, shape, config),
    ...commonFeeds(
      clips,
      shape,
      config,
      random,
      clips.map(() => alphas.length - 1),
    ),
    ...cameraFeeds(clips, shape),
  }
}

/** Feeds of the other stages; those of the epipolar loss are apart (`miniEpipolarFeeds`). */
export async function pictureFeeds(
  clips: readonly Clip[],
  shape: BatchShape,
  config: AnimateAnywhereConfig,
  random: Random,
): Promise<Record<string, HostTensor>> {
  const { batch: B, frames: T, width: W, height: H, composed: S } = shape
  const chance = (share: number) => clips.map(() => random.next() >= share)
  const [withReference, withPose] = [chance(dropReference), chance(dropPose)]
  const steps = clips.map(() =>
    Math.min(alphas.length - 1, Math.floor(alphas.length / (1 + Math.exp(-timestepMean - random.normal())))),
  )
  const area = 3 * W * H
  const pictures = (count: number) => new Float32Array(count * area)
  const [frames, background, ground] = [pictures(B * T), pictures(B), pictures(B)]
  const [human, humanPose, person] = [pictures(B), pictures(B), pictures(B)]
  humanPose.fill(-1)
  clips.forEach((clip, b) => {
    for (let t = 0; t < T; t++) planes(clip.frames.subarray(t * area, (t + 1) * area), frames, (b * T + t) * area)
    planes(clip.background.subarray(0, area), ground, b * area)
    planes(clip.referenceHuman, person, b * area)
    if (!withReference[b]) return
    planes(clip.background.subarray(0, area), background, b * area)
    planes(clip.referenceHuman, human, b * area)
    planes(drawPose(clip.reference, W, H), humanPose, b * area)
  })
  const feeds: Record<string, HostTensor> = {
    ...poseFeeds(clips, shape, config, withPose),
    ...commonFeeds(clips, shape, config, random, steps),
    background: hostTensor(background, [B, 3, H, W]),
    human: hostTensor(human, [B, 3, H, W]),
    human_pose: hostTensor(humanPose, [B, 3, H, W]),
    frames: hostTensor(frames, [B, T, 3, H, W]),
    signal: hostTensor(
      Float32Array.from(steps, (t) => Math.sqrt(alphas[t]!)),
      [B],
    ),
    noise_share: hostTensor(
      Float32Array.from(steps, (t) => Math.sqrt(1 - alphas[t]!)),
      [B],
    ),
  }
  const composed = random
    .shuffle(Array.from({ length: T }, (_, t) => t))
    .slice(0, S)
    .sort((a, b) => a - b)
  return {
    ...feeds,
    ...cameraFeeds(clips, shape),
    ...(await candidateFeeds(clips, composed, W, H)),
    ...handFeeds(clips, composed, steps, alphas.length),
    ground: hostTensor(ground, [B, 3, H, W]),
    person: hostTensor(person, [B, 3, H, W]),
    composed: hostTensor(BigInt64Array.from(composed, BigInt), [S]),
  }
}

/** Feeds of the epipolar loss for the mini codec, and which clips have none. */
export function miniEpipolarFeeds(
  clips: readonly Clip[],
  shape: BatchShape,
  config: AnimateAnywhereConfig,
  random: Random,
): ReturnType<typeof epipolarFeeds> {
  const grid = miniGrid(config, shape)
  const frames = tokenFrames(shape.frames, 1, config.transformer.patch_size_t)
  const told = clips.map((clip) => ({ ...clip, ground: backgroundTokens(clip, grid, frames) }))
  return epipolarFeeds(told, grid, frames, random.fork('epipolar'))
}

/** The pose video, drawn at poseScale; black where it is left out. */
function poseFeeds(
  clips: readonly PoseClip[],
  { batch: B, frames: T, width: W, height: H }: BatchShape,
  config: AnimateAnywhereConfig,
  kept: readonly boolean[] = clips.map(() => true),
): Record<string, HostTensor> {
  const s = config.poseScale
  const area = 3 * s * W * s * H
  const data = new Float32Array(B * T * area).fill(-1)
  clips.forEach((clip, b) => {
    if (!kept[b]) return
    clip.poses.forEach((pose, t) => planes(drawPose(scaleKeypoints(pose, s), s * W, s * H), data, (b * T + t) * area))
  })
  return {
    pose: hostTensor(data, [B, T, 3, s * H, s * W]),
    ...(config.poseNumbers ? numberFeeds(clips, { frames: T, width: W, height: H }, kept) : {}),
  }
}

/** The same poses as numbers; zeros where they are left out. */
function numberFeeds(
  clips: readonly PoseClip[],
  { frames: T, width: W, height: H }: Pick<BatchShape, 'frames' | 'width' | 'height'>,
  kept: readonly boolean[] = clips.map(() => true),
): Record<string, HostTensor> {
  const numbers = new Float32Array(clips.length * T * poseNumbersWidth)
  clips.forEach((clip, b) => {
    if (kept[b]) numbers.set(poseNumbers(clip.poses, W, H), b * T * poseNumbersWidth)
  })
  return { pose_numbers: hostTensor(numbers, [clips.length, T, poseNumbersWidth]) }
}

/** One at each clip's hint. */
function hintFeed(clips: readonly PoseClip[]): Record<string, HostTensor> {
  const hint = new Float32Array(clips.length * hints.length)
  clips.forEach((clip, b) => {
    hint[b * hints.length + hints.indexOf(clip.hint)] = 1
  })
  return { hint: hostTensor(hint, [clips.length, hints.length]) }
}

/** Noise, hint and time. */
function commonFeeds(
  clips: readonly PoseClip[],
  { batch: B, frames: T, width: W, height: H }: BatchShape,
  config: AnimateAnywhereConfig,
  random: Random,
  steps: readonly number[],
) {
  const cells = [B, T, dctChannels, H / dctCell, W / dctCell]
  const D = innerDim(config.transformer)
  return {
    noise: hostTensor(random.normals(cells.reduce((a, b) => a * b)), cells),
    ...hintFeed(clips),
    time: sinusoid(steps, D),
    time_zero: sinusoid([0], D),
  }
}

/** What the camera truly did: its steps, how near the place is, and the background flow, [T, h, w, 2] each, with channels first. */
function cameraFeeds(clips: readonly PoseClip[], { batch: B, frames: T, width: W, height: H }: BatchShape) {
  const cells = (H / 8) * (W / 8)
  const flow = new Float32Array(B * T * 2 * cells)
  const valid = new Float32Array(B * T * cells)
  clips.forEach((clip, b) => {
    for (let t = 0; t < T; t++)
      for (let i = 0; i < cells; i++) {
        const from = t * cells + i
        valid[(b * T + t) * cells + i] = clip.backgroundFlowValid[from]!
        for (let axis = 0; axis < 2; axis++)
          flow[((b * T + t) * 2 + axis) * cells + i] = clip.backgroundFlowValid[from]
            ? clip.backgroundFlow[from * 2 + axis]!
            : 0
      }
  })
  const steps = clips.flatMap((clip) => cameraSteps(clip, frameSize(W, H)))
  return {
    steps: hostTensor(Float32Array.from(steps), [B, T, cameraNumbers]),
    ...nearnessFeed(clips, { width: W, height: H }),
    flow: hostTensor(flow, [B, T, 2, H / 8, W / 8]),
    flow_valid: hostTensor(valid, [B, T, 1, H / 8, W / 8]),
  }
}

/** How near the places are, nothing nearer than the model can say; as far as the person where that is not known. */
function nearnessFeed(clips: readonly PoseClip[], { width: W, height: H }: Pick<BatchShape, 'width' | 'height'>) {
  const all = clips.flatMap(({ nearness: near }) =>
    near.some((q) => q > 0) ? [...near].map((q) => Math.min(q, nearest)) : [...near].fill(1),
  )
  return { nearness: hostTensor(Float32Array.from(all), [clips.length, 1, H / 8, W / 8]) }
}

/** The camera's step of each frame, seen from the frame before; shifts as shares of the frame's size. Inverse of `cameraPath`. */
function cameraSteps({ cameraPath, travel }: PoseClip, size: number): number[] {
  return Array.from({ length: cameraPath.length / 4 }, (_, t) => {
    if (t === 0) return Array<number>(cameraNumbers).fill(0)
    const [dx, dy, z, r] = stepBetween(cameraPath.subarray(t * 4 - 4, t * 4), cameraPath.subarray(t * 4, t * 4 + 4))
    const [x, y, far] = [0, 1, 2].map((i) => travel[t * 3 + i]! - travel[t * 3 - 3 + i]!) as [number, number, number]
    return [(dx + x) / size, (dy + y) / size, z - far, r, x / size, y / size, far]
  }).flat()
}

const puppetPrograms = new Map<string, Promise<Executable>>()

/** Colours and priors of the puppet's bones for the composed frames; one clip at a time, since nothing is learned in them. */
async function candidateFeeds(clips: readonly Clip[], composed: readonly number[], W: number, H: number) {
  const S = composed.length
  const key = `${W}x${H}x${S}`
  const made = puppetPrograms.get(key) ?? compile(program('candidates', { ...candidates(puppetInputs(S, H, W), W, H) }))
  puppetPrograms.set(key, made)
  const executable = await made
  const K = boneCount
  const colour = new Float32Array(clips.length * K * 3 * S * H * W)
  const prior = new Float32Array(clips.length * K * S * H * W)
  for (const [b, clip] of clips.entries()) {
    const mask = Float32Array.from(clip.referenceMask, (v) => v / 255)
    const human = prepareReferenceHuman(clip.referenceHuman, mask, W, H, clip.reference)
    const result = await executable.run(pickFrames(puppetFeeds(human, clip.poses), composed))
    colour.set(result.colour!.data as Float32Array, b * K * 3 * S * H * W)
    prior.set(result.prior!.data as Float32Array, b * K * S * H * W)
  }
  return {
    candidate_colour: hostTensor(colour, [clips.length, K, 3, S, H, W]),
    candidate_prior: hostTensor(prior, [clips.length, K, S, H, W]),
  }
}
