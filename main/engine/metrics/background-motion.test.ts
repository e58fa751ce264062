import { describe, expect, it } from 'vitest'
import { backgroundPath } from './background-motion'
import type { Similarity } from './background-motion'

const [W, H] = [96, 64]
const texture = (x: number, y: number) =>
  127 +
  50 * Math.sin(x * 0.21 + 0.1 * y) +
  40 * Math.sin(y * 0.27 - 0.13 * x) +
  25 * Math.sin(0.6 * x) * Math.sin(0.5 * y)

/** The place as seen by a camera at `path`: RGB bytes. */
function view([dx, dy, z, r]: Similarity): Uint8Array {
  const out = new Uint8Array(W * H * 3)
  for (let y = 0; y < H; y++)
    for (let x = 0; x < W; x++) {
      const [ux, uy] = [x + 0.5 - W / 2, y + 0.5 - H / 2]
      const [c, s] = [Math.exp(z) * Math.cos(r), Math.exp(z) * Math.sin(r)]
      out.fill(Math.round(texture(c * ux - s * uy + dx, s * ux + c * uy + dy)), (y * W + x) * 3, (y * W + x) * 3 + 3)
    }
  return out
}
const nobody = new Uint8Array(W * H)

describe('background motion from frames', () => {
  it('finds pan, zoom and roll to a fraction of a pixel', () => {
    const truth: Similarity[] = [[0, 0, 0, 0], [3, -1, 0.04, 0.01], [7, -2, 0.09, 0.02], [12, -2, 0.12, 0.04]] // prettier-ignore
    const frames = truth.map(view)
    const found = backgroundPath(
      frames[0]!,
      frames,
      truth.map(() => nobody),
      W,
      H,
    )
    found.forEach((similarity, t) => {
      expect(similarity[0]).toBeCloseTo(truth[t]![0], 0)
      expect(similarity[1]).toBeCloseTo(truth[t]![1], 0)
      expect(similarity[2]).toBeCloseTo(truth[t]![2], 2)
      expect(similarity[3]).toBeCloseTo(truth[t]![3], 2)
    })
  })

  it('is not led astray by a person who moves before a still place', () => {
    const still = view([0, 0, 0, 0])
    const masks = [20, 40, 60].map((left) => {
      const mask = new Uint8Array(W * H)
      for (let y = 10; y < 60; y++) mask.fill(255, y * W + left, y * W + left + 18)
      return mask
    })
    const frames = masks.map((mask) => still.map((v, i) => (mask[Math.floor(i / 3)] ? 255 : v)))
    for (const [dx, dy, z] of backgroundPath(still, frames, masks, W, H)) {
      expect(Math.hypot(dx, dy)).toBeLessThan(0.05)
      expect(Math.abs(z)).toBeLessThan(1e-3)
    }
  })

  it('does not invent motion where there is nothing to hold on to', () => {
    const flat = new Uint8Array(W * H * 3).fill(90)
    expect(backgroundPath(flat, [flat, flat], [nobody, nobody], W, H)[1]).toEqual([0, 0, 0, 0])
  })
})
