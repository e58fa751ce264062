// The thinking half of a render: at the model's small size it samples, window by window, what belongs where (camera path, local flow, shift
// and brightness of the person). The composing half then moves the pictures' own pixels.
import { hints, type Hint } from '../../motion/hints'
import { compile } from '../backends/onnx'
import type { Executable } from '../backends/onnx'
import { askedHints, followHint } from '../diffusion/hint-strength'
import { crossfade, planWindows, windowOverlap } from '../diffusion/windows'
import { sample } from '../diffusion/sampler'
import type { Given, Guidance } from '../diffusion/sampler'
import { hostTensor, input, program, reshape } from '../ir'
import type { HostTensor, Program } from '../ir'
import {
  backgroundFlow,
  boneCount,
  cameraPath,
  candidates,
  composeClip,
  encodeConditions,
  planes,
  poseNumbers,
  poseNumbersWidth,
  predictComposition,
  puppetFeeds,
  puppetInputs,
  warpBackground,
} from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { dctCell, dctChannels, dctEncode } from '../models/codec/dct'
import { innerDim } from '../models/cogvideox'
import { Scope, sinusoid } from '../nn'
import { drawPose } from '../../motion/draw'
import { scaleKeypoints } from '../../motion/keypoints'
import type { Keypoints } from '../../motion/types'
import type { PreparedHuman } from './human'
import { joinPaths } from './joining'
import type { Model } from './model'

export interface ThinkingJob {
  readonly model: Model
  readonly human: PreparedHuman
  /** [3, h, w] in [-1, 1]: what the first frame shows of the background, at the thinking size. */
  readonly background: Float32Array
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
  /** [T, 2, h/2, w/2] shift of the person, share of the frame's size. */
  readonly shift: HostTensor
  /** [T, 3, h/4, w/4] log gain of the person. */
  readonly gain: HostTensor
  /** [T, 2, fh, fw] local flow relative to frame 0, share of the frame's size. */
  readonly localFlow: HostTensor
  /** [T, 4] camera path (dx, dy, log zoom, roll) relative to frame 0; dx, dy as shares of the frame's size. */
  readonly path: HostTensor
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
  let whole: Thoughts | undefined
  for (const [w, { start, length }] of windows.entries()) {
    const before = whole && { flow: frameOf(whole.localFlow, start), path: frameOf(whole.path, start) }
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
  return whole!
}

/** The camera goes as far as the hint's strength says; all else is as in the pass with the hint. */
function guideCamera([hinted, plain]: readonly [Thoughts, Thoughts?], strength = 1): Thoughts {
  if (!plain) return hinted
  const mix = ({ data, shape }: HostTensor, to: HostTensor) =>
    hostTensor(followHint(to.data as Float32Array, data as Float32Array, strength), shape)
  return { ...hinted, path: mix(plain.path, hinted.path), localFlow: mix(plain.localFlow, hinted.localFlow) }
}

interface Programs {
  readonly encode: Executable
  readonly puppet: Executable
  readonly denoise: Executable
  readonly size: readonly [frames: number, height: number, width: number]
  /** The background as a frame with this camera and local flow sees it. */
  look(background: Float32Array, at: { flow: HostTensor; path: HostTensor }): Promise<Float32Array>
  dispose(): Promise<void>
}

/** The programs of the latest shapes stay compiled, since many clips of one shape are made in a row. */
const keptShapes = 2
const kept = new Map<string, Promise<Programs>>()

async function programsFor(model: Model, T: number, W: number, H: number): Promise<Programs> {
  const key = `${model.hash} ${model.adapter?.hash ?? ''} ${T} ${W} ${H}`
  const programs = kept.get(key) ?? compilePrograms(model, T, W, H)
  kept.delete(key)
  kept.set(key, programs)
  programs.catch(() => kept.delete(key))
  for (const [oldest, unused] of kept) {
    if (kept.size <= keptShapes) break
    kept.delete(oldest)
    await (await unused).dispose()
  }
  return programs
}

async function compilePrograms(
  { config, weights, adapter }: Model,
  T: number,
  W: number,
  H: number,
): Promise<Programs> {
  const s = config.poseScale
  const picture = (name: string) => input(name, [1, 3, H, W])
  const encoded = encodeConditions(
    {
      background: picture('background'),
      pose: input('pose', [1, T, 3, s * H, s * W]),
      human: picture('human'),
      humanPose: picture('human_pose'),
    },
    config,
  )
  const sampling = samplingProgram(config, T, W, H, adapter?.rank)
  const initializers = Object.fromEntries([...sampling.specs.keys()].map((name) => [name, weights[name]!]))
  const [encode, puppet, denoise, lookAt] = await Promise.all([
    compile(program('encode conditions', { ...encoded })),
    compile(program('candidates', { ...candidates(puppetInputs(T, H, W), W, H) })),
    compile(sampling.program, { initializers }),
    compile(lookProgram(W, H)),
  ])
  return {
    encode,
    puppet,
    denoise,
    size: [T, H, W],
    look: async (background, at) => {
      const seen = await lookAt.run({
        background: hostTensor(background, [1, 3, H, W]),
        path: at.path,
        local_flow: at.flow,
      })
      return seen.seen!.data as Float32Array
    },
    dispose: async () => {
      for (const executable of [encode, puppet, denoise, lookAt]) await executable.dispose()
    },
  }
}

/** One denoising step of the composition head for a window: noisy latents and conditions to the clean estimate and all parameters. */
export function samplingProgram(
  config: AnimateAnywhereConfig,
  T: number,
  W: number,
  H: number,
  adapterRank?: number,
): { program: Program; specs: Scope['specs'] } {
  const scope = new Scope()
  const [h, w] = [H / dctCell, W / dctCell]
  const latent = (name: string, channels = dctChannels, scale = 1, frames = T) =>
    input(name, [1, frames, channels, h * scale, w * scale])
  const D = innerDim(config.transformer)
  const parameters = predictComposition(
    scope,
    {
      latents: latent('latents'),
      background: latent('background_latents'),
      pose: latent('pose_latents', dctChannels, config.poseScale),
      reference: latent('reference_latents', 2 * dctChannels, 1, 1),
      ...(config.poseNumbers ? { poseNumbers: input('pose_numbers', [1, T, poseNumbersWidth]) } : {}),
      hint: input('hint', [1, hints.length]),
      time: input('time', [1, D]),
      timeZero: input('time_zero', [1, D]),
    },
    config,
    { bml: input('bml', [1]), ...(adapterRank ? { adapterRank } : {}) },
  )
  const from = {
    colour: input('candidate_colour', [1, boneCount, 3, T, H, W]),
    prior: input('candidate_prior', [1, boneCount, T, H, W]),
  }
  const { frames, shift, gain } = composeClip(scope, parameters, from, input('ground', [1, 3, H, W]))
  const { localFlow, velocity } = parameters
  const built = program('denoise', { clean: dctEncode(frames), shift, gain, localFlow, path: cameraPath(velocity) })
  const used = new Set(built.inputs.map(({ name }) => name))
  return { program: built, specs: new Map([...scope.specs].filter(([name]) => used.has(name))) }
}

function lookProgram(W: number, H: number) {
  const path = reshape(input('path', [1, 4]), [1, 1, 4])
  const local = input('local_flow', [1, 2, H / 16, W / 16])
  const flow = backgroundFlow(path, reshape(local, [1, 1, 2, H / 16, W / 16]), W, H, H, W)
  return program('look at the background', { seen: warpBackground(input('background', [1, 3, H, W]), flow) })
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
  const noNumbers = hostTensor(new Float32Array(T * poseNumbersWidth), numbers.shape)
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
        ...(config.poseNumbers ? { pose_numbers: given.pose ? numbers : noNumbers } : {}),
        hint: hostTensor(hint, [1, hints.length]),
        time: sinusoid([timestep], D),
        time_zero: sinusoid([0], D),
        ...(config.backgroundMotion === 'bml' ? { bml: hostTensor(new Float32Array([job.bml]), [1]) } : {}),
        candidate_colour: puppet.colour!,
        candidate_prior: puppet.prior!,
        ground: conditions.background,
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
  return {
    frames: T,
    shift: perFrame(extra.shift!),
    localFlow: perFrame(extra.localFlow!),
    path: perFrame(extra.path!),
    gain: perFrame(extra.gain!),
  }
}

/** Frame t of a tensor over time, with the time axis kept. */
function frameOf(tensor: HostTensor, t: number): HostTensor {
  const size = tensor.data.length / tensor.shape[0]!
  return hostTensor(tensor.data.slice(t * size, (t + 1) * size), [1, ...tensor.shape.slice(1)])
}

/**
 * The clip so far and the window that starts at `start`, whose camera and flow are relative to its own first frame: these are
 * carried over to frame 0, and the frames that both know are cross-faded.
 */
function append(whole: Thoughts, part: Thoughts, start: number): Thoughts {
  const frames = start + part.frames
  const path = joinPaths(whole.path.data as Float32Array, part.path.data as Float32Array, start)
  const local = Float32Array.from(part.localFlow.data as Float32Array)
  const baseFlow = frameOf(whole.localFlow, start).data as Float32Array
  const cells = baseFlow.length
  const ownFirst = local.slice(0, cells)
  for (let i = 0; i < local.length; i++) local[i]! += baseFlow[i % cells]! - ownFirst[i % cells]!
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
    shift: join(whole.shift, part.shift),
    gain: join(whole.gain, part.gain),
    path: hostTensor(path, [frames, 4]),
    localFlow: join(whole.localFlow, hostTensor(local, part.localFlow.shape)),
  }
}
