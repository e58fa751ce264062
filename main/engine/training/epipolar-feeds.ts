// What the epipolar loss is told about a batch: which query rows are drawn, their bands from the clips' cameras, and which tokens show
// the human, who moves by himself and keeps to no line.
import { bandNumbers, epipolarBands } from '../geometry/bands'
import type { View } from '../geometry/segment'
import { hostTensor } from '../ir'
import type { HostTensor } from '../ir'
import type { TokenGrid } from '../models/cogvideox'
import type { Random } from '../nn'
import type { Clip, PoseClip } from './clip'
import { epipolarRows } from './epipolar-loss'

/**
 * How far from the line of its centre a token may find itself, in half diagonals of a token. A centre's match is within 1 by geometry;
 * a token is an area, and of its other pixels' matches 95% are within 1 and 99.8% within 1.5 (synthetic clips, bands.test.ts).
 */
const bandFactor = 1.5
/** Metres from the camera to the nearest background; the nearest of synthetic footage is at 0.58. */
const nearest = 0.3
/** Share of a token that the human may cover before it counts as the human's. */
const coveredShare = 0.1

/** The parts of a clip that matter here. */
export interface EpipolarClip extends Pick<PoseClip, 'id' | 'width' | 'height' | 'intrinsics' | 'extrinsics'> {
  /** `backgroundTokens` of the clip, [N]. */
  readonly ground: Float32Array
}

/** Whether the clip's cameras are known: footage without them has K of zeros. */
const hasCameras = ({ intrinsics }: EpipolarClip): boolean =>
  intrinsics.every((value, i) => (i % 9 === 0 || i % 9 === 4 ? value > 0 : true))

/**
 * Pictures that each token frame is made of, by number. A codec that keeps the first picture and folds each `temporal` pictures after
 * it into one latent, and `patch` latents to a token (null: 1). With an odd count of latents the first comes twice (CogVideoX 1.5).
 */
export function tokenFrames(pictures: number, temporal: number, patch: number | null): number[][] {
  if ((pictures - 1) % temporal)
    throw new Error(`tokenFrames: ${pictures} pictures are not 1 + a multiple of ${temporal}`)
  const latents = Array.from({ length: 1 + (pictures - 1) / temporal }, (_, i) =>
    i === 0 ? [0] : Array.from({ length: temporal }, (_, j) => (i - 1) * temporal + 1 + j),
  )
  const size = patch ?? 1
  while (latents.length % size) latents.unshift([0])
  return Array.from({ length: latents.length / size }, (_, i) => [
    ...new Set(latents.slice(i * size, (i + 1) * size).flat()),
  ])
}

/**
 * Feeds of `epipolarInputs`: `rows` background tokens of each clip drawn evenly, without repetition while there are enough; `rows` = all
 * tokens of the grid takes each once, the loss without sampling. `frames` says which pictures make up each token frame. Clips whose
 * cameras are unknown, or that show no background, count nothing; `skipped` says which and why.
 */
export function epipolarFeeds(
  clips: readonly EpipolarClip[],
  grid: TokenGrid,
  frames: readonly (readonly number[])[],
  random: Random,
  rows = epipolarRows,
): { feeds: Record<string, HostTensor>; skipped: string[] } {
  const [B, cells] = [clips.length, grid.height * grid.width]
  const N = grid.time * cells
  const chosen = new BigInt64Array(B * rows)
  const weights = new Float32Array(B * rows)
  const bands = new Float32Array(B * rows * grid.time * bandNumbers)
  const ground = new Float32Array(B * N)
  const skipped: string[] = []
  clips.forEach((clip, b) => {
    ground.set(clip.ground, b * N)
    const known = [...clip.ground.keys()].filter((i) => clip.ground[i])
    const reason = !hasCameras(clip)
      ? 'its cameras are unknown'
      : known.length === 0
        ? 'it shows no background'
        : undefined
    if (reason) skipped.push(`${clip.id}: no epipolar loss, ${reason}`)
    const picked = reason ? new Array<number>(rows).fill(0) : pick(known, N, rows, random)
    picked.forEach((token, i) => {
      chosen[b * rows + i] = BigInt(b * N + token)
      if (!reason && clip.ground[token]) weights[b * rows + i] = 1 / (rows === N ? known.length : rows)
    })
    if (reason) return
    const queries = picked.map((token) => {
      const cell = token % cells
      const point = [(cell % grid.width) + 0.5, Math.floor(cell / grid.width) + 0.5] as const
      return { frame: Math.floor(token / cells), point }
    })
    const options = { width: grid.width, height: grid.height, radius: bandFactor * Math.SQRT1_2, nearest }
    bands.set(epipolarBands(tokenViews(clip, grid, frames), queries, options), b * rows * grid.time * bandNumbers)
  })
  const counted = B - skipped.length
  return {
    feeds: {
      epipolar_rows: hostTensor(chosen, [B * rows]),
      epipolar_weights: hostTensor(
        weights.map((w) => w / Math.max(1, counted)),
        [B, rows],
      ),
      epipolar_bands: hostTensor(bands, [B, rows, grid.time, bandNumbers]),
      epipolar_ground: hostTensor(ground, [B, N]),
    },
    skipped,
  }
}

/** `rows` of the known tokens, or all N tokens. */
function pick(known: readonly number[], N: number, rows: number, random: Random): number[] {
  if (rows === N) return Array.from({ length: N }, (_, i) => i)
  return known.length >= rows
    ? random.shuffle(known).slice(0, rows)
    : Array.from({ length: rows }, () => random.pick(known))
}

/** The clip's cameras for each token frame, with pixels measured in tokens. */
function tokenViews(clip: EpipolarClip, grid: TokenGrid, frames: readonly (readonly number[])[]): View[][] {
  const [sx, sy] = [grid.width / clip.width, grid.height / clip.height]
  return frames.map((group) =>
    group.map((t) => ({
      K: Array.from(clip.intrinsics.subarray(9 * t, 9 * t + 9), (v, i) => v * (i < 3 ? sx : i < 6 ? sy : 1)),
      w2c: clip.extrinsics.subarray(12 * t, 12 * t + 12),
    })),
  )
}

/** 1 for each token of the grid that shows background in all its pictures, else 0: [N]. */
export function backgroundTokens(
  { width, height, humanMask }: Pick<Clip, 'width' | 'height' | 'humanMask'>,
  grid: TokenGrid,
  frames: readonly (readonly number[])[],
): Float32Array {
  const [w, h] = [width / grid.width, height / grid.height]
  const out = new Float32Array(grid.time * grid.height * grid.width)
  for (let i = 0; i < out.length; i++) {
    const column = i % grid.width
    const row = Math.floor(i / grid.width) % grid.height
    const group = frames[Math.floor(i / (grid.width * grid.height))]!
    let covered = 0
    for (const t of group)
      for (let y = row * h; y < (row + 1) * h; y++)
        for (let x = column * w; x < (column + 1) * w; x++) covered += humanMask[(t * height + y) * width + x]!
    out[i] = covered <= coveredShare * 255 * group.length * w * h ? 1 : 0
  }
  return out
}
