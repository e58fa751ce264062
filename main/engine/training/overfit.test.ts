// One clip, learned by heart: the proof that losses, gradients, optimiser and both heads hang together.
import { hints } from '../../motion/hints'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { sample } from '../diffusion/sampler'
import { hostTensor, input, program, reshape } from '../ir'
import type { HostTensor, Program } from '../ir'
import { psnr } from '../metrics'
import {
  backgroundFlow,
  cameraPath,
  encodeConditions,
  miniConfig,
  poseNumbersWidth,
  predictComposition,
} from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { dctChannels, dctDecode, dctEncode } from '../models/codec/dct'
import { innerDim } from '../models/cogvideox'
import { Random, Scope, sinusoid } from '../nn'
import { latentProgram } from '../render/latent-clip'
import { loadModel } from '../render/model'
import { generateClip } from '../synth'
import { controlFeeds, pictureFeeds } from './batch'
import { latentObjective } from './latent-objective'
import { objective } from './objective'
import type { BatchShape } from './objective'
import { train } from './trainer'
import type { TrainingOptions } from './trainer'

const folder = mkdtempSync(path.join(os.tmpdir(), 'anywhere-overfit-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const [W, H, T] = [48, 32, 5]
/** A smaller network of the same parts: a test must be quick. */
const small: AnimateAnywhereConfig = {
  ...miniConfig,
  transformer: { ...miniConfig.transformer, num_layers: 3, num_attention_heads: 4 },
}
const shape: BatchShape = { batch: 1, frames: T, width: W, height: H, composed: 2 }
const D = innerDim(small.transformer)

/** A clip whose camera moves several pixels. */
const clip = [...Array(50).keys()]
  .map((seed) => generateClip({ seed, width: W, height: H, frames: T, fps: 12 }))
  .find((one) => one.hint === 'auto' && Math.hypot(one.cameraPath.at(-4)!, one.cameraPath.at(-3)!) > 5)!

interface Step<Shape> {
  readonly shape: Shape
  readonly feeds: Record<string, HostTensor>
}

/** Weights after `steps` steps on the one clip. */
async function learn<Shape>(
  config: AnimateAnywhereConfig,
  stage: 'control' | 'joint',
  steps: number,
  batch: (random: Random) => Promise<Step<Shape>>,
  build: TrainingOptions<Shape>['build'],
): Promise<Record<string, HostTensor>> {
  const random = new Random(7)
  const out = path.join(folder, `${config.head}.safetensors`)
  const options = { config, stage, steps, seed: 0, batch: 1, data: 'one clip', out, resume: false, every: steps }
  await train({ batch: (step) => batch(random.fork(step)) }, { ...options, build, learningRate: 6e-4 })
  return loadModel(out).weights as Record<string, HostTensor>
}

async function compiled(built: Program, weights: Record<string, HostTensor>) {
  const names = built.inputs.map(({ name }) => name!).filter((name) => weights[name])
  return compile(built, { initializers: Object.fromEntries(names.map((name) => [name, weights[name]!])) })
}

/** The feeds of training, less what only training needs. */
function without(feeds: Record<string, HostTensor>, ...names: string[]): Record<string, HostTensor> {
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => !names.includes(name)))
}

const latent = [1, T, dctChannels, H / 8, W / 8]

function inputsOf(config: AnimateAnywhereConfig) {
  const picture = (name: string) => input(name, [1, 3, H, W])
  const s = config.poseScale
  return {
    latents: input('noise', latent),
    ...encodeConditions(
      {
        background: picture('background'),
        human: picture('human'),
        humanPose: picture('human_pose'),
        pose: input('pose', [1, T, 3, s * H, s * W]),
      },
      config,
    ),
    poseNumbers: input('pose_numbers', [1, T, poseNumbersWidth]),
    hint: input('hint', [1, hints.length]),
    time: input('time', [1, D]),
    timeZero: input('time_zero', [1, D]),
  }
}

/** Half a minute each on two idle cores; a busy machine may take its time. */
const patience = 600_000

describe('one clip learned by heart', { timeout: patience }, () => {
  it('with the latent head is sampled from noise within 1 dB of the codec limit', async () => {
    const config: AnimateAnywhereConfig = { ...small, head: 'latent', poseScale: 1, poseNumbers: false }
    const picture = (name: string) => input(name, [1, 3, H, W])
    const conditions = encodeConditions(
      {
        ...{ background: picture('background'), human: picture('human'), humanPose: picture('human_pose') },
        pose: input('pose', [1, T, 3, H, W]),
      },
      config,
    )
    const codec = await compile(
      program('encode', { clean: dctEncode(input('frames', [1, T, 3, H, W])), ...conditions }),
    )
    const text = hostTensor(new Float32Array(64), [1, 1, 64])
    const encoded = async (draw: Random): Promise<Record<string, HostTensor>> => {
      const feeds = await pictureFeeds([clip], shape, config, draw)
      const pick = (...names: string[]) => Object.fromEntries(names.map((name) => [name, feeds[name]!]))
      const { clean, background, pose, reference } = await codec.run(
        pick('frames', 'background', 'human', 'human_pose', 'pose'),
      )
      const latents = { background_latents: background!, pose_latents: pose!, reference_latents: reference! }
      return { ...pick('noise', 'signal', 'noise_share', 'hint', 'time', 'time_zero'), ...latents, clean: clean!, text }
    }
    const [, , channels, height, width] = latent as [number, number, number, number, number]
    const latentShape = { batch: 1, textTokens: 1, frames: T, channels, height, width, hands: false }
    const weights = await learn(
      config,
      'joint',
      500,
      async (draw) => ({ shape: latentShape, feeds: await encoded(draw) }),
      (stage, of) => latentObjective(config, stage, of, { baseFrozen: false }),
    )
    const denoiser = await compiled(latentProgram(config, latentShape, 1), weights)
    const decoder = await compile(program('decode', { y: dctDecode(reshape(input('x', latent), latent)) }))
    const random = new Random(3)
    let feeds = await encoded(random)
    while (feeds.background_latents!.data.every((v) => v === 0) || feeds.pose_latents!.data.every((v) => v === 0))
      feeds = await encoded(random) // a condition may have been left out by chance
    const fixed = without(feeds, 'clean', 'noise', 'signal', 'noise_share')
    const { clean } = await sample(
      async (noisy, timestep) => {
        const { output } = await denoiser.run({
          ...fixed,
          latents: hostTensor(noisy, latent),
          time: sinusoid([timestep], D),
          bml: hostTensor([1], [1]),
        })
        return { clean: output!.data as Float32Array, extra: undefined }
      },
      { length: latent.reduce((a, b) => a * b), steps: 10, seed: 5, guidance: { reference: 1, pose: 1 } },
    )
    const bytes = (planar: HostTensor) => ({
      width: W,
      height: H * T,
      channels: 3,
      data: (planar.data as Float32Array).map((v) => (v + 1) * 127.5),
    })
    const truth = bytes((await pictureFeeds([clip], shape, config, random)).frames!)
    const limit = psnr(bytes((await decoder.run({ x: feeds.clean! })).y!), truth)
    const reached = psnr(bytes((await decoder.run({ x: hostTensor(clean, latent) })).y!), truth)
    expect(reached).toBeGreaterThan(limit - 1)
  })

  it('with the composition head moves the background within a pixel of the true camera', async () => {
    const weights = await learn(
      small,
      'control',
      300,
      (draw) => Promise.resolve({ shape, feeds: controlFeeds([clip], shape, small, draw) }),
      (stage, of) => objective(small, stage, of),
    )
    const predicted = predictComposition(new Scope(), inputsOf(small), small)
    const nearness = input('nearness', [1, 1, H / 8, W / 8])
    const flow = backgroundFlow(cameraPath(predicted.steps), nearness, W, H, H / 8, W / 8)
    const executable = await compiled(program('flow', { flow }), weights)
    const feeds = without(controlFeeds([clip], shape, small, new Random(99)), 'steps', 'flow', 'flow_valid')
    const grey = hostTensor(new Float32Array(3 * W * H), [1, 3, H, W])
    const result = await executable.run({ ...feeds, background: grey, human: grey, human_pose: grey })
    const found = result.flow!.data as Float32Array
    const cells = (H / 8) * (W / 8)
    const errors = [...clip.backgroundFlowValid.keys()]
      .filter((i) => clip.backgroundFlowValid[i])
      .map((i) => {
        const [t, cell] = [Math.floor(i / cells), i % cells]
        const off = (axis: number) => found[(t * 2 + axis) * cells + cell]! - clip.backgroundFlow[i * 2 + axis]!
        return Math.hypot(off(0), off(1))
      })
    expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThan(1)
  })
})
