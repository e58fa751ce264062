// A library of its own in a fresh folder, with pictures and motions to fill it, for tests of the studio's services.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { StudioEvent } from '../../main/api'
import { resource } from '../../main/media'
import { openDatabase } from '../../main/studio/database'
import { AssetLibrary, importFiles, libraryTables, openLibraryPlace } from '../../main/studio/library'
import type { ImportOutcome } from '../../main/api'

/** A fresh folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface OpenLibrary {
  readonly library: AssetLibrary
  readonly home: string
  readonly events: StudioEvent[]
  close(): Promise<void>
}

/** Opens the library in `home`, as the studio does. */
export async function openLibrary(home: string = temporaryFolder()): Promise<OpenLibrary> {
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
  onTestFinished(close)
  return { library, home, events, close }
}

/** A file under a name, as an upload leaves it: the library may move it away. */
export function handedOver(name: string, content: string | Uint8Array): { name: string; file: string } {
  const file = path.join(temporaryFolder(), 'upload')
  fs.writeFileSync(file, content)
  return { name, file }
}

/** A bundled sample, handed over: 'humans/mara.png'. */
export function sample(relative: string): { name: string; file: string } {
  return handedOver(path.basename(relative), fs.readFileSync(resource(relative)))
}

/** Takes one file in. Throws with the line that the user would see. */
export async function take(
  library: AssetLibrary,
  incoming: { name: string; file: string },
  kind?: 'human' | 'background',
): Promise<Extract<ImportOutcome, { asset: unknown }>> {
  const [outcome] = await importFiles(library, [incoming], kind ? { kind } : {})
  if (!outcome || 'error' in outcome) throw new Error(outcome?.error)
  return outcome
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
