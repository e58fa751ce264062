// The button 'Use these settings', wherever a clip is shown.
import type { Asset } from '../../../main/api'
import { useLibrary } from '../../app/stores/library'
import { edit, history } from '../../app/stores/project'
import { complain, say } from '../../app/stores/ui'
import { lostOf, withSettingsOf } from './settings-of'

/** Takes over everything that made `clip`, as one undoable step. */
export function takeSettingsOf(clip: Asset): void {
  const { clip: facts, name } = clip
  if (!facts) return
  const { assets } = useLibrary.getState()
  edit(`Use the settings of ${name}`, (document) => withSettingsOf(document, facts, assets))
  const lost = lostOf(facts, assets)
  const without =
    lost.length > 0 ? ` Its ${lost.join(', ')} ${lost.length > 1 ? 'are' : 'is'} no longer in the library.` : ''
  say('info', `The settings of ${name} are in use.${without}`, {
    label: 'Undo',
    run: () => void history.undo().catch(complain),
  })
}
