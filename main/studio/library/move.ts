// Copying a library to another folder: everything is there and through the disk's cache before anyone relies on it.
import { existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../media'
import { unwritable } from '../../media/partials'
import { type Contents, flush } from './contents'

const ownName = 'AnimateAnywhere library'

/** The empty folder that a library in `from` would move to when the user chose `chosen`; `from` itself when it is already there. Throws UserError. */
export function destination(from: string, chosen: string): string {
  if (!existsSync(chosen) || !statSync(chosen).isDirectory())
    throw new UserError(`cannot move the library to "${chosen}": there is no such folder`)
  const [old, wanted] = [realpathSync(from), realpathSync(chosen)]
  if (old === wanted || old === path.join(wanted, ownName)) return from
  if (isWithin(old, wanted)) throw new UserError(`cannot move the library into its own folder "${chosen}"`)
  if (readdirSync(wanted).length === 0) return wanted
  const own = path.join(wanted, ownName)
  if (existsSync(own) && readdirSync(own).length > 0)
    throw new UserError(`cannot move the library to "${own}": there is something in it; choose an empty folder`)
  return own
}

/** Copies files and thumbnails. Throws UserError when the disk is too small or cannot be written; the copy is then of no use. */
export async function copyLibrary(
  from: Contents,
  to: Contents,
  assets: readonly { id: string; sha256: string; extension: string; bytes: number }[],
): Promise<void> {
  to.prepare()
  const { bavail, bsize } = await fs.statfs(to.folder)
  // The copy of the list is written twice over: once as a whole, once in its journal.
  const journal = statSync(`${from.database}-wal`, { throwIfNoEntry: false })?.size ?? 0
  const list = 2 * (statSync(from.database).size + journal)
  const needed = assets.reduce((sum, { bytes }) => sum + bytes, list) + (await from.thumbnailBytes())
  if (needed > bavail * bsize)
    throw new UserError(
      `cannot move the library to "${to.folder}": it needs ${megabytes(needed)}, the disk has ${megabytes(bavail * bsize)} left`,
    )
  for (const asset of assets) {
    await copy(from.fileOf(asset), to.fileOf(asset))
    await copy(from.thumbnailOf(asset.id), to.thumbnailOf(asset.id))
  }
}

async function copy(source: string, target: string): Promise<void> {
  if (!existsSync(source) || existsSync(target)) return
  try {
    mkdirSync(path.dirname(target), { recursive: true })
    await fs.copyFile(source, target)
    await flush(target)
  } catch (error) {
    throw unwritable(target, error)
  }
}

function isWithin(folder: string, inner: string): boolean {
  const relative = path.relative(folder, inner)
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`
