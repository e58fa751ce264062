// A turned square on a picture (the networks' view of it): cutting it out as a network's input, and bringing results back.
import type { Picture } from '../../media'
import { cropPicture, resizePicture } from '../../media'

/** A square of side `size` pixels around (x, y), turned clockwise on the screen by `rotation` radians. */
export interface Region {
  x: number
  y: number
  size: number
  rotation: number
}

/** A point of the unit square (0..1, y down) of `region` in picture pixels. */
export function fromRegion(region: Region, u: number, v: number): [number, number] {
  const [cos, sin] = [Math.cos(region.rotation) * region.size, Math.sin(region.rotation) * region.size]
  return [region.x + (u - 0.5) * cos - (v - 0.5) * sin, region.y + (u - 0.5) * sin + (v - 0.5) * cos]
}

/** A picture pixel in the unit square of `region`. */
export function intoRegion(region: Region, x: number, y: number): [number, number] {
  const [cos, sin] = [Math.cos(region.rotation) / region.size, Math.sin(region.rotation) / region.size]
  const [dx, dy] = [x - region.x, y - region.y]
  return [0.5 + dx * cos + dy * sin, 0.5 - dx * sin + dy * cos]
}

/** How the part of a region that lies outside the picture is filled: black, or the picture's border drawn out. */
export type Outside = 'black' | 'edge'

/**
 * The region as a float image [side, side, 3] with bytes mapped to `low`..`high`. The part of the picture that it needs is first reduced so
 * that one of its pixels is about one of the result's (large pictures would alias), then sampled bilinearly.
 */
export async function cutRegion(
  picture: Picture,
  region: Region,
  side: number,
  [low, high]: readonly [number, number],
  outside: Outside,
): Promise<Float32Array> {
  const part = await reduced(picture, region, Math.min(1, side / region.size))
  const gain = (high - low) / 255
  const out = new Float32Array(side * side * 3)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [x, y] = fromRegion(region, (column + 0.5) / side, (row + 0.5) / side)
      const at = (row * side + column) * 3
      if (part)
        addSample(part.picture, (x - part.x) * part.scaleX - 0.5, (y - part.y) * part.scaleY - 0.5, outside, out, at)
    }
  }
  for (let i = 0; i < out.length; i++) out[i] = out[i]! * gain + low
  return out
}

/** The upright box of the picture that covers `region`, resized by about `scale`; undefined when they do not meet. */
async function reduced(picture: Picture, region: Region, scale: number) {
  const reach =
    (region.size / 2) * (Math.abs(Math.cos(region.rotation)) + Math.abs(Math.sin(region.rotation))) + 2 / scale
  const [left, top] = [region.x - reach, region.y - reach].map((edge) => Math.max(0, Math.floor(edge))) as [
    number,
    number,
  ]
  const right = Math.min(picture.width, Math.ceil(region.x + reach))
  const bottom = Math.min(picture.height, Math.ceil(region.y + reach))
  const [width, height] = [right - left, bottom - top]
  if (width <= 0 || height <= 0) return undefined
  const whole = width === picture.width && height === picture.height
  const box = whole ? picture : cropPicture(picture, { x: left, y: top, width, height })
  const small = await resizePicture(
    box,
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  )
  return { picture: small, x: left, y: top, scaleX: small.width / width, scaleY: small.height / height }
}

/** Adds the colour at (x, y), in pixels from the centre of the first, to out[at..at+2]. */
function addSample(picture: Picture, x: number, y: number, outside: Outside, out: Float32Array, at: number): void {
  const { width, height, channels, data } = picture
  if (outside === 'black' && (x < -1 || y < -1 || x > width || y > height)) return
  const [x0, y0] = [Math.floor(x), Math.floor(y)]
  const [fx, fy] = [x - x0, y - y0]
  for (let corner = 0; corner < 4; corner++) {
    const [cx, cy] = [x0 + (corner & 1), y0 + (corner >> 1)]
    const weight = (corner & 1 ? fx : 1 - fx) * (corner >> 1 ? fy : 1 - fy)
    if (weight === 0 || (outside === 'black' && (cx < 0 || cy < 0 || cx >= width || cy >= height))) continue
    const px = Math.min(Math.max(cx, 0), width - 1)
    const py = Math.min(Math.max(cy, 0), height - 1)
    const from = (py * width + px) * channels
    for (let c = 0; c < 3; c++) out[at + c]! += weight * data[from + c]!
  }
}
