// `npm run demo`: set-up, then one clip from the bundled samples: out/demo.mp4. What is given after `--` goes to `anywhere render` and
// wins over what is said here. Plain JavaScript, since it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

function run(...command) {
  const { status, signal } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(signal ? 130 : (status ?? 1))
}

const given = process.argv.slice(2)
const sample = {
  '--human': 'assets/humans/mara.png',
  '--background': 'assets/backgrounds/promenade.jpg',
  '--motion': 'assets/motions/walk.json',
  '--size': '640x360',
  '--frames': '84',
  '--out': 'out/demo.mp4',
}
const flags = Object.entries(sample).flatMap(([flag, value]) => (given.includes(flag) ? [] : [flag, value]))

run('scripts/setup.mjs')
mkdirSync(path.join(root, 'out'), { recursive: true })
run('bin/anywhere.js', 'render', ...flags, ...given)
