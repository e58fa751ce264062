// Who is seen: build, skin, hair and clothes of a procedural human. No two are alike, and the back never looks like the front.
import type { Random } from '../nn/random'
import { AVERAGE } from '../../motion/rig'
import type { Proportions } from '../../motion/rig'
import { hsv, mix, rgb, scaled, varied } from './colour'
import type { Rgb } from './colour'

export type ClothPattern = 'plain' | 'hoops' | 'stripes' | 'checks' | 'dots' | 'tartan' | 'flowers'

export interface Cloth {
  base: Rgb
  second: Rgb
  pattern: ClothPattern
  /** Size of one repeat, metres. */
  cell: number
}

/** What is printed on chest or back: a shape in the middle, `size` metres wide. */
export interface Print {
  shape: 'disc' | 'ring' | 'block' | 'bars' | 'cross' | 'letters' | 'picture'
  colour: Rgb
  second: Rgb
  size: number
  seed: number
}

/** The build: what a motion is played on. */
export interface Build {
  proportions: Proportions
  /** Size against an adult of 1.72 m. */
  size: number
  /** Hips and bust against shoulders, 0..1. */
  feminine: number
  age: 'child' | 'adult' | 'old'
}

export interface Person extends Build {
  /** Girth: 1 = average. */
  bulk: number
  skin: Rgb
  hair: { colour: Rgb; style: 'short' | 'long' | 'tied' | 'afro' | 'bald'; fringe: number }
  eyes: Rgb
  beard: boolean
  glasses: 'none' | 'clear' | 'dark'
  hat: { colour: Rgb; kind: 'cap' | 'beanie' | 'wide' } | undefined
  scarf: Rgb | undefined
  top: Cloth
  /** Share of the arm that the sleeve covers: 0 = none, 0.45 = short, 1 = to the wrist. */
  sleeve: number
  front: Print | undefined
  back: Print | undefined
  /** An open jacket shows this between its edges. */
  inner: Rgb | undefined
  /** Length of the top or dress below the hips, share of the leg: 0 = none. */
  hem: number
  bottom: Cloth
  /** Share of the leg that trousers cover (1 = to the ankle); for a skirt, where its hem is. */
  leg: number
  skirt: boolean
  /** Width of trouser legs at the ankle against the ankle's own. */
  flare: number
  belt: Rgb | undefined
  shoes: Rgb
  soles: Rgb
  /** Share of the lower leg that boots or socks cover. */
  boots: number
  backpack: Rgb | undefined
  /** Worn on a strap across the chest, or carried in a hand, on the left (1) or right (-1). */
  bag: { colour: Rgb; carried: boolean; side: 1 | -1 } | undefined
}

const SKINS = [0xf3d3bd, 0xe8b896, 0xd9a079, 0xb97f56, 0x8d5a3a, 0x5c3a26, 0x3f2a1d].map(rgb)
const HAIR = [0x15110f, 0x2b1c14, 0x4a2f1d, 0x6b4423, 0x9c7440, 0xcfae6d, 0x8c8781, 0xc9c6c0, 0x7a3018, 0x35456b].map(
  rgb,
)

const GREY_HAIR = [0x8c8781, 0xc9c6c0, 0xe4e2de, 0x6f6a66].map(rgb)
const NEUTRALS = [0xe6e4de, 0xf2f0ec, 0x2a2c33, 0x17181b, 0x8d8f93, 0x5c5f66, 0xb9b09f, 0x3a332d]
const COATS = [0x2a2c33, 0xa98d63, 0x4a3b2e, 0x27354a, 0x5a2f31, 0x4c5440, 0x7d7f84, 0xc9bda6]

/** A build drawn from `random`. */
export function makeBuild(random: Random): Build {
  const feminine = random.next() < 0.5 ? random.uniform(0.6, 1) : random.uniform(0, 0.25)
  const years = random.next()
  const age = years < 0.12 ? 'child' : years < 0.26 ? 'old' : 'adult'
  const size =
    age === 'child'
      ? random.uniform(0.62, 0.85)
      : (age === 'old' ? 0.97 : 1.02) - 0.07 * feminine + 0.045 * random.normal()
  return { proportions: proportionsOf(random, size, feminine, age === 'child'), size, feminine, age }
}

/** Someone of this build. */
export function makePerson(random: Random, build: Build): Person {
  const { feminine, age } = build
  const bulk = Math.exp((age === 'old' ? 0.06 : 0) + 0.15 * random.normal())
  const skin = varied(random, random.pick(SKINS), 0.06)
  const grey = age === 'old' && random.next() < 0.8
  const hairColour = varied(random, random.pick(grey ? GREY_HAIR : HAIR), 0.12)
  const dress = feminine > 0.5 && random.next() < 0.18
  const coat = !dress && random.next() < 0.2
  const top = coat ? coatCloth(random) : cloth(random)
  const bottom = dress ? top : bottomCloth(random)
  const skirt = dress || (feminine > 0.5 && random.next() < 0.3)
  const legs = random.next()
  const styles =
    feminine > 0.5
      ? (['long', 'long', 'tied', 'short', 'afro'] as const)
      : (['short', 'short', 'short', 'afro', 'bald', 'tied'] as const)
  const burden = random.next()
  const eyewear = random.next()
  return {
    ...build,
    bulk,
    skin,
    hair: { colour: hairColour, style: random.pick(styles), fringe: random.uniform(0.25, 0.75) },
    eyes: random.pick([0x2a1a10, 0x1c2f4a, 0x24381e, 0x101010].map(rgb)),
    beard: age !== 'child' && feminine < 0.5 && random.next() < 0.3,
    glasses: eyewear < (age === 'old' ? 0.4 : 0.16) ? 'clear' : eyewear > 0.94 ? 'dark' : 'none',
    hat:
      random.next() < 0.16 ? { colour: dyed(random), kind: random.pick(['cap', 'cap', 'beanie', 'wide']) } : undefined,
    scarf: random.next() < (coat ? 0.35 : 0.05) ? dyed(random) : undefined,
    top,
    sleeve: coat ? 1 : random.pick([0, 0.42, 0.45, 0.5, 0.8, 1, 1, 1]),
    front: !coat && random.next() < 0.45 ? print(random) : undefined,
    back: random.next() < 0.25 ? print(random) : undefined,
    inner: (coat && random.next() < 0.7) || random.next() < 0.15 ? dyed(random) : undefined,
    hem: coat ? random.uniform(0.3, 0.8) : dress ? 0 : random.pick([0, 0, 0.06, 0.12]),
    bottom,
    leg: skirt ? random.uniform(0.35, dress ? 0.85 : 0.6) : legs < 0.22 ? random.uniform(0.3, 0.55) : 1,
    skirt,
    flare: random.uniform(1.15, 1.9),
    belt: random.next() < 0.3 ? varied(random, rgb(0x2a1d14), 0.3) : undefined,
    shoes: random.next() < 0.4 ? dyed(random) : varied(random, rgb(random.pick([0x1a1a1c, 0xe8e8e4, 0x5a3a22])), 0.15),
    soles: random.next() < 0.5 ? rgb(0xe8e6e0) : rgb(0x1c1a18),
    boots: random.pick([0, 0, 0, 0.25, 0.5]),
    backpack: burden < 0.12 ? dyed(random) : undefined,
    bag:
      burden > 0.84 ? { colour: dyed(random), carried: burden > 0.94, side: random.next() < 0.5 ? 1 : -1 } : undefined,
  }
}

function proportionsOf(random: Random, size: number, feminine: number, child: boolean): Proportions {
  const about = (value: number, spread: number) => value * size * Math.exp(spread * random.normal())
  const legs = Math.exp(0.035 * random.normal()) * (child ? 0.95 : 1)
  return {
    ...AVERAGE,
    hipWidth: about(AVERAGE.hipWidth, 0.05) * (0.97 + 0.06 * feminine),
    upperLeg: about(AVERAGE.upperLeg, 0.02) * legs,
    lowerLeg: about(AVERAGE.lowerLeg, 0.02) * legs,
    ankle: about(AVERAGE.ankle, 0.05),
    foot: about(AVERAGE.foot, 0.05),
    torso: about(AVERAGE.torso, 0.03),
    shoulderWidth: about(AVERAGE.shoulderWidth, 0.04) * (1.06 - 0.12 * feminine),
    upperArm: about(AVERAGE.upperArm, 0.03),
    lowerArm: about(AVERAGE.lowerArm, 0.03),
    hand: about(AVERAGE.hand, 0.04),
    neck: about(AVERAGE.neck, 0.06),
    head: about(AVERAGE.head, 0.03) * (child ? 1.28 : 1),
  }
}

/** A colour that cloth has: mostly muted, now and then vivid, often hardly a colour. */
function dyed(random: Random): Rgb {
  const kind = random.next()
  if (kind < 0.4) return hsv(random.next(), random.uniform(0.15, 0.5), random.uniform(0.25, 0.8))
  if (kind < 0.65) return hsv(random.next(), random.uniform(0.5, 0.95), random.uniform(0.35, 0.9))
  return varied(random, rgb(random.pick(NEUTRALS)), 0.15)
}

function cloth(random: Random): Cloth {
  const base = dyed(random)
  const pattern = random.pick<ClothPattern>([
    ...([
      'plain',
      'plain',
      'plain',
      'plain',
      'plain',
      'hoops',
      'stripes',
      'checks',
      'dots',
      'tartan',
      'flowers',
    ] as const),
  ])
  const second = random.next() < 0.5 ? dyed(random) : mix(base, random.next() < 0.5 ? [1, 1, 1] : [0, 0, 0], 0.75)
  return { base, second, pattern, cell: random.uniform(0.06, 0.2) }
}

function coatCloth(random: Random): Cloth {
  const base = random.next() < 0.7 ? varied(random, rgb(random.pick(COATS)), 0.2) : dyed(random)
  const pattern = random.pick<ClothPattern>(['plain', 'plain', 'plain', 'plain', 'tartan', 'checks'])
  return { base, second: scaled(base, random.next() < 0.5 ? 0.5 : 1.6), pattern, cell: random.uniform(0.05, 0.16) }
}

function bottomCloth(random: Random): Cloth {
  const hues = [0x2b3f63, 0x1d2536, 0x6e84a3, 0x8b7753, 0xb7a888, 0x2c2c2e, 0x4b4f46, 0x70304a, 0xd9d7d0]
  const base = random.next() < 0.8 ? varied(random, rgb(random.pick(hues)), 0.2) : dyed(random)
  const pattern = random.pick<ClothPattern>(['plain', 'plain', 'plain', 'plain', 'plain', 'checks', 'stripes', 'dots'])
  return { base, second: scaled(base, random.next() < 0.5 ? 0.45 : 1.9), pattern, cell: random.uniform(0.08, 0.2) }
}

function print(random: Random): Print {
  const colour = random.next() < 0.4 ? random.pick([rgb(0xf5f5f2), rgb(0x141414)]) : dyed(random)
  const shape = random.pick<Print['shape']>(['disc', 'ring', 'block', 'bars', 'cross', 'letters', 'letters', 'picture'])
  return { shape, colour, second: dyed(random), size: random.uniform(0.12, 0.28), seed: random.int(100000) }
}
