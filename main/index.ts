// The app begins: one instance per home folder, the studio beside its window, and whatever goes wrong is written down, not lost.
import { Menu, app, dialog } from 'electron'
import path from 'node:path'
import type { StudioEvent } from './api'
import { openDialogs } from './shell/dialogs'
import { utilityEngine } from './shell/engine'
import { Faults } from './shell/faults'
import { homeFolder, projectFile } from './shell/launch'
import { buildMenu } from './shell/menu'
import { claimScheme, serveScheme } from './shell/protocol'
import { connectWindow } from './shell/ipc'
import { guardApp, guardSession } from './shell/security'
import { StudioWindow } from './shell/window'
import { openStudio } from './studio/studio'
import type { Studio } from './studio/studio'

const home = homeFolder(process.argv, process.env, app.getPath('userData'))
app.setPath('userData', home)
app.setPath('sessionData', path.join(home, 'browser')) // what Chromium keeps, apart from what the artist does
const faults = new Faults(path.join(home, 'faults.log'))
process.on('uncaughtException', (error) => faults.note('the app', error))
process.on('unhandledRejection', (error) => faults.note('the app', error))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())

/** A file given at the start or by double-click before there is a studio to open it. */
let waiting = projectFile(process.argv, process.cwd())
const window = new StudioWindow(path.join(home, 'window.json'), faults)
let studio: Studio | undefined
let ended = false

claimScheme()
guardApp()
if (app.requestSingleInstanceLock({ file: waiting })) {
  app.on('second-instance', (_event, _argv, _cwd, data) => {
    window.show()
    const { file } = data as { file?: unknown }
    if (typeof file === 'string') open(file)
  })
  app.on('open-file', (event, file) => {
    event.preventDefault()
    open(file)
  })
  app.on('activate', () => window.show())
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('child-process-gone', (_event, details) => {
    // 15: it was told to end.
    if (details.reason !== 'clean-exit' && details.exitCode !== 15)
      faults.note(`${details.name ?? details.type} process`, describe(details))
  })
  app.on('before-quit', (event) => {
    if (ended) return
    event.preventDefault()
    void end()
  })
  void begin()
} else {
  app.exit(0) // the instance that runs already has been told, and shows itself
}

async function begin(): Promise<void> {
  try {
    await app.whenReady()
    guardSession()
    // The window loads while the studio opens: its calls wait for it.
    const opening = Promise.resolve().then(() =>
      openStudio({
        home,
        spawnEngine: utilityEngine,
        host: 'electron',
        dialogs: openDialogs(() => window.current),
        onEvent: tell,
      }),
    )
    serveScheme(opening)
    connectWindow(opening, () => window.current)
    Menu.setApplicationMenu(buildMenu((command) => tell({ type: 'command', command })))
    window.show()
    studio = await opening
    if (waiting !== undefined) open(waiting)
  } catch (error) {
    faults.note('the start', error)
    dialog.showErrorBox('AnimateAnywhere Studio cannot start', `${message(error)}\n\nHome folder: ${home}`)
    app.exit(1)
  }
}

function tell(event: StudioEvent): void {
  window.current?.webContents.send('anywhere:event', event)
}

function open(file: string): void {
  waiting = file
  studio?.openFile(file).catch((error: unknown) => {
    faults.note('opening a file', error)
    tell({ type: 'notice', level: 'error', text: message(error) })
  })
}

/** Everything is put away before the app goes, but it goes. */
async function end(): Promise<void> {
  const patience = new Promise((resolve) => setTimeout(resolve, 5000))
  await Promise.race([studio?.close(), patience]).catch((error: unknown) => faults.note('the end', error))
  ended = true
  app.quit()
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function describe({ reason, exitCode }: { reason: string; exitCode: number }): string {
  return `${reason}, exit code ${exitCode}`
}
