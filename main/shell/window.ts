// The studio's one window: where it was, on the studio's page, and back again when its page has crashed.
import { BrowserWindow, dialog, screen } from 'electron'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Faults } from './faults'
import { studioOrigin } from './origin'
import { least, placeWindow, readWindowState, writeWindowState } from './window-state'

const preload = path.join(path.dirname(fileURLToPath(import.meta.url)), 'preload.cjs')
/** The page's own ground, so that the window does not flash before it is drawn. */
const ground = '#14161a'
/** A page that crashes this often within a minute is not loaded again without asking. */
const crashLimit = 3

export class StudioWindow {
  private window: BrowserWindow | undefined
  private crashes: number[] = []

  constructor(
    private readonly stateFile: string,
    private readonly faults: Faults,
  ) {}

  get current(): BrowserWindow | undefined {
    return this.window
  }

  /** Brings the window to the front; makes it where there is none. */
  show(): void {
    if (!this.window) return this.open()
    if (this.window.isMinimized()) this.window.restore()
    this.window.focus()
  }

  private open(): void {
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
    const { maximized, ...bounds } = placeWindow(readWindowState(this.stateFile), areas)
    const window = new BrowserWindow({
      ...bounds,
      minWidth: least.width,
      minHeight: least.height,
      show: false,
      backgroundColor: ground,
      title: 'AnimateAnywhere Studio',
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false, // its dictionaries would be fetched from afar
        backgroundThrottling: false, // playback and progress go on behind other windows
      },
    })
    this.window = window
    if (maximized) window.maximize()
    window.once('ready-to-show', () => window.show())
    window.on('close', () => this.keepState(window))
    window.on('closed', () => (this.window = undefined))
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit') return
      this.faults.note('the window', `its page is gone: ${reason}, exit code ${exitCode}`)
      this.recover(window)
    })
    window.webContents.on('preload-error', (_event, _path, error) => this.faults.note('the bridge', error))
    window.webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
      if (isMainFrame) this.faults.note('the window', `its page did not load: ${description} (${code})`)
    })
    this.load(window)
  }

  private load(window: BrowserWindow): void {
    window.loadURL(`${studioOrigin}/`).catch((error: unknown) => this.faults.note('the window', error))
  }

  /** All that matters is in the studio, not in the page: it is simply loaded again. */
  private recover(window: BrowserWindow): void {
    if (window.isDestroyed()) return
    const now = Date.now()
    this.crashes = [...this.crashes.filter((time) => now - time < 60_000), now]
    if (this.crashes.length < crashLimit) return this.load(window)
    this.crashes = []
    const choices = {
      type: 'error' as const,
      message: 'The window has crashed several times.',
      detail: 'Your work is safe: the library, the project and the queue are kept outside it.',
      buttons: ['Try again', 'Quit'],
    }
    dialog.showMessageBox(window, choices).then(
      ({ response }) => (response === 0 ? this.load(window) : window.close()),
      (error: unknown) => this.faults.note('the window', error),
    )
  }

  private keepState(window: BrowserWindow): void {
    try {
      writeWindowState(this.stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() })
    } catch (error) {
      this.faults.note('keeping the place of the window', error)
    }
  }
}
