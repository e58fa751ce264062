// Every clip of the library as a wall of pictures; only the lines in view exist, so that thousands scroll smoothly.
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { Film, Star } from 'lucide-react'
import type { Asset } from '../../../main/api'
import { toggleStar } from '../../app/actions/library'
import { useCommands } from '../../app/commands'
import { useUi } from '../../app/stores/ui'
import { ContextMenu, EmptyState, IconButton, SearchField, Select, classes } from '../../ui'
import type { MenuItem } from '../../ui'
import { openClip } from '../viewer/open'
import { ClipPicture } from './ClipPicture'
import { findClips, orders } from './find-clips'
import type { Order } from './find-clips'
import { howOf, nothingSelected, pick, stepInList, within } from './selection'
import type { Selection, Table } from './selection'
import { gap, lanesIn } from './table'
import { useHot } from './use-hot'
import { useKeptFocus } from './use-kept-focus'
import { useWidth } from './use-width'
import css from './clips.module.css'

/** Pixels: the least width of a tile, the words under it, and the space around the wall. */
const least = 184
const wordsHeight = 42
const edge = 20

interface Props {
  /** Of the library, newest first. */
  readonly clips: readonly Asset[]
  readonly menu: readonly MenuItem[]
}

export function AllClips({ clips, menu }: Props) {
  const [search, setSearch] = useState('')
  const [starred, setStarred] = useState(false)
  const [order, setOrder] = useState<Order>('newest')
  const shown = useMemo(() => findClips(clips, { search, starred, order }), [clips, search, starred, order])
  const box = useRef<HTMLInputElement>(null)
  useCommands({ 'library.search': () => box.current?.focus() }, [])
  // The wall has gone with its last clip, and the focus with it. Not into the search box: there Ctrl+Z means the text.
  const star = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (shown.length === 0 && document.activeElement === document.body) star.current?.focus()
  }, [shown.length])
  return (
    <>
      <div className={css.tools}>
        <SearchField ref={box} value={search} onChange={setSearch} label="Search the clips" placeholder="Name or tag" />
        <IconButton
          ref={star}
          icon={Star}
          label="Only starred"
          pressed={starred}
          onClick={() => setStarred(!starred)}
        />
        <Select label="Order" value={order} options={orders} onChange={setOrder} />
        <span className={css.count}>
          {shown.length === clips.length ? '' : `${shown.length.toLocaleString('en')} found`}
        </span>
      </div>
      {shown.length > 0 ? (
        <Wall clips={shown} menu={menu} />
      ) : clips.length > 0 ? (
        <EmptyState icon={Film} title="No clip fits">
          Try another word, or all clips instead of the starred ones.
        </EmptyState>
      ) : (
        <EmptyState icon={Film} title="No clips yet">
          Queue a few combinations in the matrix: their clips gather here.
        </EmptyState>
      )}
    </>
  )
}

function Wall({ clips, menu }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const { lanes, width } = lanesIn(useWidth(scroller) - 2 * edge, least)
  const height = Math.round((width * 10) / 16)
  const lines = Math.ceil(clips.length / lanes)
  const ids = useMemo(() => clips.map(({ id }) => id), [clips])
  const table = useMemo<Table>(() => ({ rows: ids.length, columns: 1, key: (row) => ids[row]! }), [ids])
  const [selection, setSelection] = useClipSelection(table)
  const focus = selection.focus.row

  const virtual = useVirtualizer({
    count: lines,
    getScrollElement: () => scroller.current,
    estimateSize: () => height + wordsHeight,
    paddingEnd: edge,
    overscan: 3,
    rangeExtractor: (range) => {
      const inView = defaultRangeExtractor(range)
      const line = Math.floor(focus / lanes)
      return inView.includes(line) || line >= range.count ? inView : [...inView, line].sort((a, b) => a - b)
    },
    useFlushSync: false,
  })
  useLayoutEffect(() => virtual.measure(), [height, lanes])

  const hot = useHot(scroller, 'data-at')
  const chase = useRef(false)
  useEffect(() => {
    if (!chase.current) return
    chase.current = false
    virtual.scrollToIndex(Math.floor(focus / lanes))
    tileAt(scroller.current, focus)?.focus({ preventScroll: true })
  }, [focus, clips])
  useKeptFocus(scroller, clips)

  const click = (event: MouseEvent): void => {
    const row = indexOf(event.target as HTMLElement)
    const clip = row === undefined ? undefined : clips[row]
    if (row === undefined || !clip) return
    const action = (event.target as HTMLElement).closest<HTMLElement>('[data-do]')?.dataset.do
    if (action === 'star') return toggleStar([clip.id])
    if (action === 'open') return openClip(clip.id, ids)
    setSelection(pick(table, selection, { row, column: 0 }, howOf(event)))
    tileAt(scroller.current, row)?.focus({ preventScroll: true })
  }
  const key = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / (height + wordsHeight)))
    const to = stepInList(clips.length, focus, event.key, lanes, page)
    if (to !== undefined && !event.ctrlKey && !event.metaKey) {
      chase.current = true
      const spot = { row: to, column: 0 }
      setSelection(event.shiftKey ? pick(table, selection, spot, 'range') : { ...selection, focus: spot })
    } else if (event.key === ' ') setSelection(pick(table, selection, selection.focus, 'toggle'))
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) openClip(ids[focus]!, ids)
    else return
    event.preventDefault()
  }
  return (
    <ContextMenu items={menu}>
      <div
        ref={scroller}
        role="listbox"
        aria-label="Clips"
        aria-multiselectable
        className={css.wall}
        onClick={click}
        onDoubleClick={(event) => {
          const row = indexOf(event.target as HTMLElement)
          if (row !== undefined) openClip(ids[row]!, ids)
        }}
        onContextMenu={(event) => {
          const row = indexOf(event.target as HTMLElement)
          if (row !== undefined && !selection.chosen.has(ids[row]!))
            setSelection(pick(table, selection, { row, column: 0 }, 'only'))
        }}
        onKeyDown={key}
      >
        <div role="presentation" className={css.inside} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((line) => (
            <div
              key={line.key}
              role="presentation"
              className={css.line}
              style={{ transform: `translateY(${line.start}px)`, height: line.size }}
            >
              {clips.slice(line.index * lanes, (line.index + 1) * lanes).map((clip, lane) => {
                const at = line.index * lanes + lane
                return (
                  <Tile
                    key={clip.id}
                    clip={clip}
                    at={at}
                    of={clips.length}
                    left={lane * (width + gap)}
                    width={width}
                    height={height}
                    selected={selection.chosen.has(clip.id)}
                    current={at === focus}
                    hot={hot === String(at)}
                  />
                )
              })}
            </div>
          ))}
        </div>
      </div>
    </ContextMenu>
  )
}

interface TileProps {
  readonly clip: Asset
  readonly at: number
  readonly of: number
  readonly left: number
  readonly width: number
  readonly height: number
  readonly selected: boolean
  readonly current: boolean
  readonly hot: boolean
}

const Tile = memo(function Tile({ clip, at, of, left, width, height, selected, current, hot }: TileProps) {
  return (
    <div
      role="option"
      aria-description={clip.starred ? 'Starred' : undefined}
      aria-selected={selected}
      aria-posinset={at + 1}
      aria-setsize={of}
      data-at={at}
      tabIndex={current ? 0 : -1}
      className={classes(css.tile, selected && css.selected)}
      style={{ left, width }}
    >
      <div className={css.frame} style={{ height }}>
        <ClipPicture clip={clip} hot={hot} />
      </div>
      <span className={css.name}>{clip.name}</span>
    </div>
  )
})

/** The selection of the wall is the window's selection of clips; anchor and focus are its own. */
function useClipSelection(table: Table): [Selection, (next: Selection) => void] {
  const ids = useUi((state) => state.selectedClips)
  const [{ anchor, focus }, setPlace] = useState(nothingSelected)
  const selection = useMemo(() => {
    const { anchor: from, focus: at } = within(table, { ...nothingSelected, anchor, focus })
    return { chosen: new Set(ids), anchor: from, focus: at }
  }, [table, ids, anchor, focus])
  const set = (next: Selection): void => {
    setPlace(next)
    if (next.chosen !== selection.chosen) useUi.setState({ selectedClips: [...next.chosen] })
  }
  return [selection, set]
}

function indexOf(target: HTMLElement): number | undefined {
  const at = target.closest<HTMLElement>('[data-at]')?.dataset.at
  return at === undefined ? undefined : Number(at)
}

const tileAt = (within: HTMLElement | null, at: number): HTMLElement | null | undefined =>
  within?.querySelector<HTMLElement>(`[data-at="${at}"]`)
