// Check values of cogvideox-facts 4.1: grid 11 x 48 x 85, head size 64.
import { describe, expect, it } from 'vitest'
import { parseTransformerConfig } from './config'
import { fittedPositions, gridPositions, rotaryTables } from './rotary'

describe('rotary tables', () => {
  const grid = { time: 11, height: 48, width: 85 }
  const { cos, sin } = rotaryTables(gridPositions(grid), 64)

  it.each([
    [1, 0, 0, 0, 0.54030234, 0.84147096],
    [1, 0, 0, 2, 0.95041531, 0.3109836],
    [10, 0, 0, 15, 0.99999499, 0.00316227],
    [0, 47, 0, 18, -0.98460782, 0.17477845],
    [0, 0, 84, 42, 0.27689633, 0.96089983],
    [3, 7, 11, 5, 0.95533651, 0.29552022],
    [3, 7, 11, 20, 0.06265118, 0.99803549],
    [3, 7, 11, 50, 0.97204959, 0.23477572],
    [10, 47, 84, 63, 0.99983627, 0.01809626],
  ])('time %i, height %i, width %i, feature %i', (t, y, x, feature, cosine, sine) => {
    const at = ((t * grid.height + y) * grid.width + x) * 64 + feature
    expect(cos.data[at]).toBeCloseTo(cosine, 5)
    expect(sin.data[at]).toBeCloseTo(sine, 5)
    expect(cos.shape).toEqual([11 * 48 * 85, 64])
  })

  it('can start elsewhere, so that reference tokens stand apart from the video', () => {
    expect(gridPositions({ time: 1, height: 2, width: 1 }, { time: -1, height: 48 })).toEqual({
      time: [-1],
      height: [48, 49],
      width: [0],
    })
  })

  it('fits other grids into the training grid for the 1.0 models', () => {
    const config = parseTransformerConfig({ sample_height: 60, sample_width: 90 }, 'test')
    const same = fittedPositions({ time: 3, height: 30, width: 45 }, config)
    expect(same.height.slice(0, 3)).toEqual([0, 1, 2])
    expect(same.width.at(-1)).toBeCloseTo(44, 9)
    // 24 x 45 is wider: full width, 24 of 30 rows in the middle.
    const wide = fittedPositions({ time: 1, height: 24, width: 45 }, config)
    expect(wide.height[0]).toBe(3)
    expect(wide.height.at(-1)).toBeCloseTo((27 * 23) / 24, 9)
  })
})
