// Makes a fresh checkout ready, with nothing but Node and npm on the machine: checks Node, and installs the packages when
// they are missing or differ from the lockfile. Plain JavaScript, since it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const say = (line) => console.log(`set-up: ${line}`)
const stop = (line) => {
  console.error(`set-up: error: ${line}`)
  process.exit(1)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 9))
  stop(`Node ${process.versions.node} is too old; install Node 20.9 or newer`)

const differs = firstDifference()
if (differs === undefined) {
  say(`Node ${process.versions.node}, packages are installed`)
} else {
  say(`Node ${process.versions.node}; installing the packages with "npm ci" (${differs}), about a minute...`)
  const started = Date.now()
  const status = npmCi()
  if (status !== 0) stop('"npm ci" failed (above); check the connection to the npm registry and run the command again')
  say(`packages installed in ${Math.round((Date.now() - started) / 1000)} s`)
}

/** What of the lockfile is not installed as it says, in words; undefined when all is. */
function firstDifference() {
  const hidden = path.join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(hidden)) return 'there are none yet'
  const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages
  const installed = packagesIn(hidden)
  for (const [place, wanted] of Object.entries(packagesIn(path.join(root, 'package-lock.json')))) {
    const found = installed[place]
    if (place === '' || found?.version === wanted.version) continue
    if (!found && wanted.optional) continue // made for another platform
    const name = place.replace(/^.*node_modules\//, '')
    return `${name} is ${found ? `${found.version}, the lockfile says ${wanted.version}` : 'missing'}`
  }
  return undefined
}

/** Runs the npm that started this script, or the one on the PATH; development packages too, whatever NODE_ENV says. */
function npmCi() {
  const flags = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const options = { cwd: root, stdio: 'inherit' }
  const npm = process.env.npm_execpath
  return npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...flags], options).status
    : spawnSync('npm', flags, { ...options, shell: process.platform === 'win32' }).status
}
