// A clip at full size, frame by frame, with all that made it; or two of them under a wipe.
import { useMemo } from 'react'
import type { KeyboardEvent } from 'react'
import { ArrowLeftRight, ChevronLeft, ChevronRight, Columns2, Download, Star, Trash2, X } from 'lucide-react'
import type { Asset } from '../../../main/api'
import { removeAssets, toggleStar } from '../../app/actions/library'
import { useCommands } from '../../app/commands'
import { ofKind, useLibrary } from '../../app/stores/library'
import { useUi } from '../../app/stores/ui'
import { Button, Dialog, IconButton, Select } from '../../ui'
import { ClipFacts } from './ClipFacts'
import { useSiblings } from './open'
import { Screen } from './Screen'
import { takeSettingsOf } from './take-settings'
import css from './viewer.module.css'

const close = (): void => useUi.setState({ viewer: [] })
const show = (...ids: readonly string[]): void => useUi.setState({ viewer: ids })

/** Open while clips are in `useUi.viewer`. */
export function ClipViewer() {
  const viewer = useUi((state) => state.viewer)
  const assets = useLibrary((state) => state.assets)
  const [first, second] = viewer.map((id) => assets.get(id)).filter((clip) => clip?.clip !== undefined)
  return first ? <Viewer clip={first} other={second} /> : null
}

function Viewer({ clip, other }: { readonly clip: Asset; readonly other: Asset | undefined }) {
  const siblings = useNeighbours(clip.id)
  const selected = useUi((state) => state.selectedClips)

  const at = siblings.findIndex(({ id }) => id === clip.id)
  const go = (by: number): void => {
    const next = siblings[at + by]
    if (next && !other) show(next.id)
  }
  const compare = (): void => {
    if (other) return show(clip.id)
    const partner = selected.length === 2 ? selected.find((id) => id !== clip.id) : undefined
    const next = partner ?? siblings[at + 1]?.id ?? siblings[at - 1]?.id
    if (next) show(clip.id, next)
  }
  const remove = (): void => {
    const next = siblings[at + 1] ?? siblings[at - 1]
    show(...(other ? [other.id] : next ? [next.id] : []))
    void removeAssets([clip.id])
  }
  const exporting = (): void => useUi.setState({ sheet: 'export' })
  const star = (): void => toggleStar([clip.id])
  const swap = (): void => other && show(other.id, clip.id)

  useCommands(
    {
      'edit.star': star,
      'edit.delete': remove,
      'edit.selectAll': () => undefined,
      'edit.selectNone': close,
      'view.compare': compare,
      'clips.export': exporting,
    },
    [clip, other, siblings, selected],
  )
  const key = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return
    if ((event.target as HTMLElement).getAttribute('role') === 'slider') return
    if (event.key === 'PageDown' || event.key === 'ArrowDown') go(1)
    else if (event.key === 'PageUp' || event.key === 'ArrowUp') go(-1)
    else return
    event.preventDefault()
  }
  return (
    <Dialog title="Clip viewer" look="full" onClose={close}>
      <div className={css.viewer} onKeyDown={key}>
        <header className={css.bar}>
          <IconButton
            icon={ChevronLeft}
            label="Previous clip"
            disabled={at <= 0 || other !== undefined}
            onClick={() => go(-1)}
          />
          <IconButton
            icon={ChevronRight}
            label="Next clip"
            disabled={at < 0 || at >= siblings.length - 1 || other !== undefined}
            onClick={() => go(1)}
          />
          <h2 className={css.title}>{clip.name}</h2>
          {other ? (
            <>
              <IconButton icon={ArrowLeftRight} label="Swap" onClick={swap} />
              <Select
                className={css.partner}
                label="Compare with"
                value={other.id}
                options={siblings
                  .filter(({ id }) => id !== clip.id)
                  .map(({ id, name }) => ({ value: id, label: name }))}
                onChange={(id) => show(clip.id, id)}
              />
            </>
          ) : (
            at >= 0 && (
              <span className={css.count}>
                {(at + 1).toLocaleString('en')} of {siblings.length.toLocaleString('en')}
              </span>
            )
          )}
          <span className={css.space} />
          <Button
            icon={Columns2}
            aria-pressed={other !== undefined}
            className={other ? css.on : undefined}
            disabled={siblings.length < 2}
            onClick={compare}
          >
            Compare
          </Button>
          <IconButton icon={Star} label="Star" shortcut="S" pressed={clip.starred} onClick={star} />
          <IconButton icon={Download} label="Export" shortcut="CmdOrCtrl+E" onClick={exporting} />
          <IconButton icon={Trash2} label="Delete" shortcut="Delete" onClick={remove} />
          <IconButton icon={X} label="Close" shortcut="Escape" onClick={close} />
        </header>
        <div className={css.body}>
          <Screen key={clip.id} clip={clip} other={other} />
          <aside className={css.side} aria-label="What made it">
            <Facts clip={clip} label={other ? 'Left' : undefined} />
            {other && <Facts clip={other} label="Right" />}
          </aside>
        </div>
      </div>
    </Dialog>
  )
}

function Facts({ clip, label }: { readonly clip: Asset; readonly label: string | undefined }) {
  return (
    <section className={css.facts} aria-label={label ? `${label}: ${clip.name}` : 'Settings'}>
      {label && (
        <h3>
          {label}: {clip.name}
        </h3>
      )}
      <Button className={css.use} onClick={() => takeSettingsOf(clip)}>
        Use these settings
      </Button>
      <ClipFacts clip={clip} />
    </section>
  )
}

/** The clips that 'next' and 'previous' go through. */
function useNeighbours(id: string): readonly Asset[] {
  const ids = useSiblings((state) => state.ids)
  const assets = useLibrary((state) => state.assets)
  return useMemo(() => {
    const listed = ids.map((other) => assets.get(other)).filter((clip) => clip !== undefined)
    return listed.some((clip) => clip.id === id) ? listed : ofKind(assets, 'clip')
  }, [ids, assets, id])
}
