// A library of its own in a fresh folder, with pictures and motions to fill it, for tests of the studio's services.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { resource } from '../../main/media'
import { importFiles } from '../../main/studio/library'
import type { AssetLibrary } from '../../main/studio/library'
import type { ImportOutcome } from '../../main/api'
import { libraryIn } from './library-in'
import type { LibraryIn } from './library-in'

export { filesIn } from './library-in'

/** A fresh folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface OpenLibrary extends LibraryIn {
  readonly home: string
}

/** Opens the library in `home`, as the studio does; it is closed after the test. */
export async function openLibrary(home: string = temporaryFolder()): Promise<OpenLibrary> {
  const opened = await libraryIn(home)
  onTestFinished(opened.close)
  return { ...opened, home }
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
