import { describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { grad, hostTensor, input, program } from '../ir'
import type { HostTensor } from '../ir'
import { vgg16Taps, vggFeatures } from '../models/vgg'
import { initialise, Scope } from '../nn'
import { defaultHandOptions, handFeeds, handLoss, oneStepClean, withHandLoss } from './hand-loss'
import type { HandOptions } from './hand-loss'

const [H, W] = [32, 48]
const area = H * W
const random16 = (() => {
  const scope = new Scope()
  vggFeatures(scope, input('x', [1, 3, H, W]), 'vgg16', vgg16Taps.slice(0, 4))
  return initialise(scope.specs, 0)
})()

/** A hand of five bars on a smooth ground, at x 16..31, y 8..23; `softness` blurs the bars into one another. */
function picture(softness: number): Float32Array {
  return Float32Array.from({ length: 3 * area }, (_, i) => {
    const [c, y, x] = [Math.floor(i / area), Math.floor(i / W) % H, i % W]
    const ground = 0.3 * Math.sin(x / 7 + c) - 0.2
    const bars = 0.6 * Math.tanh(Math.sin(((x - 16) * Math.PI) / 1.6) / (0.2 + softness))
    return isHand(y, x) ? ground + bars / (1 + softness) : ground
  })
}
const isHand = (y: number, x: number): boolean => x >= 16 && x < 32 && y >= 8 && y < 24
const mask = Float32Array.from({ length: area }, (_, i) => (isHand(Math.floor(i / W), i % W) ? 1 : 0))

/** Loss and its gradient for the produced pictures. */
async function evaluated(options: HandOptions, produced: Float32Array, count = 1, hand = mask) {
  const given = input('produced', [1, 3, H, W])
  const others = {
    truth: input('truth', [1, 3, H, W]),
    mask: input('mask', [1, 1, H, W]),
    counts: input('counts', [1]),
  }
  const loss = handLoss(options, { produced: given, ...others })
  const made = program('hand', { loss, slope: grad(loss, [given])[0]! })
  const executable = await compile(made, { training: true })
  const result = await executable.run({
    produced: hostTensor(produced, [1, 3, H, W]),
    truth: hostTensor(picture(0), [1, 3, H, W]),
    mask: hostTensor(hand, [1, 1, H, W]),
    counts: hostTensor([count], [1]),
  })
  await executable.dispose()
  return { loss: Number(result.loss!.data[0]), slope: result.slope!.data as Float32Array, inputs: made.inputs.length }
}

describe.each([
  ['VGG16 (random weights)', { weight: 1, vgg16: random16 }],
  ['our own filter bank', defaultHandOptions],
] as [string, HandOptions][])('the hand loss through %s', (_, options) => {
  it('has a gradient inside the hands only, and none for the network', async () => {
    const { slope, inputs } = await evaluated(options, picture(0.7))
    expect(inputs).toBe(4)
    const outside = slope.filter((_, i) => mask[i % area] === 0)
    expect(outside.every((v) => v === 0)).toBe(true)
    const inside = slope.filter((_, i) => mask[i % area] === 1)
    expect(inside.filter((v) => v !== 0).length).toBeGreaterThan(0.9 * inside.length)
  })

  it('falls as the hand gets sharper, down to nothing', async () => {
    const losses: number[] = []
    for (const softness of [3, 1.5, 0.7, 0.3, 0]) losses.push((await evaluated(options, picture(softness))).loss)
    for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1]!)
    expect(losses.at(-1)).toBe(0)
  })

  it('is nothing at a noisy timestep, and where no hand is seen', async () => {
    for (const { loss, slope } of [
      await evaluated(options, picture(1), 0),
      await evaluated(options, picture(1), 1, new Float32Array(area)),
    ]) {
      expect(loss).toBe(0)
      expect(slope.every((v) => v === 0)).toBe(true)
    }
  })
})

describe('its place in the objective', () => {
  const clips = input('produced', [2, 3, 3, H, W])
  const terms = { loss: input('picture', []), picture: input('picture_too', []) }

  it('is called by the features that it sees with, and can be left out', () => {
    const truth = input('truth', [2, 3, 3, H, W])
    expect(withHandLoss(terms, undefined, clips, truth)).toBe(terms)
    expect(Object.keys(withHandLoss(terms, defaultHandOptions, clips, truth))).toEqual([
      'loss',
      'picture',
      'hand_proxy',
    ])
    const withVgg = withHandLoss(terms, { weight: 0.005, vgg16: random16 }, clips, truth)
    expect(Object.keys(withVgg)).toEqual(['loss', 'picture', 'hand'])
    expect(program('p', withVgg).inputs.map(({ name, shape }) => [name, shape])).toContainEqual(['hand_counts', [2]])
  })

  it('is fed the masks of the chosen frames; only the least noisy 30% of timesteps count', () => {
    const clip = (value: number) => ({
      ...{ width: W, height: H },
      handMask: Uint8Array.from({ length: 4 * area }, (_, i) => value * Math.floor(i / area)),
    })
    const feeds = handFeeds([clip(51), clip(17)], [1, 3], [299, 300], 1000)
    expect(feeds.hand_mask!.shape).toEqual([2, 2, 1, H, W])
    const seen = [0, 1, 2, 3].map((n) => Math.round(255 * (feeds.hand_mask!.data[n * area] as number)))
    expect(seen).toEqual([51, 153, 17, 51])
    expect([...(feeds.hand_counts!.data as Float32Array)]).toEqual([1, 0])
  })

  it('one step from noise and velocity back to the clean latents', async () => {
    const [clean, noise, alpha] = [0.7, -1.3, 0.36]
    const [signal, share] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)]
    const [x, v, a, s] = [input('x', [1, 1]), input('v', [1, 1]), input('a', [1]), input('s', [1])]
    const executable = await compile(program('clean', { y: oneStepClean(x, v, a, s) }))
    const one = (value: number, shape: number[]): HostTensor => hostTensor([value], shape)
    const feeds = { x: one(signal * clean + share * noise, [1, 1]), v: one(signal * noise - share * clean, [1, 1]) }
    const { y } = await executable.run({ ...feeds, a: one(signal, [1]), s: one(share, [1]) })
    await executable.dispose()
    expect(y!.data[0]).toBeCloseTo(clean, 6)
  })
})
