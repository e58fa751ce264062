// Thumbnails in rows, of which only those in sight exist. One stop for the Tab key; arrow keys walk, Enter chooses or opens.
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import type { Asset } from '../../../main/api'
import { choose, removeAssets, toggleStar } from '../../app/actions/library'
import { neighbour, onTable } from '../../app/actions/document'
import { useCommands } from '../../app/commands'
import { useProject } from '../../app/stores/project'
import { useUi } from '../../app/stores/ui'
import { AssetCard } from './AssetCard'
import { moveInGrid, rangeBetween } from './filter'
import css from './library.module.css'

interface Props {
  readonly label: string
  readonly assets: readonly Asset[]
  /** Clips are selected, several at once; the others are chosen, one of a kind. */
  readonly multiple: boolean
  readonly onTags: (id: string) => void
}

/** Pixels: the narrowest card, the gap, and the name below the picture. */
const narrowest = 84
const gap = 8
const nameHeight = 27

export function AssetGrid({ label, assets, multiple, onTags }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const columns = Math.max(1, Math.floor((width + gap) / (narrowest + gap)))
  const cardWidth = (width - (columns - 1) * gap) / columns
  const rowHeight = Math.round(cardWidth * 0.75) + nameHeight + gap

  const stopRow = useRef(0)
  const rows = useVirtualizer({
    count: Math.ceil(assets.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    // The card with the Tab stop stays, or the keyboard could not come back to the list.
    rangeExtractor: (range) => [...new Set([stopRow.current, ...defaultRangeExtractor(range)])].sort((a, b) => a - b),
  })
  useEffect(() => rows.measure(), [rows, rowHeight])

  const { active, setActive, focus } = useRoving(assets, scroller, (index) =>
    rows.scrollToIndex(Math.floor(index / columns)),
  )
  const { isSelected, select, targets } = useSelection(assets, multiple)
  const stop = active ?? assets.find(isSelected)?.id ?? assets[0]?.id
  stopRow.current = Math.floor(
    Math.max(
      0,
      assets.findIndex(({ id }) => id === stop),
    ) / columns,
  )
  const [renaming, setRenaming] = useState<string>()
  const [inside, setInside] = useState(false)

  const remove = (ids: readonly string[]): void => {
    const order = assets.map(({ id }) => id)
    const next = neighbour(order, ids.at(-1)!, new Set(ids))
    void removeAssets(ids).then(() => next !== undefined && focus(next))
  }
  useCommands(
    inside && active !== undefined
      ? {
          'edit.delete': () => remove(targets(active)),
          'edit.star': () => toggleStar(targets(active)),
          ...(multiple && { 'edit.selectAll': () => useUi.setState({ selectedClips: assets.map(({ id }) => id) }) }),
        }
      : {},
    [inside, active, assets],
  )

  const key = (event: KeyboardEvent, asset: Asset, index: number): void => {
    const to = moveInGrid(event.key, index, assets.length, columns)
    if (to !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      const next = assets[to]!
      focus(next.id)
      if (multiple) select(next, event.shiftKey ? 'range' : 'only')
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      choose(asset)
    } else if (event.key === ' ') {
      event.preventDefault()
      if (multiple) select(asset, 'toggle')
      else choose(asset)
    } else if (event.key === 'F2') {
      event.preventDefault()
      setRenaming(asset.id)
    }
  }
  const click = (event: MouseEvent, asset: Asset): void => {
    setActive(asset.id)
    if (!multiple) choose(asset)
    else select(asset, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')
  }

  return (
    <div ref={scroller} className={css.scroller}>
      <div
        role="listbox"
        aria-label={label}
        aria-multiselectable={multiple || undefined}
        className={css.grid}
        style={{ height: rows.getTotalSize() }}
        onFocus={() => setInside(true)}
        onBlur={({ currentTarget: list }) => {
          // Asked a moment later: closing the name's editor moves the focus back into the list while it is leaving it.
          setTimeout(() => setInside(list.contains(document.activeElement)))
        }}
      >
        {width > 0 &&
          // All cards are children of one element: a card that moves to another row stays the same element and keeps the focus.
          rows.getVirtualItems().flatMap((row) =>
            assets.slice(row.index * columns, (row.index + 1) * columns).map((asset, column) => {
              const index = row.index * columns + column
              return (
                <AssetCard
                  key={asset.id}
                  asset={asset}
                  selected={isSelected(asset)}
                  focusable={asset.id === stop}
                  position={index + 1}
                  of={assets.length}
                  left={column * (cardWidth + gap)}
                  top={row.start}
                  width={cardWidth}
                  pictureHeight={Math.round(cardWidth * 0.75)}
                  renaming={renaming === asset.id}
                  onRenaming={(on) => {
                    setRenaming(on ? asset.id : undefined)
                    if (!on) focus(asset.id)
                  }}
                  onTags={() => onTags(asset.id)}
                  onRemove={() => remove(targets(asset.id))}
                  onStar={() => toggleStar(targets(asset.id))}
                  onClick={(event) => click(event, asset)}
                  onOpen={() => choose(asset)}
                  onFocus={() => setActive(asset.id)}
                  onKeyDown={(event) => key(event, asset, index)}
                />
              )
            }),
          )}
      </div>
    </div>
  )
}

/** Inner width of the element, pixels, without its padding. */
function useWidth(element: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(element.current!)
    return () => observer.disconnect()
  }, [element])
  return width
}

/** Which card takes the focus; `focus` brings it into sight first. */
function useRoving(
  assets: readonly Asset[],
  scroller: React.RefObject<HTMLDivElement | null>,
  reveal: (index: number) => void,
) {
  const [active, setActive] = useState<string>()
  const wanted = useRef<string>(undefined)
  useEffect(() => {
    if (wanted.current === undefined) return
    const option = scroller.current?.querySelector<HTMLElement>(`[data-asset="${wanted.current}"]`)
    if (option) wanted.current = undefined
    option?.focus()
  })
  const focus = (id: string): void => {
    wanted.current = id
    const index = assets.findIndex((asset) => asset.id === id)
    if (index >= 0) reveal(index)
    setActive(undefined) // so that setting it always draws again
    setActive(id)
    scroller.current?.querySelector<HTMLElement>(`[data-asset="${id}"]`)?.focus()
  }
  const there = active !== undefined && assets.some(({ id }) => id === active)
  return { active: there ? active : undefined, setActive, focus }
}

function useSelection(assets: readonly Asset[], multiple: boolean) {
  const selectedClips = useUi((state) => state.selectedClips)
  const chosen = useProject((state) => state.project?.document.chosen)
  const anchor = useRef<string>(undefined)

  const isSelected = ({ id, kind }: Asset): boolean =>
    multiple ? selectedClips.includes(id) : onTable(kind) && chosen?.[kind] === id

  const select = ({ id }: Asset, how: 'only' | 'toggle' | 'range'): void => {
    if (how !== 'range') anchor.current = id
    const order = assets.map((asset) => asset.id)
    useUi.setState({
      selectedClips:
        how === 'only'
          ? [id]
          : how === 'range'
            ? rangeBetween(order, anchor.current, id)
            : selectedClips.includes(id)
              ? selectedClips.filter((other) => other !== id)
              : [...selectedClips, id],
    })
  }
  /** What an action on the asset acts on: the whole selection when it is part of it. */
  const targets = (id: string): readonly string[] => (multiple && selectedClips.includes(id) ? selectedClips : [id])
  return { isSelected, select, targets }
}
