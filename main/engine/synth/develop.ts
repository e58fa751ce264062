// From samples of light to the bytes of a picture, and from what samples show to masks.
import { encode } from './colour'
import type { Rgb } from './colour'
import { FIRST_PART } from './person-image'
import { SUPERSAMPLING } from './place-image'
import type { Canvas } from './place-image'

/** Samples to sRGB bytes [H, W, 3], averaged per pixel; `gain` is exposure and white balance. With `ground`, samples that show nobody have that byte. */
export function develop({ width, colour, id }: Canvas, gain: Rgb, out: Uint8Array, ground?: number): void {
  const across = width / SUPERSAMPLING
  const samples = SUPERSAMPLING * SUPERSAMPLING
  for (let pixel = 0; pixel < out.length / 3; pixel++) {
    const corner = Math.floor(pixel / across) * SUPERSAMPLING * width + (pixel % across) * SUPERSAMPLING
    for (let c = 0; c < 3; c++) {
      let sum = 0
      for (let k = 0; k < samples; k++) {
        const at = corner + Math.floor(k / SUPERSAMPLING) * width + (k % SUPERSAMPLING)
        sum += ground !== undefined && id[at]! < FIRST_PART ? ground : encode(colour[at * 3 + c]! * gain[c]!)
      }
      out[pixel * 3 + c] = sum / samples + 0.5
    }
  }
}

/** [H, W]: 255 times the share of each pixel's samples that show one of the chosen parts (all when absent). */
export function coverage({ width, id }: Canvas, out: Uint8Array, chosen?: (part: number) => boolean): void {
  const across = width / SUPERSAMPLING
  const samples = SUPERSAMPLING * SUPERSAMPLING
  for (let pixel = 0; pixel < out.length; pixel++) {
    const corner = Math.floor(pixel / across) * SUPERSAMPLING * width + (pixel % across) * SUPERSAMPLING
    let count = 0
    for (let k = 0; k < samples; k++) {
      const part = id[corner + Math.floor(k / SUPERSAMPLING) * width + (k % SUPERSAMPLING)]! - FIRST_PART
      if (part >= 0 && (!chosen || chosen(part))) count++
    }
    out[pixel] = Math.round((255 * count) / samples)
  }
}

/** Mean of what the canvas shows, linear; what is brighter than white counts as white. */
export function brightness({ colour }: Canvas): number {
  let sum = 0
  for (let i = 0; i < colour.length; i++) sum += Math.min(1, colour[i]!)
  return sum / colour.length
}
