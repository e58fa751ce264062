// Selecting in a table as every file manager does it: click, Ctrl+click, Shift+click, arrows, rows, columns, all. Pure functions
// from a selection to the next one; a list is a table of one column.

/** `key` names the thing in a place of the table; places are counted from 0. */
export interface Table {
  readonly rows: number
  readonly columns: number
  key(row: number, column: number): string
}

export interface Spot {
  readonly row: number
  readonly column: number
}

export interface Selection {
  readonly chosen: ReadonlySet<string>
  /** Where a range begins: the last spot picked without Shift. */
  readonly anchor: Spot
  /** Where the keyboard is. */
  readonly focus: Spot
}

/** 'only': nothing else; 'toggle': this one more or less; 'range': everything from the anchor to here, nothing else. */
export type How = 'only' | 'toggle' | 'range'

export const nothingSelected: Selection = {
  chosen: new Set(),
  anchor: { row: 0, column: 0 },
  focus: { row: 0, column: 0 },
}

export const howOf = (event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): How =>
  event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only'

export function pick(table: Table, selection: Selection, spot: Spot, how: How): Selection {
  if (how === 'range') {
    const chosen = new Set(block(table, selection.anchor, spot))
    return { ...selection, chosen, focus: spot }
  }
  const key = table.key(spot.row, spot.column)
  return { chosen: how === 'toggle' ? toggled(selection.chosen, [key]) : new Set([key]), anchor: spot, focus: spot }
}

/** A click on the head of row `row`. */
export function pickRow(table: Table, selection: Selection, row: number, how: How): Selection {
  return pickLine(table, selection, how, {
    from: { row: how === 'range' ? selection.anchor.row : row, column: 0 },
    to: { row, column: table.columns - 1 },
  })
}

/** A click on the head of column `column`. */
export function pickColumn(table: Table, selection: Selection, column: number, how: How): Selection {
  return pickLine(table, selection, how, {
    from: { row: 0, column: how === 'range' ? selection.anchor.column : column },
    to: { row: table.rows - 1, column },
  })
}

export const pickAll = (table: Table, selection: Selection): Selection => ({
  ...selection,
  chosen: new Set(block(table, { row: 0, column: 0 }, { row: table.rows - 1, column: table.columns - 1 })),
})

export const pickNone = (selection: Selection): Selection => ({ ...selection, chosen: new Set() })

/** After the table has changed: what is not in it any more is not selected, and focus stays within. */
export function within(table: Table, selection: Selection): Selection {
  const { anchor, focus } = selection
  const inside = (spot: Spot): Spot => clamp(table, spot)
  if (selection.chosen.size === 0 && same(inside(anchor), anchor) && same(inside(focus), focus)) return selection
  const left = new Set<string>()
  if (selection.chosen.size > 0)
    for (const key of block(table, { row: 0, column: 0 }, { row: table.rows - 1, column: table.columns - 1 }))
      if (selection.chosen.has(key)) left.add(key)
  const unchanged = left.size === selection.chosen.size && same(inside(anchor), anchor) && same(inside(focus), focus)
  return unchanged ? selection : { chosen: left, anchor: inside(anchor), focus: inside(focus) }
}

/** Where a key takes the focus; `page` is how many rows are in view. undefined: not a key that moves. */
export function step(table: Table, { row, column }: Spot, key: string, ctrl: boolean, page: number): Spot | undefined {
  const to = ((): Spot | undefined => {
    switch (key) {
      case 'ArrowUp':
        return { row: ctrl ? 0 : row - 1, column }
      case 'ArrowDown':
        return { row: ctrl ? table.rows - 1 : row + 1, column }
      case 'ArrowLeft':
        return { row, column: ctrl ? 0 : column - 1 }
      case 'ArrowRight':
        return { row, column: ctrl ? table.columns - 1 : column + 1 }
      case 'PageUp':
        return { row: row - page, column }
      case 'PageDown':
        return { row: row + page, column }
      case 'Home':
        return { row: ctrl ? 0 : row, column: 0 }
      case 'End':
        return { row: ctrl ? table.rows - 1 : row, column: table.columns - 1 }
      default:
        return undefined
    }
  })()
  return to && clamp(table, to)
}

/** Where a key takes the focus in a list that is shown in lines of `lanes`. undefined: not a key that moves. */
export function stepInList(
  length: number,
  index: number,
  key: string,
  lanes: number,
  page: number,
): number | undefined {
  const by: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -lanes,
    ArrowDown: lanes,
    PageUp: -lanes * page,
    PageDown: lanes * page,
    Home: -length,
    End: length,
  }
  const move = by[key]
  if (move === undefined) return undefined
  const to = index + move
  // Up from the first line and down from the last stay where they are instead of running sideways.
  if (Math.abs(move) === lanes && lanes > 1 && (to < 0 || Math.floor(to / lanes) > Math.floor((length - 1) / lanes)))
    return index
  return Math.max(0, Math.min(length - 1, to))
}

function pickLine(table: Table, selection: Selection, how: How, { from, to }: { from: Spot; to: Spot }): Selection {
  const keys = block(table, from, to)
  const chosen = how === 'toggle' ? toggled(selection.chosen, keys) : new Set(keys)
  return { ...selection, chosen, anchor: how === 'range' ? selection.anchor : from }
}

/** Adds all of `keys`, or takes all away when all are in. */
function toggled(chosen: ReadonlySet<string>, keys: readonly string[]): Set<string> {
  const next = new Set(chosen)
  const all = keys.every((key) => chosen.has(key))
  for (const key of keys)
    if (all) next.delete(key)
    else next.add(key)
  return next
}

function block(table: Table, a: Spot, b: Spot): string[] {
  const keys: string[] = []
  for (let row = Math.min(a.row, b.row); row <= Math.max(a.row, b.row); row++)
    for (let column = Math.min(a.column, b.column); column <= Math.max(a.column, b.column); column++)
      if (row >= 0 && row < table.rows && column >= 0 && column < table.columns) keys.push(table.key(row, column))
  return keys
}

const clamp = (table: Table, { row, column }: Spot): Spot => ({
  row: Math.max(0, Math.min(table.rows - 1, row)),
  column: Math.max(0, Math.min(table.columns - 1, column)),
})

const same = (a: Spot, b: Spot): boolean => a.row === b.row && a.column === b.column
