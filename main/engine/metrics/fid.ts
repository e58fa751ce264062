// FID (Heusel et al. 2017): the Frechet distance of all frames' Inception-v3 pool3 features, as pytorch-fid computes it. Its covariance has
// 2048 dimensions: below several thousand frames a side the figure is biased upwards, and compares equal numbers of frames only.
import { inceptionPool3 } from '../models/inception'
import { networkFile } from '../weights/networks'
import { humanVidFrames, humanVidSquare } from './humanvid'
import { bothSides, Network, pictureOf, rowsOf } from './meter'
import type { Features, Meter } from './meter'

/** `fid`: every frame, resized to 299 x 299. `fid_humanvid`: its choice of frames, by way of 768 x 768. Weights: inception.safetensors. */
export function openFid(folder: string, humanVid: boolean): Meter {
  const network = new Network(
    'inception pool3',
    (scope, { x }) => inceptionPool3(scope, humanVid ? humanVidSquare(x!) : x!),
    [networkFile(folder, 'inception')],
  )
  const features: Features = async (frames, { width, height }) => {
    const rows: Float32Array[] = []
    const chosen = humanVid ? humanVidFrames(frames.length).map((t) => frames[t]!) : frames
    for (const frame of chosen) rows.push(...rowsOf(await network.run({ x: pictureOf(frame, width, height) })))
    return rows
  }
  return { clip: bothSides(features), dispose: () => network.dispose() }
}
