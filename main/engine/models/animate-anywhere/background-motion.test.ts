// The ways from poses to camera that config.backgroundMotion names, and what each is made of.
import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { hostTensor } from '../../ir'
import type { HostTensor } from '../../ir'
import { initialise, zeroInit } from '../../nn'
import { samplingProgram } from '../../render/thinking-programs'
import { innerDim } from '../cogvideox'
import { miniConfig, parseConfig } from './config'
import type { AnimateAnywhereConfig } from './config'

const [T, W, H] = [3, 48, 32]
const variant = (backgroundMotion: AnimateAnywhereConfig['backgroundMotion']) => ({ ...miniConfig, backgroundMotion })

/** Camera path of a model whose weights are all drawn anew, those that start at zero included, but for those of `silent`. */
async function motionOf(
  config: AnimateAnywhereConfig,
  change: (feeds: Record<string, HostTensor>) => void,
  silent = 'nothing',
) {
  const { program, specs } = samplingProgram(config, T, W, H)
  const open = new Map(
    [...specs].map(([name, spec]) => {
      const init = name.startsWith(silent) ? zeroInit : ({ kind: 'normal', std: 0.05 } as const)
      return [name, { ...spec, init }]
    }),
  )
  const executable = await compile(program, { initializers: initialise(open, 1) })
  const fed = program.inputs.filter(({ name }) => !specs.has(name!))
  const feeds = Object.fromEntries(
    fed.map(({ name, shape }) => [
      name!,
      hostTensor(
        Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
        shape,
      ),
    ]),
  )
  change(feeds)
  const { path } = await executable.run(feeds)
  await executable.dispose()
  return path!.data as Float32Array
}
const differ = (a: Float32Array, b: Float32Array) => a.some((v, i) => v !== b[i])

describe('background motion', () => {
  it('without the BML has the same weights but for its own', () => {
    const names = (config: AnimateAnywhereConfig) => [...samplingProgram(config, T, W, H).specs.keys()]
    const [full, none] = [names(miniConfig), names(variant('none'))]
    expect(full.filter((name) => !none.includes(name)).every((name) => name.startsWith('bml.'))).toBe(true)
    expect(none.every((name) => full.includes(name))).toBe(true)
  })

  it('that the tokens say nothing of is as strong as the BML is asked for', async () => {
    const asked = (strength: number) =>
      motionOf(miniConfig, ({ bml }) => (bml!.data as Float32Array).fill(strength), 'head.camera.')
    const [none, whole] = [await asked(0), await asked(1)]
    expect(none.every((v) => v === 0)).toBe(true)
    expect(whole.some((v) => v !== 0)).toBe(true)
  })

  it('in two stages follows from poses and hint, never from a picture', async () => {
    const config = variant('two-stage')
    const plain = await motionOf(config, () => undefined)
    const otherPlace = await motionOf(config, (feeds) => (feeds.background_latents!.data as Float32Array).fill(0.5))
    const otherPoses = await motionOf(config, (feeds) => (feeds.pose_numbers!.data as Float32Array).fill(0.5))
    expect(differ(plain, otherPlace)).toBe(false)
    expect(differ(plain, otherPoses)).toBe(true)
    const learned = await motionOf(miniConfig, () => undefined)
    const learnedElsewhere = await motionOf(miniConfig, (feeds) =>
      (feeds.background_latents!.data as Float32Array).fill(0.5),
    )
    expect(differ(learned, learnedElsewhere)).toBe(true)
  })

  it('in two stages has about as many weights as the full method', () => {
    const count = (config: AnimateAnywhereConfig) =>
      [...samplingProgram(config, T, W, H).specs.values()].reduce(
        (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
        0,
      )
    expect(Math.abs(count(variant('two-stage')) / count(miniConfig) - 1)).toBeLessThan(0.02)
    expect(innerDim(miniConfig.transformer) % 64).toBe(0)
  })

  it('reads model files of before it was a choice, and refuses two stages without what they need', () => {
    const { backgroundMotion, ...old } = miniConfig
    expect(parseConfig(JSON.stringify(old), 'old.safetensors').backgroundMotion).toBe(backgroundMotion)
    const wrong = JSON.stringify({ ...variant('two-stage'), poseNumbers: false })
    expect(() => parseConfig(wrong, 'wrong.safetensors')).toThrow(
      /wrong.safetensors: config backgroundMotion: two-stage needs/,
    )
  })
})
