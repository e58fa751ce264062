// The studio's window opened for a test, in real Electron or in real Chromium over `anywhere serve`: the same page to drive,
// the same few things around it that only the host can do.
import path from 'node:path'
import { _electron, chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { findElectron } from '../../support/electron'
import { findChromium } from '../../support/packages'
import { ended, killAll, start } from '../../support/processes'
import { serve } from '../../support/serve'

export const hosts = ['electron', 'browser'] as const
export type Host = (typeof hosts)[number]

export interface App {
  readonly host: Host
  readonly page: Page
  /** The studio's process. */
  readonly pid: number
  /** Milliseconds from the start of the program (browser: from the visit) to a window in which things can be pressed. */
  readonly startup: number
  /** Every address the window has asked for, and every error it has reported. */
  readonly requests: readonly string[]
  readonly faults: readonly string[]
  /** Electron: the system's next file dialogs are answered with this path. */
  answer(file: string): Promise<void>
  /** SIGKILL, to the studio's process alone. */
  kill(): Promise<void>
  /** As the user ends it. */
  close(): Promise<void>
}

export const windowSize = { width: 1440, height: 900 }
const root = path.resolve(import.meta.dirname, '../../..')
/** Chromium's own traffic off, so that every request that is left is the window's. */
const quiet = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run']

/** Whether this machine has what a host needs; tests of one that it lacks are skipped by name. */
export const canOpen = (host: Host): boolean => (host === 'electron' ? findElectron() : findChromium()) !== undefined

const open = new Set<App>()

/** Ends what a failed test has left open. */
export async function closeAll(): Promise<void> {
  await Promise.all([...open].map((app) => app.kill().catch(() => undefined)))
  killAll()
  ownDisplay = undefined // it was one of them
}

/** Opens the studio with this home folder and waits until its window is there to be used. */
export async function openApp(host: Host, home: string): Promise<App> {
  const app = host === 'electron' ? await openElectron(home) : await openBrowser(home)
  open.add(app)
  return app
}

async function openElectron(home: string): Promise<App> {
  const how = {
    executablePath: findElectron()!,
    args: [root, '--no-sandbox'],
    cwd: root,
    env: { ...(process.env as Record<string, string>), DISPLAY: await display(), ANYWHERE_HOME: home },
    timeout: 30_000,
  }
  let started = performance.now()
  const electron = await _electron.launch(how).catch(() => {
    // Once in a great while the old Electron of the tests hangs before it runs anything: it gets a second chance.
    started = performance.now()
    return _electron.launch(how)
  })
  const page = await electron.firstWindow()
  const watched = watch(page)
  const child = electron.process()
  const startup = await ready(page, started)
  await electron.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]!.setContentSize(width, height)
  }, windowSize)
  const app: App = {
    host: 'electron',
    page,
    pid: child.pid!,
    startup,
    ...watched,
    answer: (file) =>
      electron.evaluate(({ dialog }, answer) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: answer })
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [answer] })
      }, file),
    async kill() {
      open.delete(app)
      child.kill('SIGKILL')
      await ended(child)
    },
    async close() {
      open.delete(app)
      await electron.close()
    },
  }
  return app
}

async function openBrowser(home: string): Promise<App> {
  const server = await serve(home)
  const browser = await chromium.launch({ executablePath: findChromium()!, args: quiet })
  const page = await browser.newPage({ viewport: windowSize, acceptDownloads: true })
  const watched = watch(page)
  const started = performance.now()
  await page.goto(server.url)
  const startup = await ready(page, started)
  const app: App = {
    host: 'browser',
    page,
    pid: server.child.pid!,
    startup,
    ...watched,
    answer: () => Promise.resolve(), // a browser has no such dialog: the path is typed
    async kill() {
      open.delete(app)
      await server.kill()
      await browser.close()
    },
    async close() {
      open.delete(app)
      await browser.close()
      await server.stop()
    },
  }
  return app
}

async function ready(page: Page, started: number): Promise<number> {
  page.setDefaultTimeout(20_000)
  await page.getByRole('button', { name: 'Render', exact: true }).and(page.locator(':enabled')).waitFor()
  return performance.now() - started
}

function watch(page: Page): Pick<App, 'requests' | 'faults'> {
  const requests: string[] = []
  const faults: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.text()} (${message.location().url})`)
  })
  return { requests, faults }
}

let ownDisplay: Promise<string> | undefined

/** The screen of this session, or an invisible one made for the tests. */
export function display(): Promise<string> {
  if (process.env.DISPLAY) return Promise.resolve(process.env.DISPLAY)
  ownDisplay ??= new Promise((resolve, reject) => {
    const words = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp']
    const server = start('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    server.stdio[3]!.once('data', (number: Buffer) => resolve(`:${number.toString().trim()}`))
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)))
  })
  return ownDisplay
}
