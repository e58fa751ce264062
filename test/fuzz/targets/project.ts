// Project files: the zip, and what the document in it says. Opened into a real library, which must hold only what it should afterwards.
import fs from 'node:fs'
import path from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { projectDocument } from '../../../main/api'
import { openProject } from '../../../main/studio/project/file'
import { filesIn, libraryIn } from '../../support/library-in'
import type { LibraryIn } from '../../support/library-in'
import { spoilBytes, writeExtreme } from '../bytes'
import type { Dice } from '../dice'
import { spoilJson } from '../json'
import { scratch, scratchFile } from '../scratch'
import type { Target } from '../target'
import { insist } from '../target'

const whole = new Uint8Array(fs.readFileSync(new URL('../../fixtures/projects/v1.anywhere', import.meta.url)))
const entries = unzipSync(whole)
const document = JSON.parse(strFromU8(entries['project.json']!)) as unknown
const strangeNames = ['', '../../x', '/etc/passwd', 'C:\\x', 'assets/', '\0', 'a'.repeat(5000), '\u202e', '__proto__']
/** Bytes at the end in which a zip describes itself. */
const directory = 900

function make(dice: Dice): Uint8Array {
  if (dice.chance(0.15)) return spoilBytes(whole, dice)
  if (dice.chance(0.4)) {
    const spoilt = whole.slice()
    const view = new DataView(spoilt.buffer)
    for (let n = 1 + dice.below(4); n > 0; n--)
      writeExtreme(view, whole.length - directory + dice.below(directory - 8), dice.pick([1, 2, 4]), dice)
    return spoilt
  }
  const changed: Record<string, Uint8Array> = { ...entries, 'project.json': strToU8(spoilJson(document, dice)) }
  if (dice.chance(0.2)) changed[dice.pick(strangeNames)] = strToU8('x')
  if (dice.chance(0.1)) Reflect.deleteProperty(changed, dice.pick(Object.keys(entries)))
  if (dice.chance(0.05)) {
    const name = dice.pick(Object.keys(entries))
    changed[name] = spoilBytes(entries[name]!, dice)
  }
  return zipSync(changed, { level: dice.chance(0.1) ? 6 : 0 })
}

/** A library is used for so many files: what one leaves behind, the next one meets. */
const filesPerLibrary = 200
let home = ''
let opened: LibraryIn | undefined
let used = 0

async function freshLibrary(): Promise<LibraryIn> {
  if (opened && used++ < filesPerLibrary) return opened
  await opened?.close()
  fs.rmSync(home, { recursive: true, force: true })
  home = path.join(scratch(), 'home')
  used = 1
  return (opened = await libraryIn(home))
}

const ours =
  /^files\/[0-9a-f]{2}\/[0-9a-f]{64}\.(png|json|mp4)$|^thumbnails\/(human|background|motion|clip)_[0-9a-f]{16}\.jpg$/

export const project: Target = {
  name: 'project',
  extension: 'anywhere',
  make,
  async parse(input) {
    const { library } = await freshLibrary()
    const file = scratchFile('input.anywhere', input)
    try {
      const { document: read } = await library.exclusive(() => openProject(library, file, 'input.anywhere'))
      insist(projectDocument.safeParse(read).success, 'a document that a window takes')
      for (const id of [...read.humans, ...read.backgrounds, ...read.motions, ...read.clips])
        insist(fs.existsSync(library.fileOf(id)), 'its assets are there')
    } finally {
      insist(fs.readdirSync(home).join() === 'library', 'nothing beside the library')
      insist(
        filesIn(path.join(home, 'library')).every((name) => ours.test(name)),
        'nothing strange in the library',
      )
      insist(fs.readdirSync(path.join(home, 'library', 'work')).length === 0, 'no work left lying about')
    }
  },
}
