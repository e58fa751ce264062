import { describe, expect, it } from 'vitest'
import { Random } from '../nn'
import { backgroundPath, backgroundSteps } from './background-motion'
import type { Similarity } from './registration'
import { correlation } from './summary'

const [W, H] = [96, 64]
const random = new Random('texture')
const waves = Array.from({ length: 16 }, () => [random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5), random.uniform(0, 6)] as const) // prettier-ignore
const texture = (x: number, y: number) =>
  waves.reduce((sum, [a, b, phase]) => sum + 15 * Math.sin(a * x + b * y + phase), 127)

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
const path: Similarity[] = [[0, 0, 0, 0], [3, -1, 0.04, 0.01], [7, -2, 0.09, 0.02], [12, -2, 0.12, 0.04]] // prettier-ignore
/** Somebody, 18 pixels wide, who walks by. */
const masks = path.map((_, t) => {
  const mask = new Uint8Array(W * H)
  for (let y = 10; y < 60; y++) mask.fill(255, y * W + 20 + 15 * t, y * W + 38 + 15 * t)
  return mask
})
const withPerson = (frame: Uint8Array, mask: Uint8Array) => frame.map((v, i) => (mask[Math.floor(i / 3)] ? 255 : v))

describe('background motion from frames', () => {
  it('finds pan, zoom and roll since the first frame to a fraction of a pixel', () => {
    const frames = path.map(view)
    const found = backgroundPath(frames[0]!, frames, path.map(() => nobody), W, H) // prettier-ignore
    found.forEach((similarity, t) => {
      expect(similarity[0]).toBeCloseTo(path[t]![0], 0)
      expect(similarity[1]).toBeCloseTo(path[t]![1], 0)
      expect(similarity[2]).toBeCloseTo(path[t]![2], 2)
      expect(similarity[3]).toBeCloseTo(path[t]![3], 2)
    })
  })

  it('is not led astray by a person who moves before a still place', () => {
    const still = view(path[0]!)
    const frames = masks.map((mask) => withPerson(still, mask))
    for (const [dx, dy, z] of backgroundPath(still, frames, masks, W, H)) {
      expect(Math.hypot(dx, dy)).toBeLessThan(0.05)
      expect(Math.abs(z)).toBeLessThan(1e-3)
    }
    for (const { produced } of backgroundSteps(frames, path.map(view), masks, W, H))
      for (const part of produced) expect(Math.abs(part)).toBeLessThan(0.05)
  })

  it('finds a step of a fifth of the width, which no small step leads to', () => {
    const frames = [view([0, 0, 0, 0]), view([19, -6, 0, 0])]
    const [step] = backgroundSteps(frames, frames, [nobody, nobody], W, H)
    expect(step!.produced[0]).toBeCloseTo(19, 0)
    expect(step!.produced[1]).toBeCloseTo(-6, 0)
  })

  it('does not invent motion where there is nothing to hold on to, and says when the truth has none', () => {
    const flat = new Uint8Array(W * H * 3).fill(90)
    expect(backgroundPath(flat, [flat, flat], [nobody, nobody], W, H)[1]).toEqual([0, 0, 0, 0])
    const moving = [view(path[0]!), view(path[1]!)]
    const held = (truth: Uint8Array[], hidden: Uint8Array) =>
      backgroundSteps(moving, truth, [nobody, hidden], W, H)[0]!.held
    expect(held(moving, nobody)).toBe(true)
    expect(held([flat, flat], nobody)).toBe(false)
    const stripes = flat.map((_, i) => 127 + 100 * Math.sin(0.4 * (Math.floor(i / 3) % W)))
    expect(held([stripes, stripes.map((v) => v * 0.9)], nobody)).toBe(false)
    expect(held(moving, new Uint8Array(W * H).fill(255, 0, 0.95 * W * H))).toBe(false)
  })

  it('scores the true frames themselves 1, and noisy or soft ones hardly less: so small is the error of the measure', () => {
    const random = new Random('camera')
    let at: Similarity = [0, 0, 0, 0]
    const truth = Array.from({ length: 16 }, () => {
      const [pan, tilt, zoom, roll] = at
      at = [pan + 1.5 * random.normal(), tilt + random.normal(), zoom + 0.008 * random.normal(), roll + 0.004 * random.normal()] // prettier-ignore
      return view(at)
    })
    const hidden = truth.map((_, t) => masks[t % masks.length]!)
    const spoilt = {
      not: (frame: Uint8Array) => frame,
      noisy: (frame: Uint8Array) => frame.map((v) => Math.max(0, Math.min(255, v + 4 * random.normal()))),
      soft: (frame: Uint8Array) => frame.map((v, i) => (2 * v + (frame[i - 3] ?? v) + (frame[i + 3] ?? v)) / 4),
    }
    for (const [name, spoil] of Object.entries(spoilt)) {
      const steps = backgroundSteps(truth.map(spoil), truth, hidden, W, H)
      for (const part of [0, 1, 2, 3]) {
        const r = correlation(steps.map(({ truth, produced }) => [truth[part]!, produced[part]!]))
        expect(r, `${name}, part ${part}`).toBeGreaterThan(name === 'not' ? 0.999999 : 0.97)
      }
    }
  })
})
