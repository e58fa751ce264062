// Batches for the latent head. A clip goes through the VAE once; its latents lie in a folder beside the run's output from then on. Drawn
// anew in every step: the sample of the clip's posterior, the noise on the reference background's picture before it is encoded
// (cogvideox-facts 10.2), which conditions are left out, timesteps and noise.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../media/errors'
import { drawPose } from '../../motion/draw'
import { hints } from '../../motion/hints'
import { alphasCumprod } from '../diffusion/schedules'
import { hostTensor, sizeOf } from '../ir'
import type { HostTensor } from '../ir'
import {
  atFirstFrame,
  encodeFrames,
  latentShape,
  pictureLatent,
  planes,
  referenceLatents,
  sampleMoments,
  towardsModel,
  wholeClip,
} from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { innerDim, ofsValue, tokenGrid } from '../models/cogvideox'
import type { TokenGrid } from '../models/cogvideox'
import { openVae } from '../models/cogvideox/vae'
import type { Vae } from '../models/cogvideox/vae'
import { encodeOnce } from '../models/t5'
import { Random, sinusoid } from '../nn'
import type { DiffusersFolder } from '../weights/diffusers-folder'
import { readSafetensors, writeSafetensors } from '../weights/safetensors'
import type { Clip } from './clip'
import type { Dataset } from './dataset'
import { backgroundTokens, epipolarFeeds, tokenFrames } from './epipolar-feeds'
import type { EpipolarClip } from './epipolar-feeds'
import { usesEpipolar } from './epipolar-loss'
import type { EpipolarOptions } from './epipolar-loss'
import { latentHandFeeds } from './hand-latents'
import type { HandMask } from './hand-latents'
import type { HandOptions } from './hand-loss'
import type { LatentBatchShape } from './latent-objective'
import type { BatchSource } from './trainer'

/** Chance that a condition is left out of a training sample, so that guidance can be told what it adds. */
const dropReference = 0.1
const dropPose = 0.1
/** The noise on the background's picture has an amplitude of exp(normal(mean, deviation)) in a range of -1..1. */
const pictureNoise = { mean: -3, deviation: 0.5 }

export interface LatentSourceOptions {
  readonly config: AnimateAnywhereConfig
  readonly folder: DiffusersFolder
  readonly dataset: Dataset
  readonly batch: number
  readonly seed: number
  /** The epipolar loss, whose feeds come along where it is wanted. */
  readonly epipolar?: EpipolarOptions
  /** The hand loss, whose feeds come along where it is wanted and a late clip shows a hand. */
  readonly hand?: HandOptions
  /** Folder for the clips' latents; made when needed. */
  readonly cache: string
}

/** A clip as the VAE sees it, and what is encoded anew in every step. */
interface EncodedClip {
  /** Moments of the frames, [C, t, h, w]. */
  readonly mean: HostTensor
  readonly logvar: HostTensor
  /** [F, C, h, w] and [pt, 2 C, h, w], scaled. */
  readonly pose: Float32Array
  readonly reference: Float32Array
  /** [3, H, W] in -1..1. */
  readonly background: Float32Array
  readonly hint: number
  /** Cameras, and the tokens that show background. */
  readonly geometry: EpipolarClip
  readonly hands: HandMask
}

/** The clips' tokens, and which pictures each frame of them is made of. */
interface Tokens {
  readonly grid: TokenGrid
  readonly frames: readonly (readonly number[])[]
}

/** Batches of encoded clips. The same step always gives the same batch. */
export function latentSource(options: LatentSourceOptions): BatchSource<LatentBatchShape> {
  const { config, folder, dataset, batch, seed } = options
  const vae = openVae(folder.vae.config, folder.vae.weights)
  const alphas = alphasCumprod(folder.schedule)
  const random = new Random(`latents ${seed}`)
  const t = config.transformer
  let text: Promise<HostTensor> | undefined
  return {
    async batch(step) {
      text ??= encodeOnce(folder, '')
      const features = await text
      const { width, height, frames, clips } = dataset.batchAt(step, seed, batch)
      if (width % 16 || height % 16)
        throw new UserError(`dataset ${dataset.name}: clips of ${width}x${height}; this model needs multiples of 16`)
      const own = wholeClip(config, frames)
      const shape = {
        ...latentShape(config, vae.config, { frames: own, width, height }),
        ...{ batch, textTokens: features.shape[0]! },
      }
      const tokens = {
        grid: tokenGrid(t, shape.frames, shape.height, shape.width),
        frames: tokenFrames(own, vae.config.temporal_compression_ratio, t.patch_size_t),
      }
      const draw = random.fork(step)
      const size = [shape.frames, shape.channels, shape.height, shape.width]
      const all = (parts: readonly Float32Array[], each: readonly number[]): HostTensor => {
        const data = new Float32Array(batch * sizeOf(each))
        parts.forEach((part, b) => {
          data.set(part, b * sizeOf(each))
        })
        return hostTensor(data, [batch, ...each])
      }
      const [clean, background, pose, reference]: Float32Array[][] = [[], [], [], []]
      const geometry: EpipolarClip[] = []
      const masks: HandMask[] = []
      const hint = new Float32Array(batch * hints.length)
      const none = (like: Float32Array): Float32Array => new Float32Array(like.length)
      for (const [b, index] of clips.entries()) {
        const clip = await encodedClip(options, vae, index, own, tokens)
        geometry.push(clip.geometry)
        masks.push(clip.hands)
        const [withReference, withPose] = [draw.next() >= dropReference, draw.next() >= dropPose]
        clean!.push(towardsModel(sampleMoments(clip, draw), vae.config.scaling_factor, config))
        const shown = await noisyBackground(vae, clip.background, { width, height }, folder.imageLatentScale, draw)
        const overTime = atFirstFrame(shown, shape.frames)
        background!.push(withReference ? overTime : none(overTime))
        reference!.push(withReference ? clip.reference : none(clip.reference))
        pose!.push(withPose ? clip.pose : none(clip.pose))
        hint[b * hints.length + clip.hint] = 1
      }
      const timesteps = clips.map(() => Math.floor(draw.next() * alphas.length))
      const share = (of: (alpha: number) => number): HostTensor =>
        hostTensor(
          Float32Array.from(timesteps, (timestep) => Math.sqrt(of(alphas[timestep]!))),
          [batch],
        )
      const epipolar = usesEpipolar(options.epipolar)
        ? epipolarFeeds(geometry, tokens.grid, tokens.frames, draw.fork('epipolar'))
        : undefined
      const hands = options.hand
        ? latentHandFeeds(masks, shape, timesteps, alphas.length, vae.config, draw.fork('hands'))
        : undefined
      return {
        shape: { ...shape, hands: hands !== undefined },
        notes: epipolar?.skipped ?? [],
        feeds: {
          ...epipolar?.feeds,
          ...hands,
          clean: all(clean!, size),
          noise: hostTensor(draw.normals(batch * sizeOf(size)), [batch, ...size]),
          signal: share((alpha) => alpha),
          noise_share: share((alpha) => 1 - alpha),
          background_latents: all(background!, size),
          pose_latents: all(pose!, size),
          reference_latents: all(reference!, [t.patch_size_t ?? 1, 2 * shape.channels, shape.height, shape.width]),
          text: all(
            clips.map(() => features.data as Float32Array),
            features.shape,
          ),
          hint: hostTensor(hint, [batch, hints.length]),
          time: sinusoid(timesteps, innerDim(t)),
          time_zero: sinusoid([0], innerDim(t)),
          ...(t.ofs_embed_dim === null ? {} : { ofs: sinusoid([ofsValue], t.ofs_embed_dim) }),
        },
      }
    },
  }
}

/** The background's latent [C, h, w] as training sees it: of a picture with a little noise, a sample of its posterior. */
async function noisyBackground(
  vae: Vae,
  picture: Float32Array,
  size: { readonly width: number; readonly height: number },
  scale: number,
  random: Random,
): Promise<Float32Array> {
  const amplitude = Math.exp(pictureNoise.mean + pictureNoise.deviation * random.normal())
  const grain = random.normals(picture.length)
  const noisy = picture.map((v, i) => v + amplitude * grain[i]!)
  return pictureLatent(vae, noisy, size, scale, { random })
}

/** The clip from the cache; encoded first where it is not there, or is of another model. */
async function encodedClip(
  { config, folder, dataset, cache }: LatentSourceOptions,
  vae: Vae,
  index: number,
  frames: number,
  tokens: Tokens,
): Promise<EncodedClip> {
  const file = path.join(cache, `${index}.safetensors`)
  const identity = `${folder.hash} ${dataset.name} ${frames} with cameras and hands`
  if (existsSync(file)) {
    const { tensors, metadata } = readSafetensors(file)
    const floats = (name: string) => tensors.get(name)!.data as Float32Array
    if (metadata.identity === identity) {
      const [width, height] = metadata.size!.split('x').map(Number) as [number, number]
      const cameras = { intrinsics: floats('intrinsics'), extrinsics: floats('extrinsics') }
      return {
        ...{ mean: tensors.get('mean')!, logvar: tensors.get('logvar')!, hint: Number(metadata.hint) },
        ...{ pose: floats('pose'), reference: floats('reference'), background: floats('background') },
        geometry: { id: metadata.clip!, width, height, ...cameras, ground: floats('ground') },
        hands: { width, height, mask: tensors.get('hands')!.data as Uint8Array },
      }
    }
  }
  const encoded = await encodeClip(config, vae, dataset.read(index), frames, tokens)
  const { mean, logvar, pose, reference, background, hint, geometry, hands } = encoded
  const { id, width, height, intrinsics, extrinsics, ground } = geometry
  const flat = (data: Float32Array) => hostTensor(data, [data.length])
  writeSafetensors(
    file,
    {
      ...{ mean, logvar, pose: flat(pose), reference: flat(reference), background: flat(background) },
      ...{ intrinsics: flat(intrinsics), extrinsics: flat(extrinsics), ground: flat(ground) },
      hands: hostTensor(hands.mask, [frames, height, width]),
    },
    { identity, hint: String(hint), clip: id, size: `${width}x${height}` },
  )
  return encoded
}

async function encodeClip(
  config: AnimateAnywhereConfig,
  vae: Vae,
  clip: Clip,
  frames: number,
  tokens: Tokens,
): Promise<EncodedClip> {
  const { id, width, height, intrinsics, extrinsics } = clip
  const area = 3 * width * height
  const [video, poses] = [new Float32Array(frames * area), new Float32Array(frames * area)]
  for (let t = 0; t < frames; t++) {
    planes(clip.frames.subarray(t * area, (t + 1) * area), video, t * area)
    planes(drawPose(clip.poses[t]!, width, height), poses, t * area)
  }
  const scale = vae.config.scaling_factor
  const picture = (bytes: Uint8Array) => pictureLatent(vae, planes(bytes), clip, scale)
  return {
    ...(await encodeFrames(vae, video, clip)),
    pose: towardsModel(sampleMoments(await encodeFrames(vae, poses, clip)), scale, config),
    reference: referenceLatents(
      await picture(clip.referenceHuman),
      await picture(drawPose(clip.reference, width, height)),
      config,
    ),
    background: planes(clip.background.subarray(0, area)),
    hint: hints.indexOf(clip.hint),
    geometry: { id, width, height, intrinsics, extrinsics, ground: backgroundTokens(clip, tokens.grid, tokens.frames) },
    hands: { width, height, mask: clip.handMask.slice(0, frames * width * height) },
  }
}
