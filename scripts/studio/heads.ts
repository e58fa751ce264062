// Heads in clay: skull, face and hair. All places are shares of the head's height, in the axes of the head (x to the person's left, y up
// from the ear lobes, z to the front), where the rig has eyes at (0.17, 0.43, 0.45) and the nose at (0, 0.24, 0.58).
import { mix, scaled } from '../../main/engine/synth/colour'
import type { Rgb } from '../../main/engine/synth/colour'
import type { Stuff } from './clay'
import type { Modeller, V3 } from './modeller'

export interface HeadLook {
  skin: Rgb
  hair: { colour: Rgb; style: 'bun' | 'short' | 'bob' }
  eyes: Rgb
  lips: Rgb
}

export function head(m: Modeller, look: HeadLook & { feminine: number }, h: number): void {
  const skin: Stuff = { colour: look.skin, kind: 'skin' }
  const add = (
    piece: string,
    stuff: Stuff,
    melt: number,
    a: V3,
    ra: number,
    b: V3,
    rb: number,
    more: { flat?: readonly [number, number, number, number]; op?: 'add' | 'cut'; keep?: readonly [V3, V3] } = {},
  ) => {
    const sized = ([x, y, z]: V3): V3 => [x * h, y * h, z * h]
    const keep = more.keep ? { keep: [sized(more.keep[0]), more.keep[1]] as const } : {}
    m.cone(piece, stuff, melt * h, 'head', sized(a), ra * h, sized(b), rb * h, { ...more, ...keep })
  }
  const f = look.feminine
  const mirror = (draw: (s: 1 | -1) => void) => {
    draw(1)
    draw(-1)
  }

  // skull, cheeks, jaw
  add('skin', skin, 0.12, [0, 0.58, -0.1], 0.4, [0, 0.56, 0.06], 0.385, { flat: [1, 0, 0, 1.12] })
  add('skin', skin, 0.15, [0, 0.42, 0.1], 0.335, [0, 0.06, 0.2], 0.18 - 0.025 * f, { flat: [1, 0, 0, 1.07] })
  add('skin', skin, 0.12, [0, -0.07, 0.28], 0.082 - 0.014 * f, [0, -0.04, 0.275], 0.082 - 0.014 * f)
  mirror((s) => {
    add('skin', skin, 0.14, [s * (0.225 - 0.035 * f), 0.13, 0.01], 0.115 - 0.01 * f, [s * 0.06, -0.055, 0.23], 0.085)
    add('skin', skin, 0.12, [s * 0.185, 0.27, 0.255], 0.115, [s * 0.24, 0.3, 0.13], 0.11)
  })
  add('skin', skin, 0.1, [-0.13, 0.535, 0.33], 0.075, [0.13, 0.535, 0.33], 0.075)
  // sockets, then eyes and lids in them
  mirror((s) => {
    add('skin', skin, 0.09, [s * 0.165, 0.42, 0.46], 0.075, [s * 0.2, 0.415, 0.44], 0.065, { op: 'cut' })
  })
  const white: Stuff = { colour: [0.78, 0.77, 0.75], kind: 'shine' }
  const iris: Stuff = { colour: look.eyes, kind: 'shine' }
  const pupil: Stuff = { colour: [0.006, 0.006, 0.007], kind: 'shine' }
  const lash: Stuff = { colour: scaled(mix(look.hair.colour, [0.02, 0.015, 0.012], 0.7), 0.5), kind: 'plain' }
  const gleam: Stuff = { colour: [2.2, 2.2, 2.2], kind: 'plain' }
  mirror((s) => {
    const [x, y, z] = [s * 0.176, 0.412, 0.315]
    add('eye', white, 0.001, [x, y, z], 0.095, [x, y, z], 0.095)
    add(`iris`, iris, 0.001, [x + s * 0.003, y, z + 0.058], 0.05, [x + s * 0.003, y, z + 0.0585], 0.05, {
      flat: [0, 0, 1, 1.2],
    })
    add(`pupil`, pupil, 0.001, [x + s * 0.003, y, z + 0.087], 0.022, [x + s * 0.003, y, z + 0.0875], 0.022, {
      flat: [0, 0, 1, 1.6],
    })
    add('gleam', gleam, 0.001, [x + 0.016, y + 0.022, z + 0.093], 0.007, [x + 0.016, y + 0.022, z + 0.093], 0.007)
    const upper = [
      [x, y + 0.05 + 0.006 * f, z],
      [-s * 0.08, 1, 0.12],
    ] as const
    const lower = [
      [x, y - 0.056, z],
      [0, -1, 0.05],
    ] as const
    add('skin', skin, 0.035, [x, y, z], 0.107, [x, y, z], 0.106, { keep: upper })
    add('skin', skin, 0.035, [x, y, z], 0.103, [x, y, z], 0.103, { keep: lower })
    // the line of lashes along the upper lid, out beyond the corner
    const arc: V3[] = [-0.088, -0.05, 0, 0.05, 0.097].map((dx) => {
      const dy = 0.055 - 0.95 * dx * dx * (dx < 0 ? 5.4 : 3.6)
      return [x + s * dx, y + dy, z + Math.sqrt(Math.max(0.0005, 0.011 - dx * dx - dy * dy * 0.6))] as const
    })
    for (let i = 0; i + 1 < arc.length; i++)
      add('lash', lash, 0.004, arc[i]!, 0.006 + 0.0035 * f, arc[i + 1]!, 0.006 + 0.0035 * f)
  })
  // brows
  const brow: Stuff = { colour: scaled(look.hair.colour, 0.75), kind: 'hair' }
  const thick = 0.021 - 0.006 * f
  mirror((s) => {
    const points: V3[] = [
      [s * 0.072, 0.555, 0.458],
      [s * 0.165, 0.585, 0.441],
      [s * 0.268, 0.556, 0.366],
    ]
    add('brow', brow, 0.01, points[0]!, thick, points[1]!, thick * 1.05, { flat: [0, 0, 1, 1.1] })
    add('brow', brow, 0.01, points[1]!, thick * 1.05, points[2]!, thick * 0.5, { flat: [0, 0, 1, 1.1] })
  })
  // nose
  add('skin', skin, 0.06, [0, 0.5, 0.375], 0.05, [0, 0.3, 0.475], 0.055)
  add('skin', skin, 0.05, [0, 0.3, 0.47], 0.046, [0, 0.25, 0.508], 0.058 - 0.01 * f)
  mirror((s) => {
    add('skin', skin, 0.035, [s * (0.062 - 0.006 * f), 0.225, 0.455], 0.043, [s * 0.05, 0.22, 0.43], 0.04)
    add('skin', skin, 0.012, [s * 0.03, 0.186, 0.49], 0.014, [s * 0.045, 0.186, 0.465], 0.013, { op: 'cut' })
  })
  // mouth: two lips with a soft smile
  const lips: Stuff = { colour: look.lips, kind: 'skin' }
  const corner = (s: number): V3 => [s * 0.15, 0.082, 0.34]
  mirror((s) => {
    add('skin', lips, 0.022, corner(s), 0.008, [s * 0.035, 0.086, 0.414], 0.0145)
    add('skin', lips, 0.022, corner(s), 0.007, [s * 0.035, 0.047, 0.408], 0.0195)
  })
  add('skin', lips, 0.02, [-0.035, 0.086, 0.414], 0.0145, [0.035, 0.086, 0.414], 0.0145)
  add('skin', lips, 0.02, [-0.035, 0.047, 0.408], 0.0195, [0.035, 0.047, 0.408], 0.0195)
  const gap: Stuff = { colour: scaled(look.lips, 0.25), kind: 'plain' }
  mirror((s) => {
    add('gap', gap, 0.004, [s * 0.148, 0.082, 0.346], 0.004, [s * 0.05, 0.067, 0.418], 0.005)
    add('gap', gap, 0.004, [s * 0.05, 0.067, 0.418], 0.005, [0, 0.0685, 0.4255], 0.005)
  })
  // ears
  mirror((s) => {
    add('skin', skin, 0.03, [s * 0.385, 0.46, -0.05], 0.085, [s * 0.37, 0.28, 0], 0.055, { flat: [1, 0, 0, 2.2] })
    add('skin', skin, 0.03, [s * 0.43, 0.42, -0.015], 0.045, [s * 0.42, 0.36, 0], 0.03, { op: 'cut' })
  })
  hair(add, look)
}

type Add = (
  piece: string,
  stuff: Stuff,
  melt: number,
  a: V3,
  ra: number,
  b: V3,
  rb: number,
  more?: { flat?: readonly [number, number, number, number]; op?: 'add' | 'cut'; keep?: readonly [V3, V3] },
) => void

function hair(add: Add, { hair: { colour, style } }: HeadLook) {
  const stuff: Stuff = { colour, kind: 'hair' }
  const tight = style === 'short' ? 0.418 : style === 'bun' ? 0.422 : 0.47
  // a cap over the skull, thin at the front, from which the face is cut out
  const front = style === 'bob' ? 0.465 : tight - 0.02
  add('hair', stuff, 0.1, [0, 0.61, -0.12], tight, [0, 0.59, 0.05], front, { flat: [1, 0, 0, 1.1] })
  add('hair', stuff, 0.12, [0, 0.42, -0.2], tight - 0.1, [0, style === 'short' ? 0.2 : 0.12, -0.19], 0.24)
  const brow = style === 'short' ? 0.37 : style === 'bun' ? 0.28 : 0.2
  add('hair', stuff, 0.05, [0, brow, 0.52], 0.4, [0, -0.3, 0.56], 0.42, { op: 'cut', flat: [1, 0, 0, 0.96] })
  for (const s of [1, -1]) {
    if (style !== 'bob') {
      add('hair', stuff, 0.04, [s * 0.46, 0.3, 0.1], 0.16, [s * 0.46, 0.0, 0.06], 0.2, { op: 'cut' })
      add('hair', stuff, 0.05, [s * 0.365, 0.5, 0.07], 0.05, [s * 0.375, 0.32, 0.055], 0.022, { flat: [1, 0, 0, 1.6] })
    }
  }
  if (style === 'bun') {
    add('hair', stuff, 0.05, [0, 1.04, -0.3], 0.17, [0, 1.07, -0.33], 0.165)
    // hair combed up and back on both sides of a parting
    for (const s of [1, -1]) add('hair', stuff, 0.09, [s * 0.06, 0.93, 0.17], 0.06, [s * 0.32, 0.6, 0.15], 0.045)
  } else if (style === 'short') {
    add('hair', stuff, 0.25, [-0.1, 0.82, 0.08], 0.2, [0.1, 0.82, 0.08], 0.2)
    add('hair', stuff, 0.25, [0, 0.8, -0.1], 0.27, [0, 0.7, -0.2], 0.27)
  } else {
    for (const s of [1, -1]) {
      add('hair', stuff, 0.09, [s * 0.35, 0.62, 0.04], 0.13, [s * 0.4, 0.02, 0.03], 0.115)
      add('hair', stuff, 0.09, [s * 0.33, 0.3, -0.16], 0.16, [s * 0.3, -0.02, -0.15], 0.14)
    }
    // a fringe swept from the parting
    add('hair', stuff, 0.05, [-0.12, 0.89, 0.25], 0.08, [0.24, 0.7, 0.36], 0.065)
    add('hair', stuff, 0.05, [0.24, 0.7, 0.36], 0.065, [0.39, 0.5, 0.2], 0.05)
    add('hair', stuff, 0.05, [-0.12, 0.88, 0.24], 0.075, [-0.36, 0.6, 0.22], 0.055)
    add('hair', stuff, 0.05, [0, 0.0, -0.28], 0.22, [0, 0.2, -0.3], 0.24)
  }
}
