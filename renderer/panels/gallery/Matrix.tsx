// Humans x places as a grid that holds only the rows and columns in view, so that 500 x 500 is as light as 4 x 4.
import { memo, useEffect, useLayoutEffect, useRef } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import type { Range, VirtualItem } from '@tanstack/react-virtual'
import { UserPlus, ImagePlus } from 'lucide-react'
import { thumbnailUrl } from '../../../main/api'
import type { ProjectDocument } from '../../../main/api'
import { toggleStar } from '../../app/actions/library'
import { ContextMenu } from '../../ui'
import type { MenuItem } from '../../ui'
import { openCell, retry } from './actions'
import { cellAt, keyOf } from './cells'
import type { CellIndex } from './cells'
import { Cell } from './Cell'
import { howOf, pick, pickColumn, pickRow, step } from './selection'
import type { How, Selection, Spot } from './selection'
import { useGallery } from './state'
import { cellSize, gap, headWidth } from './table'
import type { Line, Matrix as MatrixModel } from './table'
import { useHot } from './use-hot'
import { useKeptFocus } from './use-kept-focus'
import { useWidth } from './use-width'
import css from './matrix.module.css'

/** Pixels: the strip of places on top, a motion's heading, the name under a human. */
const topHeight = 94
const headingHeight = 44
const nameHeight = 31
const edge = 20

interface Props {
  readonly matrix: MatrixModel
  readonly document: ProjectDocument
  readonly index: CellIndex
  readonly names: (id: string) => string
  readonly siblings: readonly string[]
  readonly menu: readonly MenuItem[]
  readonly onAdd: (kind: 'human' | 'background') => void
  /** Before the menu opens: on the head of this human or place, or on cells. */
  readonly onContext: (head: string | undefined) => void
}

export function Matrix({ matrix, document, index, names, siblings, menu, onAdd, onContext }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const selection = useGallery((state) => state.selection)
  const { focus } = selection
  const room = useWidth(scroller) - 2 * edge
  const { width, height } = cellSize(room, matrix.columns.length, document.settings.width / document.settings.height)
  const pitch = height + nameHeight

  const focusLine = matrix.lineOf[focus.row] ?? 0
  const rows = useVirtualizer({
    count: matrix.lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (line) => (matrix.lines[line]?.kind === 'motion' ? headingHeight : pitch),
    getItemKey: (line) => lineKey(matrix.lines[line]),
    rangeExtractor: (range) => withFocus(range, focusLine),
    paddingStart: topHeight,
    scrollPaddingStart: topHeight,
    paddingEnd: edge,
    overscan: 2,
    useFlushSync: false,
  })
  const columns = useVirtualizer({
    horizontal: true,
    count: matrix.columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => width + gap,
    getItemKey: (column) => matrix.columns[column] ?? column,
    rangeExtractor: (range) => withFocus(range, focus.column),
    paddingStart: headWidth + gap,
    scrollPaddingStart: headWidth + gap,
    overscan: 1,
    useFlushSync: false,
  })
  useLayoutEffect(() => {
    rows.measure()
    columns.measure()
  }, [width, pitch, matrix.lines, matrix.columns])

  const hot = useHot(scroller, 'data-spot')
  const chase = useRef(false)
  useEffect(() => {
    if (!chase.current) return
    chase.current = false
    rows.scrollToIndex(focusLine)
    columns.scrollToIndex(focus.column)
    element(scroller.current, focus)?.focus({ preventScroll: true })
  }, [focus])

  useKeptFocus(scroller, matrix)

  const select = (next: Selection): void => useGallery.setState({ selection: next })
  const click = (event: MouseEvent): void => {
    const target = event.target as HTMLElement
    const spot = spotOf(target)
    if (!spot) {
      const head = headOf(target, matrix, selection, howOf(event))
      return head && select(head.next)
    }
    const key = matrix.table.key(spot.row, spot.column)
    const { clip, job } = cellAt(index, key)
    const action = target.closest<HTMLElement>('[data-do]')?.dataset.do
    if (action === 'retry' && job) return retry([job.id])
    if (action === 'star' && clip) return toggleStar([clip.id])
    if (action === 'open') return openCell(index, key, siblings)
    select(pick(matrix.table, selection, spot, howOf(event)))
    element(scroller.current, spot)?.focus({ preventScroll: true })
  }
  const context = (event: MouseEvent): void => {
    const spot = spotOf(event.target as HTMLElement)
    const head = spot ? undefined : headOf(event.target as HTMLElement, matrix, selection, 'only')
    onContext(head?.id)
    if (head) select(head.next)
    if (!spot) return
    if (!selection.chosen.has(matrix.table.key(spot.row, spot.column)))
      select(pick(matrix.table, selection, spot, 'only'))
  }
  const key = (event: KeyboardEvent): void => {
    if (!spotOf(event.target as HTMLElement)) return
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - topHeight) / pitch))
    const to = step(matrix.table, focus, event.key, event.ctrlKey || event.metaKey, page)
    if (to) {
      chase.current = true
      select(event.shiftKey ? pick(matrix.table, selection, to, 'range') : { ...selection, focus: to })
    } else if (event.key === ' ') {
      if (event.shiftKey) select({ ...pickRow(matrix.table, selection, focus.row, 'only'), focus })
      else if (event.ctrlKey) select({ ...pickColumn(matrix.table, selection, focus.column, 'only'), focus })
      else select(pick(matrix.table, selection, focus, 'toggle'))
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey)
      openCell(index, matrix.table.key(focus.row, focus.column), siblings)
    else return
    event.preventDefault()
  }

  const virtualColumns = columns.getVirtualItems()
  const total = Math.max(room, columns.getTotalSize() - gap)
  const severalMotions = matrix.lines.some((line) => line.kind === 'motion')
  return (
    <ContextMenu items={menu}>
      <div
        ref={scroller}
        role="grid"
        aria-label="Combinations"
        aria-multiselectable
        aria-rowcount={matrix.lines.length + 1}
        aria-colcount={matrix.columns.length + 1}
        className={css.scroller}
        onClick={click}
        onDoubleClick={(event) => {
          const spot = spotOf(event.target as HTMLElement)
          if (spot && !(event.target as HTMLElement).closest('[data-do]'))
            openCell(index, matrix.table.key(spot.row, spot.column), siblings)
        }}
        onContextMenu={context}
        onKeyDown={key}
      >
        <div role="presentation" className={css.inside} style={{ height: rows.getTotalSize(), width: total }}>
          <div role="row" aria-rowindex={1} className={css.top} style={{ height: topHeight - 3 }}>
            <Corner onAdd={onAdd} />
            {virtualColumns.map(({ key, index: column, start }) => (
              <Place
                key={key}
                id={matrix.columns[column]!}
                name={names(matrix.columns[column]!)}
                column={column}
                left={start}
                width={width}
              />
            ))}
          </div>
          {rows.getVirtualItems().map(({ key, index: at, start }) => (
            <Row
              key={key}
              line={matrix.lines[at]!}
              at={at}
              top={start}
              columns={virtualColumns}
              backgrounds={matrix.columns}
              index={index}
              selection={selection}
              hot={hot?.startsWith(`${lineRow(matrix.lines[at]!)}:`) ? hot : undefined}
              names={names}
              width={width}
              height={height}
              withMotion={severalMotions}
            />
          ))}
        </div>
      </div>
    </ContextMenu>
  )
}

interface RowProps {
  readonly line: Line
  readonly at: number
  readonly top: number
  readonly columns: readonly VirtualItem[]
  readonly backgrounds: readonly string[]
  readonly index: CellIndex
  readonly selection: Selection
  /** The spot that plays, if it is in this row. */
  readonly hot: string | undefined
  readonly names: (id: string) => string
  readonly width: number
  readonly height: number
  readonly withMotion: boolean
}

const Row = memo(function Row(props: RowProps) {
  const { line, at, top, columns, backgrounds, index, selection, hot, names, width, height, withMotion } = props
  const place = {
    role: 'row',
    'aria-rowindex': at + 2,
    className: css.row,
    style: { transform: `translateY(${top}px)`, height: line.kind === 'motion' ? headingHeight : height + nameHeight },
  }
  if (line.kind === 'motion')
    return (
      <div {...place}>
        <div role="rowheader" aria-colspan={backgrounds.length + 1} className={css.heading}>
          {names(line.motion)}
        </div>
      </div>
    )
  const { human, motion, row } = line
  return (
    <div {...place}>
      <div role="rowheader" data-row={row} className={css.human} style={{ height: height + nameHeight }}>
        <img src={thumbnailUrl(human)} alt="" decoding="async" draggable={false} style={{ height }} />
        <span title={names(human)}>{names(human)}</span>
      </div>
      {columns.map(({ key, index: column, start }) => {
        const background = backgrounds[column]!
        const combination = keyOf({ human, background, motion })
        const { state, clip, job } = cellAt(index, combination)
        return (
          <Cell
            key={key}
            row={row}
            column={column}
            name={`${names(human)} × ${names(background)}`}
            motion={withMotion ? names(motion) : undefined}
            background={background}
            state={state}
            clip={clip}
            job={job}
            selected={selection.chosen.has(combination)}
            current={selection.focus.row === row && selection.focus.column === column}
            hot={hot === `${row}:${column}`}
            left={start}
            width={width}
            height={height}
          />
        )
      })}
    </div>
  )
})

interface PlaceProps {
  readonly id: string
  readonly name: string
  readonly column: number
  readonly left: number
  readonly width: number
}

const Place = memo(function Place({ id, name, column, left, width }: PlaceProps) {
  return (
    <div
      role="columnheader"
      data-column={column}
      aria-colindex={column + 2}
      className={css.place}
      style={{ left, width }}
    >
      <img src={thumbnailUrl(id)} alt="" decoding="async" draggable={false} />
      <span title={name}>{name}</span>
    </div>
  )
})

function Corner({ onAdd }: Pick<Props, 'onAdd'>) {
  return (
    <div role="columnheader" aria-label="Add" className={css.corner} style={{ width: headWidth }}>
      <button type="button" className={css.add} onClick={() => onAdd('background')}>
        <ImagePlus size={14} aria-hidden />
        Add places
      </button>
      <button type="button" className={css.add} onClick={() => onAdd('human')}>
        <UserPlus size={14} aria-hidden />
        Add humans
      </button>
    </div>
  )
}

const lineKey = (line: Line | undefined): string =>
  line ? (line.kind === 'motion' ? line.motion : `${line.motion} ${line.human}`) : ''

const lineRow = (line: Line): number => (line.kind === 'row' ? line.row : -1)

/** The focused row or column stays in the document however far one scrolls: the focus is never lost. */
function withFocus(range: Range, focused: number): number[] {
  const shown = defaultRangeExtractor(range)
  if (focused < range.count && !shown.includes(focused)) shown.push(focused)
  return shown.sort((a, b) => a - b)
}

function spotOf(target: HTMLElement): Spot | undefined {
  const [row, column] = target.closest<HTMLElement>('[data-spot]')?.dataset.spot?.split(':').map(Number) ?? []
  return row === undefined || column === undefined ? undefined : { row, column }
}

const element = (within: HTMLElement | null, { row, column }: Spot): HTMLElement | null | undefined =>
  within?.querySelector<HTMLElement>(`[data-spot="${row}:${column}"]`)

/** The human or place whose head was pressed, and the selection of its row or column. */
function headOf(target: HTMLElement, { table, lines, columns }: MatrixModel, selection: Selection, how: How) {
  const { row, column } = target.closest<HTMLElement>('[data-row], [data-column]')?.dataset ?? {}
  if (row !== undefined) {
    const line = lines.find((other) => other.kind === 'row' && other.row === Number(row))
    return line?.kind === 'row' ? { id: line.human, next: pickRow(table, selection, line.row, how) } : undefined
  }
  return column === undefined
    ? undefined
    : { id: columns[Number(column)]!, next: pickColumn(table, selection, Number(column), how) }
}
