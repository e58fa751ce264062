import fs from 'node:fs'
import path from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { filesIn, openLibrary, temporaryFolder } from '../../../test/support/library'
import { isUserError } from '../../media'
import { projectDocument } from '../../api'
import { openProject } from './file'

const fixture = fs.readFileSync(path.resolve(import.meta.dirname, '../../../test/fixtures/projects/v1.anywhere'))

/** The same numbers on every run: mulberry32. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const strange = [
  '',
  '../../x',
  '/etc/passwd',
  'C:\\x',
  'human_',
  '\0',
  'a'.repeat(5000),
  '\u202e',
  '__proto__',
  null,
  -1,
  1e308,
  [],
  {},
  true,
]

/** The bytes of the zip changed somewhere, most often where it describes itself. */
function spoilBytes(below: (limit: number) => number): Uint8Array {
  const bytes = Uint8Array.from(fixture)
  const directory = bytes.length - 900
  for (let n = 1 + below(4); n > 0; n--) {
    const at = below(3) === 0 ? below(bytes.length) : directory + below(900)
    bytes[at] = below(2) === 0 ? below(256) : [0, 0xff, 0x7f, 0x80][below(4)]!
  }
  if (below(8) === 0) return bytes.subarray(0, below(bytes.length))
  if (below(8) === 0) bytes.copyWithin(below(bytes.length), below(bytes.length), below(bytes.length))
  return bytes
}

/** A whole zip whose document says something strange somewhere. */
function spoilDocument(below: (limit: number) => number): Uint8Array {
  const entries = unzipSync(fixture)
  const json = JSON.parse(strFromU8(entries['project.json']!)) as Record<string, unknown>
  let holder: Record<string, unknown> = json
  for (;;) {
    const keys = Object.keys(holder)
    const key = keys[below(keys.length)]
    if (key === undefined) break
    const value = holder[key]
    if (typeof value === 'object' && value !== null && below(4) > 0) {
      holder = value as Record<string, unknown>
      continue
    }
    holder[key] = strange[below(strange.length)]
    break
  }
  entries['project.json'] = strToU8(JSON.stringify(json))
  if (below(3) === 0) entries[String(strange[below(9)])] = strToU8('x')
  return zipSync(entries, { level: 0 })
}

it('3000 spoilt project files are each opened whole or refused in one line, and write nothing anywhere else', async () => {
  const { library, home } = await openLibrary()
  const folder = temporaryFolder()
  const file = path.join(folder, 'spoilt.anywhere')
  const below = random(20)
  let opened = 0
  for (let round = 0; round < 3000; round++) {
    fs.writeFileSync(file, round % 2 === 0 ? spoilBytes(below) : spoilDocument(below))
    try {
      const { document } = await library.exclusive(() => openProject(library, file, 'spoilt.anywhere'))
      expect(projectDocument.safeParse(document).success).toBe(true)
      for (const id of [...document.humans, ...document.clips]) expect(fs.existsSync(library.fileOf(id))).toBe(true)
      opened++
    } catch (error) {
      if (!isUserError(error) || error.message.includes('\n')) throw new Error(`round ${round}`, { cause: error })
    }
  }
  expect(opened).toBeGreaterThan(100)
  expect(opened).toBeLessThan(2000)
  expect(fs.readdirSync(folder)).toEqual(['spoilt.anywhere'])
  expect(fs.readdirSync(home)).toEqual(['library'])
  for (const name of filesIn(path.join(home, 'library')))
    expect(name).toMatch(
      /^files\/[0-9a-f]{2}\/[0-9a-f]{64}\.(png|json|mp4)$|^thumbnails\/(human|background|motion|clip)_[0-9a-f]{16}\.jpg$/,
    )
})

it('a small file that claims to be a large one fills neither memory nor disk', async () => {
  const { library } = await openLibrary()
  const file = path.join(temporaryFolder(), 'bomb.anywhere')
  const entries = unzipSync(fixture)
  const name = Object.keys(entries).find((one) => one.endsWith('.json') && one !== 'project.json')!
  // 66 MB of blanks in the place of a motion of 435 bytes: packed it has 66 kB.
  fs.writeFileSync(file, zipSync({ ...entries, [name]: new Uint8Array(66 * 2 ** 20).fill(32) }, { level: 9 }))
  const open = () => library.exclusive(() => openProject(library, file, 'bomb.anywhere'))
  await expect(open()).rejects.toThrow('"bomb.anywhere": it is damaged or no project')
  fs.writeFileSync(file, zipSync({ ...entries, 'project.json': new Uint8Array(66 * 2 ** 20).fill(32) }, { level: 9 }))
  await expect(open()).rejects.toThrow('project.json is too large')
  expect(filesIn(library.contents.folder)).toEqual([])
})
