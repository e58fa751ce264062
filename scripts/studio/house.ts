// A town house: piers, lintels, recessed windows with frames and curtains, a door, cornices, shutters.
import type { Random } from '../../main/engine/nn/random'
import { box, paint } from './props'
import type { V3 } from './props'
import type { Paint, Shape } from './shapes'

export interface House {
  x0: number
  x1: number
  z: number
  floors: number
  wall: Paint
  trim: Paint
  shutters: Paint | undefined
}

const glass = paint(0x1b242b, {
  gloss: 0.12,
  rough: 0,
  layers: [
    ['clouds', 5, 0.2],
    ['grain', 2, 0.05],
  ],
})
const curtain = paint(0xd9d2c4, {
  layers: [
    ['streaks', 0.5, 0.25],
    ['clouds', 2, 0.1],
  ],
})

/** A town house whose front is at z, facing +z: piers, lintels, recessed windows, a door, cornices. */
export function house(random: Random, { x0, x1, z, floors, wall, trim, shutters }: House): Shape[] {
  const storey = 3.05
  const plinth = 0.5
  const height = plinth + floors * storey + 0.5
  const windows = Math.max(2, Math.round((x1 - x0) / 2.5))
  const pitch = (x1 - x0) / windows
  const half = 0.52
  const out: Shape[] = [
    box([x0, 0, z - 7], [x1, height, z - 0.24], wall),
    box([x0, 0, z - 0.3], [x1, plinth, z + 0.05], trim),
    box([x0 - 0.1, height - 0.02, z - 7], [x1 + 0.1, height + 0.16, z + 0.34], trim),
    box([x0 - 0.05, height - 0.16, z - 6], [x1 + 0.05, height, z + 0.2], trim),
    box([x0, plinth + storey - 0.1, z - 0.2], [x1, plinth + storey + 0.06, z + 0.09], trim),
  ]
  const door = random.int(windows)
  for (let i = 0; i <= windows; i++) {
    const left = i === 0 ? x0 : x0 + (i - 0.5) * pitch + half
    const right = i === windows ? x1 : x0 + (i + 0.5) * pitch - half
    out.push(box([left, plinth, z - 0.3], [right, height, z], wall, { edge: 0.004 }))
  }
  for (let i = 0; i < windows; i++) {
    const x = x0 + (i + 0.5) * pitch
    for (let floor = 0; floor <= floors; floor++) {
      const base = plinth + floor * storey
      const low = floor === 0 ? plinth : base - storey + 2.65
      const high = floor === floors ? height : base + 0.85
      if (!(floor === 0 && i === door))
        out.push(box([x - half, low, z - 0.3], [x + half, high, z], wall, { edge: 0.004 }))
      if (floor === floors) continue
      if (floor === 0 && i === door) {
        out.push(box([x - half, 0.1, z - 0.2], [x + half, plinth + 2.05, z - 0.12], shutters ?? trim))
        out.push(box([x - half, plinth + 2.05, z - 0.2], [x + half, plinth + 2.65, z - 0.14], glass))
        out.push(box([x - half - 0.15, 0, z - 0.1], [x + half + 0.15, 0.12, z + 0.35], trim))
        continue
      }
      const top = base + 2.65
      out.push(box([x - half, base + 0.85, z - 0.22], [x + half, top, z - 0.2], glass, { edge: 0 }))
      if (random.next() < 0.55) {
        const drawn = random.uniform(0.15, 0.4)
        out.push(box([x - half, base + 0.85, z - 0.215], [x - half + drawn, top, z - 0.195], curtain))
        out.push(box([x + half - drawn, base + 0.85, z - 0.215], [x + half, top, z - 0.195], curtain))
      }
      const frame = (a: V3, b: V3) => out.push(box(a, b, trim))
      frame([x - half, base + 0.85, z - 0.2], [x - half + 0.07, top, z - 0.13])
      frame([x + half - 0.07, base + 0.85, z - 0.2], [x + half, top, z - 0.13])
      frame([x - 0.035, base + 0.85, z - 0.2], [x + 0.035, top, z - 0.14])
      frame([x - half, base + 1.98, z - 0.2], [x + half, base + 2.04, z - 0.14])
      frame([x - half - 0.08, base + 0.77, z - 0.1], [x + half + 0.08, base + 0.86, z + 0.1])
      if (shutters)
        for (const s of [-1, 1])
          out.push(
            box(
              [x + s * (half + 0.29) - 0.26, base + 0.86, z],
              [x + s * (half + 0.29) + 0.26, top, z + 0.05],
              shutters,
            ),
          )
    }
  }
  return out
}
