// The gallery: humans x places for a motion (or all motions), or every clip of the library; at the right queue, settings, clip.
import { useEffect, useMemo, useState } from 'react'
import { Images } from 'lucide-react'
import type { AssetKind, ProjectDocument } from '../../../main/api'
import { removeAssets, toggleStar } from '../../app/actions/library'
import { useCommands } from '../../app/commands'
import { useJobs } from '../../app/stores/jobs'
import { ofKind, useLibrary } from '../../app/stores/library'
import { useProject } from '../../app/stores/project'
import { useUi } from '../../app/stores/ui'
import { Button, EmptyState } from '../../ui'
import { AddSheet } from './AddSheet'
import { AllClips } from './AllClips'
import { compareClips, exportClips, queueable } from './actions'
import { indexCells } from './cells'
import type { CellIndex } from './cells'
import { Header } from './Header'
import { Matrix } from './Matrix'
import { cellMenu, clipMenu, headMenu } from './menus'
import { pickAll, pickNone, within } from './selection'
import { SidePanel } from './SidePanel'
import { motionsShown, useGallery } from './state'
import { layMatrix } from './table'
import type { Matrix as MatrixModel } from './table'
import css from './gallery.module.css'

export function GalleryWorkspace() {
  const document = useProject((state) => state.project?.document)
  return (
    <div className={css.workspace}>
      {document ? <Gallery document={document} /> : <div className={css.main} />}
      <SidePanel />
    </div>
  )
}

function Gallery({ document }: { readonly document: ProjectDocument }) {
  const assets = useLibrary((state) => state.assets)
  const jobs = useJobs((state) => state.jobs)
  const { view, motion } = useGallery()
  const selectedClips = useUi((state) => state.selectedClips)
  const [adding, setAdding] = useState<AssetKind>()
  const [head, setHead] = useState<string>()

  const clips = useMemo(() => ofKind(assets, 'clip'), [assets])
  const own = useMemo(() => new Set(document.clips), [document.clips])
  const index = useMemo(() => indexCells(clips, jobs.values(), own), [clips, jobs, own])
  const names = useMemo(() => (id: string) => assets.get(id)?.name ?? 'Missing', [assets])
  const matrix = useMemo(
    () => layMatrix(document, motionsShown(motion, document.motions, document.chosen.motion)),
    [document.humans, document.backgrounds, document.motions, document.chosen.motion, motion],
  )
  const siblings = useSiblingsOf(matrix, index)
  useMatrixSelection(matrix, index, view === 'matrix')
  const chosen = useGallery((state) => state.selection.chosen)
  const toQueue = useMemo(() => (view === 'matrix' ? queueable(index, chosen) : []), [index, chosen, view])

  useCommands(
    {
      'edit.selectAll': () =>
        view === 'matrix'
          ? useGallery.setState((state) => ({ selection: pickAll(matrix.table, state.selection) }))
          : useUi.setState({ selectedClips: clips.map(({ id }) => id) }),
      'edit.selectNone': () => {
        useGallery.setState((state) => ({ selection: pickNone(state.selection) }))
        useUi.setState({ selectedClips: [] })
      },
      'edit.delete': () => void removeAssets(selectedClips),
      'edit.star': () => selectedClips.length > 0 && toggleStar(selectedClips),
      'view.compare': () => compareClips(selectedClips),
      'clips.export': () => exportClips(selectedClips),
    },
    [view, matrix, clips, selectedClips],
  )

  const menu = head
    ? headMenu(assets.get(head), toQueue)
    : view === 'matrix'
      ? cellMenu(index, [...chosen], selectedClips, siblings)
      : clipMenu(selectedClips, clips)
  const empty = missingKind(document)
  return (
    <section className={css.main} aria-label="Gallery">
      <Header document={document} matrix={matrix} index={index} clips={clips} toQueue={toQueue} chosen={chosen.size} />
      {view === 'clips' ? (
        <AllClips clips={clips} menu={menu} />
      ) : empty ? (
        <Empty kind={empty} onAdd={setAdding} />
      ) : (
        <Matrix
          matrix={matrix}
          document={document}
          index={index}
          names={names}
          siblings={siblings}
          menu={menu}
          onAdd={setAdding}
          onContext={setHead}
        />
      )}
      {adding && <AddSheet kind={adding} document={document} onClose={() => setAdding(undefined)} />}
    </section>
  )
}

/** Clips of the matrix in reading order: what 'next' means in the viewer. */
function useSiblingsOf({ table }: MatrixModel, index: CellIndex): readonly string[] {
  return useMemo(() => {
    // A table of a quarter of a million cells is not read through for this: the viewer then goes by age.
    if (table.rows * table.columns > 20_000) return []
    const ids: string[] = []
    for (let row = 0; row < table.rows; row++)
      for (let column = 0; column < table.columns; column++) {
        const clip = index.clips.get(table.key(row, column))
        if (clip) ids.push(clip.id)
      }
    return ids
  }, [table, index])
}

/** Keeps the selection within the matrix, and makes its clips the window's selected clips. */
function useMatrixSelection({ table }: MatrixModel, index: CellIndex, active: boolean): void {
  const selection = useGallery((state) => state.selection)
  useEffect(() => {
    useGallery.setState((state) => ({ selection: within(table, state.selection) }))
  }, [table])
  useEffect(() => {
    if (!active) return
    const ids: string[] = []
    for (const key of selection.chosen) {
      const clip = index.clips.get(key)
      if (clip) ids.push(clip.id)
    }
    const now = useUi.getState().selectedClips
    if (ids.length !== now.length || ids.some((id, i) => id !== now[i])) useUi.setState({ selectedClips: ids })
  }, [selection.chosen, index.clips, active])
}

function missingKind(document: ProjectDocument): 'human' | 'background' | 'motion' | undefined {
  if (document.humans.length === 0) return 'human'
  if (document.backgrounds.length === 0) return 'background'
  return document.motions.length === 0 ? 'motion' : undefined
}

const words = {
  human: { title: 'No humans on the table', text: 'Each human becomes a row.', add: 'Add humans' },
  background: { title: 'No places on the table', text: 'Each place becomes a column.', add: 'Add places' },
  motion: { title: 'No motion on the table', text: 'A motion moves every human in every place.', add: 'Add motions' },
}

function Empty({ kind, onAdd }: { kind: keyof typeof words; onAdd: (kind: AssetKind) => void }) {
  const { title, text, add } = words[kind]
  return (
    <EmptyState icon={Images} title={title} action={<Button onClick={() => onAdd(kind)}>{add}</Button>}>
      {text}
    </EmptyState>
  )
}
