// The matrix as lines: for each motion shown a heading (when there are several) and a row per human; and how large its cells are.
import type { ProjectDocument } from '../../../main/api'
import { keyOf } from './cells'
import type { Combination } from './cells'
import type { Table } from './selection'

export type Line =
  | { readonly kind: 'motion'; readonly motion: string }
  | { readonly kind: 'row'; readonly motion: string; readonly human: string; readonly row: number }

export interface Matrix {
  readonly lines: readonly Line[]
  readonly columns: readonly string[]
  /** Rows and columns without headings, for selecting. */
  readonly table: Table
  /** Line of each row. */
  readonly lineOf: readonly number[]
  at(row: number, column: number): Combination
}

export function layMatrix(document: ProjectDocument, motions: readonly string[]): Matrix {
  const lines: Line[] = []
  const lineOf: number[] = []
  const rows: { motion: string; human: string }[] = []
  for (const motion of motions) {
    if (motions.length > 1) lines.push({ kind: 'motion', motion })
    for (const human of document.humans) {
      lineOf.push(lines.length)
      lines.push({ kind: 'row', motion, human, row: rows.length })
      rows.push({ motion, human })
    }
  }
  const columns = document.backgrounds
  const at = (row: number, column: number): Combination => ({ ...rows[row]!, background: columns[column]! })
  return {
    lines,
    columns,
    lineOf,
    at,
    table: { rows: rows.length, columns: columns.length, key: (row, column) => keyOf(at(row, column)) },
  }
}

/** Pixels between cells, and of the column of humans. */
export const gap = 10
export const headWidth = 104

const narrowest = 168
const widest = 340
const tallest = 216

/** Width and height of a cell in pixels: as wide as `columns` of them fill `room`, in the shape of the clips. */
export function cellSize(room: number, columns: number, aspect: number): { width: number; height: number } {
  const share = Math.floor((room - headWidth) / Math.max(1, columns)) - gap
  const most = Math.min(widest, tallest * aspect)
  const width = Math.floor(Math.max(Math.min(narrowest, most), Math.min(most, share)))
  return { width, height: Math.floor(width / aspect) }
}

/** How many tiles of at least `least` pixels stand side by side in `room`, and how wide each then is. */
export function lanesIn(room: number, least: number): { lanes: number; width: number } {
  const lanes = Math.max(1, Math.floor((room + gap) / (least + gap)))
  return { lanes, width: Math.floor((room + gap) / lanes) - gap }
}
