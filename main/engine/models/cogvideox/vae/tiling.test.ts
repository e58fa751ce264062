// Tiles in space: the numbers of cogvideox-facts 6.7, and pictures that must come out whole.
import { describe, expect, it } from 'vitest'
import { hostTensor } from '../../../ir'
import type { HostTensor } from '../../../ir'
import { Random } from '../../../nn'
import { parseVaeConfig } from './config'
import { defaultTiling, needsTiles, overTiles, tilePlan } from './tiling'

const published = parseVaeConfig({}, 'published')
const plan = (direction: 'encode' | 'decode') => tilePlan(published, defaultTiling(published), direction)

/** A picture [1, 2, height, width] of noise. */
const picture = (height: number, width: number) =>
  hostTensor(new Random(1).normals(2 * height * width), [1, 2, height, width])

/** Each pixel `ratio` x `ratio` times. */
function enlarged({ data, shape }: HostTensor, ratio: number): HostTensor {
  const [channels, frames, height, width] = shape as [number, number, number, number]
  const [rows, columns] = [height * ratio, width * ratio]
  const larger = Float32Array.from({ length: channels * frames * rows * columns }, (_, i) => {
    const [plane, y, x] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns]
    return data[(plane * height + Math.floor(y / ratio)) * width + Math.floor(x / ratio)] as number
  })
  return hostTensor(larger, [channels, frames, rows, columns])
}

describe('the plan', () => {
  it("is the reference's for the published config", () => {
    expect(plan('decode')).toEqual({
      rows: { tile: 30, stride: 25, blend: 40, kept: 200 },
      columns: { tile: 45, stride: 36, blend: 72, kept: 288 },
    })
    expect(plan('encode')).toEqual({
      rows: { tile: 240, stride: 200, blend: 5, kept: 25 },
      columns: { tile: 360, stride: 288, blend: 9, kept: 36 },
    })
  })

  it('is needed for what is larger than a tile on either axis', () => {
    const tiled = (height: number, width: number) => needsTiles([16, 1, height, width], plan('decode'))
    expect([tiled(30, 45), tiled(31, 45), tiled(30, 46)]).toEqual([false, true, true])
  })

  it('refuses tiles that leave gaps', () => {
    const tiling = { height: 150, width: 360, overlapHeight: 1 / 6, overlapWidth: 1 / 5 }
    expect(() => tilePlan(published, tiling, 'decode')).toThrow('VAE tiles of 150 pixels in height')
  })
})

describe('overTiles', () => {
  it.each([
    [30, 45],
    [31, 46],
    [60, 90],
    [52, 37],
    [96, 170],
  ])('puts a picture of %ix%i latents together again', async (height, width) => {
    const source = picture(height, width)
    const sizes: string[] = []
    const [joined] = await overTiles(source, plan('decode'), [height * 8, width * 8], (tile) => {
      sizes.push(tile.shape.slice(2).join('x'))
      return Promise.resolve([enlarged(tile, 8)])
    })
    const whole = enlarged(source, 8)
    expect(joined!.shape).toEqual(whole.shape)
    expect(sizes).toHaveLength(Math.ceil(height / 25) * Math.ceil(width / 36))
    const expected = whole.data as Float32Array
    const worst = (joined!.data as Float32Array).reduce((most, v, i) => Math.max(most, Math.abs(v - expected[i]!)), 0)
    expect(worst).toBeLessThan(1e-6)
  })

  it('fades from one tile to the next, first down, then across', async () => {
    let count = 0
    const plan = {
      rows: { tile: 4, stride: 3, blend: 1, kept: 3 },
      columns: { tile: 4, stride: 2, blend: 2, kept: 2 },
    }
    const [joined] = await overTiles(picture(4, 4), plan, [4, 4], ({ shape }) => {
      const value = count++
      return Promise.resolve([
        hostTensor(new Float32Array(2 * shape[2]! * shape[3]!).fill(value), [1, 2, shape[2]!, shape[3]!]),
      ])
    })
    // Tiles 0 | 1 over 2 | 3; each tile's first row is wholly the one above (share 0), columns fade 0, 1/2.
    expect(Array.from(joined!.data.slice(0, 16), Number)).toEqual([
      0, 0, 0, 0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.25,
    ])
  })
})
