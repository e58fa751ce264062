// Before the first test of the window: the window is built as it is now, and the machine made fit to show it.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { findElectron } from './electron'
import { findChromium } from './packages'

const root = path.resolve(import.meta.dirname, '../..')

export default function buildOnce(): void {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('the window could not be built (above)')
  findElectron()
  findChromium()
}
