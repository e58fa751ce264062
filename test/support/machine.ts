// Work that prepares the machine for all test processes at once: the first to ask does it, the others wait for its answer.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** What does not depend on a checkout, and is kept between runs. */
export const cacheFolder = path.join(os.homedir(), '.cache', 'anywhere-test')

/** Milliseconds. A "no" is believed this long, so that a machine without a network is not asked by every test file. */
const refusalLasts = 5 * 60_000

/**
 * Runs `prepare` while no other process runs it, and returns whether it succeeded. Ask first whether there is anything to do:
 * while one process works, others stand here without a turn of their event loops.
 */
export function onceOnThisMachine(name: string, prepare: () => boolean): boolean {
  fs.mkdirSync(cacheFolder, { recursive: true })
  const refusal = path.join(cacheFolder, `${name}.refused`)
  const lock = path.join(cacheFolder, `${name}.lock`)
  while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  try {
    const refused = fs.statSync(refusal, { throwIfNoEntry: false })
    if (refused && Date.now() - refused.mtimeMs < refusalLasts) return false
    const ok = prepare()
    if (ok) fs.rmSync(refusal, { force: true })
    else fs.writeFileSync(refusal, '')
    return ok
  } finally {
    fs.rmSync(lock)
  }
}

function take(lock: string): boolean {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (!holderLives(lock)) fs.rmSync(lock, { force: true })
    return false
  }
}

function holderLives(lock: string): boolean {
  try {
    const pid = Number(fs.readFileSync(lock, 'utf8'))
    if (pid > 0) process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
