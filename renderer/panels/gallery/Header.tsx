// Above the gallery: which motion, how much of it is rendered, and what can be done with what is selected.
import { useMemo } from 'react'
import { useEstimate } from '../../app/estimate'
import { requestOf } from '../../app/actions/render'
import { useLibrary } from '../../app/stores/library'
import { useUi } from '../../app/stores/ui'
import type { Asset, ProjectDocument } from '../../../main/api'
import { Button, Select, Tabs, Tooltip } from '../../ui'
import { count, spell, weigh } from '../queue/words'
import { compareClips, exportClips, queueCells } from './actions'
import { combinationOf } from './cells'
import type { CellIndex } from './cells'
import { allMotions, motionsShown, useGallery } from './state'
import type { Matrix } from './table'
import css from './gallery.module.css'

interface Props {
  readonly document: ProjectDocument
  readonly matrix: Matrix
  readonly index: CellIndex
  readonly clips: readonly Asset[]
  /** Keys of the selected cells that can be queued. */
  readonly toQueue: readonly string[]
  /** Selected cells. */
  readonly chosen: number
}

export function Header({ document, matrix, index, clips, toQueue, chosen }: Props) {
  const { view, motion } = useGallery()
  const assets = useLibrary((state) => state.assets)
  const selectedClips = useUi((state) => state.selectedClips)
  const shown = motionsShown(motion, document.motions, document.chosen.motion)
  const { rows, columns } = matrix.table
  const rendered = useMemo(() => countRendered(matrix, index), [matrix, index])
  const selected = view === 'matrix' ? chosen : selectedClips.length
  return (
    <header className={css.header}>
      {view === 'matrix' ? (
        <Select
          className={css.motion}
          label="Motion"
          value={motion === allMotions && document.motions.length > 1 ? allMotions : (shown[0] ?? '')}
          options={[
            ...document.motions.map((id) => ({ value: id, label: assets.get(id)?.name ?? 'Missing' })),
            ...(document.motions.length > 1 ? [{ value: allMotions, label: 'All motions' }] : []),
          ]}
          onChange={(value) => useGallery.setState({ motion: value })}
        />
      ) : (
        <h2 className={css.title}>All clips</h2>
      )}
      <span className={css.count}>
        {view === 'matrix'
          ? `${count(rows * columns, 'combination')} · ${rendered.toLocaleString('en')} rendered`
          : count(clips.length, 'clip')}
      </span>
      <Tabs
        label="View"
        look="pill"
        tabs={[
          { value: 'matrix', label: 'Matrix' },
          { value: 'clips', label: 'All clips' },
        ]}
        value={view}
        onChange={(value) => useGallery.setState({ view: value })}
      />
      <span className={css.space} />
      {selected > 0 && (
        <span className={css.count} role="status">
          {selected.toLocaleString('en')} selected
        </span>
      )}
      <Button disabled={selectedClips.length !== 2} onClick={() => compareClips(selectedClips)}>
        Compare
      </Button>
      <Button disabled={selectedClips.length === 0} onClick={() => exportClips(selectedClips)}>
        Export
      </Button>
      {view === 'matrix' && <QueueButton document={document} keys={toQueue} />}
    </header>
  )
}

/** So many cells are asked about; more are reckoned from these. */
const asked = 48

function QueueButton({ document, keys }: { readonly document: ProjectDocument; readonly keys: readonly string[] }) {
  const requests = useMemo(() => {
    const stride = Math.max(1, Math.ceil(keys.length / asked))
    return keys.filter((_, i) => i % stride === 0).map((key) => requestOf(document, combinationOf(key)))
  }, [keys, document.settings])
  const estimate = useEstimate(requests)
  const seconds = estimate && requests.length > 0 ? (estimate.seconds * keys.length) / requests.length : undefined
  const button = (
    <Button variant="primary" disabled={keys.length === 0} onClick={() => void queueCells(keys)}>
      {keys.length === 0
        ? 'Queue'
        : `Queue ${keys.length.toLocaleString('en')}${seconds === undefined ? '' : ` · ${estimate?.measured ? '' : 'about '}${spell(seconds)}`}`}
    </Button>
  )
  return estimate && keys.length > 0 ? (
    <Tooltip
      text={`Needs about ${weigh(estimate.memory)} of memory${estimate.measured ? '' : '; a rough figure until a clip was made here'}`}
    >
      {button}
    </Tooltip>
  ) : (
    button
  )
}

function countRendered({ table, columns, lines }: Matrix, { clips }: CellIndex): number {
  const humans = new Set<string>()
  const motions = new Set<string>()
  const places = new Set(columns)
  for (const line of lines)
    if (line.kind === 'row') {
      humans.add(line.human)
      motions.add(line.motion)
    }
  let rendered = 0
  if (table.rows > 0)
    for (const key of clips.keys()) {
      const { human, background, motion } = combinationOf(key)
      if (humans.has(human) && places.has(background) && motions.has(motion)) rendered++
    }
  return rendered
}
