import { describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { constant, grad, hostTensor, input, program } from '../ir'
import { parseVaeConfig, vaeSpecs } from '../models/cogvideox/vae'
import { initialise, Random } from '../nn'
import { latentHandFeeds, vaePrefix, withLatentHandLoss } from './hand-latents'

/** A VAE of CogVideoX's kind, tiny: 2 pixels a latent, 2 pictures a latent frame. */
const vae = parseVaeConfig(
  {
    ...{ block_out_channels: [4, 8], latent_channels: 2, layers_per_block: 1, norm_num_groups: 2 },
    ...{ temporal_compression_ratio: 2, scaling_factor: 0.7 },
  },
  'test',
)
/** 5 latent frames, the first doubled for a transformer with two frames a token: 9 pictures of 48 x 40. */
const shape = { batch: 3, frames: 6, height: 24, width: 20 }
const clip = (lit: (t: number, y: number, x: number) => boolean) => ({
  width: 40,
  height: 48,
  mask: Uint8Array.from({ length: 9 * 48 * 40 }, (_, i) =>
    lit(Math.floor(i / (48 * 40)), Math.floor(i / 40) % 48, i % 40) ? 255 : 0,
  ),
})
const corner = clip((_, y, x) => y >= 40 && x < 6)
const nowhere = clip(() => false)
const numbers = (feed: { data: ArrayLike<number | bigint> } | undefined) => Array.from(feed!.data, Number)

describe('where the hand loss looks in latents', () => {
  it('is a window of a late clip that has a hand in it, counted for all late clips', () => {
    const drawn = Array.from({ length: 40 }, (_, seed) =>
      latentHandFeeds([nowhere, corner, corner], shape, [400, 900, 299], 1000, vae, new Random(seed)),
    )
    for (const one of drawn) {
      expect(numbers(one!.hand_clip)).toEqual([2])
      expect(numbers(one!.hand_counts)).toEqual(Array<number>(5).fill(expect.closeTo(1 / 3, 6) as number))
      expect(numbers(one!.hand_rows)).toEqual(Array.from({ length: 16 }, (_, i) => 8 + i)) // the lowest that fit
      expect(numbers(one!.hand_columns)[0]).toBe(0)
      expect(one!.hand_mask!.shape).toEqual([5, 1, 32, 32])
      // Rows 40..47 of the picture are 24..31 of the window; 6 columns wide in 5 pictures.
      expect(numbers(one!.hand_mask).reduce((a, b) => a + b)).toBe(5 * 8 * 6)
    }
    // Two late clips: each is drawn in its turn and stands for both.
    const two = latentHandFeeds([corner, corner, nowhere], shape, [0, 299, 900], 1000, vae, new Random(0))
    expect(numbers(two!.hand_counts)[0]).toBeCloseTo(2 / 3, 6)
    // The doubled frame is never looked at; every window of three is.
    expect(new Set(drawn.map((one) => numbers(one!.hand_latents).join())).size).toBe(3)
    expect(drawn.every((one) => !numbers(one!.hand_latents).includes(0))).toBe(true)
  })

  it('follows the hand through time: pictures 2k..2k+4 for the latent frames k..k+2', () => {
    const late = clip((t, y, x) => t >= 6 && y < 4 && x < 4)
    const seen = Array.from({ length: 40 }, (_, seed) => latentHandFeeds([late], { ...shape, batch: 1 }, [0], 1000, vae, new Random(seed))) // prettier-ignore
    const shares = new Map(
      seen.flatMap((one) =>
        one ? [[numbers(one.hand_latents)[0], numbers(one.hand_mask).reduce((a, b) => a + b) / 16]] : [],
      ),
    )
    // Windows begin at the pictures 0, 2 and 4; pictures 6, 7 and 8 show the hand.
    expect([...shares].sort()).toEqual([[2, 1], [3, 3]]) // prettier-ignore
    expect(seen.includes(undefined)).toBe(true)
  })

  it('is nowhere when no clip is late or no hand is seen', () => {
    expect(latentHandFeeds([corner], { ...shape, batch: 1 }, [300], 1000, vae, new Random(0))).toBeUndefined()
    expect(latentHandFeeds([nowhere], { ...shape, batch: 1 }, [0], 1000, vae, new Random(0))).toBeUndefined()
  })
})

describe('the hand loss of latents', () => {
  it('is nothing for the truth; its gradient stays in the window of the clip; the VAE is not trained', async () => {
    const random = new Random('latents')
    const all = [3, 6, 2, 24, 20]
    const [predicted, truth] = [input('predicted', all), input('truth', all)]
    const terms = withLatentHandLoss({ loss: constant(0) }, { weight: 1, vae }, predicted, truth)
    expect(Object.keys(terms)).toEqual(['loss', 'hand_proxy'])
    const made = program('hand', { loss: terms.loss, slope: grad(terms.loss, [predicted])[0]! })
    const specs = vaeSpecs(vae)
    const weights = Object.fromEntries(
      Object.entries(initialise(specs, 1)).map(([name, weight]) => [vaePrefix + name, weight]),
    )
    const used = made.inputs.flatMap(({ name }) => (name!.startsWith(vaePrefix) ? [name!] : []))
    expect(used.length).toBe([...specs.keys()].filter((name) => name.startsWith('decoder.')).length)
    const executable = await compile(made, { training: true })
    const feeds = {
      ...Object.fromEntries(used.map((name) => [name, weights[name]!])),
      ...latentHandFeeds([nowhere, corner, corner], shape, [400, 900, 299], 1000, vae, new Random(1))!,
    }
    const there = hostTensor(random.normals(3 * 6 * 2 * 24 * 20), all)
    const off = hostTensor(
      (there.data as Float32Array).map((v) => v + 0.3 * random.normal()),
      all,
    )
    expect((await executable.run({ ...feeds, predicted: there, truth: there })).loss!.data[0]).toBe(0)
    const { loss, slope } = await executable.run({ ...feeds, predicted: off, truth: there })
    await executable.dispose()
    expect(loss!.data[0]).toBeGreaterThan(0)
    const [frames, rows] = [numbers(feeds.hand_latents), numbers(feeds.hand_rows)]
    numbers(slope).forEach((value, i) => {
      const [b, t, y, x] = [Math.floor(i / 5760), Math.floor(i / 960) % 6, Math.floor(i / 20) % 24, i % 20]
      const inside = b === 2 && frames.includes(t) && rows.includes(y) && x < 16
      if (!inside) expect(value).toBe(0)
    })
    expect(numbers(slope).filter((v) => v !== 0).length).toBeGreaterThan(100)
  })
})
