import fs from 'node:fs'
import path from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { filesIn, openLibrary, temporaryFolder } from '../../../test/support/library'
import { openProject } from './file'

const fixture = fs.readFileSync(path.resolve(import.meta.dirname, '../../../test/fixtures/projects/v1.anywhere'))

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

it('a document of nothing but brackets is refused before it fills the memory', async () => {
  const { library } = await openLibrary()
  const file = path.join(temporaryFolder(), 'brackets.anywhere')
  const brackets = new Uint8Array(32 * 2 ** 20).fill('['.charCodeAt(0))
  fs.writeFileSync(file, zipSync({ ...unzipSync(fixture), 'project.json': brackets }, { level: 9 }))
  const started = performance.now()
  const open = library.exclusive(() => openProject(library, file, 'brackets.anywhere'))
  await expect(open).rejects.toThrow('lists and objects in each other, more than 64 deep')
  expect(performance.now() - started).toBeLessThan(10_000)
})
