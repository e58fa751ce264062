// Puts humans, places or motions of the library on the project's table: the rows, columns and motions of the gallery.
import { useMemo, useState } from 'react'
import { Check, Images } from 'lucide-react'
import { thumbnailUrl } from '../../../main/api'
import type { AssetKind, ProjectDocument } from '../../../main/api'
import { lists, onTable } from '../../app/actions/document'
import { run } from '../../app/commands'
import { ofKind, useLibrary } from '../../app/stores/library'
import { edit } from '../../app/stores/project'
import { Button, Dialog, EmptyState, SearchField, classes } from '../../ui'
import { count } from '../queue/words'
import css from './gallery.module.css'

const words: Readonly<Record<string, { many: string; one: string }>> = {
  human: { many: 'humans', one: 'human' },
  background: { many: 'places', one: 'place' },
  motion: { many: 'motions', one: 'motion' },
}

interface Props {
  readonly kind: AssetKind
  readonly document: ProjectDocument
  readonly onClose: () => void
}

export function AddSheet({ kind, document, onClose }: Props) {
  const assets = useLibrary((state) => state.assets)
  const [search, setSearch] = useState('')
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const { many, one } = words[kind] ?? words.motion!
  const offered = useMemo(() => {
    const there = new Set(onTable(kind) ? document[lists[kind]] : [])
    return ofKind(assets, kind).filter(({ id }) => !there.has(id))
  }, [assets, kind, document])
  const shown = offered.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()))

  const toggle = (id: string): void => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setPicked(next)
  }
  const add = (): void => {
    if (!onTable(kind)) return
    const list = lists[kind]
    const ids = offered.filter(({ id }) => picked.has(id)).map(({ id }) => id)
    edit(`Add ${count(ids.length, one, many)}`, (now) => ({
      ...now,
      [list]: [...now[list], ...ids.filter((id) => !now[list].includes(id))],
      chosen: now.chosen[kind] === null ? { ...now.chosen, [kind]: ids[0] ?? null } : now.chosen,
    }))
    onClose()
  }
  return (
    <Dialog
      title={`Add ${many}`}
      width={640}
      onClose={onClose}
      footer={
        <>
          <Button
            variant="quiet"
            onClick={() => {
              onClose()
              run('library.import')
            }}
          >
            Import files…
          </Button>
          <Button variant="primary" disabled={picked.size === 0} onClick={add}>
            {picked.size === 0 ? 'Add' : `Add ${count(picked.size, one, many)}`}
          </Button>
        </>
      }
    >
      {offered.length === 0 ? (
        <EmptyState icon={Images} title={`All ${many} of the library are here already`}>
          Import more of them to go on.
        </EmptyState>
      ) : (
        <>
          <SearchField value={search} onChange={setSearch} label={`Search ${many}`} />
          <div role="group" aria-label={`Choose ${many}`} className={css.offer}>
            {shown.map(({ id, name }) => (
              <button
                key={id}
                type="button"
                role="checkbox"
                aria-checked={picked.has(id)}
                aria-label={name}
                className={classes(css.offered, picked.has(id) && css.picked)}
                onClick={() => toggle(id)}
              >
                <img
                  src={thumbnailUrl(id)}
                  alt=""
                  loading="lazy"
                  decoding="async"
                  style={{ objectPosition: kind === 'human' ? '50% 12%' : undefined }}
                />
                {picked.has(id) && <Check size={14} aria-hidden />}
                <span>{name}</span>
              </button>
            ))}
          </div>
        </>
      )}
    </Dialog>
  )
}
