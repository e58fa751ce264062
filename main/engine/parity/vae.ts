// The autoencoder against diffusers: encode and decode of several lengths, and a decode in tiles. Which frames belong to which case is
// in the tensor names: `input.video9`, `expected.mean9`, `expected.decoded9`, `expected.decoded9_tiled32` (tiles of 32x32 pixels).
import { UserError } from '../../media/errors'
import type { HostTensor } from '../ir'
import { hostTensor } from '../ir'
import { openVae, parseVaeConfig } from '../models/cogvideox'
import type { Vae, VaeOptions } from '../models/cogvideox'
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
    const weights = [...fixture.tensors].filter(([name]) => name.startsWith(weightPrefix))
    const named = Object.fromEntries(weights.map(([name, tensor]) => [name.slice(weightPrefix.length), tensor]))
    const opened = new Map<number, Vae>()
    try {
      const comparisons: Comparison[] = []
      for (const name of fixture.tensors.keys()) {
        if (!name.startsWith('expected.')) continue
        const wanted = parse(fixture, name)
        const vae = opened.get(wanted.tile) ?? openVae(config, named, { tiling: tilingOf(wanted) })
        opened.set(wanted.tile, vae)
        const actual = await compute(fixture, vae, wanted)
        comparisons.push({
          name: name.slice('expected.'.length),
          error: relativeError(actual, floatsOf(fixture, name)),
        })
      }
      return comparisons
    } finally {
      await Promise.all([...opened.values()].map((vae) => vae.dispose()))
    }
  },
}

/** One expected tensor: what, of how many frames, in tiles of how many pixels (0: whole). */
interface Wanted {
  readonly what: 'mean' | 'logvar' | 'decoded'
  readonly frames: string
  readonly tile: number
}

function parse(fixture: Fixture, name: string): Wanted {
  const [, what, frames, tile] = /^expected\.(mean|logvar|decoded)(\d+)(?:_tiled(\d+))?$/.exec(name) ?? []
  if (!what) throw new UserError(`${fixture.path} expects ${name}, which the autoencoder does not give`)
  return { what: what as Wanted['what'], frames: frames!, tile: Number(tile ?? 0) }
}

const tilingOf = ({ tile }: Wanted): VaeOptions['tiling'] =>
  tile > 0 && { height: tile, width: tile, overlapHeight: overlap, overlapWidth: overlap }

async function compute(fixture: Fixture, vae: Vae, { what, frames }: Wanted): Promise<Float32Array> {
  if (what === 'decoded') return decodeAll(vae, unbatched(tensorOf(fixture, `expected.mean${frames}`)))
  const moments = await vae.encode(unbatched(tensorOf(fixture, `input.video${frames}`)))
  return moments[what].data as Float32Array
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
