import { describe, expect, it } from 'vitest'
import { boxMean, guidedCoefficients } from './guided-filter'
import { solveMatte } from './matting'

const [width, height] = [60, 40]
const each = (value: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)))

describe('boxMean', () => {
  it('is the mean of the window, cut at the borders', () => {
    const source = each((x, y) => Math.sin(x * 1.3) + 0.1 * y)
    const mean = boxMean(source, width, height, 3)
    for (const [x, y] of [
      [0, 0],
      [59, 39],
      [30, 20],
      [2, 37],
    ] as const) {
      let [sum, count] = [0, 0]
      for (let v = Math.max(0, y - 3); v <= Math.min(height - 1, y + 3); v++)
        for (let u = Math.max(0, x - 3); u <= Math.min(width - 1, x + 3); u++)
          [sum, count] = [sum + source[v * width + u]!, count + 1]
      expect(mean[y * width + x]).toBeCloseTo(sum / count, 5)
    }
  })

  it('takes windows larger than the picture', () => {
    expect(boxMean(Float32Array.of(1, 2, 3), 3, 1, 9)).toEqual(Float32Array.of(2, 2, 2))
  })
})

describe('guidedCoefficients', () => {
  it('finds the linear function that made the mask from the colours', () => {
    const planes = [each((x) => x / width), each((x, y) => ((x * y) % 7) / 7), each((_, y) => (y % 5) / 5)]
    const mask = planes[0]!.map((r, i) => 0.5 * r - 0.25 * planes[1]![i]! + 0.1)
    const found = guidedCoefficients({ width, height, planes }, mask, 4, 1e-7)
    const i = 20 * width + 30
    expect(found.planes.map((plane) => plane[i]!)[0]).toBeCloseTo(0.5, 2)
    expect(found.planes.map((plane) => plane[i]!)[1]).toBeCloseTo(-0.25, 2)
  })
})

describe('solveMatte', () => {
  // A disc with a soft rim, in one colour on another, both with a slow gradient.
  const truth = each((x, y) => Math.min(1, Math.max(0, (12 - Math.hypot(x - 29.5, y - 19.5)) / 3 + 0.5)))
  const mixed = (front: number, back: number): Float32Array =>
    each((x, y) => {
      const share = truth[y * width + x]!
      return share * (front + 0.001 * x) + (1 - share) * (back + 0.001 * y)
    })
  const picture = { width, height, planes: [mixed(0.8, 0.2), mixed(0.5, 0.6), mixed(0.3, 0.4)] }
  const open = Uint8Array.from(truth, (_, i) => {
    const distance = Math.hypot((i % width) - 29.5, Math.floor(i / width) - 19.5)
    return distance > 7 && distance < 17 ? 1 : 0
  })
  const error = (alpha: Float32Array): number =>
    alpha.reduce((worst, value, i) => Math.max(worst, Math.abs(value - truth[i]!)), 0)

  it('finds a soft rim from colours, though the first guess is two pixels too large and hard', () => {
    const guess = each((x, y) => (Math.hypot(x - 29.5, y - 19.5) < 14 ? 1 : 0))
    expect(error(guess)).toBe(1)
    expect(error(solveMatte(picture, guess, open, 1e-4, 200))).toBeLessThan(0.1)
  })

  it('leaves everything outside the open band as it was', () => {
    const guess = each((x) => (x % 3) / 2)
    const alpha = solveMatte(picture, guess, open, 0.1, 20)
    guess.forEach((value, i) => {
      if (!open[i]) expect(alpha[i]).toBe(value)
    })
  })

  it('keeps to the guess as strongly as asked where the picture is flat', () => {
    const flat = { width, height, planes: [each(() => 0.5), each(() => 0.5), each(() => 0.5)] }
    const off = (pull: number) => error(solveMatte(flat, truth, open, pull, 200))
    expect(off(100)).toBeLessThan(0.05)
    expect(off(0.01)).toBeGreaterThan(off(1)) // the looser, the smoother
  })
})
