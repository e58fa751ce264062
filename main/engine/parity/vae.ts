// The autoencoder against diffusers: encode and decode of several lengths, and a decode in tiles. Which frames belong to which case is
// in the tensor names: `input.video9`, `expected.mean9`, `expected.decoded9`, `expected.decoded9_tiled32` (tiles of 32x32 pixels).
import { UserError } from '../../media/errors'
import type { HostTensor } from '../ir'
import { hostTensor } from '../ir'
import { openVae, parseVaeConfig } from '../models/cogvideox'
import type { Vae, VaeConfig, VaeOptions } from '../models/cogvideox'
import { floatsOf, jsonOf, relativeError, tensorOf } from './fixture'
import type { Comparison, Fixture, FixtureKind } from './fixture'

const weightPrefix = 'weights.'
/** The fixtures' tiles overlap by a quarter (metadata note). */
const overlap = 1 / 4

export const vaeKind: FixtureKind = {
  name: 'vae',
  recognises: ({ tensors }) =>
    tensors.has('weights.encoder.conv_in.conv.weight') && tensors.has('weights.decoder.conv_in.conv.weight'),
  run: async (fixture) => {
    const config = parseVaeConfig(jsonOf(fixture, 'config'), fixture.path)
    const comparisons: Comparison[] = []
    for (const name of fixture.tensors.keys())
      if (name.startsWith('expected.')) comparisons.push(await compare(fixture, config, name))
    return comparisons
  },
}

async function compare(fixture: Fixture, config: VaeConfig, name: string): Promise<Comparison> {
  const [, what, frames, tile] = /^expected\.(mean|logvar|decoded)(\d+)(?:_tiled(\d+))?$/.exec(name) ?? []
  if (!what) throw new UserError(`${fixture.path} expects ${name}, which the autoencoder does not give`)
  const size = Number(tile)
  const tiling = tile ? { height: size, width: size, overlapHeight: overlap, overlapWidth: overlap } : false
  const actual = await withVae(fixture, config, { tiling }, async (vae) => {
    if (what === 'decoded') return decodeAll(vae, unbatched(tensorOf(fixture, `expected.mean${frames}`)))
    const { mean, logvar } = await vae.encode(unbatched(tensorOf(fixture, `input.video${frames}`)))
    return (what === 'mean' ? mean : logvar).data as Float32Array
  })
  return { name: name.slice('expected.'.length), error: relativeError(actual, floatsOf(fixture, name)) }
}

async function withVae<T>(
  fixture: Fixture,
  config: VaeConfig,
  options: VaeOptions,
  use: (vae: Vae) => Promise<T>,
): Promise<T> {
  const weights = [...fixture.tensors].filter(([name]) => name.startsWith(weightPrefix))
  const named = Object.fromEntries(weights.map(([name, tensor]) => [name.slice(weightPrefix.length), tensor]))
  const vae = openVae(config, named, options)
  try {
    return await use(vae)
  } finally {
    await vae.dispose()
  }
}

/** The decoded video [3, T, H, W] as one array. */
async function decodeAll(vae: Vae, latents: HostTensor): Promise<Float32Array> {
  const parts: HostTensor[] = []
  await vae.decode(latents, (frames) => void parts.push(frames))
  const channels = parts[0]!.shape[0]!
  const planes = Array.from({ length: channels }, (_, c) =>
    parts.flatMap(({ data }) => {
      const size = data.length / channels
      return [(data as Float32Array).subarray(c * size, (c + 1) * size)]
    }),
  ).flat()
  const joined = new Float32Array(planes.reduce((sum, { length }) => sum + length, 0))
  planes.reduce((at, plane) => (joined.set(plane, at), at + plane.length), 0)
  return joined
}

/** [1, C, T, H, W] as [C, T, H, W]. */
function unbatched({ data, shape }: HostTensor): HostTensor {
  return hostTensor(data, shape.slice(1))
}
