// A clip seen in a mirror is another clip that could have been filmed: twice the footage for nothing. All that knows left from right turns
// with the pictures: key points, flow, cameras and hints.
import { flipKeypoints } from '../../motion/keypoints'
import type { Hint } from '../../motion/hints'
import { FLOW_CELL } from './clip'
import type { Clip, PlaceClip, PoseClip } from './clip'

const swapped: Partial<Record<Hint, Hint>> = {
  'pan-left': 'pan-right',
  'pan-right': 'pan-left',
  'orbit-left': 'orbit-right',
  'orbit-right': 'orbit-left',
}

/** The pose clip in a mirror. */
export function mirrorPoses(clip: PoseClip): PoseClip {
  const { width } = clip
  const columns = width / FLOW_CELL
  return {
    ...clip,
    hint: swapped[clip.hint] ?? clip.hint,
    poses: clip.poses.map((pose) => flipKeypoints(pose, width)),
    intrinsics: clip.intrinsics.map((v, i) => (i % 9 === 2 && v !== 0 ? width - v : v)),
    // Mirrored world and mirrored camera: the entries that mix x with y or z change their sign, and the shift along x.
    extrinsics: clip.extrinsics.map((v, i) => ([1, 2, 3, 4, 8].includes(i % 12) ? -v : v)),
    backgroundFlow: flipRows(clip.backgroundFlow, columns, 2).map((v, i) => (i % 2 === 0 ? -v : v)),
    backgroundFlowValid: flipRows(clip.backgroundFlowValid, columns, 1),
    cameraPath: clip.cameraPath.map((v, i) => (i % 4 === 0 || i % 4 === 3 ? -v : v)),
    travel: clip.travel.map((v, i) => (i % 3 === 0 ? -v : v)),
    nearness: flipRows(clip.nearness, columns, 1),
  }
}

/** The place in a mirror. */
export const mirrorPlace = (clip: PlaceClip): PlaceClip => ({
  ...clip,
  ...mirrorPoses(clip),
  ground: flipRows(clip.ground, clip.width, 3),
  referenceHuman: flipRows(clip.referenceHuman, clip.width, 3),
})

/** The whole clip in a mirror. */
export function mirrorClip(clip: Clip): Clip {
  const { width } = clip
  return {
    ...clip,
    ...mirrorPoses(clip),
    frames: flipRows(clip.frames, width, 3),
    background: flipRows(clip.background, width, 3),
    humanMask: flipRows(clip.humanMask, width, 1),
    handMask: flipRows(clip.handMask, width, 1),
    referenceHuman: flipRows(clip.referenceHuman, width, 3),
    referenceMask: flipRows(clip.referenceMask, width, 1),
    reference: flipKeypoints(clip.reference, width),
  }
}

/** Rows of `width` elements of `channels` numbers each, every row from its end. */
function flipRows<Data extends Uint8Array | Float32Array>(data: Data, width: number, channels: number): Data {
  const out = data.slice() as Data
  const row = width * channels
  for (let start = 0; start < data.length; start += row)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) out[start + x * channels + c] = data[start + (width - 1 - x) * channels + c]!
  return out
}
