// The three places of the sample backgrounds, each as a set with the lens it is photographed with. All lenses are level and about a
// metre above the ground, as the framing of motions is: whoever stands in the foreground then stands right.
import { Vector3 } from 'three'
import { Random } from '../../main/engine/nn/random'
import { rgb } from '../../main/engine/synth/colour'
import type { Rgb } from '../../main/engine/synth/colour'
import { noiseField, sampleNoise } from '../../main/engine/synth/noise'
import type { Lens, Set } from './photograph'
import * as props from './props'
import type { Shape } from './shapes'

export interface Shot {
  set: Set
  lens: Lens
  exposure: number
  warmth: number
  samples: number
}

const { box, paint } = props

/** Blue above, pale at the horizon, with fair-weather clouds. */
function daySky(zenith: Rgb, horizon: Rgb, strength: number, cover: number): Set['sky'] {
  const clouds = noiseField('clouds')
  return (dx, dy, dz, out) => {
    const length = Math.hypot(dx, dy, dz)
    const up = Math.max(0, dy / length)
    const share = up ** 0.45
    const reach = 0.16 / (up + 0.09)
    const flat = Math.max(1e-6, Math.hypot(dx, dz))
    const u = (dx / flat) * reach + 0.31
    const v = (dz / flat) * reach + 0.17
    const mass = 0.62 * sampleNoise(clouds, u, v, 0.002) + 0.38 * sampleNoise(clouds, u * 2.7, v * 2.7, 0.004)
    const edge = Math.min(1, Math.max(0, (mass - 0.62 + 0.4 * cover) * 4.5)) * Math.min(1, up * 9)
    const cloud = edge * edge * (3 - 2 * edge)
    const shade = 0.84 + 0.5 * (mass - 0.5)
    for (let c = 0; c < 3; c++) {
      const clear = horizon[c]! + (zenith[c]! - horizon[c]!) * share
      out[c] = strength * (clear + (1.3 * shade - clear) * cloud)
    }
  }
}

/** A promenade beside a lawn in a small town, on a summer morning. Wide, so that a camera can go along it. */
export function promenade(scale = 1): Shot {
  const random = new Random('promenade')
  const slabs = paint(0xb9ac99, {
    pattern: 'bricks',
    cell: [0.9, 0.6],
    joint: 0.012,
    variety: 0.28,
    second: rgb(0xc6baa8),
    joints: rgb(0x6d6457),
    relief: 0.004,
    layers: [
      ['clouds', 2.3, 0.14],
      ['grain', 0.55, 0.16],
    ],
  })
  const border = paint(0x8f8578, { pattern: 'tiles', cell: [0.8, 0.4], joint: 0.012, second: rgb(0x857b6e) })
  const stone = paint(0xc9c1b2, {
    layers: [
      ['clouds', 1.7, 0.12],
      ['grain', 0.5, 0.14],
    ],
  })
  const grass = paint(0x5f8a35, {
    second: rgb(0x86a548),
    relief: 0.03,
    layers: [
      ['clouds', 5.3, 0.2],
      ['leaves', 0.6, 0.5],
    ],
  })
  const asphalt = paint(0x6b6c6d, {
    layers: [
      ['blotches', 4, 0.12],
      ['grain', 0.5, 0.2],
    ],
  })
  const shapes: Shape[] = [
    box([-90, -0.5, -8.2], [90, 0, 9], slabs, { edge: 0 }),
    box([-90, -0.5, -8.7], [90, 0.004, -8.2], border, { edge: 0 }),
    box([-90, -0.5, -8.95], [90, 0.12, -8.7], stone),
    box([-90, -0.5, -28], [90, 0.03, -8.95], grass, { edge: 0 }),
    box([-120, -0.5, -38], [120, 0, -28], asphalt, { edge: 0 }),
    box([-120, -0.5, -80], [120, 0.12, -38], slabs, { edge: 0.01 }),
  ]
  const greens = [
    props.foliage(),
    props.foliage([0x4f7d3a, 0x5f8f40, 0x44702f, 0x6d9a48]),
    props.foliage([0x7c9a3e, 0x8fae4c, 0x6d8c38, 0xa3b65a]),
  ]
  const trees: [number, number, number][] = [
    [-21, -16, 6.4],
    [-12.6, -20, 6.8],
    [-6.8, -14.5, 5.2],
    [5.4, -21.5, 6.6],
    [9.8, -14, 5.6],
    [18.5, -18, 6.9],
    [27, -22, 6.5],
    [-29, -23, 7],
  ]
  trees.forEach(([x, z, height], i) => {
    shapes.push(...props.tree(random.fork(`tree ${i}`), x, z, height, greens[i % 3]!, z > -17 ? 3.2 : 1.6))
  })
  const hedge = props.foliage([0x4a7a34, 0x58893c, 0x659746, 0x3f6e2f])
  shapes.push(...props.bed(random.fork('hedge'), [-34, 0, -27.4], [34, 0.95, -26.6], 330, 0.07, hedge))
  shapes.push(box([-34, 0, -27.3], [34, 0.85, -26.75], paint(0x24391b)))
  const flowers = props.foliage([0xd8c8e8, 0xb58ad0, 0x8a5fb4, 0x6f8f4a, 0x7fa052, 0xf0e6f4])
  for (const x of [-15.4, -3.1, 13.6])
    shapes.push(...props.bed(random.fork(`bed ${x}`), [x - 2.2, 0, -10.4], [x + 2.2, 0.34, -9.4], 420, 0.045, flowers))
  for (const x of [-9.6, 2.6, 8.4, 19.2]) shapes.push(...props.bench(x, -7.75))
  for (const x of [-18.6, -6.1, 5.5, 16.4]) shapes.push(...props.lampPost(x, -8.45))
  const walls = [0xe3cfa4, 0xd9a58a, 0xe9e0cf, 0xc9bfa8, 0xe6c19a, 0xb9c3b4, 0xdfd3bf, 0xd3937a]
  const shutters = [0x4d6b5c, 0x5c4a3e, 0x486078, 0x6f7f6a, 0x7a4436]
  let x = -52
  for (let i = 0; x < 52; i++) {
    const wide = random.uniform(7.5, 12)
    const hex = walls[i % walls.length]!
    shapes.push(
      ...props.house(random, {
        x0: x,
        x1: x + wide,
        z: -44 - random.uniform(0, 0.5),
        floors: random.pick([2, 2, 3]),
        wall: paint(hex, {
          layers: [
            ['blotches', 5, 0.08],
            ['grain', 1.1, 0.07],
          ],
        }),
        trim: paint(random.pick([0xefe8da, 0xe2d8c6, 0xf3efe6])),
        shutters:
          random.next() < 0.7
            ? paint(shutters[i % shutters.length]!, { pattern: 'stripes', cell: [9, 0.07], joint: 0.01 })
            : undefined,
      }),
    )
    x += wide + (random.next() < 0.25 ? 1.6 : 0.02)
  }
  return {
    set: {
      shapes,
      sun: { towards: new Vector3(-0.52, 0.62, 0.59).normalize(), colour: [2.7, 2.5, 2.2], size: 0.012 },
      panels: [],
      sky: daySky(rgb(0x5b9be0), rgb(0xd8e9f5), 1.55, 0.5),
      open: true,
      ambient: [0.22, 0.23, 0.24],
    },
    lens: {
      eye: new Vector3(0, 0.98, 0),
      yaw: 0,
      focal: 2300 * scale,
      width: Math.round(3200 * scale),
      height: Math.round(1080 * scale),
      horizon: 0.5,
    },
    exposure: 0.46,
    warmth: 1.03,
    samples: 4,
  }
}

/** A bright room with tall windows on the left, wooden floor and some furniture along the walls. */
export function loft(scale = 1): Shot {
  const random = new Random('loft')
  const [x0, x1, z0, z1, high] = [-3.05, 3.3, -8.2, 2.2, 3.4]
  const plaster = paint(0xe9e4da, {
    layers: [
      ['clouds', 2.9, 0.05],
      ['grain', 0.8, 0.03],
    ],
  })
  const accent = paint(0x9db3ae, {
    layers: [
      ['clouds', 2.9, 0.06],
      ['grain', 0.8, 0.04],
    ],
  })
  const white = paint(0xf1eee8)
  const oak = paint(0xb98d5f, {
    pattern: 'planks',
    cell: [1.9, 0.16],
    joint: 0.004,
    variety: 0.35,
    second: rgb(0xcda375),
    joints: rgb(0x5a3f28),
    gloss: 0.035,
    rough: 0.22,
    layers: [
      ['clouds', 3.1, 0.08],
      ['streaks', 1.3, 0.28],
    ],
  })
  const walnut = paint(0x7b5236, {
    gloss: 0.03,
    rough: 0.3,
    layers: [
      ['streaks', 1.2, 0.35],
      ['clouds', 1.5, 0.15],
    ],
  })
  const cloth = paint(0x8f9a9c, {
    layers: [
      ['grain', 0.35, 0.2],
      ['clouds', 1.3, 0.1],
    ],
    relief: 0.002,
  })
  const cushion = (hex: number) =>
    paint(hex, {
      layers: [
        ['grain', 0.3, 0.22],
        ['clouds', 0.9, 0.1],
      ],
      relief: 0.002,
    })
  const shapes: Shape[] = [
    box([x0 - 0.3, -0.3, z0 - 1], [x1 + 1, 0, z1 + 1], oak, { edge: 0 }),
    box([x0 - 0.3, high, z0 - 1], [x1 + 1, high + 0.3, z1 + 1], white, { edge: 0 }),
    box([x0 - 0.3, -0.1, z0 - 0.3], [x1 + 1, high + 0.1, z0], accent, { edge: 0 }),
    box([x1, -0.1, z0 - 1], [x1 + 0.3, high + 0.1, z1 + 1], plaster, { edge: 0 }),
    box([x0 - 0.3, -0.1, z1], [x1 + 1, high + 0.1, z1 + 0.3], plaster, { edge: 0 }),
    box([x0, 0, z0], [x1, 0.11, z0 + 0.018], white),
    box([x1 - 0.018, 0, z0], [x1, 0.11, z1], white),
  ]
  // the window wall: piers between openings, panes divided by bars
  const openings: [number, number][] = [
    [-7.75, -6.25],
    [-5.75, -4.25],
    [-3.75, -2.25],
    [-1.75, -0.25],
  ]
  let from = z0 - 0.3
  for (const [a, b] of [...openings, [z1, z1] as [number, number]]) {
    shapes.push(box([x0 - 0.3, -0.1, from], [x0, high + 0.1, a], plaster, { edge: 0.01 }))
    from = b
  }
  const panels: Set['panels'] = []
  for (const [a, b] of openings) {
    shapes.push(box([x0 - 0.3, -0.1, a], [x0, 0.42, b], plaster, { edge: 0.01 }))
    shapes.push(box([x0 - 0.3, 3.1, a], [x0, high, b], plaster, { edge: 0.01 }))
    shapes.push(box([x0 - 0.3, 0.42, a], [x0 + 0.1, 0.46, b], white))
    for (const z of [a, (a + b) / 2 - 0.025, b - 0.05])
      shapes.push(box([x0 - 0.2, 0.42, z], [x0 - 0.14, 3.1, z + 0.05], white))
    for (const y of [0.44, 1.3, 2.2, 3.05]) shapes.push(box([x0 - 0.2, y, a], [x0 - 0.14, y + 0.05, b], white))
    panels.push({
      corner: new Vector3(x0 - 0.31, 0.42, b),
      across: new Vector3(0, 0, a - b),
      up: new Vector3(0, 2.68, 0),
      colour: [7, 7.4, 8],
    })
  }
  const put = (list: Shape[]) => shapes.push(...list)
  // a sofa along the back wall
  const [sx, sz] = [0.55, z0 + 0.62]
  put([
    box([sx - 1.15, 0.12, sz - 0.42], [sx + 1.15, 0.34, sz + 0.42], cloth, { edge: 0.05 }),
    box([sx - 1.15, 0.3, sz - 0.5], [sx + 1.15, 0.86, sz - 0.26], cloth, { edge: 0.07 }),
    box([sx - 1.36, 0.12, sz - 0.5], [sx - 1.12, 0.62, sz + 0.42], cloth, { edge: 0.07 }),
    box([sx + 1.12, 0.12, sz - 0.5], [sx + 1.36, 0.62, sz + 0.42], cloth, { edge: 0.07 }),
    box([sx - 1.1, 0.34, sz - 0.26], [sx - 0.01, 0.5, sz + 0.46], cloth, { edge: 0.06 }),
    box([sx + 0.01, 0.34, sz - 0.26], [sx + 1.1, 0.5, sz + 0.46], cloth, { edge: 0.06 }),
    props.solid('ellipsoid', [sx - 0.78, 0.68, sz - 0.12], [0.25, 0.21, 0.1], cushion(0xc98f4e), { yaw: 0.3 }),
    props.solid('ellipsoid', [sx + 0.8, 0.68, sz - 0.12], [0.25, 0.21, 0.12], cushion(0xe6ddcb), { yaw: -0.35 }),
    props.solid('ellipsoid', [sx + 0.42, 0.66, sz - 0.05], [0.2, 0.17, 0.1], cushion(0x3f5f66), { yaw: -0.1 }),
  ])
  for (const [dx, dz] of [
    [-1.2, -0.35],
    [1.2, -0.35],
    [-1.2, 0.3],
    [1.2, 0.3],
  ] as const)
    put([props.turned(sx + dx, sz + dz, 0, 0.13, 0.018, 0.03, walnut)])
  // pictures over it
  const picture = (x: number, y: number, w: number, h: number, art: ReturnType<typeof paint>) => {
    put([
      box([x - w - 0.03, y - h - 0.03, z0], [x + w + 0.03, y + h + 0.03, z0 + 0.025], walnut),
      box([x - w, y - h, z0], [x + w, y + h, z0 + 0.03], white),
      box([x - w * 0.72, y - h * 0.76, z0], [x + w * 0.72, y + h * 0.76, z0 + 0.032], art, { edge: 0 }),
    ])
  }
  picture(
    -0.1,
    1.78,
    0.34,
    0.45,
    paint(0xd98e5f, {
      second: rgb(0x2f5560),
      layers: [
        ['clouds', 1.6, 0.8],
        ['blotches', 2.2, 0.2],
      ],
    }),
  )
  picture(
    0.9,
    1.86,
    0.42,
    0.37,
    paint(0x2f4a63, {
      second: rgb(0xe4c48d),
      layers: [
        ['blotches', 2.1, 0.7],
        ['clouds', 1.3, 0.2],
      ],
    }),
  )
  // shelf with books on the right, side table, lamp, plants
  const [bx, bz] = [x1 - 0.19, -6.4]
  for (let i = 0; i < 4; i++)
    put([box([bx - 0.16, 0.1 + i * 0.46, bz - 0.8], [bx + 0.17, 0.13 + i * 0.46, bz + 0.8], walnut)])
  for (const z of [bz - 0.8, bz + 0.78]) put([box([bx - 0.17, 0, z], [bx + 0.17, 1.55, z + 0.03], walnut)])
  const spines = [0x8c3b33, 0xd9c7a3, 0x35536b, 0x5f7a5a, 0xc98f4e, 0xe9e4da, 0x2f3338, 0x9a6f8a]
  for (let i = 0; i < 3; i++)
    for (let z = bz - 0.74; z < bz + 0.7;) {
      const wide = random.uniform(0.022, 0.05)
      if (random.next() < 0.06) z += random.uniform(0.1, 0.3)
      else
        put([
          box(
            [bx - 0.13 + random.uniform(0, 0.03), 0.13 + i * 0.46, z],
            [bx + 0.15, 0.13 + i * 0.46 + random.uniform(0.2, 0.31), z + wide - 0.002],
            paint(random.pick(spines)),
            { edge: 0.004 },
          ),
        ])
      z += wide
    }
  put([
    props.turned(bx, bz - 0.4, 1.51, 1.75, 0.05, 0.08, paint(0xb5653f)),
    props.turned(bx, bz + 0.35, 1.51, 1.68, 0.09, 0.05, paint(0xe6ddcb, { gloss: 0.04, rough: 0.2 })),
  ])
  put(props.pottedPlant(random.fork('plant 1'), -2.05, z0 + 0.8, 1.05, 0.5, paint(0xe6ddcb)))
  put(props.pottedPlant(random.fork('plant 2'), 2.75, -4.4, 0.8, 0.4, paint(0xb5653f)))
  put([
    props.turned(2.5, z0 + 0.5, 0, 0.03, 0.17, 0.17, walnut),
    props.turned(2.5, z0 + 0.5, 0.03, 1.45, 0.014, 0.012, paint(0x2b2b2b)),
    props.turned(2.5, z0 + 0.5, 1.38, 1.72, 0.23, 0.15, paint(0xf3e6cc, { glow: 0.45 })),
  ])
  // a rug before the sofa, far enough back to leave the foreground free
  put([
    box(
      [-1.6, 0, -7.5],
      [2.3, 0.012, -5.9],
      paint(0xc9b79a, {
        pattern: 'tiles',
        cell: [0.32, 0.32],
        joint: 0.02,
        second: rgb(0xd8c9ad),
        joints: rgb(0x9f8a6d),
        layers: [
          ['grain', 0.3, 0.25],
          ['clouds', 1.2, 0.12],
        ],
        relief: 0.002,
      }),
    ),
  ])
  return {
    set: {
      shapes,
      sun: { towards: new Vector3(-0.66, 0.6, -0.12).normalize(), colour: [6, 5.4, 4.5], size: 0.02 },
      panels,
      sky: (_dx, dy, _dz, out) => {
        for (let c = 0; c < 3; c++) out[c] = 2.2 + (c === 2 ? 0.25 : 0) + 0.6 * Math.max(0, dy)
      },
      open: false,
      ambient: [0.5, 0.49, 0.47],
    },
    lens: {
      eye: new Vector3(0, 0.98, 0),
      yaw: 0,
      focal: 1750 * scale,
      width: Math.round(1920 * scale),
      height: Math.round(1080 * scale),
      horizon: 0.5,
    },
    exposure: 0.8,
    warmth: 1.03,
    samples: 8,
  }
}

/** A colonnade by a garden in the late afternoon, upright. */
export function colonnade(scale = 1): Shot {
  const random = new Random('colonnade')
  const stone = paint(0xd9c8a9, {
    layers: [
      ['clouds', 1.9, 0.14],
      ['blotches', 0.8, 0.08],
    ],
    relief: 0.004,
  })
  const wall = paint(0xe2d2b4, {
    layers: [
      ['clouds', 2.6, 0.1],
      ['grain', 0.7, 0.08],
    ],
  })
  const floor = paint(0xc9b594, {
    pattern: 'tiles',
    cell: [0.62, 0.62],
    joint: 0.01,
    variety: 0.3,
    second: rgb(0xbfa988),
    joints: rgb(0x7c6a50),
    relief: 0.003,
    gloss: 0.02,
    rough: 0.3,
    layers: [
      ['clouds', 2.2, 0.14],
      ['grain', 0.6, 0.12],
    ],
  })
  const beam = paint(0x7d5a3b, {
    layers: [
      ['streaks', 1.2, 0.4],
      ['clouds', 1.4, 0.2],
    ],
  })
  const gravel = paint(0xcdbd9e, {
    layers: [
      ['clouds', 2.4, 0.12],
      ['grain', 0.35, 0.35],
    ],
  })
  const grass = paint(0x6a9140, {
    second: rgb(0x8bab50),
    layers: [
      ['clouds', 4.3, 0.2],
      ['leaves', 0.6, 0.5],
    ],
  })
  const shapes: Shape[] = [
    box([-2.1, -0.5, -32], [1.75, 0, 6], floor, { edge: 0 }),
    box([1.75, -0.5, -32], [2.3, 0.05, 6], stone),
    box([2.3, -0.8, -40], [6, -0.16, 6], gravel, { edge: 0 }),
    box([6, -0.8, -60], [60, -0.12, 8], grass, { edge: 0 }),
    box([-40, -0.5, -60], [6, -0.02, -32], gravel, { edge: 0 }),
    box([-2.6, -0.1, -26], [-2.1, 4, 6], wall, { edge: 0.02 }),
    box([-2.1, 0, -26], [-2.04, 0.5, 6], stone),
    box([1.75, 3.05, -26.2], [2.25, 3.55, 6], stone),
    box([-2.7, 3.55, -26.5], [2.75, 3.62, 6], beam, { edge: 0 }),
  ]
  for (let z = 4; z > -27; z -= 2.6) {
    shapes.push(
      box([1.73, 0.05, z - 0.27], [2.27, 0.17, z + 0.27], stone),
      props.turned(2, z, 0.17, 0.3, 0.25, 0.22, stone),
      props.turned(2, z, 0.3, 2.82, 0.19, 0.16, stone),
      props.turned(2, z, 2.82, 2.93, 0.17, 0.23, stone),
      box([1.75, 2.93, z - 0.25], [2.25, 3.05, z + 0.25], stone),
    )
  }
  for (let z = 5; z > -26; z -= 0.65) shapes.push(box([-2.4, 3.36, z - 0.07], [2.6, 3.55, z + 0.07], beam))
  // niches in the wall: dark doors with frames, and benches between them
  for (const z of [-6.4, -12.9, -19.4]) {
    shapes.push(box([-2.12, 0, z - 0.75], [-2.02, 2.35, z + 0.75], stone))
    shapes.push(
      box(
        [-2.1, 0, z - 0.6],
        [-1.99, 2.2, z + 0.6],
        paint(0x4f6b60, { pattern: 'planks', cell: [3, 0.15], joint: 0.012, variety: 0.25 }),
      ),
    )
  }
  const pot = paint(0xb8683f, {
    layers: [
      ['clouds', 0.8, 0.15],
      ['grain', 0.4, 0.1],
    ],
  })
  for (const [i, z] of [-4.6, -9.7, -16.2].entries())
    shapes.push(...props.pottedPlant(random.fork(`pot ${i}`), -1.72, z, 0.9, 0.3, pot))
  const greens = props.foliage()
  for (const [i, [x, z, h]] of (
    [
      [6.2, -17, 6],
      [9.5, -25, 7],
      [4.6, -35, 7.5],
      [-1.4, -44, 8],
      [1.9, -41, 6.2],
      [13, -34, 7],
    ] as const
  ).entries())
    shapes.push(...props.tree(random.fork(`tree ${i}`), x, z, h, greens, 1.2))
  const hedge = props.foliage([0x4a7a34, 0x58893c, 0x659746, 0x3f6e2f])
  shapes.push(...props.bed(random.fork('end'), [-3, 0, -37.5], [5, 1.05, -36.5], 320, 0.07, hedge))
  shapes.push(box([-3, 0, -37.4], [5, 0.95, -36.6], paint(0x24391b)))
  return {
    set: {
      shapes,
      sun: { towards: new Vector3(0.7, 0.52, 0.3).normalize(), colour: [4.2, 3.5, 2.6], size: 0.015 },
      panels: [],
      sky: daySky(rgb(0x6aa3dd), rgb(0xf0e6d6), 1.7, 0.45),
      open: true,
      ambient: [0.3, 0.27, 0.22],
    },
    lens: {
      eye: new Vector3(-0.15, 0.98, 0),
      yaw: 0,
      focal: 1900 * scale,
      width: Math.round(1080 * scale),
      height: Math.round(1620 * scale),
      horizon: 0.5,
    },
    exposure: 0.5,
    warmth: 1.02,
    samples: 6,
  }
}
