// What is painted on a person: cloth, skin, face. Each paint is a function of a point in the axes of one bone at rest (metres from the
// joint; x to the person's left, y up, z to the front), so that prints, eyes and stripes stick to the body whatever it does.
import { mix, scaled } from './colour'
import type { Rgb } from './colour'
import { cellNoise, noiseField, sampleNoise } from './noise'
import type { Cloth, Person, Print } from './person'

/** Colour (linear RGB, into `out`) at (x, y, z) of the bone. */
export type Paint = (x: number, y: number, z: number, out: Float64Array) => void

export function plain(colour: Rgb): Paint {
  return (_x, _y, _z, out) => {
    set(out, colour)
  }
}

function set(out: Float64Array, colour: Rgb): void {
  out[0] = colour[0]
  out[1] = colour[1]
  out[2] = colour[2]
}

/** Cloth at `around` metres round the limb and `along` metres down it. */
function paintCloth(cloth: Cloth, around: number, along: number, out: Float64Array): void {
  const { cell, pattern } = cloth
  const wave = (x: number) => x / cell - Math.floor(x / cell)
  // share of the second colour
  let second = 0
  switch (pattern) {
    case 'plain':
      break
    case 'hoops':
      second = wave(along) < 0.5 ? 1 : 0
      break
    case 'stripes':
      second = wave(around) < 0.45 ? 1 : 0
      break
    case 'checks':
      second = wave(along) < 0.5 !== wave(around) < 0.5 ? 1 : 0
      break
    case 'dots':
      second = (wave(along) - 0.5) ** 2 + (wave(around) - 0.5) ** 2 < 0.09 ? 1 : 0
      break
    case 'tartan':
      second = (wave(along) < 0.4 ? 0.5 : 0) + (wave(around) < 0.4 ? 0.5 : 0)
      break
    case 'flowers':
      second = sampleNoise(noiseField('leaves'), (around / cell) * 0.16, (along / cell) * 0.16, 0.01) > 0.6 ? 1 : 0
      break
  }
  const folds = 0.62 + 0.76 * sampleNoise(noiseField('clouds'), around * 1.7, along * 0.9, 0.01)
  const weave = 0.86 + 0.28 * sampleNoise(noiseField('grain'), around * 5, along * 5, 0.004)
  for (let c = 0; c < 3; c++) {
    const colour = cloth.base[c]! + (cloth.second[c]! - cloth.base[c]!) * second
    out[c] = colour * folds * weave
  }
}

/** A limb along `axis` of its bone (its length downwards or outwards): cloth up to `covered` metres, then skin. */
export function limbPaint(cloth: Cloth, covered: number, skin: Rgb, axis: 'x' | 'y'): Paint {
  return (x, y, z, out) => {
    const along = axis === 'x' ? Math.abs(x) : -y
    if (along > covered) set(out, skin)
    else paintCloth(cloth, Math.atan2(axis === 'x' ? y : x, z) * 0.08, along, out)
  }
}

/** Upper body in the axes of the upper chest. `neck` is the height of the neck's root above it. */
export function torsoPaint(person: Person, neck: number): Paint {
  const { size, inner, backpack, bag } = person
  return (x, y, z, out) => {
    const front = z > 0
    const collar = neck - (front ? 0.055 : 0.01) * size + Math.abs(x) * 0.6
    if (y > collar && Math.abs(x) < 0.08 * size) return set(out, person.skin)
    const opening = (0.045 + 0.03 * Math.max(0, y / neck)) * size
    if (inner && front && Math.abs(x) < opening) return set(out, inner)
    const strap = Math.abs(Math.abs(x) - 0.1 * size) < 0.022 * size
    if (backpack && front && strap && y > -0.16 * size) return set(out, scaled(backpack, 0.6))
    if (bag && !bag.carried && onStrap(bag.side, x, y, size)) return set(out, scaled(bag.colour, 0.6))
    const print = front ? person.front : person.back
    if (print && !(inner && front) && paintPrint(print, x, y + 0.05 * size, out)) return
    paintCloth(person.top, Math.atan2(x, z) * 0.14, -y + 3, out)
    // lapels, or the edges of a jacket
    if (inner && front && Math.abs(x) < opening * 1.7) darken(out, 0.72)
  }
}

/** A strap from one shoulder to the hip on the other `side`. */
function onStrap(side: 1 | -1, x: number, y: number, size: number): boolean {
  return Math.abs(y - 0.1 * size + side * x * 1.3) < 0.035 * size
}

function darken(out: Float64Array, by: number): void {
  for (let c = 0; c < 3; c++) out[c]! *= by
}

/** Whether (x, y) is on the print; if so, its colour goes to `out`. */
function paintPrint({ shape, size, colour, second, seed }: Print, x: number, y: number, out: Float64Array): boolean {
  const [u, v] = [x / size, y / size]
  if (Math.abs(u) > 0.5 || Math.abs(v) > 0.5) return false
  const radius = Math.hypot(u, v)
  switch (shape) {
    case 'disc':
      if (radius < 0.5) set(out, radius < 0.24 ? second : colour)
      return radius < 0.5
    case 'ring':
      if (radius < 0.5 && radius > 0.28) set(out, colour)
      return radius < 0.5 && radius > 0.28
    case 'block':
      if (Math.abs(v) < 0.32) set(out, Math.abs(v) < 0.1 ? second : colour)
      return Math.abs(v) < 0.32
    case 'bars': {
      const bar = Math.floor(v * 5 + 10)
      if (bar % 2 === 0) set(out, bar === 10 ? second : colour)
      return bar % 2 === 0
    }
    case 'cross': {
      const on = Math.min(Math.abs(u), Math.abs(v)) < 0.14
      if (on) set(out, colour)
      return on
    }
    case 'letters': {
      const on =
        Math.abs(v) < 0.2 &&
        cellNoise(Math.floor(u * 14), Math.floor(v * 8), seed) < 0.6 &&
        Math.floor(u * 14) % 4 !== 0
      if (on) set(out, colour)
      return on
    }
    case 'picture': {
      const field = noiseField('blotches')
      set(out, mix(colour, second, sampleNoise(field, u * 0.4 + (seed % 89) / 89, v * 0.4, 0.02) > 0.5 ? 0.9 : 0.05))
      return true
    }
  }
}

/** Belly and hips in the axes of the hips: top, belt, trousers or skirt. */
export function hipsPaint(person: Person): Paint {
  const { belt, size, hem } = person
  const waist = (hem > 0 ? -0.06 : 0.035) * size
  return (x, y, z, out) => {
    if (y < waist) {
      if (belt && y > waist - 0.04 * size) set(out, belt)
      else paintCloth(person.bottom, Math.atan2(x, z) * 0.14, -y, out)
    } else if (person.inner && z > 0 && Math.abs(x) < 0.05 * size) set(out, person.inner)
    else paintCloth(person.top, Math.atan2(x, z) * 0.14, -y + 3.4, out)
  }
}

/** A pleat of a skirt or coat: around by its number, along in metres. */
export function pleatPaint(cloth: Cloth, around: number): Paint {
  return (_x, y, _z, out) => {
    paintCloth(cloth, around, -y, out)
  }
}

/** Trousers, skin, boots and socks of the lower leg; `covered` metres of it are cloth, its last `boots` metres are shoe. */
export function shinPaint(person: Person, covered: number, length: number, boots: number): Paint {
  return (x, y, z, out) => {
    if (-y > length - boots) set(out, person.shoes)
    else if (-y > covered) set(out, person.skin)
    else paintCloth(person.bottom, Math.atan2(x, z) * 0.07, -y + 0.4, out)
  }
}

/** Shoe with its sole, in the axes of the foot; `sole` = height of the sole's edge (negative: below the ankle). */
export function shoePaint(person: Person, sole: number): Paint {
  return (_x, y, _z, out) => {
    set(out, y < sole ? person.soles : person.shoes)
  }
}

/** Face, and hair painted on the head where no locks cover it; `h` = height of the head. */
export function headPaint(person: Person, h: number): Paint {
  const { skin, hair, eyes } = person
  const lips = mix(scaled(skin, 0.75), [0.5, 0.06, 0.06], 0.4)
  const cheek = mix(skin, [0.8, 0.25, 0.2], 0.12)
  const bald = hair.style === 'bald'
  const tired = person.age === 'old' ? 0.72 : 0.88 // around the eyes
  return (x, y, z, out) => {
    const [ax, v, w] = [Math.abs(x) / h, y / h, z / h]
    const hairline = 0.93 - 0.28 * hair.fringe + 0.25 * ax * ax
    if (!bald && (v > hairline || (w < -0.02 && v > 0.05))) return set(out, hair.colour)
    set(out, skin)
    if (w < 0.1) return
    const ex = ax - 0.18
    const ey = v - 0.43
    const eye = Math.hypot(ex / 1.3, ey)
    const rims = Math.abs(eye - 0.125) < 0.03 || (Math.abs(ey) < 0.025 && ax > 0.3)
    if (person.glasses !== 'none' && (rims || (person.glasses === 'dark' && eye < 0.13)))
      return set(out, [0.012, 0.012, 0.014])
    if (Math.hypot(ex, ey) < 0.05) set(out, eyes)
    else if (eye < 0.064) set(out, [0.85, 0.85, 0.83])
    else if (Math.abs(v - 0.58) < 0.035 && ax > 0.07 && ax < 0.32)
      set(out, bald ? scaled(skin, 0.4) : scaled(hair.colour, 0.8))
    else if (Math.abs(v - 0.05) < 0.04 && ax < 0.15) set(out, lips)
    else if (person.beard && v < 0.17) set(out, hair.colour)
    else if (Math.hypot(ax - 0.24, v - 0.2) < 0.1) set(out, cheek)
    else if (eye < 0.15) darken(out, tired)
  }
}

/** Hair, knitting: strands round the bone. */
export function lockPaint(colour: Rgb): Paint {
  return (x, y, z, out) => {
    const shade = 0.8 + 0.3 * Math.sin(60 * Math.atan2(x, z) + 25 * y)
    for (let c = 0; c < 3; c++) out[c] = colour[c]! * shade
  }
}
