// The prop room: surfaces, and things that sets are furnished with. What chance decides comes from the random stream passed in.
import { Vector3 } from 'three'
import type { Random } from '../../main/engine/nn/random'
import { rgb, scaled } from '../../main/engine/synth/colour'
import type { Rgb } from '../../main/engine/synth/colour'
import type { NoiseLayer } from '../../main/engine/synth/material'
import { noiseField, sampleNoise } from '../../main/engine/synth/noise'
import type { NoiseName } from '../../main/engine/synth/noise'
import type { Shape as SolidKind } from '../../main/engine/synth/solid'
import { Leaf, SolidShape } from './shapes'
import type { Paint, Shape } from './shapes'

export type V3 = readonly [number, number, number]

/** A plain surface of this colour; `layers` are what breaks it up: noise, its size in metres, its strength. */
export function paint(
  colour: number | Rgb,
  more: Partial<Omit<Paint, 'layers'>> & {
    layers?: readonly [readonly [NoiseName, number, number], readonly [NoiseName, number, number]]
    second?: Rgb
    joints?: Rgb
  } = {},
): Paint {
  const base = typeof colour === 'number' ? rgb(colour) : colour
  const { layers = [['clouds', 3, 0.08] as const, ['grain', 0.9, 0.06] as const], second, joints, ...rest } = more
  const layer = ([noise, metres, amount]: readonly [NoiseName, number, number]): NoiseLayer => ({
    noise,
    metres,
    amount,
  })
  return {
    pattern: 'plain',
    colours: [scaled(base, 0.96), second ?? scaled(base, 1.04), joints ?? scaled(base, 0.5)],
    cell: [1, 1],
    joint: 0.01,
    variety: 0.2,
    glow: 0,
    seed: 1,
    ...rest,
    layers: [layer(layers[0]), layer(layers[1])],
  }
}

export function solid(
  shape: SolidKind,
  at: V3,
  half: V3,
  side: Paint,
  { top = side, yaw = 0, edge }: { top?: Paint; yaw?: number; edge?: number } = {},
): Shape {
  const [x, y, z] = at
  const [hx, hy, hz] = half
  return new SolidShape({ shape, x, y, z, hx, hy, hz, yaw, side, top }, edge)
}

/** A box given by its low and high corner. */
export function box(low: V3, high: V3, side: Paint, more: { top?: Paint; edge?: number } = {}): Shape {
  const half = low.map((l, i) => (high[i]! - l) / 2) as unknown as V3
  const at = low.map((l, i) => (high[i]! + l) / 2) as unknown as V3
  return solid('box', at, half, side, more)
}

/** An upright round thing from `low` (radius r0) to `high` metres (radius r1). */
export function turned(x: number, z: number, low: number, high: number, r0: number, r1: number, side: Paint): Shape {
  return solid('cone', [x, (low + high) / 2, z], [r0, (high - low) / 2, r1], side)
}

const GREENS = [0x5d8a34, 0x6c9a3c, 0x4c7a30, 0x7aa347, 0x547f2c]

/** Leaves of a kind: a few shades around `hexes`. */
export function foliage(hexes: readonly number[] = GREENS): Paint[] {
  return hexes.map((hex) =>
    paint(hex, {
      thin: 0.45,
      layers: [
        ['leaves', 0.5, 0.25],
        ['blotches', 1.7, 0.3],
      ],
    }),
  )
}

/** `count` leaves near the surface of the ellipsoid at `at` with half sizes `half`. */
export function leaves(random: Random, at: V3, half: V3, count: number, size: number, paints: Paint[]): Shape[] {
  const out: Shape[] = []
  while (out.length < count) {
    const way = new Vector3(random.normal(), random.normal(), random.normal()).normalize()
    const deep = 1 - 0.42 * random.next() ** 2
    const place = new Vector3(
      at[0] + way.x * half[0] * deep,
      at[1] + way.y * half[1] * deep,
      at[2] + way.z * half[2] * deep,
    )
    // gaps, so that light falls into the crown
    if (sampleNoise(noiseField('blotches'), (place.x + place.y) * 0.35, (place.z - place.y) * 0.35, 0.02) < 0.36)
      continue
    const normal = way
      .clone()
      .multiplyScalar(0.8)
      .add(new Vector3(random.normal(), random.normal() + 0.5, random.normal()).multiplyScalar(0.6))
    out.push(new Leaf(place, normal.normalize(), size * random.uniform(0.6, 1.25), random.pick(paints)))
  }
  return out
}

/** A broad-leaved tree of this height. */
export function tree(random: Random, x: number, z: number, height: number, paints: Paint[], detail = 1): Shape[] {
  const bark = paint(0x6b5a48, {
    relief: 0.03,
    layers: [
      ['streaks', 0.9, 0.45],
      ['grain', 0.5, 0.35],
    ],
  })
  const fork = height * 0.36
  const out: Shape[] = [
    turned(x, z, 0, 0.16, height * 0.04, height * 0.026, bark),
    turned(x, z, 0.16, fork * 1.6, height * 0.026, height * 0.016, bark),
  ]
  const lobes = 9
  for (let i = 0; i < lobes; i++) {
    const turn = (i / lobes) * 2 * Math.PI + random.uniform(-0.3, 0.3)
    const high = random.next()
    const out1 = height * (0.21 - 0.13 * high) * (i === 0 ? 0 : 1)
    const r = height * random.uniform(0.13, 0.2)
    const at = [x + Math.sin(turn) * out1, fork + height * (0.12 + 0.42 * high), z + Math.cos(turn) * out1] as const
    out.push(
      ...leaves(random, at, [r, r * 0.8, r], Math.round(620 * detail), (height * 0.0125) / Math.sqrt(detail), paints),
    )
  }
  return out
}

/** A clipped hedge or bed of plants between two corners. */
export function bed(random: Random, low: V3, high: V3, perMetre: number, size: number, paints: Paint[]): Shape[] {
  const count = perMetre * (high[0] - low[0]) * (high[2] - low[2])
  return Array.from({ length: Math.round(count) }, () => {
    const face = random.next()
    const y = face < 0.5 ? high[1] - 0.06 * random.next() ** 2 : random.uniform(low[1], high[1])
    const z = face < 0.5 ? random.uniform(low[2], high[2]) : high[2] - 0.05 * random.next() ** 2
    const wave = 0.06 * Math.sin(y * 9 + z * 5)
    const place = new Vector3(random.uniform(low[0], high[0]), y + wave * 0.4, z + wave)
    const normal = new Vector3(
      random.normal(),
      random.normal() + (face < 0.5 ? 1 : 0.3),
      random.normal() + (face < 0.5 ? 0 : 1),
    )
    return new Leaf(place, normal.normalize(), size * random.uniform(0.6, 1.3), random.pick(paints))
  })
}

const wood = paint(0x9a6a42, {
  pattern: 'planks',
  cell: [2.4, 0.11],
  joint: 0.008,
  variety: 0.4,
  second: rgb(0xb07d50),
  layers: [
    ['streaks', 1.1, 0.3],
    ['grain', 0.6, 0.1],
  ],
})
const iron = paint(0x2c3330, { gloss: 0.04, rough: 0.35 })

/** A park bench facing +z. */
export function bench(x: number, z: number): Shape[] {
  const out: Shape[] = []
  for (let i = 0; i < 4; i++)
    out.push(box([x - 0.85, 0.43, z - 0.2 + i * 0.115], [x + 0.85, 0.465, z - 0.105 + i * 0.115], wood))
  for (let i = 0; i < 3; i++)
    out.push(box([x - 0.85, 0.56 + i * 0.13, z - 0.27], [x + 0.85, 0.66 + i * 0.13, z - 0.235], wood))
  for (const s of [-0.65, 0.65]) {
    out.push(box([x + s - 0.03, 0, z - 0.25], [x + s + 0.03, 0.92, z - 0.2], iron))
    out.push(box([x + s - 0.03, 0, z + 0.18], [x + s + 0.03, 0.43, z + 0.23], iron))
    out.push(box([x + s - 0.03, 0.38, z - 0.25], [x + s + 0.03, 0.43, z + 0.23], iron))
    out.push(box([x + s - 0.03, 0.62, z - 0.24], [x + s + 0.03, 0.66, z + 0.2], iron))
  }
  return out
}

/** A street lamp. */
export function lampPost(x: number, z: number): Shape[] {
  const lantern = paint(0xf4ead2, { glow: 0.25 })
  return [
    turned(x, z, 0, 0.35, 0.13, 0.1, iron),
    turned(x, z, 0.35, 3.3, 0.055, 0.04, iron),
    turned(x, z, 3.3, 3.36, 0.16, 0.16, iron),
    turned(x, z, 3.36, 3.75, 0.1, 0.16, lantern),
    turned(x, z, 3.75, 3.95, 0.22, 0.02, iron),
  ]
}

/** A round pot with a plant whose leaves hang out of a ball of radius `size`. */
export function pottedPlant(random: Random, x: number, z: number, high: number, size: number, pot: Paint): Shape[] {
  const stem = paint(0x5d4a34)
  return [
    turned(x, z, 0, 0.36, 0.15, 0.21, pot),
    turned(x, z, 0.3, 0.37, 0.22, 0.22, pot),
    turned(x, z, 0.36, high, 0.018, 0.012, stem),
    ...leaves(
      random,
      [x, high, z],
      [size, size * 1.2, size],
      420,
      0.055,
      foliage([0x3f6b34, 0x4f7d3c, 0x5f8f45, 0x37602f]),
    ),
  ]
}
