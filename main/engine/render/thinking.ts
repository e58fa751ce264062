// The thinking half of a render: at the model's small size it samples, window by window, what belongs where (camera path, depth of the
// place, brightness of the person). The composing half then moves the pictures' own pixels.
import { hints, type Hint } from '../../motion/hints'
import { askedHints, followHint } from '../diffusion/hint-strength'
import { crossfade, planWindows, windowOverlap } from '../diffusion/windows'
import { sample } from '../diffusion/sampler'
import type { Given, Guidance } from '../diffusion/sampler'
import { hostTensor } from '../ir'
import type { HostTensor } from '../ir'
import { cameraNumbers, planes, poseNumbers, poseNumbersWidth, puppetFeeds } from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { dctCell, dctChannels } from '../models/codec/dct'
import { innerDim } from '../models/cogvideox'
import { sinusoid } from '../nn'
import { drawPose } from '../../motion/draw'
import { scaleKeypoints } from '../../motion/keypoints'
import type { Keypoints } from '../../motion/types'
import type { PreparedHuman } from './human'
import { forgetting, joinPaths, measuredByPlace } from './joining'
import type { Reach } from './joining'
import type { Model } from './model'
import { programsFor } from './thinking-programs'
import type { Programs } from './thinking-programs'

export interface ThinkingJob {
  readonly model: Model
  readonly human: PreparedHuman
  /** [3, h, w] in [-1, 1]: what the first frame shows of the background, at the thinking size. */
  readonly background: Float32Array
  /** How far a camera of several windows may look up and down. */
  readonly reach: Reach
  /** Poses at the model's frame rate, in pixels of the thinking size. */
  readonly poses: readonly Keypoints[]
  readonly width: number
  readonly height: number
  readonly steps: number
  readonly guidance: Guidance
  /** Strength of the Background Motion Learner. */
  readonly bml: number
  readonly hint: Hint
  /** How far the camera follows the hint: 0 as with 'auto', 1 (when absent) as learned, beyond that more so. Costs a second clip where it is neither. */
  readonly hintStrength?: number
  readonly seed: number
  /** Waited for. */
  readonly onStep?: (step: number, of: number) => void | Promise<void>
  readonly signal?: AbortSignal
}

/** What was thought, for each frame at the model's rate. */
export interface Thoughts {
  readonly frames: number
  /** [T, 3, h/16, w/16] log gain of the person. */
  readonly gain: HostTensor
  /** [T, 7] camera path (`cameraPath`) relative to frame 0, travel in units of the place's mean distance. */
  readonly path: HostTensor
  /** [1, 1, h/8, w/8] how near the place is in frame 0; its mean is 1. */
  readonly nearness: HostTensor
}

/** How many windows a clip of `frames` at `fps` is thought in. */
export function countWindows(config: AnimateAnywhereConfig, frames: number, fps: number): number {
  return planWindows(Math.max(1, Math.round((frames * config.fps) / fps)), config.frames, windowOverlap).length
}

/** Samples the whole clip. Throws the signal's reason when aborted. */
export async function think(job: ThinkingJob): Promise<Thoughts> {
  const { config } = job.model
  const windows = planWindows(job.poses.length, config.frames, windowOverlap)
  const programs = await programsFor(job.model, windows[0]!.length, job.width, job.height)
  const asked = askedHints(job.hint, job.hintStrength)
  const stepsInAll = windows.length * job.steps * asked.length
  const remembered = ({ path }: Thoughts) =>
    hostTensor(forgetting(path.data as Float32Array, windows[0]!.length - 1, job.reach), path.shape)
  let whole: Thoughts | undefined
  for (const [w, { start, length }] of windows.entries()) {
    const before = whole && { nearness: whole.nearness, path: frameOf(remembered(whole), start) }
    const ground = before ? await programs.look(job.background, before) : job.background
    const parts: Thoughts[] = []
    for (const hint of asked) {
      const before = (w * asked.length + parts.length) * job.steps
      const onStep = (step: number) => job.onStep?.(before + step, stepsInAll)
      parts.push(await thinkWindow({ ...job, hint }, programs, start, length, ground, onStep))
    }
    const part = guideCamera(parts as [Thoughts, Thoughts?], job.hintStrength)
    whole = whole ? append(whole, part, start) : part
  }
  return { ...whole!, path: remembered(whole!) }
}

/** The camera goes as far as the hint's strength says; all else is as in the pass with the hint. */
function guideCamera([hinted, plain]: readonly [Thoughts, Thoughts?], strength = 1): Thoughts {
  if (!plain) return hinted
  const path = followHint(hinted.path.data as Float32Array, plain.path.data as Float32Array, strength)
  return { ...hinted, path: hostTensor(path, hinted.path.shape) }
}

async function thinkWindow(
  job: ThinkingJob,
  programs: Programs,
  start: number,
  length: number,
  ground: Float32Array,
  onStep: (step: number) => void | Promise<void>,
): Promise<Thoughts> {
  const [T, H, W] = programs.size
  const { config } = job.model
  const s = config.poseScale
  const poses = job.poses.slice(start, start + length)
  const poseVideo = new Float32Array(T * 3 * s * H * s * W)
  poses.forEach((pose, t) => planes(drawPose(scaleKeypoints(pose, s), s * W, s * H), poseVideo, t * 3 * s * H * s * W))
  const picture = (data: Float32Array) => hostTensor(data, [1, 3, H, W])
  const poseShape = [1, T, 3, s * H, s * W]
  const conditions = {
    background: picture(ground),
    human: picture(job.human.picture),
    human_pose: picture(job.human.pose),
    pose: hostTensor(poseVideo, poseShape),
  }
  const puppet = await programs.puppet.run(puppetFeeds(job.human.small, poses))
  const numbers = hostTensor(poseNumbers(poses, W, H), [1, T, poseNumbersWidth])
  const asked = (all: HostTensor): Record<string, HostTensor> => (config.poseNumbers ? { pose_numbers: all } : {})
  const posed = asked(numbers)
  const unposed = asked(hostTensor(new Float32Array(T * poseNumbersWidth), numbers.shape))
  const { background, human } = conditions
  const { nearness, light } = await programs.survey.run({ ...posed, background, human })
  const hint = new Float32Array(hints.length)
  hint[hints.indexOf(job.hint)] = 1
  const D = innerDim(config.transformer)
  const latentShape = [1, T, dctChannels, H / dctCell, W / dctCell]
  const cache = new Map<string, Record<string, HostTensor>>()
  const encodedFor = async (given: Given) => {
    const key = `${given.reference} ${given.pose}`
    /** The picture, or what stands for none: grey, and black for poses. */
    const keep = (tensor: HostTensor, kept: boolean, none = 0) =>
      kept ? tensor : hostTensor(new Float32Array(tensor.data.length).fill(none), tensor.shape)
    const found = cache.get(key)
    if (found) return found
    const { background, pose, reference } = await programs.encode.run({
      background: keep(conditions.background, given.reference),
      human: keep(conditions.human, given.reference),
      human_pose: keep(conditions.human_pose, given.reference, -1),
      pose: keep(conditions.pose, given.pose, -1),
    })
    const encoded = { background_latents: background!, pose_latents: pose!, reference_latents: reference! }
    cache.set(key, encoded)
    return encoded
  }
  const { extra } = await sample(
    async (noisy, timestep, given) => {
      const result = await programs.denoise.run({
        ...(await encodedFor(given)),
        latents: hostTensor(noisy, latentShape),
        ...(given.pose ? posed : unposed),
        hint: hostTensor(hint, [1, hints.length]),
        time: sinusoid([timestep], D),
        time_zero: sinusoid([0], D),
        ...(config.backgroundMotion === 'bml' ? { bml: hostTensor(new Float32Array([job.bml]), [1]) } : {}),
        candidate_colour: puppet.colour!,
        candidate_prior: puppet.prior!,
        ground: conditions.background,
        nearness: nearness!,
        light: light!,
      })
      return { clean: result.clean!.data as Float32Array, extra: result }
    },
    {
      length: latentShape.reduce((a, b) => a * b),
      steps: job.steps,
      seed: `${job.seed}/${start}`,
      guidance: job.guidance,
      onStep,
      ...(job.signal ? { signal: job.signal } : {}),
    },
  )
  const perFrame = (tensor: HostTensor) => hostTensor(tensor.data, tensor.shape.slice(1))
  const camera = measuredByPlace(extra.path!.data as Float32Array, nearness!.data as Float32Array)
  return {
    frames: T,
    gain: perFrame(extra.gain!),
    path: hostTensor(camera.path, [T, cameraNumbers]),
    nearness: hostTensor(camera.nearness, nearness!.shape),
  }
}

/** Frame t of a tensor over time, with the time axis kept. */
function frameOf(tensor: HostTensor, t: number): HostTensor {
  const size = tensor.data.length / tensor.shape[0]!
  return hostTensor(tensor.data.slice(t * size, (t + 1) * size), [1, ...tensor.shape.slice(1)])
}

/**
 * The clip so far and the window that starts at `start`, whose camera is relative to its own first frame: it is
 * carried over to frame 0, and the frames that both know are cross-faded.
 */
function append(whole: Thoughts, part: Thoughts, start: number): Thoughts {
  const frames = start + part.frames
  const path = joinPaths(whole.path.data as Float32Array, part.path.data as Float32Array, start)
  const join = (a: HostTensor, b: HostTensor) => {
    const size = a.data.length / a.shape[0]!
    const out = new Float32Array(frames * size)
    out.set(a.data as Float32Array)
    for (let t = 0; t < part.frames; t++) {
      const share = crossfade(start + t, start, whole.frames)
      for (let i = 0; i < size; i++) {
        const at = (start + t) * size + i
        out[at] = out[at]! * (1 - share) + (b.data[t * size + i] as number) * share
      }
    }
    return hostTensor(out, [frames, ...a.shape.slice(1)])
  }
  return {
    frames,
    gain: join(whole.gain, part.gain),
    path: hostTensor(path, [frames, cameraNumbers]),
    nearness: whole.nearness,
  }
}
