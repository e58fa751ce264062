// A room with tall windows, for standing scenes indoors.
import { Vector3 } from 'three'
import { Random } from '../../main/engine/nn/random'
import { rgb } from '../../main/engine/synth/colour'
import type { Set } from './photograph'
import * as props from './props'
import type { Shape } from './shapes'
import type { Shot } from './shot'

const { box, paint } = props

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
