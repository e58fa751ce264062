// A library opened as the studio does it, without a studio and without a test around it.
import fs from 'node:fs'
import path from 'node:path'
import type { StudioEvent } from '../../main/api'
import { openDatabase } from '../../main/studio/database'
import { AssetLibrary, libraryTables, openLibraryPlace } from '../../main/studio/library'

export interface LibraryIn {
  readonly library: AssetLibrary
  /** What it has told its windows. */
  readonly events: StudioEvent[]
  /** Once is enough. */
  close(): Promise<void>
}

/** Opens the library of the home folder `home`, which may be empty. */
export async function libraryIn(home: string): Promise<LibraryIn> {
  const place = await openLibraryPlace(home)
  fs.mkdirSync(place.folder, { recursive: true })
  const database = openDatabase(path.join(place.folder, 'library.db'), [libraryTables])
  const events: StudioEvent[] = []
  const library = new AssetLibrary({ database, place, onEvent: (event) => events.push(event) })
  let open = true
  const close = async (): Promise<void> => {
    if (!open) return
    open = false
    await library.close()
    database.close()
  }
  return { library, events, close }
}

/** Every file below `folder`, relative, sorted; the database's own files apart. */
export function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .filter((name) => !name.startsWith('library.db'))
    .sort()
}
