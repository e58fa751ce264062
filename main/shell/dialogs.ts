// The system's own dialogs, in which the artist names places on the disk; the window never does.
import { dialog, shell } from 'electron'
import type { BrowserWindow, OpenDialogOptions } from 'electron'
import type { StudioOptions } from '../studio/studio'

type Dialogs = StudioOptions['dialogs']
type What = Parameters<Dialogs['choose']>[0]['what']

const projects = [{ name: 'AnimateAnywhere project', extensions: ['anywhere'] }]
const folder = ['openDirectory', 'createDirectory'] as const
const toOpen: Readonly<Record<Exclude<What, 'project-to-save'>, OpenDialogOptions>> = {
  'project-to-open': { title: 'Open project', filters: projects, properties: ['openFile'] },
  'export-folder': { title: 'Folder to export to', buttonLabel: 'Export here', properties: [...folder] },
  'dataset-folder': { title: 'Folder of the footage', buttonLabel: 'Use this folder', properties: [...folder] },
  'library-folder': { title: 'Folder for the library', buttonLabel: 'Move the library here', properties: [...folder] },
  'model-folder': {
    title: 'Model folder in the layout of diffusers (it stays where it is)',
    buttonLabel: 'Import this model',
    properties: ['openDirectory'],
  },
}

/** Dialogs of whichever window is there. */
export function openDialogs(current: () => BrowserWindow | undefined): Dialogs {
  return {
    async choose({ what, name }) {
      const window = current()
      if (!window) return null
      if (what === 'project-to-save') {
        const defaultPath = name?.replace(/[\\/:*?"<>|]/g, '-')
        const options = { title: 'Save project', filters: projects, ...(defaultPath ? { defaultPath } : {}) }
        const { canceled, filePath } = await dialog.showSaveDialog(window, options)
        return canceled || !filePath ? null : filePath
      }
      const { canceled, filePaths } = await dialog.showOpenDialog(window, toOpen[what])
      return canceled ? null : (filePaths[0] ?? null)
    },
    reveal(path) {
      shell.showItemInFolder(path)
      return Promise.resolve()
    },
  }
}
