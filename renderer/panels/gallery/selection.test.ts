import { describe, expect, it } from 'vitest'
import { nothingSelected, pick, pickAll, pickColumn, pickNone, pickRow, step, stepInList, within } from './selection'
import type { Selection, Table } from './selection'

const table: Table = { rows: 3, columns: 4, key: (row, column) => `${row}${column}` }
const at = (row: number, column: number) => ({ row, column })
const chosen = (selection: Selection) => [...selection.chosen].sort().join(' ')

describe('picking with the mouse', () => {
  const one = pick(table, nothingSelected, at(1, 1), 'only')

  it('a click selects one, another click only the other', () => {
    expect(chosen(one)).toBe('11')
    expect(chosen(pick(table, one, at(2, 3), 'only'))).toBe('23')
  })
  it('Ctrl adds and takes away', () => {
    const two = pick(table, one, at(0, 0), 'toggle')
    expect(chosen(two)).toBe('00 11')
    expect(chosen(pick(table, two, at(1, 1), 'toggle'))).toBe('00')
  })
  it('Shift takes the block from the last plain pick, in any direction, again and again', () => {
    const down = pick(table, one, at(2, 2), 'range')
    expect(chosen(down)).toBe('11 12 21 22')
    expect(chosen(pick(table, down, at(0, 0), 'range'))).toBe('00 01 10 11')
  })
  it('heads select lines', () => {
    expect(chosen(pickRow(table, one, 2, 'only'))).toBe('20 21 22 23')
    expect(chosen(pickColumn(table, one, 0, 'toggle'))).toBe('00 10 11 20')
    const first = pickColumn(table, nothingSelected, 2, 'only')
    expect(chosen(pickColumn(table, first, 3, 'range'))).toBe('02 03 12 13 22 23')
    expect(chosen(pickRow(table, pickRow(table, one, 1, 'only'), 1, 'toggle'))).toBe('')
  })
  it('all and none', () => {
    expect(pickAll(table, one).chosen.size).toBe(12)
    expect(pickNone(pickAll(table, one)).chosen.size).toBe(0)
  })
})

describe('a table that has changed', () => {
  const smaller: Table = { rows: 2, columns: 2, key: (row, column) => `${row}${column}` }
  it('loses what is gone and keeps the focus inside', () => {
    const all = { ...pickAll(table, nothingSelected), focus: at(2, 3), anchor: at(2, 3) }
    const left = within(smaller, all)
    expect(chosen(left)).toBe('00 01 10 11')
    expect([left.focus, left.anchor]).toEqual([at(1, 1), at(1, 1)])
  })
  it('gives the very same selection when nothing is lost', () => {
    const one = pick(table, nothingSelected, at(1, 1), 'only')
    expect(within(table, one)).toBe(one)
    expect(within(table, nothingSelected)).toBe(nothingSelected)
  })
})

describe('moving with the keyboard', () => {
  it.each([
    ['ArrowUp', false, at(0, 2)],
    ['ArrowDown', false, at(2, 2)],
    ['ArrowLeft', true, at(1, 0)],
    ['ArrowRight', true, at(1, 3)],
    ['Home', false, at(1, 0)],
    ['End', true, at(2, 3)],
    ['PageDown', false, at(2, 2)],
    ['a', false, undefined],
  ])('%s (Ctrl: %s)', (key, ctrl, to) => expect(step(table, at(1, 2), key, ctrl, 2)).toEqual(to))

  it('stops at the edges', () => expect(step(table, at(0, 0), 'ArrowLeft', false, 2)).toEqual(at(0, 0)))

  it('walks a list in lines', () => {
    const length = 10 // 0 1 2 3 | 4 5 6 7 | 8 9
    expect(stepInList(length, 1, 'ArrowDown', 4, 2)).toBe(5)
    expect(stepInList(length, 6, 'ArrowDown', 4, 2)).toBe(9) // to the end of the shorter last line
    expect(stepInList(length, 9, 'ArrowDown', 4, 2)).toBe(9)
    expect(stepInList(length, 2, 'ArrowUp', 4, 2)).toBe(2)
    expect(stepInList(length, 3, 'ArrowRight', 4, 2)).toBe(4)
    expect(stepInList(length, 3, 'End', 4, 2)).toBe(9)
    expect(stepInList(length, 3, 'x', 4, 2)).toBeUndefined()
  })
})
