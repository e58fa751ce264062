// The golden vectors of cogvideox-facts 13.3 (a tiny model with known weights, run through diffusers), and how the autoencoder is used.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fill, goldenWeights } from '../../../../../test/support/golden'
import type { ExternalWeight } from '../../../backends/onnx'
import { hostTensor } from '../../../ir'
import type { HostTensor } from '../../../ir'
import { readHeader, writeSafetensors } from '../../../weights/safetensors'
import { parseVaeConfig } from './config'
import { openVae, vaeSpecs } from './vae'
import type { Vae } from './vae'

const config = parseVaeConfig(
  {
    block_out_channels: [8, 8, 8, 16],
    latent_channels: 4,
    layers_per_block: 1,
    norm_num_groups: 4,
    sample_height: 96,
    sample_width: 80,
  },
  'golden',
)
const weights = goldenWeights(vaeSpecs(config))

/** `decode` gathered: [3, T, H, W], and how many frames came at a time. */
async function decodeAll(vae: Vae, latents: HostTensor): Promise<{ video: HostTensor; counts: number[] }> {
  const parts: HostTensor[] = []
  await vae.decode(latents, (frames) => void parts.push(frames))
  const counts = parts.map(({ shape }) => shape[1]!)
  const total = counts.reduce((a, b) => a + b, 0)
  const [channels, , height, width] = parts[0]!.shape as [number, number, number, number]
  const plane = height * width
  const data = new Float32Array(channels * total * plane)
  let before = 0
  for (const part of parts) {
    for (let c = 0; c < channels; c++) {
      const size = part.shape[1]! * plane
      data.set((part.data as Float32Array).subarray(c * size, (c + 1) * size), (c * total + before) * plane)
    }
    before += part.shape[1]!
  }
  return { video: hostTensor(data, [channels, total, height, width]), counts }
}

interface Golden {
  readonly shape: readonly number[]
  readonly sum: number
  readonly squares: number
  readonly first: readonly number[]
  readonly last: readonly number[]
}

function expectGolden(actual: readonly HostTensor[], { shape, sum, squares, first, last }: Golden): void {
  expect([actual.reduce((total, t) => total + t.shape[0]!, 0), ...actual[0]!.shape.slice(1)]).toEqual(shape)
  const data = actual.flatMap((t) => Array.from(t.data, Number))
  expect(Math.abs(data.reduce((a, b) => a + b, 0) - sum)).toBeLessThan(2e-2)
  expect(Math.abs(data.reduce((a, b) => a + b * b, 0) - squares)).toBeLessThan(2e-2)
  first.forEach((value, i) => expect(data[i]).toBeCloseTo(value, 4))
  last.forEach((value, i) => expect(data[data.length - last.length + i]).toBeCloseTo(value, 4))
}

describe('a tiny model that went through diffusers', () => {
  const vae = openVae(config, weights, { tiling: false })
  const tiled = openVae(config, weights)
  afterAll(() => Promise.all([vae.dispose(), tiled.dispose()]))

  it('has the 240 weights of the published layout', () => {
    const names = Object.keys(weights)
    expect([names.length, names[0], names.at(-1)]).toEqual([
      240,
      'decoder.conv_in.conv.bias',
      'encoder.norm_out.weight',
    ])
  })

  it.each<[number, Golden]>([
    [
      1,
      {
        shape: [8, 1, 2, 3],
        sum: 4.945995,
        squares: 47.602035,
        first: [-0.311866, 0.928216, 0.990864],
        last: [0.380233, 0.288379, 0.15212],
      },
    ],
    [
      17,
      {
        shape: [8, 5, 2, 3],
        sum: 31.990162,
        squares: 292.238722,
        first: [-0.843991, 0.568573, 2.409044],
        last: [0.732364, -0.260397, 0.104034],
      },
    ],
  ])('encodes %i frames', async (frames, golden) => {
    const { mean, logvar } = await vae.encode(fill([3, frames, 16, 24], 1))
    expectGolden([mean, logvar], golden)
  })

  it.each<[number, number[], Golden]>([
    [
      2,
      [8],
      {
        shape: [3, 8, 16, 24],
        sum: 292.961443,
        squares: 459.609494,
        first: [-0.028837, 0.149544, 0.196059],
        last: [-0.167814, -0.161781, -0.086826],
      },
    ],
    [
      5,
      [9, 8],
      {
        shape: [3, 17, 16, 24],
        sum: 175.106772,
        squares: 596.436855,
        first: [0.017334, 0.043632, 0.070161],
        last: [0.082554, 0.048849, -0.032089],
      },
    ],
  ])('decodes %i latent frames, %j at a time', async (latents, expected, golden) => {
    const { video, counts } = await decodeAll(vae, fill([4, latents, 2, 3], 2))
    expect(counts).toEqual(expected)
    expectGolden([video], golden)
    if (latents === 5) expect(video.data[((1 * 17 + 9) * 16 + 7) * 24 + 13]).toBeCloseTo(0.236089, 4)
  })

  it.each<[string, Vae, Golden]>([
    [
      'whole',
      vae,
      {
        shape: [3, 9, 64, 72],
        sum: 341.38827,
        squares: 3501.613629,
        first: [-0.035904, 0.048355, 0.054438],
        last: [0.016587, -0.01378, 0.010182],
      },
    ],
    [
      'in tiles of 40x48 pixels',
      tiled,
      {
        shape: [3, 9, 64, 72],
        sum: 686.142158,
        squares: 3629.040599,
        first: [-0.039435, 0.04662, 0.060672],
        last: [0.040562, -0.015603, 0.011112],
      },
    ],
  ])('decodes a larger picture %s', async (_, opened, golden) => {
    expectGolden([(await decodeAll(opened, fill([4, 3, 8, 9], 3))).video], golden)
  })
})

describe('the published model', () => {
  it('has 436 tensors and 215,583,907 parameters', () => {
    const specs = [...vaeSpecs(parseVaeConfig({}, 'published'))]
    const parameters = (part: string) =>
      specs
        .filter(([name]) => name.startsWith(part))
        .reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0)
    expect(specs).toHaveLength(436)
    expect([parameters('encoder.'), parameters('decoder.'), parameters('')]).toEqual([
      92_215_456, 123_368_451, 215_583_907,
    ])
  })
})

describe('an open autoencoder', () => {
  let folder: string
  beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'vae-'))))
  afterAll(() => rmSync(folder, { recursive: true }))
  const latents = fill([4, 7, 2, 3], 5)

  it('stops between chunks when it is told to', async () => {
    const vae = openVae(config, weights)
    const stop = new AbortController()
    const counts: number[] = []
    const cancelled = vae.decode(
      latents,
      ({ shape }) => {
        counts.push(shape[1]!)
        if (counts.length === 2) stop.abort()
      },
      stop.signal,
    )
    await expect(cancelled).rejects.toThrow('aborted')
    expect(counts).toEqual([9, 8])
    await vae.dispose()
  })

  it('never looks ahead: a longer clip begins as the shorter one', async () => {
    const vae = openVae(config, weights)
    const parts: HostTensor[][] = [[], []]
    const short = hostTensor(
      Float32Array.from({ length: 4 * 5 * 6 }, (_, i) => {
        const [c, rest] = [Math.floor(i / 30), i % 30]
        return latents.data[c * 7 * 6 + rest] as number
      }),
      [4, 5, 2, 3],
    )
    await vae.decode(latents, (frames) => void parts[0]!.push(frames))
    await vae.decode(short, (frames) => void parts[1]!.push(frames))
    expect(parts.map((list) => list.map(({ shape }) => shape[1]))).toEqual([
      [9, 8, 8],
      [9, 8],
    ])
    expect(parts[0]!.slice(0, 2)).toEqual(parts[1])
    await vae.dispose()
  })

  it('can be used again after dispose', async () => {
    const vae = openVae(config, weights)
    const before = await decodeAll(vae, latents)
    await vae.dispose()
    expect((await decodeAll(vae, latents)).video).toEqual(before.video)
    await vae.dispose()
  })

  it('takes its weights from a file, in bfloat16 as well', async () => {
    const file = path.join(folder, 'model.safetensors')
    const halves = Object.entries(weights).map(([name, { shape, data }]) => {
      const bits = new Uint16Array(new Uint32Array((data as Float32Array).slice().buffer).map((word) => word >>> 16))
      return [name, hostTensor(bits, shape, 'bfloat16')] as const
    })
    writeSafetensors(file, Object.fromEntries(halves))
    const byPath = [...readHeader(file).tensors].map(([name, { offset, length, dtype }]): [string, ExternalWeight] => [
      name,
      { path: file, offset, length, dtype },
    ])
    const rounded = halves.map(([name, { shape, data }]) => {
      const words = Uint32Array.from(data as Uint16Array, (word) => word << 16)
      return [name, hostTensor(new Float32Array(words.buffer), shape)] as const
    })
    const [fromFile, inMemory] = [
      openVae(config, Object.fromEntries(byPath)),
      openVae(config, Object.fromEntries(rounded)),
    ]
    const [a, b] = [await decodeAll(fromFile, latents), await decodeAll(inMemory, latents)]
    a.video.data.forEach((value, i) => expect(Math.abs(Number(value) - Number(b.video.data[i]))).toBeLessThan(1e-6))
    await Promise.all([fromFile.dispose(), inMemory.dispose()])
  })

  it('says what does not fit', async () => {
    const name = 'decoder.conv_out.conv.weight'
    const incomplete = Object.fromEntries(Object.entries(weights).filter(([other]) => other !== name))
    expect(() => openVae(config, incomplete)).toThrow(`lack ${name} [3, 8, 3, 3, 3]; the model is incomplete`)
    expect(() => openVae(config, { ...incomplete, [name]: fill([3, 8, 3, 3], 1) })).toThrow(
      `${name} is [3, 8, 3, 3], its config asks for [3, 8, 3, 3, 3]`,
    )
    const vae = openVae(config, weights)
    await expect(vae.encode(fill([3, 1, 20, 24], 1))).rejects.toThrow('24x20 pixels must be multiples of 8')
    await expect(vae.encode(fill([1, 3, 16, 24], 1))).rejects.toThrow('needs float32 [3, T, H, W]')
    await expect(vae.decode(fill([3, 1, 2, 3], 1), () => undefined)).rejects.toThrow('needs float32 [4, T, H, W]')
  })
})
