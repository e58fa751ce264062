// The window's calls, uploads and events. Each message's sender is checked: the main frame of our own window, showing our own page.
import { ipcMain } from 'electron'
import type { BrowserWindow, IpcMainInvokeEvent } from 'electron'
import { uploadLimit } from '../api'
import type { Reply } from '../api'
import type { Studio } from '../studio/studio'
import { isStudioUrl } from './origin'

/** Calls wait until the studio is open. A refused sender gets an exception, not a reply. */
export function connectWindow(studio: Promise<Studio>, current: () => BrowserWindow | undefined): void {
  const assertOurs = ({ sender, senderFrame }: IpcMainInvokeEvent): void => {
    const ours = current()?.webContents
    if (sender !== ours || senderFrame === null || senderFrame !== ours.mainFrame || !isStudioUrl(senderFrame.url))
      throw new Error('refused: not the window of the studio')
  }
  ipcMain.handle('anywhere:call', async (event, method: unknown, input: unknown): Promise<Reply> => {
    assertOurs(event)
    return (await studio).call(method, input)
  })
  ipcMain.handle('anywhere:upload', async (event, name: unknown, bytes: unknown): Promise<Reply> => {
    assertOurs(event)
    if (typeof name !== 'string' || !(bytes instanceof Uint8Array) || bytes.length > uploadLimit)
      return { ok: false, error: { message: 'upload: wants a name and at most 1 GiB of bytes', user: false } }
    return (await studio).upload(name, bytes)
  })
}
