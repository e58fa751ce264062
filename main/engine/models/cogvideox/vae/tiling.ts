// Tiles in space (cogvideox-facts 6.7): where they lie and how their overlaps are blended. The numbers of a tiled picture differ from
// those of an untiled one, so positions, extents and the order of blending are the reference's.
import { UserError } from '../../../../media/errors'
import { allocate, hostTensor } from '../../../ir'
import type { HostTensor } from '../../../ir'
import { spatialRatio } from './config'
import type { VaeConfig } from './config'

/** Size of a tile in pixels and the share of it that overlaps the next one. */
export interface Tiling {
  readonly height: number
  readonly width: number
  readonly overlapHeight: number
  readonly overlapWidth: number
}

/** Half of the size that the model was made for, overlapping by 1/6 and 1/5. */
export const defaultTiling = (config: VaeConfig): Tiling => ({
  height: Math.floor(config.sample_height / 2),
  width: Math.floor(config.sample_width / 2),
  overlapHeight: 1 / 6,
  overlapWidth: 1 / 5,
})

/** One axis in the two spaces: tiles read from the source, blended and kept in the target. */
export interface TileAxis {
  /** Length of a tile in the source. */
  readonly tile: number
  /** From one tile to the next, in the source. */
  readonly stride: number
  /** Blended, in the target. */
  readonly blend: number
  /** Kept of each tile, in the target. */
  readonly kept: number
}

export interface TilePlan {
  readonly rows: TileAxis
  readonly columns: TileAxis
}

/** Tiles for decoding (latents to pixels) and encoding (pixels to latents). Throws UserError when kept parts would not join without a gap. */
export function tilePlan(config: VaeConfig, tiling: Tiling, direction: 'encode' | 'decode'): TilePlan {
  const ratio = spatialRatio(config)
  const axis = (name: string, pixels: number, overlap: number): TileAxis => {
    const latents = Math.trunc(pixels / ratio)
    const [tile, target] = direction === 'decode' ? [latents, pixels] : [pixels, latents]
    const stride = Math.trunc(tile * (1 - overlap))
    const blend = Math.trunc(target * overlap)
    const kept = target - blend
    const joins = direction === 'decode' ? kept === stride * ratio : kept * ratio === stride
    if (!joins || kept < 1)
      throw new UserError(
        `VAE tiles of ${pixels} pixels in ${name} overlapping by ${overlap.toFixed(3)} do not join: ${kept} kept of each but ${stride} from one to the next; choose a tile size that is a multiple of ${ratio} and of the overlap`,
      )
    return { tile, stride, blend, kept }
  }
  return {
    rows: axis('height', tiling.height, tiling.overlapHeight),
    columns: axis('width', tiling.width, tiling.overlapWidth),
  }
}

/** Whether [C, T, H, W] of the source is larger than one tile. */
export const needsTiles = (shape: readonly number[], { rows, columns }: TilePlan): boolean =>
  shape[2]! > rows.tile || shape[3]! > columns.tile

/** The part [C, T, height, width] of x from row `top` and column `left`; cut at the edges of x. */
export function crop(x: HostTensor, top: number, left: number, height: number, width: number): HostTensor {
  const [channels, frames, rows, columns] = x.shape as [number, number, number, number]
  const h = Math.min(height, rows - top)
  const w = Math.min(width, columns - left)
  const data = new Float32Array(channels * frames * h * w)
  const source = x.data as Float32Array
  for (let plane = 0; plane < channels * frames; plane++)
    for (let y = 0; y < h; y++) {
      const from = (plane * rows + top + y) * columns + left
      data.set(source.subarray(from, from + w), (plane * h + y) * w)
    }
  return hostTensor(data, [channels, frames, h, w])
}

/** `tile` fades in from the last rows of `above`, in place. */
function blendRows(above: HostTensor, tile: HostTensor, extent: number): void {
  const [channels, frames, height, width] = tile.shape as [number, number, number, number]
  const [oldHeight, oldWidth] = above.shape.slice(2) as [number, number]
  const size = Math.min(extent, oldHeight, height)
  const from = above.data as Float32Array
  const to = tile.data as Float32Array
  for (let plane = 0; plane < channels * frames; plane++)
    for (let y = 0; y < size; y++) {
      const share = y / size
      const a = (plane * oldHeight + oldHeight - size + y) * oldWidth
      const b = (plane * height + y) * width
      for (let x = 0; x < width; x++) to[b + x] = from[a + x]! * (1 - share) + to[b + x]! * share
    }
}

/** `tile` fades in from the last columns of `left`, in place. */
function blendColumns(left: HostTensor, tile: HostTensor, extent: number): void {
  const [channels, frames, height, width] = tile.shape as [number, number, number, number]
  const oldWidth = left.shape[3]!
  const size = Math.min(extent, oldWidth, width)
  const from = left.data as Float32Array
  const to = tile.data as Float32Array
  for (let row = 0; row < channels * frames * height; row++)
    for (let x = 0; x < size; x++) {
      const share = x / size
      const a = row * oldWidth + oldWidth - size + x
      const b = row * width + x
      to[b] = from[a]! * (1 - share) + to[b]! * share
    }
}

/** Copies the first `height` x `width` of `tile` to row `top`, column `left` of `canvas`. */
function paste(tile: HostTensor, canvas: HostTensor, top: number, left: number, height: number, width: number): void {
  const [channels, frames, rows, columns] = canvas.shape as [number, number, number, number]
  const [tileRows, tileColumns] = tile.shape.slice(2) as [number, number]
  const h = Math.min(height, tileRows)
  const w = Math.min(width, tileColumns)
  const from = tile.data as Float32Array
  const to = canvas.data as Float32Array
  for (let plane = 0; plane < channels * frames; plane++)
    for (let y = 0; y < h; y++) {
      const start = (plane * tileRows + y) * tileColumns
      to.set(from.subarray(start, start + w), (plane * rows + top + y) * columns + left)
    }
}

const starts = (length: number, stride: number): number[] =>
  Array.from({ length: Math.ceil(length / stride) }, (_, i) => i * stride)

/**
 * Runs `work` on each tile of `source` [C, T, h, w], row by row, and joins what comes back on a canvas of `rows` x `columns`. `work`
 * may return several tensors (mean and log-variance) that are joined each for itself.
 */
export async function overTiles(
  source: HostTensor,
  plan: TilePlan,
  [rows, columns]: readonly [number, number],
  work: (tile: HostTensor) => Promise<HostTensor[]>,
): Promise<HostTensor[]> {
  const canvases: HostTensor[] = []
  let above: HostTensor[][] = []
  for (const [i, top] of starts(source.shape[2]!, plan.rows.stride).entries()) {
    const row: HostTensor[][] = []
    for (const [j, left] of starts(source.shape[3]!, plan.columns.stride).entries()) {
      const results = await work(crop(source, top, left, plan.rows.tile, plan.columns.tile))
      results.forEach((tile, k) => {
        if (i > 0) blendRows(above[j]![k]!, tile, plan.rows.blend)
        if (j > 0) blendColumns(row[j - 1]![k]!, tile, plan.columns.blend)
        canvases[k] ??= emptyLike(tile, rows, columns)
        const { kept: height } = plan.rows
        const { kept: width } = plan.columns
        paste(tile, canvases[k], i * height, j * width, height, width)
      })
      row.push(results)
    }
    above = row
  }
  return canvases
}

function emptyLike(tile: HostTensor, rows: number, columns: number): HostTensor {
  const [channels, frames] = tile.shape as [number, number]
  const data = allocate('float32', channels * frames * rows * columns)
  return hostTensor(data, [channels, frames, rows, columns])
}
