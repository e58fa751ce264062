// Files are written under a temporary name in their own folder and renamed when whole, so that nobody ever sees half
// a file. The registry knows the unfinished ones: an interrupted process removes them on its way out.
import fs from 'node:fs'
import path from 'node:path'
import { UserError, reason } from './errors'
import { statOf } from './files'

/** A file on its way to `target`: write to `path`, then `commit()`; `discard()` leaves no trace. */
export interface PartialFile {
  readonly path: string
  readonly target: string
  commit(): void
  discard(): void
}

const unfinished = new Set<PartialFile>()
let watchingExit = false

/** Where `target` is written before it has its name. */
export function partialOf(target: string): string {
  const { dir, name, ext } = path.parse(path.resolve(target))
  return path.join(dir, `.${name}.partial${ext}`)
}

/**
 * Opens a temporary file beside `target` (`clip.mp4` -> `.clip.partial.mp4`), making missing folders on the way.
 * Throws UserError when nothing could be written there, so call it before any work is done.
 */
export function openPartial(target: string): PartialFile {
  const full = path.resolve(target)
  const { dir } = path.parse(full)
  const temporary = partialOf(full)
  if (statOf(full)?.isDirectory()) {
    throw new UserError(`cannot write "${target}": it is a folder; name a file inside it`)
  }
  let firstMade: string | undefined
  try {
    firstMade = fs.mkdirSync(dir, { recursive: true })
    fs.closeSync(fs.openSync(temporary, 'w'))
  } catch (error) {
    removeEmptyFolders(dir, firstMade)
    throw unwritable(target, error)
  }

  const partial: PartialFile = {
    path: temporary,
    target: full,
    commit() {
      try {
        fs.renameSync(temporary, full)
      } catch (error) {
        partial.discard()
        throw unwritable(target, error)
      }
      unfinished.delete(partial)
    },
    discard() {
      unfinished.delete(partial)
      fs.rmSync(temporary, { force: true, maxRetries: 3 }) // Windows keeps a file for a moment after its writer is gone
      removeEmptyFolders(dir, firstMade)
    },
  }
  if (!watchingExit) process.on('exit', removePartials)
  watchingExit = true
  unfinished.add(partial)
  return partial
}

/** Throws UserError unless a file could be written at `target`; leaves nothing behind. */
export function assertWritable(target: string): void {
  openPartial(target).discard()
}

/** Removes every unfinished file of this process. Runs by itself at `process.exit`. */
export function removePartials(): void {
  for (const partial of [...unfinished]) partial.discard()
}

/** Writes `data` to `target` whole or not at all, through the disk's cache: a power cut leaves the old or the new file. */
export function writeFileAtomic(target: string, data: string | Uint8Array): void {
  const partial = openPartial(target)
  try {
    fs.writeFileSync(partial.path, data, { flush: true })
  } catch (error) {
    partial.discard()
    throw unwritable(target, error)
  }
  partial.commit()
}

/** `writeFileAtomic` for a JSON document, indented, with a last newline. */
export function writeJsonAtomic(target: string, value: unknown): void {
  writeFileAtomic(target, JSON.stringify(value, null, 2) + '\n')
}

/** The one sentence for an output that cannot be written, for whatever reason the system gave. */
export function unwritable(target: string, error: unknown): UserError {
  const why: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of its path is a file, not a folder',
    EEXIST: 'a part of its path is a file, not a folder',
    ENAMETOOLONG: 'the name is too long',
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return new UserError(`cannot write "${target}": ${why[code] ?? reason(error)}; choose another place`)
}

function removeEmptyFolders(from: string, firstMade: string | undefined): void {
  if (firstMade === undefined) return
  for (let folder = from; folder.startsWith(firstMade); folder = path.dirname(folder)) {
    try {
      fs.rmdirSync(folder)
    } catch {
      return // not empty, or never made: then it is not ours to remove
    }
  }
}
