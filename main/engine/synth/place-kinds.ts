// Kinds of places: room, hall, street, park, square. Each builds itself around where camera and subject will be.
import type { Random } from '../nn/random'
import * as things from './furniture'
import type { Place } from './place'
import { PlaceBuilder } from './place-builder'
import type { Staging } from './place-builder'
import { indoors } from './place-indoors'
import { park, square, street } from './place-outdoors'

/** A place drawn from `random` in which the staging has room. Geometry and look both come from it. */
export function makePlace(random: Random, staging: Staging): Place {
  const builder = new PlaceBuilder(random, staging)
  const { seat } = staging
  if (seat) builder.put(things.seat(random, seat.height), seat.x, seat.z, 0)
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
