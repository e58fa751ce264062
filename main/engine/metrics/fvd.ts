// FVD (Unterthiner et al. 2018): the Frechet distance of clips' I3D logits, in StyleGAN-V's form, which the papers since use; and the
// figure that HumanVid prints under this name.
import { reshape, slice, transpose, upsample } from '../ir'
import type { Tensor } from '../ir'
import { i3dLeastFrames, i3dLogits, i3dSide } from '../models/i3d'
import { networkFile } from '../weights/networks'
import { squaredDistance } from './frechet'
import { humanVidFrames } from './humanvid'
import { bothSides, framesOf, Network, rowsOf } from './meter'
import type { Features, Meter } from './meter'

/** Frames [T, 3, H, W] as StyleGAN-V gives them to I3D: shorter side 224 (bilinear, no antialiasing), centre crop: [1, 3, T, 224, 224]. */
export function styleGanVCrop(frames: Tensor): Tensor {
  const [T, , h, w] = frames.shape as [number, number, number, number]
  const scale = i3dSide / Math.min(h, w)
  const size = h < w ? ([i3dSide, Math.ceil(w * scale)] as const) : ([Math.ceil(h * scale), i3dSide] as const)
  const [top, left] = size.map((length) => Math.floor((length - i3dSide) / 2)) as [number, number]
  const resized = upsample(frames, { size, mode: 'bilinear' })
  const square = slice(slice(resized, 2, top, top + i3dSide), 3, left, left + i3dSide)
  return transpose(reshape(square, [1, T, 3, i3dSide, i3dSide]), [0, 2, 1, 3, 4])
}

const logits = (folder: string): Network =>
  new Network('i3d logits', (scope, { x }) => i3dLogits(scope, styleGanVCrop(x!)), [networkFile(folder, 'i3d')], true)

/** Frames of a clip that `fvd` sees: the protocol's 16, or all where there are fewer. */
const protocolFrames = 16

/**
 * `fvd`: one feature vector a clip, of its first 16 frames (all of a shorter one; clips of fewer than 9 are left out). The protocol
 * compares 2,048 clips; fewer bias it upwards. Weights: i3d.safetensors.
 */
export function openFvd(folder: string): Meter {
  const network = logits(folder)
  const features: Features = async (frames, { width, height }) =>
    frames.length < i3dLeastFrames
      ? []
      : rowsOf(await network.run({ x: framesOf(frames.slice(0, protocolFrames), width, height) }))
  return { clip: bothSides(features), dispose: () => network.dispose() }
}

/** Shortest beginning of a clip that HumanVid compares. */
const leastPrefix = 10

/**
 * `fvd_humanvid`: clip by clip, for each beginning of 10 to 24 frames, the squared distance of the two logits (HumanVid calls its FVD with
 * one clip at a time, where no covariance exists); the mean of all. Clips of fewer than 10 frames add nothing.
 */
export function openFvdHumanVid(folder: string): Meter {
  const network = logits(folder)
  const features: Features = async (frames, { width, height }) => {
    const chosen = humanVidFrames(frames.length).map((t) => frames[t]!)
    const rows: Float32Array[] = []
    for (let length = leastPrefix; length <= chosen.length; length++)
      rows.push(...rowsOf(await network.run({ x: framesOf(chosen.slice(0, length), width, height) })))
    return rows
  }
  const both = bothSides(features)
  return {
    clip: async (pair) => {
      const { produced, truth } = await both(pair)
      return { values: produced.map((row, i) => squaredDistance(row, truth[i]!)) }
    },
    dispose: () => network.dispose(),
  }
}
