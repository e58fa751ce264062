// The one SQLite file in which the studio keeps its lists: the library's and the queue's. Each module brings its own tables as
// numbered steps. The handle outlives its file: when the library moves, statements go on against the copy.
import Libsql from 'libsql'
import { UserError, reason } from '../media'

/** What a column holds. */
export type Value = string | number | null
export type Row = Readonly<Record<string, Value>>

export interface Statement {
  run(...values: readonly Value[]): { readonly changes: number }
  get(...values: readonly Value[]): Row | undefined
  all(...values: readonly Value[]): Row[]
}

/** The tables of one module: SQL scripts, applied once each and in order. A published step never changes; a new one is added. */
export interface Tables {
  readonly module: string
  readonly steps: readonly string[]
}

export interface Database {
  /** Compiled when first used; may be kept for as long as the database. */
  prepare(sql: string): Statement
  /** All of `work` or nothing of it. Keep it short: the window waits. */
  transaction<T>(work: () => T): T
  /** Writes a whole copy to `file`, which must not be there. */
  copyTo(file: string): void
  /** Goes on with another file of the same content (see copyTo). */
  continueIn(file: string): void
  close(): void
}

/**
 * Opens or makes the database `file` and brings its tables up to date. Every commit is on the disk when it returns.
 * Throws UserError when the file cannot be used or was made by a newer version.
 */
export function openDatabase(file: string, modules: readonly Tables[]): Database {
  let handle = openHandle(file)
  let generation = 0
  let depth = 0

  const guarded = <T>(work: () => T, place = file): T => {
    try {
      return work()
    } catch (error) {
      throw told(place, error)
    }
  }

  const database: Database = {
    prepare(sql) {
      let compiled: Libsql.Statement | undefined
      let of = -1
      const statement = (): Libsql.Statement => {
        if (!compiled || of !== generation) [compiled, of] = [handle.prepare(sql), generation]
        return compiled
      }
      return {
        run: (...values) => guarded(() => ({ changes: statement().run(...values).changes })),
        get: (...values) => guarded(() => statement().all(...values)[0] as Row | undefined),
        all: (...values) => guarded(() => statement().all(...values) as Row[]),
      }
    },
    transaction(work) {
      if (depth > 0) return work()
      depth++
      try {
        return guarded(() => {
          handle.exec('BEGIN IMMEDIATE')
          try {
            const result = work()
            handle.exec('COMMIT')
            return result
          } catch (error) {
            if (handle.inTransaction) handle.exec('ROLLBACK')
            throw error
          }
        })
      } finally {
        depth--
      }
    },
    copyTo: (target) => void guarded(() => handle.prepare('VACUUM INTO ?').run(target), target),
    continueIn(other) {
      const next = openHandle(other)
      handle.close()
      handle = next
      file = other
      generation++
    },
    close() {
      handle.close()
    },
  }
  migrate(database, (sql) => void guarded(() => handle.exec(sql)), file, modules)
  return database
}

function openHandle(file: string): Libsql.Database {
  try {
    const handle = new Libsql(file, { timeout: 5000 })
    handle.pragma('journal_mode = WAL')
    handle.pragma('synchronous = FULL')
    return handle
  } catch (error) {
    throw new UserError(`cannot open the library's list "${file}": ${reason(error)}`)
  }
}

function migrate(database: Database, run: (script: string) => void, file: string, modules: readonly Tables[]): void {
  run('CREATE TABLE IF NOT EXISTS tables (module TEXT PRIMARY KEY, version INTEGER NOT NULL)')
  const versionOf = database.prepare('SELECT version FROM tables WHERE module = ?')
  const keepVersion = database.prepare('INSERT OR REPLACE INTO tables (module, version) VALUES (?, ?)')
  for (const { module, steps } of modules) {
    const version = Number(versionOf.get(module)?.version ?? 0)
    if (version > steps.length)
      throw new UserError(`the library "${file}" was used by a newer version of the studio; update this one`)
    steps.slice(version).forEach((step, i) =>
      database.transaction(() => {
        run(step)
        keepVersion.run(module, version + i + 1)
      }),
    )
  }
}

/** SQLite's own faults that the user can mend, in the user's words. */
function told(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_FULL')) return new UserError(`cannot write "${file}": the disk is full; make room on it`)
  if (code.startsWith('SQLITE_READONLY')) return new UserError(`cannot write "${file}": it is read-only`)
  if (code.startsWith('SQLITE_IOERR'))
    return new UserError(`cannot use "${file}": the disk does not answer (${reason(error)})`)
  return error
}
