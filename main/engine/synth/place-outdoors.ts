// Places under the sky: street, park, square; by day, at dusk, or by the light of lamps and windows at night.
import type { Random } from '../nn/random'
import { mix, rgb, scaled, varied } from './colour'
import * as things from './furniture'
import type { Material } from './material'
import type { Lamp, Light, Place } from './place'
import type { PlaceBuilder } from './place-builder'
import * as paint from './place-materials'
import { skyAt, sunlight } from './sky'
import type { Hour } from './sky'

export function street(builder: PlaceBuilder): Place {
  const { random, bounds } = builder
  const hour = hourOf(random)
  const far = random.uniform(1.5, 7)
  rowOfHouses(builder, bounds.z0 - far, -1, hour)
  if (random.next() < 0.7) rowOfHouses(builder, bounds.z1 + random.uniform(1.5, 7), 1, hour)
  markings(builder)
  builder.scatter(2, 1, 9, () => things.car(random))
  builder.scatter(7, 0.6, 12, () =>
    random.pick([things.post, things.tree, things.crate, things.bench, things.bush, things.fence])(random),
  )
  const floor = random.next() < 0.5 ? paint.asphalt(random) : paint.paving(random)
  builder.foreground(2, () => random.pick([things.post, things.bush, things.crate, things.bench])(random))
  return outdoors(builder, 'street', floor, random.uniform(40, 120), hour)
}

/** Houses in a row along x, their fronts at z, on the side `away` (-1 or 1). */
function rowOfHouses(builder: PlaceBuilder, z: number, away: number, hour: Hour) {
  const { random, bounds } = builder
  for (let x = bounds.x0 - 22; x < bounds.x1 + 22;) {
    const half = random.uniform(2, 6)
    const height = random.uniform(2.5, 8)
    const front = random.next() < 0.75 ? paint.facade(random, hour) : paint.bricks(random)
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
  if (random.next() < 0.4) things.layRugs(builder, 2)
}

export function park(builder: PlaceBuilder): Place {
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
  builder.foreground(3, () => random.pick([things.bush, things.tree, things.post, things.bench])(random))
  return outdoors(builder, 'park', floor, random.uniform(25, 120), hourOf(random))
}

export function square(builder: PlaceBuilder): Place {
  const { random } = builder
  const hour = hourOf(random)
  builder.scatter(2, 7, 18, () => {
    const height = random.uniform(3, 9)
    return [
      {
        shape: 'box',
        at: [0, height, 0],
        half: [random.uniform(3, 7), height, random.uniform(2, 4)],
        side: paint.facade(random, hour),
      },
    ]
  })
  builder.scatter(12, 0.7, 10, () =>
    random.pick([things.column, things.column, things.post, things.tree, things.crate, things.bench, things.ball])(
      random,
    ),
  )
  things.layRugs(builder, random.int(3))
  const floor = random.pick([paint.paving, paint.paving, paint.floorTiles, paint.asphalt])(random)
  builder.foreground(2, () => random.pick([things.column, things.post, things.bush, things.crate])(random))
  return outdoors(builder, 'square', floor, random.uniform(40, 150), hour)
}

/** What time it is: mostly day. */
function hourOf(random: Random): Hour {
  const choice = random.next()
  return choice < 0.64 ? 'day' : choice < 0.77 ? 'dusk' : 'night'
}

function outdoors(builder: PlaceBuilder, kind: string, floor: Material, haze: number, hour: Hour): Place {
  const { random } = builder
  const sky = skyAt(random, hour)
  const light = hour === 'night' ? lamplight(builder, floor) : sunlight(random, hour, sky, floor.colours[1])
  return { kind, floor, room: undefined, sky, solids: builder.solids, light, haze, night: hour === 'night' }
}

/** Street lamps: one that throws the shadows near the subject, and some farther on. */
function lamplight(builder: PlaceBuilder, floor: Material): Light {
  const { random, staging } = builder
  const warm = varied(random, rgb(random.pick([0xffd9a0, 0xffc27a, 0xe8f0ff, 0xfff0d8])), 0.08)
  const subject = staging.subjects[staging.subjects.length >> 1]!
  const main: Lamp = { x: subject.x, y: random.uniform(3, 5), z: subject.z, reach: random.uniform(3, 6) }
  const turn = random.uniform(0, 2 * Math.PI)
  for (let i = 0; i < 8; i++) {
    const away = random.uniform(1.4, 3.2)
    main.x = subject.x + away * Math.sin(turn + i)
    main.z = subject.z + away * Math.cos(turn + i)
    if (builder.tryPut(things.lampPost(random, main.y, warm), main.x, main.z, 0)) break
  }
  const others = Array.from({ length: 4 }, () => ({
    y: random.uniform(2.6, 5),
    reach: random.uniform(2, 4.5),
    colour: scaled(random.next() < 0.75 ? warm : paint.neon(random), random.uniform(0.5, 1.1)),
  }))
  const places = builder.scatter(others.length, 2.5, 14, (i) =>
    things.lampPost(random, others[i]!.y, others[i]!.colour),
  )
  const lamps = others.flatMap((lamp, i) => (places[i] ? [{ ...lamp, ...places[i] }] : []))
  const dim = random.uniform(0.02, 0.06)
  return {
    towards: [0, 1, 0],
    colour: scaled(warm, random.uniform(0.7, 1.3)),
    above: scaled(mix([0.7, 0.8, 1], warm, 0.4), dim),
    below: scaled(mix(floor.colours[1], warm, 0.3), dim),
    lamp: main,
    lamps,
  }
}
