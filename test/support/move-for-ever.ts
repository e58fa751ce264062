// Moves a library to and fro until it is killed: `move-for-ever.ts HOME FOLDER FOLDER`. For the test that it survives that.
import fs from 'node:fs'
import path from 'node:path'
import { openDatabase } from '../../main/studio/database'
import { AssetLibrary, libraryTables, openLibraryPlace } from '../../main/studio/library'

const [home, ...targets] = process.argv.slice(2) as [string, string, string]
const place = await openLibraryPlace(home)
fs.mkdirSync(place.folder, { recursive: true })
const database = openDatabase(path.join(place.folder, 'library.db'), [libraryTables])
const library = new AssetLibrary({ database, place, onEvent: () => undefined })
process.stdout.write('moving\n')
for (let i = 0; ; i++) {
  const target = targets[i % targets.length]!
  fs.mkdirSync(target, { recursive: true })
  await library.move(target)
}
