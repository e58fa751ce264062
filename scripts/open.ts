// Opens the built app: Electron with a window, or, where there is no screen or no Electron to be had, the studio in a browser.
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { electronFolder, executableIn } from './electron'

const root = path.resolve(import.meta.dirname, '..')
const words = process.argv.slice(2)
const say = (line: string): void => console.log(`start: ${line}`)

/** Minutes that the download of Electron may take. */
const patience = 5

/** The Electron program; fetched once by its own package where there is a screen to show it on. */
function findOrFetchElectron(): string | undefined {
  const found = electronFolder()
  if (found) return executableIn(found)
  say('fetching Electron, once (about 120 MB)...')
  const script = path.join(root, 'node_modules/electron/install.js')
  const { status } = spawnSync(process.execPath, [script], { cwd: root, stdio: 'ignore', timeout: patience * 60_000 })
  const fetched = electronFolder()
  if (status === 0 && fetched) return executableIn(fetched)
  say('Electron could not be fetched; set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds one, or use a browser:')
  return undefined
}

/** Runs a program in our place: our input, output, signals and exit code are its own. */
function become(program: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const child = spawn(program, args, { cwd: root, env, stdio: 'inherit' })
  // A terminal's Ctrl+C reaches the child by itself.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    console.error(`start: error: ${program} could not be started: ${error.message}`)
    process.exitCode = 1
  })
  child.once('exit', (code, signal) => (process.exitCode = signal ? 130 : (code ?? 1)))
}

const screen = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
if (!screen) say('there is no screen here; the studio opens in a browser:')
const electron = screen ? findOrFetchElectron() : undefined
if (electron) {
  const env = { ...process.env }
  delete env.ELECTRON_RUN_AS_NODE // set by editors that are Electron apps themselves
  // Chromium's sandbox does not work for root.
  const flags = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  become(electron, [root, ...flags, ...words], env)
} else {
  become(process.execPath, [path.join(root, 'bin/anywhere.js'), 'serve', ...words], process.env)
}
