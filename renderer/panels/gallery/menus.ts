// What the right mouse button (or the menu key) offers in the gallery.
import {
  Columns2,
  Copy,
  Download,
  FolderOpen,
  ListPlus,
  Minus,
  Pencil,
  Play,
  RotateCcw,
  Settings2,
  Star,
  Trash2,
  X,
} from 'lucide-react'
import type { Asset } from '../../../main/api'
import { choose, removeAssets, toggleOnTable, toggleStar } from '../../app/actions/library'
import { bridge } from '../../app/client'
import { assetOf } from '../../app/stores/library'
import { useUi } from '../../app/stores/ui'
import type { MenuItem } from '../../ui'
import { openClip } from '../viewer/open'
import { takeSettingsOf } from '../viewer/take-settings'
import { cancel, compareClips, exportClips, openCell, queueable, queueCells, retry, reveal } from './actions'
import { cellAt } from './cells'
import type { CellIndex } from './cells'

/** On clips: `ids` are the selected ones, `clips` what the viewer walks through. */
export function clipMenu(ids: readonly string[], clips: readonly Asset[]): MenuItem[] {
  return ids.length === 0
    ? []
    : clipItems(
        ids,
        clips.map(({ id }) => id),
        false,
      )
}

/** On cells of the matrix: their jobs first, then their clips. */
export function cellMenu(
  index: CellIndex,
  keys: readonly string[],
  ids: readonly string[],
  siblings: readonly string[],
): MenuItem[] {
  const jobs = keys.flatMap((key) => cellAt(index, key).job ?? [])
  const waiting = jobs.filter(({ state }) => state === 'queued' || state === 'running')
  const lost = jobs.filter(({ state }) => state === 'failed' || state === 'interrupted' || state === 'cancelled')
  const fresh = queueable(index, keys)
  return [
    ...(fresh.length > 0
      ? [
          {
            label: fresh.length === 1 ? 'Queue' : `Queue ${fresh.length}`,
            icon: ListPlus,
            run: () => void queueCells(fresh),
          },
        ]
      : []),
    ...(lost.length > 0 ? [{ label: 'Retry', icon: RotateCcw, run: () => retry(lost.map(({ id }) => id)) }] : []),
    ...(waiting.length > 0
      ? [
          {
            label: waiting.length === 1 ? 'Cancel' : `Cancel ${waiting.length}`,
            icon: X,
            run: () => cancel(waiting.map(({ id }) => id)),
          },
        ]
      : []),
    ...(ids.length > 0 ? clipItems(ids, siblings, true) : []),
    ...(ids.length === 0 && fresh.length === 0 && keys.length === 1
      ? [{ label: 'Open', icon: Play, run: () => openCell(index, keys[0]!, siblings) }]
      : []),
  ]
}

function clipItems(ids: readonly string[], siblings: readonly string[], group: boolean): MenuItem[] {
  const one = ids.length === 1 ? assetOf(ids[0]) : undefined
  const starred = ids.every((id) => assetOf(id)?.starred)
  return [
    ...(one ? [{ label: 'Open', icon: Play, run: () => openClip(one.id, siblings), group }] : []),
    ...(ids.length === 2
      ? [{ label: 'Compare', icon: Columns2, shortcut: 'W', run: () => compareClips(ids), group }]
      : []),
    ...(one ? [{ label: 'Use these settings', icon: Settings2, run: () => takeSettingsOf(one) }] : []),
    { label: starred ? 'Unstar' : 'Star', icon: Star, shortcut: 'S', run: () => toggleStar(ids) },
    ...(one ? [{ label: 'Rename', icon: Pencil, run: () => useUi.setState({ side: 'clip' }) }] : []),
    { label: 'Export…', icon: Download, shortcut: 'CmdOrCtrl+E', run: () => exportClips(ids) },
    ...(one && bridge.host === 'electron'
      ? [{ label: 'Show in folder', icon: FolderOpen, run: () => reveal(one) }]
      : []),
    {
      label: ids.length === 1 ? 'Delete' : `Delete ${ids.length} clips`,
      icon: Trash2,
      shortcut: 'Delete',
      danger: true,
      group: true,
      run: () => void removeAssets(ids),
    },
  ]
}

/** On the head of a row or column, whose cells are selected then. */
export function headMenu(asset: Asset | undefined, toQueue: readonly string[]): MenuItem[] {
  if (!asset) return []
  return [
    ...(toQueue.length > 0
      ? [{ label: `Queue ${toQueue.length}`, icon: ListPlus, run: () => void queueCells(toQueue) }]
      : []),
    { label: `Choose ${asset.name}`, icon: Copy, run: () => choose(asset) },
    { label: `Take ${asset.name} off the table`, icon: Minus, group: true, run: () => toggleOnTable(asset) },
  ]
}
