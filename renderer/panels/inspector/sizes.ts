// Sizes of a clip: all sides are multiples of sixteen pixels, and a locked shape stays as close to itself as they allow.
import { sizeStep } from '../../../main/api'
import { fit } from '../../ui/number'

export interface Size {
  readonly width: number
  readonly height: number
}

/** What a side may be, pixels. */
export const sideRange = { min: 128, max: 2048, step: sizeStep, snap: true } as const

export const presetSizes: readonly Size[] = [
  { width: 640, height: 368 },
  { width: 848, height: 480 },
  { width: 1024, height: 576 },
  { width: 1280, height: 720 },
  { width: 1360, height: 768 },
  { width: 368, height: 640 },
  { width: 480, height: 848 },
  { width: 768, height: 1360 },
  { width: 512, height: 512 },
  { width: 768, height: 768 },
]

export const sizeText = ({ width, height }: Size): string => `${width} × ${height}`

/** The size after one side is set; with `ratio` (width over height) the other follows as near as the grid and range allow. */
export function withSide(size: Size, side: keyof Size, value: number, ratio: number | undefined): Size {
  const set = fit(value, sideRange)
  if (ratio === undefined) return { ...size, [side]: set }
  return side === 'width'
    ? { width: set, height: fit(set / ratio, sideRange) }
    : { width: fit(set * ratio, sideRange), height: set }
}

/** Frames a clip has when the settings leave it to the motion: its own length, up to ten seconds. */
export const framesOfMotion = (seconds: number, fps: number): number =>
  Math.max(1, Math.round(Math.min(seconds, 10) * fps))
