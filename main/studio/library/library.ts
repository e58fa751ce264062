// The library: assets as rows of the database, their content as files in its folder. What touches files goes through one queue, so
// that emptying the trash never meets an import of the same content; rows are read and changed at once.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { z } from 'zod'
import { assetKinds } from '../../api'
import type { Asset, AssetKind, LibraryFolder, StudioEvent, assetChange, libraryQuery } from '../../api'
import { UserError } from '../../media'
import type { Database, Row } from '../database'
import { Contents, removeLibraryIn } from './contents'
import { thumbnailFor } from './examine'
import { copyLibrary, destination } from './move'
import type { LibraryPlace } from './place'
import { assetOf, columns, valuesOf } from './tables'
import type { Adoption, Library, Reference } from './types'

const day = 24 * 60 * 60 * 1000
/** What lies longer in the trash is removed at the next start. */
const trashDays = 30

export interface LibraryOptions {
  readonly database: Database
  readonly place: LibraryPlace
  readonly onEvent: (event: Extract<StudioEvent, { type: 'assets' }>) => void
}

/** What the library keeps for an asset it is given; `id` and `created` when they are known already. */
export type Entry = Omit<Adoption, 'file'> & {
  readonly id?: string
  readonly created?: string
  readonly starred?: boolean
  /** JPEG; 'later': by makeMissingThumbnails. Made at once when absent. */
  readonly thumbnail?: Uint8Array | 'later'
}

export class AssetLibrary implements Library {
  contents: Contents
  /** What work that is not done needs: the trash keeps it. */
  needed: () => ReadonlySet<string> = () => new Set()
  private readonly database: Database
  private readonly place: LibraryPlace
  private readonly onEvent: LibraryOptions['onEvent']
  private tail: Promise<unknown> = Promise.resolve()
  private closed = false

  /** Opens the library where `place` says, and clears away what an unclean end has left there. */
  constructor({ database, place, onEvent }: LibraryOptions) {
    this.database = database
    this.place = place
    this.onEvent = onEvent
    this.contents = new Contents(place.folder)
    this.contents.prepare()
    // An empty list beside a full folder is a lost database, not a thousand stray files: nothing is removed then.
    if (this.row('SELECT 1 FROM assets LIMIT 1'))
      this.contents.sweep(
        ({ sha256, extension }) =>
          this.row('SELECT 1 FROM assets WHERE sha256 = ? AND extension = ?', sha256, extension) !== undefined,
        (id) => this.row('SELECT 1 FROM assets WHERE id = ?', id) !== undefined,
      )
  }

  get(id: string): Asset | undefined {
    const row = this.row(`SELECT ${columns} FROM assets WHERE id = ?`, id)
    return row && assetOf(row)
  }

  isTrashed(id: string): boolean {
    return this.row('SELECT 1 FROM assets WHERE id = ? AND trashed IS NOT NULL', id) !== undefined
  }

  fileOf(id: string): string {
    const asset = this.get(id)
    if (!asset) throw new UserError(`the library has no ${id}; it was removed`)
    if (asset.folder !== undefined) return presentFolder(asset.name, asset.folder)
    const file = this.contents.fileOf(asset)
    if (!existsSync(file))
      throw new UserError(`the file of "${asset.name}" is gone from the library's folder (${file})`)
    return file
  }

  /** The newest first; the trash is not in it. */
  list({ kind, search = '', starred }: z.infer<typeof libraryQuery> = {}): Asset[] {
    const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
    const rows = this.database
      .prepare(
        `SELECT ${columns} FROM assets WHERE trashed IS NULL AND (kind = ?1 OR ?1 IS NULL)
                AND (starred = 1 OR ?2 = 0) ORDER BY created DESC, rowid DESC`,
      )
      .all(kind ?? null, starred ? 1 : 0)
    const assets = rows.map(assetOf)
    if (words.length === 0) return assets
    return assets.filter(({ name, tags }) => {
      const text = [name, ...tags].join('\n').toLocaleLowerCase()
      return words.every((word) => text.includes(word))
    })
  }

  /** The asset with this content, wherever it is; clips may be several. */
  withContent(kind: AssetKind, sha256: string): Asset | undefined {
    const row = this.row(`SELECT ${columns} FROM assets WHERE kind = ? AND sha256 = ? ORDER BY rowid`, kind, sha256)
    return row && assetOf(row)
  }

  /** Whether a clip was ever made or taken in here. */
  get hasClips(): boolean {
    return this.row(`SELECT 1 FROM assets WHERE kind = 'clip' LIMIT 1`) !== undefined
  }

  adopt({ file, ...entry }: Adoption): Promise<Asset> {
    return this.exclusive(async () => (await this.keep(file, entry)).asset)
  }

  /**
   * Moves a whole file in. Only inside `exclusive`. The same content of the same kind is there but once (and comes back from the
   * trash); clips are all kept, since two may look alike and yet be made differently.
   */
  async keep(file: string, entry: Entry): Promise<{ asset: Asset; alreadyThere: boolean }> {
    const content = await this.contents.take(file, entry.extension)
    const there = entry.kind === 'clip' ? undefined : this.withContent(entry.kind, content.sha256)
    if (there) {
      this.restore([there.id])
      return { asset: there, alreadyThere: true }
    }
    const { kind, name, tags = [], size, seconds, clip } = entry
    const asset: Asset = {
      id: entry.id ?? newId(kind),
      kind,
      name,
      ...content,
      created: entry.created ?? new Date().toISOString(),
      starred: entry.starred ?? false,
      tags,
      ...(size ? { size } : {}),
      ...(seconds !== undefined ? { seconds } : {}),
      ...(clip ? { clip } : {}),
    }
    this.insert(asset)
    if (entry.thumbnail === undefined) await this.makeThumbnail(asset)
    else if (entry.thumbnail !== 'later') await this.contents.writeThumbnail(asset.id, entry.thumbnail)
    this.tell([asset])
    return { asset, alreadyThere: false }
  }

  /**
   * Remembers a model that stays in its folder. One that is known already, by its hash, is from now on where it was found last,
   * and comes back from the trash.
   */
  refer({ folder, sha256, name, bytes }: Reference): { asset: Asset; alreadyThere: boolean } {
    const there = this.withContent('model', sha256)
    if (there) {
      this.database.prepare('UPDATE assets SET folder = ?, trashed = NULL WHERE id = ?').run(folder, there.id)
    } else {
      const kept = { starred: false, tags: [], created: new Date().toISOString() }
      this.insert({ id: newId('model'), kind: 'model', name, sha256, extension: 'folder', bytes, folder, ...kept })
    }
    const asset = this.withContent('model', sha256)!
    this.tell([asset])
    return { asset, alreadyThere: there !== undefined }
  }

  update({ id, name, starred, tags }: z.infer<typeof assetChange>): Asset {
    const changes = this.database
      .prepare(
        'UPDATE assets SET name = coalesce(?, name), starred = coalesce(?, starred), tags = coalesce(?, tags) WHERE id = ?',
      )
      .run(name ?? null, starred === undefined ? null : starred ? 1 : 0, tags ? JSON.stringify(tags) : null, id).changes
    const asset = this.get(id)
    if (changes === 0 || !asset) throw new UserError('this is no longer in the library')
    this.tell([asset])
    return asset
  }

  /** Into the trash. Unknown ids are passed over: two windows may remove the same thing. */
  remove(ids: readonly string[]): void {
    const trash = this.database.prepare('UPDATE assets SET trashed = ? WHERE id = ? AND trashed IS NULL')
    const now = new Date().toISOString()
    const removed = this.database.transaction(() => ids.filter((id) => trash.run(now, id).changes > 0))
    if (removed.length > 0) this.onEvent({ type: 'assets', changed: [], removed })
  }

  /** Out of the trash. */
  restore(ids: readonly string[]): void {
    const restore = this.database.prepare('UPDATE assets SET trashed = NULL WHERE id = ? AND trashed IS NOT NULL')
    const restored = this.database.transaction(() => ids.filter((id) => restore.run(id).changes > 0))
    this.tell(restored.flatMap((id) => this.get(id) ?? []))
  }

  /** Removes for good what is in the trash and was put there before `before`, unless work in the queue needs it. */
  emptyTrash(before = new Date()): Promise<void> {
    return this.exclusive(() => {
      const needed = this.needed()
      const rows = this.database
        .prepare(`SELECT ${columns} FROM assets WHERE trashed <= ?`)
        .all(before.toISOString())
        .filter(({ id }) => !needed.has(String(id)))
      const forget = this.database.prepare('DELETE FROM assets WHERE id = ?')
      this.database.transaction(() => rows.forEach(({ id }) => forget.run(id!)))
      for (const asset of rows.map(assetOf)) {
        this.contents.dropThumbnail(asset.id)
        if (asset.folder !== undefined) continue // it is not the library's
        const shared = this.row(
          'SELECT 1 FROM assets WHERE sha256 = ? AND extension = ?',
          asset.sha256,
          asset.extension,
        )
        if (!shared) this.contents.drop(asset)
      }
      return Promise.resolve()
    })
  }

  emptyOldTrash(): Promise<void> {
    return this.emptyTrash(new Date(Date.now() - trashDays * day))
  }

  async folder(): Promise<LibraryFolder> {
    const weigh = (where: string, ...values: string[]): { count: number; bytes: number } => {
      const count = this.row(`SELECT count(*) AS n FROM assets WHERE ${where}`, ...values)
      const bytes = this.row(
        `SELECT coalesce(sum(bytes), 0) AS n FROM (SELECT DISTINCT sha256, bytes FROM assets WHERE folder IS NULL AND ${where})`,
        ...values,
      )
      return { count: Number(count?.n), bytes: Number(bytes?.n) }
    }
    const { bavail, bsize } = await fs.statfs(this.contents.folder)
    const kinds = assetKinds.map((kind) => [kind, weigh('kind = ? AND trashed IS NULL', kind)] as const)
    return {
      path: this.contents.folder,
      kinds: Object.fromEntries(kinds) as unknown as LibraryFolder['kinds'],
      thumbnailBytes: await this.contents.thumbnailBytes(),
      trash: weigh('trashed IS NOT NULL'),
      freeBytes: bavail * bsize,
    }
  }

  /**
   * Moves the library into the folder `chosen`, or into one of its own there when that is not empty. The old one works until the new
   * one is whole; an end in between, of whatever kind, leaves one that works and the other is cleared away at the next start.
   */
  move(chosen: string): Promise<LibraryFolder> {
    return this.exclusive(async () => {
      const [from, to] = [this.contents, new Contents(destination(this.contents.folder, chosen))]
      if (to.folder === from.folder) return this.folder()
      this.place.write({ folder: from.folder, leaving: to.folder })
      try {
        await copyLibrary(from, to, this.allContents())
        // From here to the switch nothing else can run, so no change of a row is lost.
        this.database.copyTo(to.database)
        this.place.write({ folder: to.folder, leaving: from.folder })
        this.database.continueIn(to.database)
      } catch (error) {
        await removeLibraryIn(to.folder)
        this.place.write({ folder: from.folder })
        throw error
      }
      this.contents = to
      await removeLibraryIn(from.folder)
      this.place.write({ folder: to.folder })
      return this.folder()
    })
  }

  /** Makes the thumbnails that are missing, one after the other, for as long as the library is open. */
  async makeMissingThumbnails(): Promise<void> {
    for (const asset of this.list()) {
      const lacksOne = (): boolean => !this.closed && !existsSync(this.contents.thumbnailOf(asset.id))
      if (!lacksOne()) continue
      if (await this.exclusive(async () => lacksOne() && (await this.makeThumbnail(asset)))) this.tell([asset])
    }
  }

  /** Runs `work` when everything before it is done; what fails does not stop what follows. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work)
    this.tail = result.catch(() => undefined)
    return result
  }

  /** A yes or no, or a word, that the library remembers of itself. */
  note(name: string, value?: string): string | undefined {
    if (value !== undefined) this.database.prepare('INSERT OR REPLACE INTO notes VALUES (?, ?)').run(name, value)
    const row = this.row('SELECT value FROM notes WHERE name = ?', name)
    return row && String(row.value)
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.closed = true
    await this.tail
  }

  private async makeThumbnail({ id, kind, name, ...content }: Asset): Promise<boolean> {
    try {
      const jpeg = await thumbnailFor(kind, this.contents.fileOf(content), name)
      if (jpeg) await this.contents.writeThumbnail(id, jpeg)
      return jpeg !== undefined
    } catch {
      return false // it is only a picture of the thing: the thing itself stays usable, and the next start tries again
    }
  }

  private allContents(): { id: string; sha256: string; extension: string; bytes: number }[] {
    return this.database.prepare(`SELECT ${columns} FROM assets WHERE folder IS NULL`).all().map(assetOf)
  }

  private insert(asset: Asset): void {
    this.database
      .prepare(`INSERT INTO assets (${columns}) VALUES (${columns.replace(/\w+/g, '?')})`)
      .run(...valuesOf(asset))
  }

  private row(sql: string, ...values: string[]): Row | undefined {
    return this.database.prepare(sql).get(...values)
  }

  private tell(changed: readonly Asset[]): void {
    if (changed.length > 0) this.onEvent({ type: 'assets', changed, removed: [] })
  }
}

/** The folder of a model that is referred to, if it is still there. */
function presentFolder(name: string, folder: string): string {
  if (existsSync(path.join(folder, 'model_index.json'))) return folder
  throw new UserError(
    `the model "${name}" is no longer in "${folder}"; put it back, or import it again from where it is now (Settings > Import model)`,
  )
}

export function newId(kind: string): string {
  return `${kind}_${randomBytes(8).toString('hex')}`
}
