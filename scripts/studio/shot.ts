// What a set hands to the photographer, and the sky that outdoor sets share. All lenses are level and about a metre above the ground, as
// the framing of motions is: whoever stands in the foreground of the picture then stands right.
import type { Rgb } from '../../main/engine/synth/colour'
import { noiseField, sampleNoise } from '../../main/engine/synth/noise'
import type { Lens, Set } from './photograph'

export interface Shot {
  set: Set
  lens: Lens
  exposure: number
  warmth: number
  samples: number
}

/** Blue above, pale at the horizon, with fair-weather clouds. */
export function daySky(zenith: Rgb, horizon: Rgb, strength: number, cover: number): Set['sky'] {
  const clouds = noiseField('clouds')
  return (dx, dy, dz, out) => {
    const length = Math.hypot(dx, dy, dz)
    const up = Math.max(0, dy / length)
    const share = up ** 0.45
    const reach = 0.16 / (up + 0.09)
    const flat = Math.max(1e-6, Math.hypot(dx, dz))
    const u = (dx / flat) * reach + 0.31
    const v = (dz / flat) * reach + 0.17
    const mass = 0.62 * sampleNoise(clouds, u, v, 0.002) + 0.38 * sampleNoise(clouds, u * 2.7, v * 2.7, 0.004)
    const edge = Math.min(1, Math.max(0, (mass - 0.62 + 0.4 * cover) * 4.5)) * Math.min(1, up * 9)
    const cloud = edge * edge * (3 - 2 * edge)
    const shade = 0.84 + 0.5 * (mass - 0.5)
    for (let c = 0; c < 3; c++) {
      const clear = horizon[c]! + (zenith[c]! - horizon[c]!) * share
      out[c] = strength * (clear + (1.3 * shade - clear) * cloud)
    }
  }
}
