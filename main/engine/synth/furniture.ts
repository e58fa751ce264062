// Things that stand about in places, each of a few solids.
import type { Random } from '../nn/random'
import { rgb, varied } from './colour'
import type { Rgb } from './colour'
import type { Piece, PlaceBuilder } from './place-builder'
import { bark, books, bricks, carpet, foliage, glowing, painted, paving, wood } from './place-materials'

type Maker = (random: Random) => Piece[]

export const tree: Maker = (random) => {
  const height = random.uniform(2.2, 7)
  const crown = foliage(random)
  const trunk = bark(random)
  const thick = height * random.uniform(0.025, 0.045)
  const pieces: Piece[] = []
  if (random.next() < 0.25) {
    pieces.push({ shape: 'cone', at: [0, height * 0.1, 0], half: [thick, height * 0.1, thick], side: trunk })
    for (let i = 0; i < 3; i++) {
      const radius = height * (0.26 - 0.06 * i)
      pieces.push({
        shape: 'cone',
        at: [0, height * (0.36 + 0.26 * i), 0],
        half: [radius, height * 0.2, 0],
        side: crown,
      })
    }
    return pieces
  }
  pieces.push({ shape: 'cone', at: [0, height * 0.3, 0], half: [thick, height * 0.3, thick * 0.7], side: trunk })
  const lumps = 2 + random.int(4)
  for (let i = 0; i < lumps; i++) {
    const radius = height * random.uniform(0.16, 0.28)
    const at = [
      random.normal() * height * 0.12,
      height * random.uniform(0.58, 0.9),
      random.normal() * height * 0.12,
    ] as const
    pieces.push({ shape: 'ellipsoid', at, half: [radius, radius * random.uniform(0.7, 1), radius], side: crown })
  }
  return pieces
}

export const bush: Maker = (random) => {
  const leaf = foliage(random)
  return Array.from({ length: 1 + random.int(3) }, () => {
    const radius = random.uniform(0.25, 0.8)
    return {
      shape: 'ellipsoid',
      at: [random.normal() * 0.5, radius * 0.6, random.normal() * 0.3],
      half: [radius, radius * random.uniform(0.7, 1.1), radius],
      side: leaf,
    }
  })
}

export const post: Maker = (random) => {
  const height = random.uniform(0.8, 5)
  const metal = painted(random)
  const pieces: Piece[] = [{ shape: 'cone', at: [0, height / 2, 0], half: [0.06, height / 2, 0.04], side: metal }]
  if (height > 2.5) {
    const lamp = random.next() < 0.6
    const side = lamp ? glowing(random, varied(random, rgb(0xfff0d0), 0.1), 1.2, 'plain') : painted(random)
    pieces.push(
      lamp
        ? { shape: 'ellipsoid', at: [0, height, 0], half: [0.2, 0.22, 0.2], side }
        : { shape: 'box', at: [0, height - 0.35, 0.06], half: [0.35, 0.35, 0.02], side },
    )
  }
  return pieces
}

export const crate: Maker = (random) => {
  const size = random.uniform(0.2, 0.6)
  const side = random.next() < 0.5 ? wood(random) : painted(random)
  const pieces: Piece[] = [
    { shape: 'box', at: [0, size, 0], half: [size * random.uniform(0.8, 1.5), size, size], side },
  ]
  if (random.next() < 0.35)
    pieces.push({
      shape: 'box',
      at: [0, size * 2.6, 0],
      half: [size * 0.6, size * 0.6, size * 0.6],
      side: painted(random),
    })
  return pieces
}

export const column: Maker = (random) => {
  const height = random.uniform(2.5, 5)
  const radius = random.uniform(0.15, 0.4)
  const side = random.next() < 0.5 ? paving(random) : painted(random)
  return [
    { shape: 'box', at: [0, 0.15, 0], half: [radius * 1.5, 0.15, radius * 1.5], side },
    { shape: 'cone', at: [0, 0.3 + height / 2, 0], half: [radius, height / 2, radius * 0.85], side },
  ]
}

export const car: Maker = (random) => {
  const body = painted(random)
  const glass = glowing(random, rgb(0x2a3640), 0.05, 'plain')
  const tyre = varied(random, rgb(0x17181a), 0.1)
  const rubber = { ...body, pattern: 'plain' as const, colours: [tyre, tyre, tyre] as const }
  const wheels = [-1.3, 1.3].flatMap((x) =>
    [-0.78, 0.78].map((z): Piece => ({ shape: 'ellipsoid', at: [x, 0.32, z], half: [0.33, 0.33, 0.13], side: rubber })),
  )
  return [
    { shape: 'box', at: [0, 0.62, 0], half: [2.1, 0.33, 0.85], side: body },
    { shape: 'box', at: [-0.15, 1.15, 0], half: [1.15, 0.26, 0.75], side: glass, top: body },
    ...wheels,
  ]
}

export const bench: Maker = (random) => {
  const side = wood(random)
  return [
    { shape: 'box', at: [0, 0.44, 0], half: [0.8, 0.04, 0.24], side },
    { shape: 'box', at: [0, 0.75, -0.24], half: [0.8, 0.2, 0.03], side },
    { shape: 'box', at: [-0.6, 0.2, 0], half: [0.05, 0.2, 0.2], side },
    { shape: 'box', at: [0.6, 0.2, 0], half: [0.05, 0.2, 0.2], side },
  ]
}

export const fence: Maker = (random) => {
  const side = random.next() < 0.5 ? wood(random) : bricks(random)
  return [
    {
      shape: 'box',
      at: [0, random.uniform(0.4, 0.9), 0],
      half: [random.uniform(1.5, 4), random.uniform(0.4, 0.9), 0.08],
      side,
    },
  ]
}

export const table: Maker = (random) => {
  const side = wood(random)
  const [x, z] = [random.uniform(0.4, 0.9), random.uniform(0.3, 0.5)]
  const legs = [-1, 1].flatMap((i) =>
    [-1, 1].map((j): Piece => ({
      shape: 'box',
      at: [i * (x - 0.06), 0.36, j * (z - 0.06)],
      half: [0.035, 0.36, 0.035],
      side,
    })),
  )
  const pieces: Piece[] = [{ shape: 'box', at: [0, 0.74, 0], half: [x, 0.025, z], side }, ...legs]
  if (random.next() < 0.5)
    pieces.push({
      shape: 'ellipsoid',
      at: [random.uniform(-0.3, 0.3), 0.88, 0],
      half: [0.1, 0.13, 0.1],
      side: painted(random),
    })
  return pieces
}

export const sofa: Maker = (random) => {
  const side = random.next() < 0.5 ? carpet(random) : painted(random)
  const x = random.uniform(0.5, 1.1)
  return [
    { shape: 'box', at: [0, 0.22, 0], half: [x, 0.22, 0.42], side },
    { shape: 'box', at: [0, 0.45, -0.34], half: [x, 0.4, 0.12], side },
    { shape: 'box', at: [-x, 0.32, 0], half: [0.12, 0.32, 0.42], side },
    { shape: 'box', at: [x, 0.32, 0], half: [0.12, 0.32, 0.42], side },
  ]
}

export const shelf: Maker = (random) => {
  const height = random.uniform(0.5, 1.1)
  const full = random.next() < 0.6
  const frame = wood(random)
  return [
    {
      shape: 'box',
      at: [0, height, 0],
      half: [random.uniform(0.4, 0.9), height, 0.18],
      side: full ? books(random) : frame,
      top: frame,
    },
  ]
}

export const plant: Maker = (random) => {
  const leaf = foliage(random)
  const height = random.uniform(0.5, 1.2)
  return [
    { shape: 'cone', at: [0, 0.2, 0], half: [0.14, 0.2, 0.2], side: painted(random) },
    { shape: 'ellipsoid', at: [0, 0.4 + height * 0.5, 0], half: [0.34, height * 0.55, 0.34], side: leaf },
  ]
}

export const ball: Maker = (random) => {
  const radius = random.uniform(0.1, 0.45)
  return [{ shape: 'ellipsoid', at: [0, radius, 0], half: [radius, radius, radius], side: painted(random) }]
}

/** A lamp on a post, its light `height` metres up. */
export function lampPost(random: Random, height: number, colour: Rgb): Piece[] {
  return [
    { shape: 'cone', at: [0, height / 2, 0], half: [0.06, height / 2, 0.04], side: painted(random) },
    { shape: 'ellipsoid', at: [0, height, 0], half: [0.18, 0.2, 0.18], side: glowing(random, colour, 2.5, 'plain') },
  ]
}

export const standLamp: Maker = (random) => {
  const height = random.uniform(1.1, 1.7)
  const shade = glowing(random, varied(random, rgb(0xffdca8), 0.12), 1.6, 'plain')
  return [
    { shape: 'cone', at: [0, height / 2, 0], half: [0.03, height / 2, 0.02], side: painted(random) },
    { shape: 'cone', at: [0, height, 0], half: [0.22, 0.16, 0.13], side: shade },
  ]
}

/** Something to sit on, `height` metres high: stool, block or bench. */
export function seat(random: Random, height: number): Piece[] {
  const side = random.next() < 0.5 ? wood(random) : painted(random)
  const kind = random.next()
  if (kind < 0.35) return [{ shape: 'cone', at: [0, height / 2, 0], half: [0.19, height / 2, 0.21], side }]
  const wide = kind < 0.7 ? 0.24 : 0.75
  if (random.next() < 0.5) return [{ shape: 'box', at: [0, height / 2, -0.02], half: [wide, height / 2, 0.22], side }]
  return [
    { shape: 'box', at: [0, height - 0.03, -0.02], half: [wide, 0.03, 0.22], side },
    ...[-1, 1].map((s): Piece => ({
      shape: 'box',
      at: [s * (wide - 0.05), height / 2 - 0.03, -0.02],
      half: [0.03, height / 2 - 0.03, 0.19],
      side,
    })),
  ]
}

/** Flat patches on the floor: rugs, mats, road markings. They do not stand in the way. */
export function layRugs(builder: PlaceBuilder, count: number) {
  const { random, staging } = builder
  const around = staging.subjects[staging.subjects.length >> 1]!
  for (let i = 0; i < count; i++) {
    const half = [random.uniform(0.5, 1.6), 0.003 + 0.001 * i, random.uniform(0.4, 1.2)] as const
    builder.put(
      [{ shape: 'box', at: [0, half[1], 0], half, side: carpet(random) }],
      around.x + random.normal() * 1.4,
      around.z + random.normal() * 1.4,
      random.int(2) * (Math.PI / 2),
    )
  }
}
