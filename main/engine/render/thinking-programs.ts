// The programs with which a clip is thought: conditions to latents, the puppet, the place's depth and light, the denoiser, and a look at it from
// further on. Compiled once per model and shape.
import { hints } from '../../motion/hints'
import { compile } from '../backends/onnx'
import type { Executable } from '../backends/onnx'
import { hostTensor, input, program } from '../ir'
import type { HostTensor, Program } from '../ir'
import {
  backgroundFlow,
  boneCount,
  cameraNumbers,
  cameraPath,
  candidates,
  composeClip,
  encodeConditions,
  poseNumbersWidth,
  predictComposition,
  puppetInputs,
  survey,
  warpBackground,
} from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { dctCell, dctChannels, dctEncode } from '../models/codec/dct'
import { innerDim } from '../models/cogvideox'
import { Scope } from '../nn'
import type { Model } from './model'

/** The programs of a window of T frames of W x H pixels. */
export interface Programs {
  readonly encode: Executable
  readonly puppet: Executable
  readonly survey: Executable
  readonly denoise: Executable
  readonly size: readonly [frames: number, height: number, width: number]
  /** The background, this near, as a frame with this camera sees it. */
  look(background: Float32Array, at: { nearness: HostTensor; path: HostTensor }): Promise<Float32Array>
  dispose(): Promise<void>
}

/** The programs of the latest shapes stay compiled, since many clips of one shape are made in a row. */
const keptShapes = 2
const kept = new Map<string, Promise<Programs>>()

/** Those of this shape, compiled when first asked for. */
export async function programsFor(model: Model, T: number, W: number, H: number): Promise<Programs> {
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
  const surveying = surveyProgram(config, T, W, H)
  const initializers = ({ specs }: Pick<typeof surveying, 'specs'>) =>
    Object.fromEntries([...specs.keys()].map((name) => [name, weights[name]!]))
  const [encode, puppet, survey, denoise, lookAt] = await Promise.all([
    compile(program('encode conditions', { ...encoded })),
    compile(program('candidates', { ...candidates(puppetInputs(T, H, W), W, H) })),
    compile(surveying.program, { initializers: initializers(surveying) }),
    compile(sampling.program, { initializers: initializers(sampling) }),
    compile(lookProgram(W, H)),
  ])
  return {
    encode,
    puppet,
    survey,
    denoise,
    size: [T, H, W],
    look: async (background, at) => {
      const seen = await lookAt.run({
        background: hostTensor(background, [1, 3, H, W]),
        path: hostTensor(at.path.data, [1, 1, cameraNumbers]),
        nearness: at.nearness,
      })
      return seen.seen!.data as Float32Array
    },
    dispose: async () => {
      for (const executable of [encode, puppet, survey, denoise, lookAt]) await executable.dispose()
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
  const background = input('ground', [1, 3, H, W])
  const [nearness, light] = [input('nearness', [1, 1, H / 8, W / 8]), input('light', [1, 3])]
  const { frames, gain } = composeClip(parameters, from, { background, nearness, light })
  const path = cameraPath(parameters.steps)
  const built = program('denoise', { clean: dctEncode(frames), gain, path })
  const used = new Set(built.inputs.map(({ name }) => name))
  return { program: built, specs: new Map([...scope.specs].filter(([name]) => used.has(name))) }
}

function lookProgram(W: number, H: number) {
  const flow = backgroundFlow(input('path', [1, 1, cameraNumbers]), input('nearness', [1, 1, H / 8, W / 8]), W, H, H, W)
  return program('look at the background', { seen: warpBackground(input('background', [1, 3, H, W]), flow) })
}

/** What the place of a picture is to the person of another, who goes through these poses in it. */
export function surveyProgram(config: AnimateAnywhereConfig, T: number, W: number, H: number) {
  const scope = new Scope()
  const poses = config.poseNumbers ? input('pose_numbers', [1, T, poseNumbersWidth]) : undefined
  const picture = (name: string) => input(name, [1, 3, H, W])
  const found = survey(scope, picture('background'), picture('human'), poses)
  return { program: program('survey', { ...found }), specs: scope.specs }
}
