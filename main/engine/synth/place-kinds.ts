// Kinds of places: room, hall, street, park, square. Each builds itself around where camera and subject will be.
import type { Random } from '../nn/random'
import { hsv, mix, rgb, scaled, varied } from './colour'
import * as things from './furniture'
import type { Light, Place, Room, Sky } from './place'
import { PlaceBuilder } from './place-builder'
import type { Piece, Staging } from './place-builder'
import * as paint from './place-materials'

/** A place drawn from `random` in which the staging has room. Geometry and look both come from it. */
export function makePlace(random: Random, staging: Staging): Place {
  const builder = new PlaceBuilder(random, staging)
  const kind = random.pick(['room', 'room', 'hall', 'street', 'street', 'park', 'park', 'square'] as const)
  switch (kind) {
    case 'room':
      return indoors(builder, kind, 3.5, 5)
    case 'hall':
      return indoors(builder, kind, 9, 9)
    case 'street':
      return street(builder)
    case 'park':
      return park(builder)
    case 'square':
      return square(builder)
  }
}

function indoors(builder: PlaceBuilder, kind: 'room' | 'hall', least: number, spare: number): Place {
  const { random, bounds, staging } = builder
  const grow = () => random.uniform(0.7, spare / 2)
  const room: Room = {
    x0: bounds.x0 - grow(),
    x1: bounds.x1 + grow(),
    z0: bounds.z0 - grow(),
    z1: bounds.z1 + grow(),
    height: Math.max(
      ...staging.eyes.map((eye) => eye.y + 0.4),
      kind === 'hall' ? random.uniform(3.2, 6) : random.uniform(2.4, 3),
    ),
    walls: paint.wallPaint(random),
    ceiling: plainCeiling(random),
    skirting: random.next() < 0.6 ? rgb(0xe9e6df) : varied(random, rgb(0x4a3424), 0.2),
  }
  widen(room, least)
  const daylight = random.next() < 0.6
  decorateWalls(builder, room, kind, daylight)
  const stands =
    kind === 'room'
      ? [things.table, things.sofa, things.plant, things.crate, things.shelf]
      : [things.column, things.crate, things.bench, things.ball, things.table]
  for (let i = 0; i < 14; i++) {
    const x = random.uniform(room.x0 + 0.6, room.x1 - 0.6)
    const z = random.uniform(room.z0 + 0.6, room.z1 - 0.6)
    if (Math.min(x - room.x0, room.x1 - x, z - room.z0, room.z1 - z) > 0.9 && random.next() < 0.5) continue
    builder.tryPut(random.pick(stands)(random), x, z, random.int(4) * (Math.PI / 2))
  }
  layRugs(builder, kind === 'room' ? 1 + random.int(2) : 2)
  const warm = daylight ? rgb(0xfff8ee) : varied(random, rgb(0xffdfae), 0.1)
  const strength = random.uniform(0.75, 1.15)
  const fill = random.uniform(0.42, 0.62)
  const lamp = {
    x: room.x0 + (room.x1 - room.x0) * random.uniform(0.2, 0.8),
    y: room.height - 0.15,
    z: room.z0 + (room.z1 - room.z0) * random.uniform(0.2, 0.8),
    reach: random.uniform(3, 7),
  }
  const light: Light = {
    towards: [0, 1, 0],
    colour: scaled(warm, strength),
    above: scaled(warm, fill),
    below: scaled(mix(warm, paint.parquet(random).colours[0], 0.4), fill * 0.8),
    lamp,
  }
  const floors =
    kind === 'room'
      ? [paint.parquet, paint.parquet, paint.carpet, paint.floorTiles]
      : [paint.parquet, paint.floorTiles, paint.paving]
  return {
    kind,
    floor: random.pick(floors)(random),
    room,
    sky: daySky(random),
    solids: builder.solids,
    light,
    haze: 1e6,
  }
}

function plainCeiling(random: Random) {
  return {
    ...paint.wallPaint(random),
    colours: [rgb(0xd8d6d0), rgb(0xf0eeea), rgb(0xbab7b0)] as const,
    pattern: random.next() < 0.3 ? ('tiles' as const) : ('plain' as const),
    cell: [0.6, 0.6] as const,
  }
}

function widen(room: Room, least: number) {
  const [dx, dz] = [Math.max(0, least - (room.x1 - room.x0)) / 2, Math.max(0, least - (room.z1 - room.z0)) / 2]
  room.x0 -= dx
  room.x1 += dx
  room.z0 -= dz
  room.z1 += dz
}

/** Windows, doors, pictures and shelves along the four walls. */
function decorateWalls(builder: PlaceBuilder, room: Room, kind: string, daylight: boolean) {
  const { random } = builder
  for (const [wall, length] of [
    [0, room.x1 - room.x0],
    [1, room.x1 - room.x0],
    [2, room.z1 - room.z0],
    [3, room.z1 - room.z0],
  ] as const) {
    for (let along = random.uniform(0.3, 1); along < length - 0.6; along += random.uniform(1.1, 2.4)) {
      const [x, z, yaw] =
        wall === 0
          ? [room.x0 + along, room.z0, 0]
          : wall === 1
            ? [room.x0 + along, room.z1, Math.PI]
            : wall === 2
              ? [room.x0, room.z0 + along, Math.PI / 2]
              : [room.x1, room.z0 + along, -Math.PI / 2]
      builder.put(wallPiece(random, room.height, kind, daylight), x, z, yaw)
    }
  }
}

/** Something that hangs on or stands against a wall, at most 0.1 m deep. */
function wallPiece(random: Random, height: number, kind: string, daylight: boolean): Piece[] {
  const what = random.next()
  if (what < 0.28) {
    const [w, h] = [random.uniform(0.35, 0.7), random.uniform(0.45, Math.min(0.8, height / 2 - 0.7))]
    const glass = daylight ? glassOfDay(random) : paint.glowing(random, rgb(0x10151d), 0.1)
    return [{ shape: 'box', at: [0, Math.min(height - h - 0.2, 0.95 + h), 0], half: [w, h, 0.03], side: glass }]
  }
  if (what < 0.4) {
    const door = paint.wood(random)
    return [
      { shape: 'box', at: [0, 1.02, 0], half: [0.5, 1.02, 0.03], side: paint.wood(random) },
      { shape: 'box', at: [0, 0.99, 0], half: [0.43, 0.99, 0.05], side: door },
    ]
  }
  if (what < 0.8) {
    const [w, h] = [random.uniform(0.18, kind === 'hall' ? 0.9 : 0.5), random.uniform(0.18, 0.45)]
    const y = random.uniform(1.3, 1.8)
    return [
      { shape: 'box', at: [0, y, 0], half: [w + 0.04, h + 0.04, 0.02], side: paint.wood(random) },
      { shape: 'box', at: [0, y, 0], half: [w, h, 0.03], side: paint.painting(random) },
    ]
  }
  return [
    {
      shape: 'box',
      at: [0, random.uniform(1.2, 2), 0],
      half: [random.uniform(0.3, 0.7), random.uniform(0.02, 0.2), 0.1],
      side: random.next() < 0.5 ? paint.books(random) : paint.wood(random),
    },
  ]
}

function glassOfDay(random: Random) {
  return paint.glowing(random, varied(random, rgb(0xc7dff2), 0.1), random.uniform(0.1, 0.4))
}

/** Flat patches on the floor: rugs, mats, road markings. They do not stand in the way. */
function layRugs(builder: PlaceBuilder, count: number) {
  const { random, staging } = builder
  const around = staging.subjects[staging.subjects.length >> 1]!
  for (let i = 0; i < count; i++) {
    const half = [random.uniform(0.5, 1.6), 0.003 + 0.001 * i, random.uniform(0.4, 1.2)] as const
    builder.put(
      [{ shape: 'box', at: [0, half[1], 0], half, side: paint.carpet(random) }],
      around.x + random.normal() * 1.4,
      around.z + random.normal() * 1.4,
      random.int(2) * (Math.PI / 2),
    )
  }
}

function street(builder: PlaceBuilder): Place {
  const { random, bounds } = builder
  const far = random.uniform(1.5, 7)
  rowOfHouses(builder, bounds.z0 - far, -1)
  if (random.next() < 0.7) rowOfHouses(builder, bounds.z1 + random.uniform(1.5, 7), 1)
  markings(builder)
  builder.scatter(2, 1, 9, () => things.car(random))
  builder.scatter(7, 0.6, 12, () =>
    random.pick([things.post, things.tree, things.crate, things.bench, things.bush, things.fence])(random),
  )
  const floor = random.next() < 0.5 ? paint.asphalt(random) : paint.paving(random)
  return outdoors(builder, 'street', floor, random.uniform(40, 120))
}

/** Houses in a row along x, their fronts at z, on the side `away` (-1 or 1). */
function rowOfHouses(builder: PlaceBuilder, z: number, away: number) {
  const { random, bounds } = builder
  for (let x = bounds.x0 - 22; x < bounds.x1 + 22;) {
    const half = random.uniform(2, 6)
    const height = random.uniform(2.5, 8)
    const front = random.next() < 0.75 ? paint.facade(random) : paint.bricks(random)
    const set = random.next() < 0.4 ? random.uniform(0, 0.8) : 0
    builder.put(
      [{ shape: 'box', at: [x + half, height, z + away * (3 + set)], half: [half, height, 3], side: front }],
      0,
      0,
      0,
    )
    builder.put(
      [
        {
          shape: 'box',
          at: [x + half * random.uniform(0.5, 1.5), 1.05, z + away * (0.02 + set)],
          half: [0.5, 1.05, 0.06],
          side: paint.wood(random),
        },
      ],
      0,
      0,
      0,
    )
    x += 2 * half + (random.next() < 0.2 ? random.uniform(0.5, 3) : 0)
  }
}

/** Stripes and patches on the ground. */
function markings(builder: PlaceBuilder) {
  const { random, bounds } = builder
  const white = {
    ...paint.painted(random),
    pattern: 'plain' as const,
    colours: [rgb(0xd8d6cc), rgb(0xf2f0e8), rgb(0xffffff)] as const,
  }
  if (random.next() < 0.6) {
    const z = random.uniform(bounds.z0 - 1, bounds.z1 + 1)
    for (let x = bounds.x0 - 9; x < bounds.x1 + 9; x += 2.4)
      builder.put([{ shape: 'box', at: [x, 0.002, z], half: [0.6, 0.002, 0.07], side: white }], 0, 0, 0)
  }
  if (random.next() < 0.4) layRugs(builder, 2)
}

function park(builder: PlaceBuilder): Place {
  const { random, bounds } = builder
  const [cx, cz] = [(bounds.x0 + bounds.x1) / 2, (bounds.z0 + bounds.z1) / 2]
  if (random.next() < 0.6) {
    const path = random.next() < 0.5 ? paint.earth(random) : paint.paving(random)
    builder.put(
      [{ shape: 'box', at: [0, 0.003, 0], half: [30, 0.003, random.uniform(0.6, 1.5)], side: path }],
      cx + random.normal(),
      cz + random.normal(),
      random.uniform(0, Math.PI),
    )
  }
  builder.scatter(9, 0.8, 16, () => things.tree(random))
  builder.scatter(8, 0.5, 10, () =>
    random.pick([things.bush, things.bush, things.fence, things.bench, things.post, things.ball])(random),
  )
  const floor = random.next() < 0.75 ? paint.grass(random) : paint.earth(random)
  return outdoors(builder, 'park', floor, random.uniform(25, 120))
}

function square(builder: PlaceBuilder): Place {
  const { random } = builder
  builder.scatter(2, 7, 18, () => {
    const height = random.uniform(3, 9)
    return [
      {
        shape: 'box',
        at: [0, height, 0],
        half: [random.uniform(3, 7), height, random.uniform(2, 4)],
        side: paint.facade(random),
      },
    ]
  })
  builder.scatter(12, 0.7, 10, () =>
    random.pick([things.column, things.column, things.post, things.tree, things.crate, things.bench, things.ball])(
      random,
    ),
  )
  layRugs(builder, random.int(3))
  const floor = random.pick([paint.paving, paint.paving, paint.floorTiles, paint.asphalt])(random)
  return outdoors(builder, 'square', floor, random.uniform(40, 150))
}

function outdoors(builder: PlaceBuilder, kind: string, floor: Place['floor'], haze: number): Place {
  const { random } = builder
  const dusk = random.next() < 0.15
  const sky = dusk ? duskSky(random) : daySky(random)
  const turn = random.uniform(0, 2 * Math.PI)
  const rise = dusk ? random.uniform(0.12, 0.35) : random.uniform(0.45, 1.15)
  const towards = [Math.cos(rise) * Math.sin(turn), Math.sin(rise), Math.cos(rise) * Math.cos(turn)] as const
  const overcast = sky.cover
  const sun = dusk ? varied(random, rgb(0xffb070), 0.1) : rgb(0xfff4e2)
  const strength = (dusk ? 0.7 : 1.25) * (1 - 0.75 * overcast)
  const fill = (dusk ? 0.32 : 0.42) + 0.38 * overcast
  const light: Light = {
    towards,
    colour: scaled(sun, strength),
    above: scaled(mix([1, 1, 1], sky.zenith, 0.35), fill),
    below: scaled(mix(floor.colours[1], [0.5, 0.5, 0.5], 0.5), fill * 0.9),
  }
  return { kind, floor, room: undefined, sky, solids: builder.solids, light, haze }
}

function daySky(random: Random): Sky {
  const cover = random.next() < 0.35 ? random.uniform(0.7, 1) : random.uniform(0, 0.5)
  const blue = hsv(random.uniform(0.54, 0.61), random.uniform(0.35, 0.65), random.uniform(0.75, 0.95))
  const pale = varied(random, rgb(0xdfe8ee), 0.06)
  return {
    zenith: mix(blue, rgb(0xb9c0c6), cover),
    horizon: mix(pale, rgb(0xd2d5d6), cover),
    cloud: scaled(rgb(0xf4f4f2), 1 - 0.3 * cover),
    cover,
    hills: hills(random),
    seed: random.int(100000),
  }
}

function duskSky(random: Random): Sky {
  const zenith = hsv(random.uniform(0.6, 0.75), random.uniform(0.4, 0.7), random.uniform(0.3, 0.6))
  const horizon = hsv(random.uniform(0.02, 0.12), random.uniform(0.35, 0.7), random.uniform(0.7, 0.95))
  return {
    zenith,
    horizon,
    cloud: mix(zenith, horizon, 0.6),
    cover: random.uniform(0, 0.4),
    hills: hills(random),
    seed: random.int(100000),
  }
}

function hills(random: Random): Sky['hills'] {
  const colour = varied(random, rgb(random.pick([0x5d6f55, 0x7c8b93, 0x4f6150, 0x8a8f86, 0x66738a])), 0.15)
  return { height: random.next() < 0.8 ? random.uniform(0.02, 0.22) : 0.005, colour }
}
