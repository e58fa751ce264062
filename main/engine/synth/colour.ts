// Colours of the synthetic world: light is added and multiplied in linear RGB and written as sRGB bytes at the end.
import type { Random } from '../nn/random'

/** Linear red, green, blue; 1 = white paper in full light. */
export type Rgb = readonly [number, number, number]

/** From sRGB bytes written as 0xrrggbb. */
export function rgb(hex: number): Rgb {
  const part = (shift: number) => (((hex >> shift) & 255) / 255) ** 2.2
  return [part(16), part(8), part(0)]
}

/** From hue (turns), saturation and value (0..1), as a painting program would show them. */
export function hsv(hue: number, saturation: number, value: number): Rgb {
  const part = (n: number) => {
    const k = (n + hue * 6) % 6
    return (value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1))) ** 2.2
  }
  return [part(5), part(3), part(1)]
}

/** `share` of b in a. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]
}

export function scaled(colour: Rgb, by: number): Rgb {
  return [colour[0] * by, colour[1] * by, colour[2] * by]
}

/** Slightly another brightness and tint: no two walls, shirts or trees are alike. */
export function varied(random: Random, colour: Rgb, amount: number): Rgb {
  const light = Math.exp(random.normal() * amount)
  const tint = () => light * Math.exp(random.normal() * amount * 0.3)
  return [colour[0] * tint(), colour[1] * tint(), colour[2] * tint()]
}

const STEPS = 4096
const encoded = Uint8Array.from({ length: STEPS + 1 }, (_, i) => Math.round(255 * (i / STEPS) ** (1 / 2.2)))

/** sRGB byte of a linear value: 0..1, with a soft shoulder from 0.8 up. */
export function encode(linear: number): number {
  const x = linear < 0.8 ? linear : 1 - 0.2 * Math.exp((0.8 - linear) / 0.2)
  return encoded[x <= 0 ? 0 : x >= 1 ? STEPS : (x * STEPS + 0.5) | 0]!
}
