// A render with an imported model (latent head): conditions through the VAE, sampling in latents with the network run block by block
// from its files, the clean latents back through the VAE (cogvideox-facts 9, with poses and human added).
import { flattenPicture, resizePicture } from '../../media/pictures'
import type { Picture } from '../../media/pictures'
import { UserError } from '../../media/errors'
import { drawPose } from '../../motion/draw'
import { hints, type Hint } from '../../motion/hints'
import { resamplePoses, scaleKeypoints } from '../../motion/keypoints'
import type { Keypoints } from '../../motion/types'
import { compileSegments, memoryPlan } from '../backends/onnx'
import { hinted } from '../diffusion/hint-strength'
import { sample } from '../diffusion/sampler'
import type { Given } from '../diffusion/sampler'
import { alphasCumprod, toClean } from '../diffusion/schedules'
import { hostTensor, input, program } from '../ir'
import type { HostTensor, Program } from '../ir'
import {
  atFirstFrame,
  clipFrames,
  encodeFrames,
  latentInputs,
  latentShape,
  pictureLatent,
  planes,
  predictLatents,
  referenceLatents,
  sampleMoments,
  thinkingSize,
  towardsModel,
  towardsVae,
  wholeTokens,
} from '../models/animate-anywhere'
import type { AnimateAnywhereConfig, LatentShape } from '../models/animate-anywhere'
import { innerDim, ofsValue } from '../models/cogvideox'
import { openVae } from '../models/cogvideox/vae'
import type { Vae } from '../models/cogvideox/vae'
import { encodeOnce } from '../models/t5'
import { Random, Scope, sinusoid } from '../nn'
import { prepareHuman } from './human'
import type { RenderJob } from './job'

/** CogVideoX's published models were trained with clips of up to ten seconds. */
const mostFrames = 161

interface Size {
  readonly width: number
  readonly height: number
}

type Latents = Readonly<Record<'background_latents' | 'pose_latents' | 'reference_latents', Float32Array>>

/** Calls `onFrame` with RGB bytes [H, W, 3] of the job's size for each frame in turn. Throws the signal's reason when aborted. */
export async function renderLatents(job: RenderJob, onFrame: (frame: Uint8Array) => Promise<void>): Promise<void> {
  const { model, poses } = job
  const { config } = model
  const folder = model.folder!
  const size = modelSize(config, poses.width, poses.height)
  const slow = resamplePoses(poses, config.fps)
  const frames = clipFrames(config, slow.frames.length)
  if (frames > mostFrames)
    throw new UserError(
      `this model makes clips of up to ${mostFrames} frames at ${config.fps} fps, this one needs ${slow.frames.length}; shorten it with --frames`,
    )
  const vae = openVae(folder.vae.config, folder.vae.weights)
  try {
    const shape = latentShape(config, vae.config, { frames, ...size })
    const drawn = Array.from({ length: frames }, (_, t) =>
      scaleKeypoints(slow.frames[t] ?? slow.frames.at(-1)!, size.width / poses.width, size.height / poses.height),
    )
    const clean = await denoise(
      job,
      shape,
      await encodeConditions(job, vae, size, shape, drawn),
      await encodeOnce(folder, ''),
    )
    const own = (frames - 1) / vae.config.temporal_compression_ratio + 1
    await decode(vae, towardsVae(clean, shape, own, vae.config.scaling_factor), job, onFrame)
  } finally {
    await vae.dispose()
  }
}

/** What the clip asks for, in multiples of 16 and not larger than the model was made for. */
function modelSize(config: AnimateAnywhereConfig, width: number, height: number): Size {
  const native = thinkingSize(config, width, height)
  return width * height < native.width * native.height
    ? { width: wholeTokens(width), height: wholeTokens(height) }
    : native
}

/** The conditions as the network takes them; the background's latent is a sample of its posterior, as in training. */
async function encodeConditions(
  { model, human, ground, seed, signal }: RenderJob,
  vae: Vae,
  size: Size,
  shape: LatentShape,
  poses: readonly Keypoints[],
): Promise<Latents> {
  const { width, height } = size
  const { config } = model
  const scale = vae.config.scaling_factor
  const person = await prepareHuman({ ...human, picture: flattenPicture(human.picture) }, size)
  const shown = await resizePicture(ground.first, width, height)
  const video = new Float32Array(poses.length * 3 * width * height)
  poses.forEach((pose, t) => planes(drawPose(pose, width, height), video, t * 3 * width * height))
  const random = new Random(`${seed} background`)
  const background = await pictureLatent(vae, planes(shown.data), size, model.folder!.imageLatentScale, {
    random,
    signal,
  })
  const reference = [
    await pictureLatent(vae, person.picture, size, scale, { signal }),
    await pictureLatent(vae, person.pose, size, scale, { signal }),
  ] as const
  return {
    background_latents: atFirstFrame(background, shape.frames),
    reference_latents: referenceLatents(...reference, config),
    pose_latents: towardsModel(sampleMoments(await encodeFrames(vae, video, size, signal)), scale, config),
  }
}

async function denoise(job: RenderJob, shape: LatentShape, given: Latents, text: HostTensor): Promise<Float32Array> {
  const { model, signal } = job
  const { config } = model
  const t = config.transformer
  const built = latentProgram(config, shape, text.shape[0]!, model.adapter?.rank)
  const initializers = Object.fromEntries(
    built.inputs.flatMap(({ name }) => (model.weights[name!] ? [[name!, model.weights[name!]!] as const] : [])),
  )
  job.onMemory?.(memoryPlan(built, initializers))
  const network = compileSegments(built, { initializers })
  const alphas = alphasCumprod(model.folder!.schedule)
  const { frames, channels, height, width } = shape
  const whole = [1, frames, channels, height, width]
  const ofReference = [1, t.patch_size_t ?? 1, 2 * channels, height, width]
  const kept = (data: Float32Array, keep: boolean, of: readonly number[]): HostTensor =>
    hostTensor(keep ? data : new Float32Array(data.length), of)
  const oneHot = (hint: Hint) => hostTensor(Float32Array.from(hints, (name) => (name === hint ? 1 : 0)), [1, hints.length]) // prettier-ignore
  const strength = job.hintStrength ?? 1
  const fixed = {
    text: hostTensor(text.data, [1, ...text.shape]),
    bml: hostTensor([job.bml], [1]),
    time_zero: sinusoid([0], innerDim(t)),
    ...(t.ofs_embed_dim === null ? {} : { ofs: sinusoid([ofsValue], t.ofs_embed_dim) }),
  }
  try {
    const { clean } = await sample(
      async (noisy, timestep, { reference, pose }: Given) => {
        const feeds = {
          ...fixed,
          latents: hostTensor(noisy, whole),
          background_latents: kept(given.background_latents, reference, whole),
          reference_latents: kept(given.reference_latents, reference, ofReference),
          pose_latents: kept(given.pose_latents, pose, whole),
          time: sinusoid([timestep], innerDim(t)),
        }
        const velocity = await hinted(job.hint, strength, async (hint) => {
          const { output } = await network.run({ ...feeds, hint: oneHot(hint) })
          return output!.data as Float32Array
        })
        return { clean: toClean(config.prediction, noisy, velocity, alphas[timestep]!), extra: undefined }
      },
      {
        ...{ length: frames * channels * height * width, steps: job.steps, seed: job.seed },
        guidance: { reference: job.guidance, pose: job.guidance },
        ...{ schedule: model.folder!.schedule, solver: model.folder!.solver },
        onStep: (step, of) => job.onProgress?.({ stage: 'sample', step, of }),
        ...(signal ? { signal } : {}),
      },
    )
    return clean
  } finally {
    await network.dispose()
  }
}

/** One pass of the network for a clip of this shape, block by block. */
export function latentProgram(
  config: AnimateAnywhereConfig,
  shape: LatentShape,
  textTokens: number,
  adapterRank?: number,
): Program {
  const output = predictLatents(
    new Scope(),
    {
      latents: input('latents', [1, shape.frames, shape.channels, shape.height, shape.width]),
      ...latentInputs(config, shape, { batch: 1, textTokens }),
    },
    config,
    { bml: input('bml', [1]), byBlock: true, ...(adapterRank ? { adapterRank } : {}) },
  )
  return program('denoise latents', { output })
}

/** Latents as frames of the clip's size and rate: those between two of the model's are the nearer one. */
async function decode(
  vae: Vae,
  latents: HostTensor,
  { model, poses, signal, onProgress }: RenderJob,
  onFrame: (frame: Uint8Array) => Promise<void>,
): Promise<void> {
  const wanted = poses.frames.length
  let made = 0
  let done = 0
  await vae.decode(
    latents,
    async ({ data, shape }) => {
      const [, count, height, width] = shape as [number, number, number, number]
      for (let i = 0; i < count && done < wanted; i++, made++) {
        const picture = frameOf(data as Float32Array, i, count, width, height)
        const sized = await resizePicture(picture, poses.width, poses.height)
        while (done < wanted && Math.round((done * model.config.fps) / poses.fps) <= made) {
          await onFrame(sized.data)
          await onProgress?.({ stage: 'compose', step: ++done, of: wanted })
        }
      }
    },
    signal,
  )
}

/** Frame `i` of [3, count, H, W] in -1..1 as RGB bytes. */
function frameOf(video: Float32Array, i: number, count: number, width: number, height: number): Picture {
  const plane = width * height
  const data = new Uint8Array(3 * plane)
  for (let c = 0; c < 3; c++)
    for (let p = 0; p < plane; p++)
      data[3 * p + c] = Math.min(255, Math.max(0, Math.round((video[(c * count + i) * plane + p]! + 1) * 127.5)))
  return { width, height, channels: 3, data }
}
