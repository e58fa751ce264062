// What the gallery's buttons, menus and keys do, beyond the actions that the whole window shares.
import type { Asset } from '../../../main/api'
import { call } from '../../app/client'
import { queueCombinations } from '../../app/actions/render'
import { useUi, complain, say } from '../../app/stores/ui'
import { openClip } from '../viewer/open'
import { cellAt, combinationOf } from './cells'
import type { CellIndex } from './cells'

/** jobs.add takes so many requests at once. */
const most = 2000

/** The cells of `keys` that a click on 'Queue' would queue: those with no job under way. */
export const queueable = (index: CellIndex, keys: Iterable<string>): string[] =>
  [...keys].filter((key) => {
    const { state } = cellAt(index, key)
    return state !== 'queued' && state !== 'running'
  })

export async function queueCells(keys: readonly string[]): Promise<void> {
  try {
    for (let at = 0; at < keys.length; at += most) await queueCombinations(keys.slice(at, at + most).map(combinationOf))
  } catch (error) {
    complain(error)
  }
}

/** Opens a cell's clip, or queues the combination when there is none and nothing is under way. */
export function openCell(index: CellIndex, key: string, siblings: readonly string[]): void {
  const { clip, state, job } = cellAt(index, key)
  if (clip && state !== 'failed' && state !== 'interrupted') return openClip(clip.id, siblings)
  if (state === 'empty' || state === 'cancelled') return void queueCells([key])
  if (job && (state === 'failed' || state === 'interrupted')) retry([job.id])
}

export const retry = (ids: readonly string[]): void => void call('jobs.retry', { ids: [...ids] }).catch(complain)
export const cancel = (ids: readonly string[]): void => void call('jobs.cancel', { ids: [...ids] }).catch(complain)
export const reveal = (asset: Asset): void => void call('host.reveal', { asset: asset.id }).catch(complain)

export function exportClips(ids: readonly string[]): void {
  if (ids.length === 0) return void say('info', 'Select the clips to export first.')
  useUi.setState({ selectedClips: ids, sheet: 'export' })
}

/** Two clips side by side; with any other number it says what is needed. */
export function compareClips(ids: readonly string[]): void {
  if (ids.length === 2) useUi.setState({ viewer: ids })
  else say('info', 'Select two clips to compare them.')
}
