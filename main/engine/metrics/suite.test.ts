import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { hostTensor, input, program } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import { i3dLogits } from '../models/i3d'
import { initialise, Random, Scope } from '../nn'
import { writeSafetensors } from '../weights/safetensors'
import { squaredDistance } from './frechet'
import { styleGanVCrop } from './fvd'
import { lpips } from './lpips'
import { concluded, framesOf, pictureOf } from './meter'
import type { ClipPair } from './meter'
import { concludeAll, openSuite, suiteOf } from './suite'

const [width, height] = [48, 32]

/** Frames of a disc that moves to the right by `speed` pixels a frame over stripes; `grain` is noise in grey levels. */
function frames(count: number, speed: number, grain = 0): Uint8Array[] {
  const random = new Random(`grain ${grain}`)
  return Array.from({ length: count }, (_, t) =>
    Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
      const disc = Math.hypot(x - 12 - speed * t, y - 16) < 7
      const value = disc ? [200, 120, 90][c]! : 90 + 40 * Math.sin((x + y) / 3)
      return Math.max(0, Math.min(255, value + grain * random.normal()))
    }),
  )
}
/** What one run of a program gives. */
async function once(y: Tensor, feeds: Readonly<Record<string, HostTensor>>): Promise<Float32Array> {
  const executable = await compile(program('once', { y }))
  const result = await executable.run(feeds)
  await executable.dispose()
  return result.y!.data as Float32Array
}

const pair = (produced: readonly Uint8Array[], truth: readonly Uint8Array[]): ClipPair => ({ produced, truth, poses: [], width, height }) // prettier-ignore

describe("metrics without anybody's networks", () => {
  const suite = openSuite(['lpips', 'fid', 'fvd', 'fvd_humanvid', 'ssim_humanvid'])
  const scores = async (produced: readonly Uint8Array[][], truth: readonly Uint8Array[][]) => {
    const clips = []
    for (const [i, clip] of produced.entries()) clips.push(await suite.clip(pair(clip, truth[i]!)))
    return concludeAll(suite.names, clips)
  }
  const truth = [frames(8, 1), frames(8, 1.5), frames(8, 2)]
  afterAll(() => suite.dispose())

  it('are proxies, named so, with one line that says so', () => {
    expect(suite.names).toEqual(['lpips_proxy', 'fid_proxy', 'fvd_proxy', 'ssim_humanvid'])
    expect(suite.note).toMatch(/lpips_proxy for lpips.*fvd_proxy for fvd_humanvid.*not comparable/)
    expect(suite.note).not.toContain('\n')
    expect(openSuite(['lpips_proxy']).note).toBeUndefined()
  })

  it('are nothing for the truth itself', async () => {
    const { lpips_proxy, fid_proxy, fvd_proxy, ssim_humanvid } = await scores(truth, truth)
    expect(lpips_proxy).toBe(0)
    expect(fid_proxy).toBeCloseTo(0, 3)
    expect(fvd_proxy).toBeCloseTo(0, 3)
    expect(ssim_humanvid).toBeCloseTo(1, 10)
  })

  it('grow with noise', async () => {
    const grains = [2, 8, 25]
    const seen = []
    for (const grain of grains)
      seen.push(await scores([frames(8, 1, grain), frames(8, 1.5, grain), frames(8, 2, grain)], truth))
    for (const name of ['lpips_proxy', 'fid_proxy', 'fvd_proxy'])
      for (let i = 1; i < seen.length; i++) expect(seen[i]![name]).toBeGreaterThan(seen[i - 1]![name]!)
    for (let i = 1; i < seen.length; i++) expect(seen[i]!.ssim_humanvid).toBeLessThan(seen[i - 1]!.ssim_humanvid!)
  })

  it('fvd_proxy sees what fid_proxy cannot: the same frames in another order', async () => {
    const shuffled = truth.map((clip) => [6, 1, 4, 3, 0, 7, 2, 5].map((t) => clip[t]!))
    const { fid_proxy, fvd_proxy } = await scores(shuffled, truth)
    expect(fid_proxy).toBeCloseTo(0, 3)
    expect(fvd_proxy).toBeGreaterThan(1)
  })

  it('a name that does not exist is told, with those that do', () => {
    expect(suiteOf(['psnr', 'fid'], ['psnr'])).toEqual(['fid'])
    expect(() => suiteOf(['fit'], ['psnr'])).toThrow(/--metrics: "fit" is not one of psnr, lpips, .*fvd_proxy/)
  })
})

describe("metrics through the user's networks (random weights here)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'networks-'))
  const [a, b, x] = [input('a', [1, 3, height, width]), input('b', [1, 3, height, width]), input('x', [10, 3, height, width])] // prettier-ignore
  const weights = (seed: number, declare: (scope: Scope) => Tensor) => {
    const scope = new Scope()
    declare(scope)
    // The heads of LPIPS are not negative.
    return Object.fromEntries(
      Object.entries(initialise(scope.specs, seed)).map(([name, tensor]) => [
        name,
        name.startsWith('lin') ? hostTensor((tensor.data as Float32Array).map(Math.abs), tensor.shape) : tensor,
      ]),
    )
  }
  const lpipsWeights = weights(1, (scope) => lpips(scope, a, b))
  const i3dWeights = weights(2, (scope) => i3dLogits(scope, styleGanVCrop(x)))
  const [produced, truth] = [frames(11, 1, 10), frames(11, 1)]

  beforeAll(() => {
    const part = (lin: boolean) =>
      Object.fromEntries(Object.entries(lpipsWeights).filter(([name]) => name.startsWith('lin') === lin))
    const classifier = { 'classifier.0.bias': hostTensor([1], [1]) } // what a whole state dict holds beside the features
    writeSafetensors(path.join(folder, 'vgg16.safetensors'), { ...part(false), ...classifier })
    writeSafetensors(path.join(folder, 'lpips.safetensors'), part(true))
    writeSafetensors(path.join(folder, 'i3d.safetensors'), i3dWeights)
    writeSafetensors(path.join(folder, 'inception.safetensors'), {
      'Conv2d_1a_3x3.conv.weight': hostTensor([1], [1, 1, 1, 1]),
    })
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it('lpips is the mean over the frames; as HumanVid computes it, of pictures in [0, 1]', async () => {
    const suite = openSuite(['lpips', 'lpips_humanvid'], folder)
    const figures = await suite.clip(pair(produced.slice(0, 2), truth.slice(0, 2)))
    await suite.dispose()
    const y = lpips(Scope.frozen(lpipsWeights), a, b)
    for (const [name, range] of [
      ['lpips', (v: number) => v],
      ['lpips_humanvid', (v: number) => (v + 1) / 2],
    ] as const) {
      const expected: number[] = []
      for (const t of [0, 1]) {
        const scaled = ({ data, shape }: ReturnType<typeof pictureOf>) =>
          hostTensor((data as Float32Array).map(range), shape)
        const [of, to] = [produced[t]!, truth[t]!].map((frame) => scaled(pictureOf(frame, width, height)))
        expected.push((await once(y, { a: of!, b: to! }))[0]!)
      }
      const { values } = figures[name] as { values: number[] }
      values.forEach((value, t) => {
        expect(value / expected[t]!).toBeCloseTo(1, 4)
      })
    }
  })

  it('fvd_humanvid is the squared distance of logits, averaged over the beginnings of 10 to 24 frames', async () => {
    const suite = openSuite(['fvd_humanvid', 'fvd'], folder)
    expect(suite.note).toBeUndefined()
    const { fvd_humanvid, fvd } = await suite.clip(pair(produced, truth))
    await suite.dispose()
    const logits = (clip: readonly Uint8Array[]) =>
      once(i3dLogits(Scope.frozen(i3dWeights), styleGanVCrop(x)), { x: framesOf(clip.slice(0, 10), width, height) })
    const { values } = fvd_humanvid as { values: number[] }
    expect(values.length).toBe(2) // 10 and 11 frames
    expect(values[0]! / squaredDistance(await logits(produced), await logits(truth))).toBeCloseTo(1, 3)
    expect(concluded([fvd_humanvid!])).toBeCloseTo((values[0]! + values[1]!) / 2, 10)
    // The proper figure needs a set of clips: one vector each, and no distance of one pair alone.
    expect((fvd as { produced: readonly Float32Array[] }).produced.map((row) => row.length)).toEqual([400])
    expect(concluded([fvd!])).toBeNaN()
    expect(concluded([fvd!, fvd!])).toBeGreaterThan(0)
  })

  it('a network that is missing, or is another, is told with what to do', async () => {
    const empty = mkdtempSync(path.join(tmpdir(), 'networks-none-'))
    expect(() => openSuite(['fid'], empty)).toThrow(/no inception.safetensors in .*safetensors.torch.save_file/)
    rmSync(empty, { recursive: true })
    const suite = openSuite(['fid'], folder)
    await expect(suite.clip(pair(produced, truth))).rejects.toThrow(
      /inception.safetensors: "Conv2d_1a_3x3.conv.weight" is float32 \[1, 1, 1, 1\], the network needs float32 \[32, 3, 3, 3\]/,
    )
  })
})
