// The narrow bridge: all that the page can reach of the app. Runs in the sandbox, in a world of its own.
import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge, Reply, StudioEvent } from './api'

/** The bridge never throws: what the main process refuses becomes a reply. */
async function invoke(channel: string, ...words: readonly unknown[]): Promise<Reply> {
  try {
    return (await ipcRenderer.invoke(channel, ...words)) as Reply
  } catch (error) {
    return { ok: false, error: { message: error instanceof Error ? error.message : String(error), user: false } }
  }
}

const bridge: Bridge = {
  host: 'electron',
  call: (method, input) => invoke('anywhere:call', method, input),
  upload: (name, bytes) => invoke('anywhere:upload', name, bytes),
  listen(listener) {
    const hear = (_event: unknown, event: StudioEvent): void => listener(event)
    ipcRenderer.on('anywhere:event', hear)
    return () => void ipcRenderer.off('anywhere:event', hear)
  },
}

contextBridge.exposeInMainWorld('anywhere', bridge)
