// The library's folder: content under its own hash, so that equal files are one and a file under its name never changes.
//   files/ab/<sha256>.<ext>   thumbnails/<asset id>.jpg   work/   library.db
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, rmdirSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { unwritable } from '../../media/partials'

export interface Content {
  readonly sha256: string
  /** Without the dot. */
  readonly extension: string
}

/** Everything of a library in its folder; nothing else there is ever touched. */
const ours = ['files', 'thumbnails', 'work', 'library.db', 'library.db-wal', 'library.db-shm', 'library.db-journal']

export class Contents {
  constructor(readonly folder: string) {}

  /** Makes the folder. Throws UserError when that cannot be. */
  prepare(): void {
    try {
      for (const name of ['files', 'thumbnails', 'work']) mkdirSync(path.join(this.folder, name), { recursive: true })
    } catch (error) {
      throw unwritable(this.folder, error)
    }
  }

  get database(): string {
    return path.join(this.folder, 'library.db')
  }

  fileOf({ sha256, extension }: Content): string {
    return path.join(this.folder, 'files', sha256.slice(0, 2), `${sha256}.${extension}`)
  }

  thumbnailOf(id: string): string {
    return path.join(this.folder, 'thumbnails', `${id}.jpg`)
  }

  /** A fresh name for a file in the making, on the library's own disk. */
  workFile(extension: string): string {
    return path.join(this.folder, 'work', `${randomBytes(8).toString('hex')}.${extension}`)
  }

  /** Moves a whole file in, through the disk's cache; where the same content is already there, the file is only removed. */
  async take(file: string, extension: string): Promise<Content & { readonly bytes: number }> {
    const sha256 = await hashOf(file)
    const { size: bytes } = await fs.stat(file)
    const content = { sha256, extension }
    const target = this.fileOf(content)
    if (existsSync(target)) await fs.rm(file)
    else await moveFile(file, target, () => this.workFile(extension))
    return { ...content, bytes }
  }

  async writeThumbnail(id: string, jpeg: Uint8Array): Promise<void> {
    const [target, work] = [this.thumbnailOf(id), this.workFile('jpg')]
    try {
      await fs.writeFile(work, jpeg)
      await fs.rename(work, target)
    } catch (error) {
      await fs.rm(work, { force: true })
      throw unwritable(target, error)
    }
  }

  drop(content: Content): void {
    rmSync(this.fileOf(content), { force: true })
  }

  dropThumbnail(id: string): void {
    rmSync(this.thumbnailOf(id), { force: true })
  }

  /** Removes what an unclean end left: files in the making, content and thumbnails of no asset. Returns how many. */
  sweep(isContent: (content: Content) => boolean, isAsset: (id: string) => boolean): number {
    const stray: string[] = []
    const look = (folder: string, isKnown: (name: string) => boolean): void =>
      readdirSync(folder).forEach((name) => {
        if (!isKnown(name)) stray.push(path.join(folder, name))
      })
    look(path.join(this.folder, 'work'), () => false)
    for (const shelf of readdirSync(path.join(this.folder, 'files')))
      look(path.join(this.folder, 'files', shelf), (name) => {
        const [sha256, extension] = name.split('.')
        return extension !== undefined && isContent({ sha256: sha256!, extension })
      })
    look(path.join(this.folder, 'thumbnails'), (name) => isAsset(name.replace(/\.jpg$/, '')))
    for (const file of stray) rmSync(file, { recursive: true, force: true })
    return stray.length
  }

  /** Bytes of all thumbnails. */
  async thumbnailBytes(): Promise<number> {
    const folder = path.join(this.folder, 'thumbnails')
    const sizes = (await fs.readdir(folder)).map((name) =>
      fs.stat(path.join(folder, name)).then(
        ({ size }) => size,
        () => 0, // removed meanwhile
      ),
    )
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  }
}

/** Removes a library's own things from `folder`, and the folder when nothing else is in it. */
export async function removeLibraryIn(folder: string): Promise<void> {
  for (const name of ours) await fs.rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 })
  try {
    rmdirSync(folder)
  } catch {
    // the user keeps other things there, or it was never made
  }
}

/** SHA-256 of a file, hexadecimal. */
export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Renames, or copies across disks by way of `workFile`, so that `target` is whole from the moment it is there. */
async function moveFile(file: string, target: string, workFile: () => string): Promise<void> {
  let copy: string | undefined
  try {
    mkdirSync(path.dirname(target), { recursive: true })
    await flush(file)
    try {
      await fs.rename(file, target)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
      copy = workFile()
      await fs.copyFile(file, copy)
      await flush(copy)
      await fs.rename(copy, target)
      await fs.rm(file, { force: true })
    }
    await flush(path.dirname(target))
  } catch (error) {
    if (copy) await fs.rm(copy, { force: true })
    throw unwritable(target, error)
  }
}

/** Through the disk's cache. Windows cannot do so with folders, and need not. */
export async function flush(place: string): Promise<void> {
  const handle = await fs.open(place, 'r').catch(() => undefined)
  try {
    await handle?.sync()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'EPERM' && code !== 'EISDIR' && code !== 'EINVAL') throw error
  } finally {
    await handle?.close()
  }
}
