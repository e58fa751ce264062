// From the film to a picture: the grain of the light is smoothed along surfaces (an edge-avoiding wavelet filter after Dammertz et
// al. 2010, which leaves the colours of things alone), then exposure, a photographic curve, sRGB.
import type { Picture } from '../../main/media/pictures'
import type { Film } from './photograph'

export interface Development {
  exposure: number
  /** White balance. */
  warmth: number
  /** Passes of smoothing for light from all sides; the sun's light and mirror images get fewer. */
  smoothing: number
}

export function develop(film: Film, { exposure, warmth, smoothing }: Development): Picture {
  const { width, height, albedo } = film
  const around = smoothed(film, film.around, smoothing)
  const direct = smoothed(film, film.direct, Math.min(1, smoothing))
  const mirrored = smoothed(film, film.mirrored, Math.min(3, smoothing))
  const data = new Uint8Array(width * height * 3)
  const gain = [exposure * warmth, exposure, exposure / warmth]
  for (let i = 0; i < data.length; i++) {
    const light = albedo[i]! * (around[i]! + direct[i]!) + mirrored[i]!
    data[i] = Math.round(255 * srgb(curve(light * gain[i % 3]!)))
  }
  return { width, height, channels: 3, data: withoutSpecks(data, width, height) }
}

/** Single pixels that stick out of all their neighbours but one are brought back among them. */
function withoutSpecks(data: Uint8Array, width: number, height: number): Uint8Array {
  const out = data.slice()
  const line = width * 3
  const around = [-line - 3, -line, -line + 3, -3, 3, line - 3, line, line + 3]
  for (let y = 1; y < height - 1; y++)
    for (let at = y * line + 3; at < (y + 1) * line - 3; at++) {
      let [low, second, high, next] = [255, 255, 0, 0]
      for (const step of around) {
        const v = data[at + step]!
        if (v < low) [second, low] = [low, v]
        else if (v < second) second = v
        if (v > high) [next, high] = [high, v]
        else if (v > next) next = v
      }
      out[at] = Math.min(next, Math.max(second, data[at]!))
    }
  return out
}

/** Straight in the shadows, a long shoulder in the lights (Hable's filmic curve would crush; this is x / (1 + x) stretched). */
function curve(x: number): number {
  const knee = 0.35
  if (x <= knee) return x
  const over = (x - knee) / (1 - knee)
  return knee + (1 - knee) * (over / (1 + over * 0.62))
}

function srgb(x: number): number {
  const v = Math.min(1, Math.max(0, x))
  return v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055
}

function smoothed(film: Film, light: Float32Array, passes: number): Float32Array {
  let from = light
  for (let pass = 0; pass < passes; pass++) from = pass1(film, from, 1 << pass)
  return from
}

const WEIGHTS = [1, 2, 1, 2, 4, 2, 1, 2, 1]

function pass1({ width, height, normal, depth }: Film, from: Float32Array, step: number): Float32Array {
  const to = new Float32Array(from.length)
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const here = depth[at]!
      const p = at * 3
      let total = 0
      let r = 0
      let g = 0
      let b = 0
      for (let k = 0; k < 9; k++) {
        const nx = x + ((k % 3) - 1) * step
        const ny = y + (Math.floor(k / 3) - 1) * step
        if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue
        const other = ny * width + nx
        const q = other * 3
        const alike = normal[p]! * normal[q]! + normal[p + 1]! * normal[q + 1]! + normal[p + 2]! * normal[q + 2]!
        if (alike <= 0.5) continue
        const apart = Math.abs(depth[other]! - here) / (0.02 * here * (1 + 0.25 * step))
        const weight = WEIGHTS[k]! * alike ** 12 * Math.exp(-apart)
        total += weight
        r += weight * from[q]!
        g += weight * from[q + 1]!
        b += weight * from[q + 2]!
      }
      if (total < 1e-6) {
        to[p] = from[p]!
        to[p + 1] = from[p + 1]!
        to[p + 2] = from[p + 2]!
        continue
      }
      to[p] = r / total
      to[p + 1] = g / total
      to[p + 2] = b / total
    }
  return to
}
