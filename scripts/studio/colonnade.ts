// A colonnade by a garden: the upright picture.
import { Vector3 } from 'three'
import { Random } from '../../main/engine/nn/random'
import { rgb } from '../../main/engine/synth/colour'
import * as props from './props'
import type { Shape } from './shapes'
import { daySky } from './shot'
import type { Shot } from './shot'

const { box, paint } = props

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
