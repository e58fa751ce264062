// One studio at a time in a home folder, and whether the last one ended well.
import Libsql from 'libsql'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { UserError, reason, writeFileAtomic } from '../media'
import { unwritable } from '../media/partials'

export interface Session {
  /** The studio before this one was killed, or the machine went down with it. */
  readonly recovered: boolean
  /** Marks a clean end. */
  end(): void
  /** The studio could not be opened after all: everything is as it was before. */
  giveUp(): void
}

/** Takes the home folder for this process. Throws UserError when another studio has it, or it cannot be written. */
export function beginSession(home: string): Session {
  try {
    mkdirSync(home, { recursive: true })
  } catch (error) {
    throw unwritable(home, error)
  }
  const release = lock(home)
  const marker = path.join(home, 'running')
  const recovered = existsSync(marker)
  try {
    writeFileAtomic(marker, `${new Date().toISOString()}\n`)
  } catch (error) {
    release()
    throw error
  }
  return {
    recovered,
    end() {
      rmSync(marker, { force: true })
      release()
    },
    giveUp() {
      if (!recovered) rmSync(marker, { force: true })
      release()
    },
  }
}

/** SQLite's own file lock: unlike a file with a process id, the system lets go of it however the process ends. */
function lock(home: string): () => void {
  const file = path.join(home, 'lock.db')
  try {
    const handle = new Libsql(file, { timeout: 0 })
    handle.exec('BEGIN EXCLUSIVE')
    return () => void handle.close()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')
      throw new UserError(`another AnimateAnywhere is using "${home}"; close it, or give this one another home folder`)
    throw new UserError(`cannot use the home folder "${home}": ${reason(error)}`)
  }
}
