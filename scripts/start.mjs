// `npm start`: set-up, build, then the app: in a window where there is a screen and an Electron, else in a browser. Plain
// JavaScript, since it runs before anything is installed. What is given after `--` goes to the app.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

for (const words of [
  ['scripts/setup.mjs'],
  ['scripts/build.mjs'],
  ['--import', 'tsx', 'scripts/open.ts', ...process.argv.slice(2)],
]) {
  const { status, signal } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(signal ? 130 : (status ?? 1))
}
