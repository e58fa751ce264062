// One asset of the library: its picture, name and star, with what can be done to it under the right mouse button.
import { memo, useState } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { Check, Folder, Pencil, Play, Star, Tag, Trash2 } from 'lucide-react'
import { thumbnailUrl } from '../../../main/api'
import type { Asset } from '../../../main/api'
import { bridge, call } from '../../app/client'
import { lists, onTable } from '../../app/actions/document'
import { choose, rename, toggleOnTable } from '../../app/actions/library'
import { useProject } from '../../app/stores/project'
import { complain } from '../../app/stores/ui'
import { ContextMenu, TextField, classes } from '../../ui'
import type { MenuItem } from '../../ui'
import css from './library.module.css'

interface Props {
  readonly asset: Asset
  readonly selected: boolean
  /** The one card that the Tab key reaches. */
  readonly focusable: boolean
  /** 1-based place in the list, and its length. */
  readonly position: number
  readonly of: number
  /** Where it lies in the list, pixels. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly pictureHeight: number
  readonly renaming: boolean
  readonly onRenaming: (on: boolean) => void
  readonly onTags: () => void
  readonly onRemove: () => void
  readonly onStar: () => void
  readonly onClick: (event: MouseEvent) => void
  readonly onOpen: () => void
  readonly onFocus: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

export const AssetCard = memo(function AssetCard(props: Props) {
  const { asset, selected, focusable, position, of, pictureHeight, renaming, onStar } = props
  const items = useMenu(props)
  return (
    <div
      role="presentation"
      className={css.cell}
      style={{ transform: `translate(${props.left}px, ${props.top}px)`, width: props.width }}
    >
      <ContextMenu items={items}>
        <div
          role="option"
          aria-label={asset.name}
          aria-selected={selected}
          aria-setsize={of}
          aria-posinset={position}
          tabIndex={focusable ? 0 : -1}
          data-asset={asset.id}
          className={css.card}
          onClick={props.onClick}
          onDoubleClick={asset.kind === 'clip' ? props.onOpen : undefined}
          onFocus={props.onFocus}
          onKeyDown={props.onKeyDown}
        >
          <div className={css.picture} style={{ height: pictureHeight }}>
            <Thumbnail asset={asset} />
            {asset.seconds !== undefined && (
              <span className={css.badge} data-length={`${asset.seconds.toFixed(1)} s`} />
            )}
            <span
              className={classes(css.star, asset.starred && css.starred)}
              title={asset.starred ? 'Take the star away' : 'Star'}
              onClick={(event) => {
                event.stopPropagation()
                onStar()
              }}
            >
              <Star size={14} aria-hidden />
            </span>
            {selected && asset.kind !== 'clip' && (
              <span className={css.tick}>
                <Check size={12} strokeWidth={3} aria-hidden />
              </span>
            )}
          </div>
          <div className={css.name} title={asset.name}>
            {asset.name}
          </div>
        </div>
      </ContextMenu>
      {renaming && <NameEditor asset={asset} onDone={() => props.onRenaming(false)} />}
    </div>
  )
})

function Thumbnail({ asset }: { asset: Asset }) {
  const [failed, setFailed] = useState(false)
  if (failed) return <span className={css.noPicture}>No picture</span>
  return (
    <img
      src={thumbnailUrl(asset.id)}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      data-kind={asset.kind}
      onError={() => setFailed(true)}
    />
  )
}

function useMenu({ asset, onRenaming, onTags, onRemove, onStar }: Props): MenuItem[] {
  const { kind } = asset
  const inGallery = useProject((state) => onTable(kind) && state.project?.document[lists[kind]].includes(asset.id))
  return [
    kind === 'clip'
      ? { label: 'Open', icon: Play, shortcut: 'Return', run: () => choose(asset) }
      : { label: 'Choose', icon: Check, shortcut: 'Return', run: () => choose(asset) },
    ...(onTable(kind)
      ? [{ label: 'In the gallery', checked: inGallery === true, run: () => toggleOnTable(asset) }]
      : []),
    {
      label: asset.starred ? 'Take the star away' : 'Star',
      icon: Star,
      shortcut: 'S',
      run: onStar,
      group: true,
    },
    { label: 'Rename', icon: Pencil, shortcut: 'F2', run: () => onRenaming(true) },
    { label: 'Tags…', icon: Tag, run: onTags },
    ...(bridge.host === 'electron'
      ? [
          {
            label: 'Show in folder',
            icon: Folder,
            run: () => void call('host.reveal', { asset: asset.id }).catch(complain),
          },
        ]
      : []),
    { label: 'Delete', icon: Trash2, shortcut: 'Delete', run: onRemove, danger: true, group: true },
  ]
}

function NameEditor({ asset, onDone }: { asset: Asset; onDone: () => void }) {
  const [name, setName] = useState(asset.name)
  const [cancelled, setCancelled] = useState(false)
  return (
    <TextField
      className={css.nameEditor}
      label={`Name of ${asset.name}`}
      autoFocus
      maxLength={120}
      value={name}
      onChange={setName}
      onFocus={(event) => event.target.select()}
      onBlur={() => {
        if (!cancelled) rename(asset.id, name)
        onDone()
      }}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape') setCancelled(true)
        if (event.key === 'Escape' || event.key === 'Enter') {
          const box = event.currentTarget
          setTimeout(() => box.blur())
        }
      }}
    />
  )
}
