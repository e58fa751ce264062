// Chunks are differentiable, with and without a chunk before them: the gradients agree with differences.
import { describe, expect, it } from 'vitest'
import { fill, goldenWeights } from '../../../../../test/support/golden'
import { compile } from '../../../backends/onnx'
import { constant, grad, hostTensor, input, mul, program, sum } from '../../../ir'
import type { HostTensor, Tensor } from '../../../ir'
import { Scope } from '../../../nn'
import { parseVaeConfig } from './config'
import { decodeChunk } from './decoder'
import { encodeChunk } from './encoder'
import { openVae, vaeSpecs } from './vae'

const config = parseVaeConfig(
  {
    block_out_channels: [4, 8],
    latent_channels: 2,
    layers_per_block: 1,
    norm_num_groups: 2,
    temporal_compression_ratio: 2,
  },
  'gradients',
)
const weights = goldenWeights(vaeSpecs(config))
const step = 0.02
/** Of the slope: float32 on both sides, and what differences leave. */
const tolerance = 2e-3

const floats = ({ data }: HostTensor) => data as Float32Array

/** The slope of `loss` along its own gradient for `of`: as that gradient claims, and by differences of fourth order. */
async function slopes(loss: Tensor, of: Tensor, feeds: Record<string, HostTensor>): Promise<[number, number]> {
  const used = (tensors: readonly Tensor[]) => Object.fromEntries(tensors.map(({ name }) => [name!, feeds[name!]!]))
  const both = program('gradient', { loss, gradient: grad(loss, [of])[0]! })
  const value = program('value', { loss })
  const [backward, forward] = [await compile(both, { training: true }), await compile(value)]
  const gradient = floats((await backward.run(used(both.inputs))).gradient!)
  const size = Math.hypot(...gradient)
  const at = async (by: number) => {
    const x = feeds[of.name!]!
    const there = floats(x).map((v, i) => v + (by * gradient[i]!) / size)
    const result = await forward.run({ ...used(value.inputs), [of.name!]: hostTensor(there, x.shape) })
    return Number(result.loss!.data[0])
  }
  const numeric =
    (8 * ((await at(step)) - (await at(-step))) - ((await at(2 * step)) - (await at(-2 * step)))) / (12 * step)
  await Promise.all([backward.dispose(), forward.dispose()])
  return [size, numeric]
}

const weighted = (x: Tensor) => sum(mul(x, constant(fill(x.shape, 9))))

describe('the gradient', () => {
  it.each([
    ['of a later chunk for its latents', 'z', true],
    ['of the first chunk for its latents', 'z', false],
    ['for the cache', 'cached 3 1', true],
    ['for a weight of a causal convolution', 'decoder.up_blocks.0.resnets.0.conv1.conv.weight', true],
    ['for a weight of a spatially conditioned norm', 'decoder.mid_block.resnets.0.norm1.conv_y.conv.weight', false],
  ])('of decodeChunk: %s', async (_, name, later) => {
    const scope = new Scope()
    const first = decodeChunk(scope, input('first', [2, 3, 2, 3]), undefined, config)
    const entries = [...first.cache].map(
      ([conv, frames], i) =>
        [
          conv,
          frames.map(({ shape }, k) => input(`cached ${i} ${k}`, shape)) as unknown as readonly [Tensor, Tensor],
        ] as const,
    )
    const z = input('z', [2, later ? 2 : 3, 2, 3])
    const { frames } = decodeChunk(scope, z, later ? new Map(entries) : undefined, config)
    const cached = entries.flatMap(([, pair]) =>
      pair.map((t, i): [string, HostTensor] => [t.name!, fill(t.shape, 20 + i)]),
    )
    const feeds = { ...weights, ...Object.fromEntries(cached), z: fill(z.shape, 4) }
    const inputs = program('inputs', { frames }).inputs
    const [analytic, numeric] = await slopes(
      weighted(frames),
      inputs.find((t) => t.name === name)!,
      feeds,
    )
    expect(Math.abs(numeric / analytic - 1)).toBeLessThan(tolerance)
  })

  it('of encodeChunk for its pixels', async () => {
    const video = input('video', [3, 5, 4, 6])
    const { mean } = encodeChunk(new Scope(), video, undefined, config)
    const [analytic, numeric] = await slopes(weighted(mean), video, { ...weights, video: fill(video.shape, 6) })
    expect(Math.abs(numeric / analytic - 1)).toBeLessThan(tolerance)
  })
})

describe('chunks with other ratios in time', () => {
  it('come out as long as the ratio says', async () => {
    const vae = openVae(config, weights)
    const counts: number[] = []
    await vae.decode(fill([2, 5, 2, 2], 1), ({ shape }) => void counts.push(shape[1]!))
    expect(counts).toEqual([5, 4])
    expect((await vae.encode(fill([3, 9, 4, 4], 1))).mean.shape).toEqual([2, 5, 2, 2])
    await vae.dispose()
  })
})
