// Rooms and halls: four walls with what hangs and stands there, by daylight or by lamplight.
import type { Random } from '../nn/random'
import { mix, rgb, scaled, varied } from './colour'
import * as things from './furniture'
import type { Lamp, Light, Place, Room } from './place'
import type { Piece, PlaceBuilder } from './place-builder'
import * as paint from './place-materials'
import { skyAt } from './sky'

export function indoors(builder: PlaceBuilder, kind: 'room' | 'hall', least: number, spare: number): Place {
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
  const daylight = random.next() < 0.62
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
  things.layRugs(builder, kind === 'room' ? 1 + random.int(2) : 2)
  if (!daylight) standLamps(builder, room)
  const light = daylight ? dayLight(random, room) : lampLight(builder, room)
  const floors =
    kind === 'room'
      ? [paint.parquet, paint.parquet, paint.carpet, paint.floorTiles]
      : [paint.parquet, paint.floorTiles, paint.paving]
  return {
    kind,
    floor: random.pick(floors)(random),
    room,
    sky: skyAt(random, 'day'),
    solids: builder.solids,
    light,
    haze: 1e6,
    night: !daylight,
  }
}

/** Daylight from all windows, as one soft lamp under the ceiling. */
function dayLight(random: Random, room: Room): Light {
  const white = varied(random, rgb(0xfff8ee), 0.04)
  const fill = random.uniform(0.4, 0.62)
  return {
    towards: [0, 1, 0],
    colour: scaled(white, random.uniform(0.75, 1.2)),
    above: scaled(white, fill),
    below: scaled(mix(white, paint.parquet(random).colours[0], 0.4), fill * 0.8),
    lamp: underCeiling(random, room),
    lamps: [],
  }
}

/** In the evening: a warm lamp, dark corners, and the lamps that stand about. */
function lampLight({ random, solids }: PlaceBuilder, room: Room): Light {
  const warm = varied(random, rgb(random.pick([0xffdfae, 0xffcf8e, 0xfff0dc, 0xe6efff])), 0.1)
  const fill = random.uniform(0.1, 0.4)
  const shades = solids.filter(({ side }) => side.glow > 1 && side.pattern === 'plain').slice(0, 3)
  return {
    towards: [0, 1, 0],
    colour: scaled(warm, random.uniform(0.7, 1.3)),
    above: scaled(warm, fill),
    below: scaled(mix(warm, paint.parquet(random).colours[0], 0.4), fill * 0.8),
    lamp: { ...underCeiling(random, room), reach: random.uniform(2, 5) },
    lamps: shades.map(({ x, y, z }) => ({ x, y, z, reach: random.uniform(1, 2), colour: scaled(warm, 0.7) })),
  }
}

function underCeiling(random: Random, room: Room): Lamp {
  return {
    x: room.x0 + (room.x1 - room.x0) * random.uniform(0.2, 0.8),
    y: room.height - 0.15,
    z: room.z0 + (room.z1 - room.z0) * random.uniform(0.2, 0.8),
    reach: random.uniform(3, 7),
  }
}

/** Lamps that stand on the floor near the walls. */
function standLamps(builder: PlaceBuilder, room: Room) {
  const { random } = builder
  for (let i = random.int(4); i > 0; i--) {
    const x = random.next() < 0.5 ? room.x0 + 0.4 : room.x1 - 0.4
    builder.tryPut(things.standLamp(random), x, random.uniform(room.z0 + 0.4, room.z1 - 0.4), 0)
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
