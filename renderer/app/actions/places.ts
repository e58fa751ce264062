// Places on the disk: the app asks with the system's own dialog; in a browser the artist types a path of the machine that
// `anywhere serve` runs on.
import type { Grant, Input } from '../../../main/api'
import { bridge, call } from '../client'
import { ask } from '../stores/prompt'

type Choice = Input<'host.choose'>
type What = Choice['what']

const titles: Record<What, string> = {
  'project-to-open': 'Open project',
  'project-to-save': 'Save project as',
  'export-folder': 'Folder for exports',
  'dataset-folder': 'Folder of the footage',
  'library-folder': 'Folder for the library',
  'model-folder': 'Model folder in the layout of diffusers',
}

/** null: the artist thought better of it. Throws StudioError when the place cannot be used. */
export async function choosePlace(choice: Choice): Promise<Grant | null> {
  if (bridge.host === 'electron') return call('host.choose', choice)
  const answer = await ask({
    title: titles[choice.what],
    text: 'A path on the machine that the studio runs on. "~" is your home folder there.',
    path: { label: choice.what.startsWith('project') ? 'File' : 'Folder', start: choice.name ?? '' },
    answers: [{ value: 'ok', label: choice.what === 'project-to-save' ? 'Save' : 'Choose', variant: 'primary' }],
  })
  return answer?.path ? call('host.grant', { what: choice.what, path: answer.path }) : null
}
