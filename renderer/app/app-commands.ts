// The commands that work wherever one is in the window. Panels add theirs while they are mounted, and then come first.
import { useCommands } from './commands'
import { importFiles, pickFiles, pictureKindOf } from './actions/import'
import { removeAssets, toggleStar } from './actions/library'
import { newProject, openProject, sampleProject, saveProject, saveProjectAs } from './actions/project'
import { clearFinished, toggleQueue } from './actions/queue'
import { renderChosen } from './actions/render'
import { history } from './stores/project'
import { complain, say, useUi } from './stores/ui'
import type { Sheet, Workspace } from './stores/ui'

const show = (workspace: Workspace) => () => useUi.setState({ workspace })
const open = (sheet: Sheet) => () => useUi.setState({ sheet })

/** Lets the artist pick files for the library; the open tab says what pictures are. */
export async function importPicked(): Promise<void> {
  const { workspace, tab } = useUi.getState()
  const files = await pickFiles()
  if (files.length > 0) await importFiles(files, workspace === 'animate' ? pictureKindOf(tab) : undefined)
}

function withSelectedClips(act: (ids: readonly string[]) => void): () => void {
  return () => {
    const { viewer, selectedClips } = useUi.getState()
    const ids = viewer.length > 0 ? viewer : selectedClips
    if (ids.length > 0) act(ids)
  }
}

function exportClips(): void {
  const { selectedClips, viewer } = useUi.getState()
  if (selectedClips.length > 0 || viewer.length > 0) return useUi.setState({ sheet: 'export' })
  say('info', 'Select the clips to export first.', { label: 'Show clips', run: show('gallery') })
}

export function useAppCommands(): void {
  useCommands(
    {
      'project.new': newProject,
      'project.open': openProject,
      'project.sample': sampleProject,
      'project.save': saveProject,
      'project.saveAs': saveProjectAs,
      'library.import': () => void importPicked().catch(complain),
      'clips.export': exportClips,
      'app.settings': open('settings'),
      'edit.undo': () => void history.undo().catch(complain),
      'edit.redo': () => void history.redo().catch(complain),
      'edit.selectNone': () => useUi.setState({ selectedClips: [] }),
      'edit.delete': withSelectedClips((ids) => void removeAssets(ids)),
      'edit.star': withSelectedClips(toggleStar),
      'view.animate': show('animate'),
      'view.gallery': show('gallery'),
      'view.train': show('train'),
      'queue.render': () => void renderChosen(),
      'queue.toggle': toggleQueue,
      'queue.clear': clearFinished,
      'help.shortcuts': open('shortcuts'),
      'help.doctor': open('doctor'),
    },
    [],
  )
}
