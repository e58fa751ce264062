// Skies by day, at dusk and at night, and the light that comes from them.
import type { Random } from '../nn/random'
import { hsv, mix, rgb, scaled, varied } from './colour'
import type { Rgb } from './colour'
import type { Light, Sky } from './place'

export type Hour = 'day' | 'dusk' | 'night'

export function skyAt(random: Random, hour: Hour): Sky {
  return hour === 'day' ? daySky(random) : hour === 'dusk' ? duskSky(random) : nightSky(random)
}

/** The light outdoors by day and at dusk; `ground` throws some of it back. */
export function sunlight(random: Random, hour: 'day' | 'dusk', sky: Sky, ground: Rgb): Light {
  const dusk = hour === 'dusk'
  const turn = random.uniform(0, 2 * Math.PI)
  const rise = dusk ? random.uniform(0.12, 0.35) : random.uniform(0.45, 1.15)
  const towards = [Math.cos(rise) * Math.sin(turn), Math.sin(rise), Math.cos(rise) * Math.cos(turn)] as const
  const sun = dusk ? varied(random, rgb(0xffb070), 0.1) : rgb(0xfff4e2)
  const strength = (dusk ? 0.7 : 1.35) * (1 - 0.75 * sky.cover)
  const fill = (dusk ? 0.3 : 0.36) + 0.4 * sky.cover
  return {
    towards,
    colour: scaled(sun, strength),
    above: scaled(mix([1, 1, 1], sky.zenith, 0.4), fill),
    below: scaled(mix(ground, [0.5, 0.5, 0.5], 0.5), fill * 0.8),
    lamps: [],
  }
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

/** The glow of a town over the roofs, dark above. */
function nightSky(random: Random): Sky {
  const glow = random.next() < 0.6 ? hsv(random.uniform(0.05, 0.12), 0.4, 1) : hsv(random.uniform(0.58, 0.7), 0.5, 1)
  const horizon = scaled(glow, random.uniform(0.012, 0.05))
  const zenith = scaled(hsv(random.uniform(0.58, 0.7), random.uniform(0.4, 0.7), 1), random.uniform(0.004, 0.014))
  return {
    zenith,
    horizon,
    cloud: mix(zenith, horizon, 0.7),
    cover: random.uniform(0, 0.9),
    hills: { height: random.uniform(0.01, 0.16), colour: scaled(horizon, 0.35) },
    seed: random.int(100000),
  }
}
