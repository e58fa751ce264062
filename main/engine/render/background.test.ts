import { describe, expect, it } from 'vitest'
import type { Picture } from '../../media/pictures'
import { fitBackground, reachOf } from './background'

const paint = (width: number, height: number, colour: (i: number) => number): Picture => ({
  ...{ width, height, channels: 3 },
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => colour(i)),
})
const slope = (i: number) => (i * 7) % 256

describe('the place of a clip', () => {
  it('shows its part first, in a picture that goes on beyond the frame', async () => {
    const { picture, first, view } = await fitBackground(paint(96, 64, slope), 96, 64)
    expect([first.width, first.height]).toEqual([96, 64])
    expect([picture.width, picture.height]).toEqual([96 + 2 * 48, 64 + 2 * 13])
    expect(view).toEqual({ x: 0.5, y: 0.5, width: 96 / 192, height: 64 / 90 })
  })

  it('lets the camera look as far up and down as its picture goes on', async () => {
    const { view } = await fitBackground(paint(64, 192, slope), 64, 64, { x: 0.5, y: 0.75, zoom: 1 })
    const { up, down } = reachOf(view, 64, 64)
    expect([up, down].map((v) => v.toFixed(1))).toEqual(['1.8', '0.3'])
  })

  it('is not continued anew for the next clip, only for other pixels, another size or another part', async () => {
    const shown = await fitBackground(paint(96, 64, slope), 48, 32)
    expect(await fitBackground(paint(96, 64, slope), 48, 32)).toBe(shown)
    const others = [
      await fitBackground(
        paint(96, 64, (i) => slope(i + 1)),
        48,
        32,
      ),
      await fitBackground(paint(64, 96, slope), 48, 32),
      await fitBackground(paint(96, 64, slope), 48, 36),
      await fitBackground(paint(96, 64, slope), 48, 32, { x: 0.5, y: 0.4, zoom: 1.5 }),
    ]
    for (const other of others) expect(other.first).not.toEqual(shown.first)
  })
})
