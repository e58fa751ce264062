import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../main/api'
import type { ProjectDocument } from '../../../main/api'
import { cellSize, gap, headWidth, lanesIn, layMatrix } from './table'

const document: ProjectDocument = {
  name: 'Walks',
  humans: ['h1', 'h2'],
  backgrounds: ['b1', 'b2', 'b3'],
  motions: ['m1', 'm2'],
  chosen: { human: 'h1', background: 'b1', motion: 'm1' },
  settings: defaultSettings,
  clips: [],
}

describe('the lines of the matrix', () => {
  it('one motion has no heading', () => {
    const matrix = layMatrix(document, ['m1'])
    expect(matrix.lines.map((line) => line.kind)).toEqual(['row', 'row'])
    expect(matrix.at(1, 2)).toEqual({ human: 'h2', background: 'b3', motion: 'm1' })
  })
  it('several motions are stacked, each under its name', () => {
    const matrix = layMatrix(document, ['m1', 'm2'])
    expect(matrix.lines.map((line) => line.kind)).toEqual(['motion', 'row', 'row', 'motion', 'row', 'row'])
    expect(matrix.table).toMatchObject({ rows: 4, columns: 3 })
    expect(matrix.at(2, 0)).toEqual({ human: 'h1', background: 'b1', motion: 'm2' })
    expect(matrix.lineOf).toEqual([1, 2, 4, 5])
  })
})

describe('the size of cells', () => {
  it('four columns fill the width', () => {
    const { width } = cellSize(1060, 4, 16 / 9)
    expect(headWidth + 4 * (width + gap)).toBeLessThanOrEqual(1060)
    expect(headWidth + 4 * (width + gap + 1)).toBeGreaterThan(1060)
  })
  it('many columns stay large enough to see and scroll', () => expect(cellSize(1060, 50, 16 / 9).width).toBe(168))
  it('one column does not fill the window', () => expect(cellSize(1060, 1, 16 / 9).width).toBe(340))
  it('upright clips have upright cells of a bounded height', () => {
    const { width, height } = cellSize(1060, 4, 9 / 16)
    expect(height).toBeLessThanOrEqual(216)
    expect(width / height).toBeCloseTo(9 / 16, 1)
  })
  it('tiles share the width', () => expect(lanesIn(1000, 190)).toEqual({ lanes: 5, width: 192 }))
})
