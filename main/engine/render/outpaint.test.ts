import { describe, expect, it } from 'vitest'
import type { Picture } from '../../media/pictures'
import { outpaint } from './outpaint'
import { Level, radius } from './outpaint-patches'

const margins = { left: 40, right: 40, top: 20, bottom: 20 }

function paint(width: number, height: number, colour: (x: number, y: number) => number): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) data.fill(colour(i % width, Math.floor(i / width)), i * 3, i * 3 + 3)
  return { width, height, channels: 3, data }
}
const red = ({ data, width }: Picture, x: number, y: number) => data[(y * width + x) * 3]!

describe('a picture continued beyond its edges', () => {
  it('keeps its own pixels', async () => {
    const picture = paint(96, 64, (x, y) => (x * 7 + y * 13) % 256)
    const { width, height, ...whole } = await outpaint(picture, margins)
    expect([width, height]).toEqual([176, 104])
    for (const [x, y] of [
      [0, 0],
      [95, 0],
      [50, 30],
      [95, 63],
    ] as const)
      // prettier-ignore
      expect(red({ width, height, ...whole }, x + 40, y + 20)).toBe(red(picture, x, y))
  })

  it.each([
    ['upright', (x: number) => (x % 16 < 8 ? 40 : 200)],
    ['level', (_: number, y: number) => (y % 16 < 8 ? 40 : 200)],
  ])('goes on with its stripes to both sides: %s', async (_, stripe) => {
    const whole = await outpaint(paint(96, 64, stripe), { ...margins, top: 0, bottom: 0 })
    let right = 0
    for (let y = 0; y < whole.height; y++)
      for (let x = 0; x < whole.width; x++) {
        const meant = stripe(x - 40 + 160, y)
        if (Math.abs(red(whole, x, y) - meant) < 60) right++
      }
    expect(right / (whole.width * whole.height)).toBeGreaterThan(0.9)
  })

  it('goes on with a gradient without a step', async () => {
    const whole = await outpaint(
      paint(96, 64, (_, y) => 40 + 2 * y),
      margins,
    )
    let steepest = 0
    for (let y = 1; y < whole.height; y++)
      for (let x = 1; x < whole.width; x++) {
        const here = red(whole, x, y)
        steepest = Math.max(steepest, Math.abs(here - red(whole, x - 1, y)), Math.abs(here - red(whole, x, y - 1)))
      }
    expect(steepest).toBeLessThanOrEqual(8)
  })

  it('goes on with a texture in wide stretches, and does not print the same again and again', () => {
    let seed = 1
    const grain = paint(80, 60, () => (seed = (seed * 16807) % 2147483647) % 160)
    const level = new Level(grain, 0, 0, 80, 90)
    level.grow()
    for (let round = 0; round < 4; round++) level.improve()
    const uses = new Map<number, number>()
    let stretches = 0
    for (let i = 80 * (60 + radius); i < 80 * 90; i++) {
      const source = i + level.dy[i]! * 80 + level.dx[i]!
      uses.set(source, (uses.get(source) ?? 0) + 1)
      if (level.dx[i] === level.dx[i - 80] && level.dy[i] === level.dy[i - 80]) stretches++
    }
    expect(Math.max(...uses.values())).toBeLessThan(12)
    expect(stretches / (80 * (30 - radius))).toBeGreaterThan(0.7)
  })

  it('is the same every time', async () => {
    const picture = paint(80, 60, (x, y) => (x * x + y * 31) % 256)
    expect((await outpaint(picture, margins)).data).toEqual((await outpaint(picture, margins)).data)
  })
})
