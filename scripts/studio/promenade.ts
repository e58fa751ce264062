// A promenade beside a lawn in a small town: a wide street picture, along which a camera can go.
import { Vector3 } from 'three'
import { Random } from '../../main/engine/nn/random'
import { rgb } from '../../main/engine/synth/colour'
import * as props from './props'
import { house } from './house'
import type { Shape } from './shapes'
import { daySky } from './shot'
import type { Shot } from './shot'

const { box, paint } = props

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
    [-27.5, -23, 7],
    [-9.4, -12.8, 5],
  ]
  trees.forEach(([x, z, height], i) => {
    shapes.push(...props.tree(random.fork(`tree ${i}`), x, z, height, greens[i % 3]!, z > -17 ? 3.2 : 1.6))
  })
  const hedge = props.foliage([0x4a7a34, 0x58893c, 0x659746, 0x3f6e2f])
  shapes.push(...props.bed(random.fork('hedge'), [-34, 0, -27.4], [34, 0.95, -26.6], 330, 0.07, hedge))
  shapes.push(box([-34, 0, -27.3], [34, 0.85, -26.75], paint(0x24391b)))
  const flowers = props.foliage([0xd8c8e8, 0xb58ad0, 0x8a5fb4, 0x6f8f4a, 0x7fa052, 0xf0e6f4])
  for (const x of [-8.2, -3.1, 7.9])
    shapes.push(...props.bed(random.fork(`bed ${x}`), [x - 2.2, 0, -10.4], [x + 2.2, 0.34, -9.4], 420, 0.045, flowers))
  for (const x of [-6.6, 2.6, 7.1]) shapes.push(...props.bench(x, -7.75))
  for (const x of [-16.4, -5.4, 5.6, 16.6]) shapes.push(...props.lampPost(x, -8.45))
  const walls = [0xe3cfa4, 0xd9a58a, 0xe9e0cf, 0xc9bfa8, 0xe6c19a, 0xb9c3b4, 0xdfd3bf, 0xd3937a]
  const shutters = [0x4d6b5c, 0x5c4a3e, 0x486078, 0x6f7f6a, 0x7a4436]
  let x = -52
  for (let i = 0; x < 52; i++) {
    const wide = random.uniform(7.5, 12)
    const hex = walls[i % walls.length]!
    shapes.push(
      ...house(random, {
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
      width: Math.round(4200 * scale),
      height: Math.round(1080 * scale),
      horizon: 0.5,
    },
    exposure: 0.46,
    warmth: 1.03,
    samples: 4,
  }
}
