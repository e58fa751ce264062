// The materials that places are made of, drawn with chance: no two lawns, parquets or brick walls are the same.
import type { Random } from '../nn/random'
import { hsv, mix, rgb, scaled, varied } from './colour'
import type { Rgb } from './colour'
import type { Material, NoiseLayer, Pattern } from './material'
import type { NoiseName } from './noise'
import type { Hour } from './sky'

const layer = (noise: NoiseName, metres: number, amount: number): NoiseLayer => ({ noise, metres, amount })

function material(random: Random, colours: readonly [Rgb, Rgb, Rgb], more: Partial<Material> = {}): Material {
  return {
    pattern: 'plain',
    colours,
    cell: [1, 1],
    joint: 0.01,
    variety: 0.3,
    layers: [layer('clouds', 4, 0.3), layer('grain', 0.9, 0.3)],
    glow: 0,
    stains: random.next() < 0.6 ? random.uniform(0, 0.6) : 0,
    seed: random.int(100000),
    ...more,
  }
}

const tone = (random: Random, hexes: readonly number[], amount = 0.15) =>
  varied(random, rgb(random.pick(hexes)), amount)

export function grass(random: Random): Material {
  const green = tone(random, [0x4d7a2a, 0x5d8433, 0x6f8b3a, 0x87893f, 0x3d6b35])
  return material(random, [scaled(green, 0.6), mix(green, rgb(0xb0a85c), random.uniform(0, 0.5)), green], {
    layers: [layer('blotches', random.uniform(4, 9), 0.35), layer('leaves', random.uniform(0.9, 1.8), 0.55)],
  })
}

export function earth(random: Random): Material {
  const brown = tone(random, [0x8a7355, 0xa48c69, 0xc2ab83, 0x6e5a45, 0xd8c9a0])
  return material(random, [scaled(brown, 0.75), scaled(brown, 1.2), brown], {
    layers: [layer('clouds', random.uniform(3, 7), 0.4), layer('grain', random.uniform(0.8, 1.6), 0.45)],
  })
}

export function asphalt(random: Random): Material {
  const grey = tone(random, [0x4b4d50, 0x5d5c5a, 0x737270, 0x3a3b3f])
  return material(random, [scaled(grey, 0.8), scaled(grey, 1.25), grey], {
    layers: [layer('blotches', random.uniform(3, 6), 0.35), layer('grain', random.uniform(0.7, 1.2), 0.45)],
  })
}

export function paving(random: Random): Material {
  const stone = tone(random, [0x9a948a, 0xb5a893, 0x8a8580, 0xa98871, 0x6f6c6a])
  const size = random.uniform(0.35, 1.1)
  return material(random, [scaled(stone, 0.85), scaled(stone, 1.15), scaled(stone, 0.45)], {
    pattern: random.pick<Pattern>(['tiles', 'bricks', 'planks']),
    cell: [size * random.uniform(1, 1.8), size],
    joint: size * 0.06,
    variety: 0.5,
    layers: [layer('clouds', 5, 0.3), layer('grain', 1.1, 0.3)],
  })
}

export function parquet(random: Random): Material {
  const wood = tone(random, [0xa9794a, 0x8b5e3c, 0xc49a6c, 0x6b4630, 0xd2b48c])
  return material(random, [scaled(wood, 0.75), scaled(wood, 1.2), scaled(wood, 0.35)], {
    pattern: 'planks',
    cell: [random.uniform(0.8, 2), random.uniform(0.12, 0.28)],
    joint: 0.012,
    variety: 0.6,
    layers: [layer('clouds', 3, 0.2), layer('streaks', 1.6, 0.4)],
  })
}

export function floorTiles(random: Random): Material {
  const light = tone(random, [0xd9d4c8, 0xc4c9cc, 0xb9a58c, 0xe8e4da])
  const other = random.next() < 0.5 ? scaled(light, 0.85) : tone(random, [0x2e2f33, 0x7a3b2e, 0x35566b, 0x80796b])
  const size = random.uniform(0.3, 0.8)
  return material(random, [light, other, scaled(light, 0.5)], {
    pattern: 'tiles',
    cell: [size, size],
    joint: 0.012,
    variety: 0.35,
    layers: [layer('clouds', 3, 0.25), layer('blotches', 1, 0.2)],
  })
}

export function carpet(random: Random): Material {
  const colour = hsv(random.next(), random.uniform(0.05, 0.5), random.uniform(0.25, 0.75))
  return material(random, [scaled(colour, 0.7), scaled(colour, 1.15), scaled(colour, 0.5)], {
    pattern: random.pick<Pattern>(['plain', 'tiles', 'stripes', 'bricks']),
    cell: [random.uniform(0.2, 0.7), random.uniform(0.2, 0.7)],
    joint: 0.03,
    layers: [layer('clouds', 2, 0.35), layer('grain', 0.6, 0.4)],
  })
}

export function wallPaint(random: Random): Material {
  const colour =
    random.next() < 0.78
      ? hsv(random.uniform(-0.05, 0.2), random.uniform(0.02, 0.22), random.uniform(0.55, 0.95))
      : hsv(random.next(), random.uniform(0.15, 0.45), random.uniform(0.3, 0.75))
  const kind = random.next()
  const layers = [layer('clouds', random.uniform(3, 6), 0.22), layer('blotches', random.uniform(0.8, 2), 0.14)] as const
  if (kind < 0.4) return material(random, [scaled(colour, 0.9), scaled(colour, 1.1), colour], { layers })
  const paper = [colour, scaled(colour, random.uniform(0.55, 0.85)), scaled(colour, 0.6)] as const
  if (kind < 0.65)
    return material(random, paper, {
      pattern: random.pick<Pattern>(['stripes', 'tiles']),
      cell: [random.uniform(0.15, 0.6), random.uniform(0.2, 0.6)],
      layers,
    })
  return bricks(random)
}

export function bricks(random: Random): Material {
  const brick = tone(random, [0x9c4f37, 0xa9684b, 0xc9b79c, 0x8a8a8a, 0x6d4237])
  const big = random.uniform(1, 2.2)
  return material(random, [scaled(brick, 0.75), scaled(brick, 1.15), mix(brick, rgb(0xcfc8bc), 0.7)], {
    pattern: 'bricks',
    cell: [0.26 * big, 0.11 * big],
    joint: 0.016 * big,
    variety: 0.7,
    layers: [layer('clouds', 4, 0.35), layer('grain', 0.9, 0.3)],
  })
}

/** By night some of its windows are lit. */
export function facade(random: Random, hour: Hour = 'day'): Material {
  const wall = tone(random, [0xb8aa94, 0x9c6b52, 0x8f949a, 0xd8cdb8, 0x7c7f74, 0xc08f6a, 0x5c6670])
  const glass = tone(random, [0x24313d, 0x4a6378, 0x1d2022, 0x6f8796])
  return material(random, [wall, glass, random.next() < 0.5 ? rgb(0xe6e2d8) : scaled(wall, 0.5)], {
    pattern: random.next() < 0.75 ? 'facade' : 'panes',
    cell: [random.uniform(1.6, 3.4), random.uniform(2.6, 3.6)],
    joint: 0.12,
    variety: 1,
    layers: [layer('blotches', 7, 0.3), layer('grain', 1.3, 0.3)],
    ...(hour === 'day' ? {} : { lit: { share: random.uniform(0.1, 0.5), colour: windowLight(random) } }),
  })
}

function windowLight(random: Random): Rgb {
  return scaled(varied(random, rgb(random.pick([0xffc987, 0xffdcae, 0xfff2dc, 0xcfe2ff])), 0.15), 0.45)
}

/** The colour of a sign or a coloured lamp. */
export function neon(random: Random): Rgb {
  return hsv(random.next(), random.uniform(0.4, 0.85), 1)
}

export function wood(random: Random): Material {
  const brown = tone(random, [0x7a5132, 0x9d7348, 0x4f3524, 0xc7a06b, 0xe3d7c3, 0x3b3533])
  return material(random, [scaled(brown, 0.75), scaled(brown, 1.15), scaled(brown, 0.4)], {
    pattern: random.next() < 0.5 ? 'planks' : 'plain',
    cell: [2.4, random.uniform(0.12, 0.5)],
    joint: 0.014,
    layers: [layer('streaks', 1.2, 0.4), layer('clouds', 1.5, 0.25)],
  })
}

export function bark(random: Random): Material {
  const brown = tone(random, [0x5b4535, 0x6f6152, 0x463a30, 0xa39c90])
  return material(random, [scaled(brown, 0.6), scaled(brown, 1.2), brown], {
    layers: [layer('streaks', 0.8, 0.5), layer('grain', 0.6, 0.4)],
  })
}

export function foliage(random: Random): Material {
  const green = tone(random, [0x3f6b2b, 0x557a35, 0x2f5a30, 0x758438, 0x9c6b2c, 0x4a7a4a], 0.2)
  return material(random, [scaled(green, 0.45), scaled(green, 1.35), green], {
    layers: [layer('leaves', 1.1, 0.8), layer('blotches', 2.7, 0.5)],
  })
}

export function painted(random: Random): Material {
  const vivid = random.next() < 0.35
  const colour = hsv(
    random.next(),
    vivid ? random.uniform(0.45, 0.9) : random.uniform(0.03, 0.4),
    random.uniform(0.2, 0.85),
  )
  const patterned = random.next() < 0.3
  return material(random, [colour, patterned ? scaled(colour, 0.5) : scaled(colour, 1.15), scaled(colour, 0.4)], {
    pattern: patterned ? random.pick<Pattern>(['stripes', 'tiles', 'bricks']) : 'plain',
    cell: [random.uniform(0.12, 0.4), random.uniform(0.12, 0.4)],
    layers: [layer('clouds', 1.2, 0.3), layer('blotches', 0.6, 0.2)],
  })
}

export function books(random: Random): Material {
  return material(random, [hsv(random.next(), 0.6, 0.55), hsv(random.next(), 0.5, 0.8), rgb(0x2a1c12)], {
    pattern: 'books',
    cell: [random.uniform(0.06, 0.12), random.uniform(0.28, 0.4)],
    variety: 1.2,
  })
}

/** A picture on a wall: large soft shapes in two colours. */
export function painting(random: Random): Material {
  return material(
    random,
    [
      hsv(random.next(), random.uniform(0.3, 0.9), random.uniform(0.2, 0.9)),
      hsv(random.next(), random.uniform(0.3, 0.9), random.uniform(0.2, 0.95)),
      [0, 0, 0],
    ],
    {
      layers: [
        layer(random.pick<NoiseName>(['clouds', 'blotches']), random.uniform(1.2, 3), 0.6),
        layer('leaves', 0.8, 0.3),
      ],
    },
  )
}

/** A window with daylight, a lamp or a screen. */
export function glowing(random: Random, colour: Rgb, glow: number, pattern: Pattern = 'panes'): Material {
  return material(random, [scaled(colour, 0.8), colour, rgb(0xe9e6e0)], {
    pattern,
    cell: [random.uniform(0.5, 1), random.uniform(0.6, 1.2)],
    joint: 0.05,
    variety: 0.15,
    glow,
    layers: [layer('clouds', 5, 0.3), layer('leaves', 2.5, 0.12)],
  })
}
