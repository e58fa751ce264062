import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, openLibrary, sample, take, temporaryFolder } from '../../../test/support/library'

async function filledLibrary() {
  const opened = await openLibrary()
  await take(opened.library, sample('humans/mara.png'), 'human')
  await take(opened.library, sample('motions/walk.json'))
  return opened
}

describe('moving the library', () => {
  it('brings everything along and goes on working where it is', async () => {
    const { library, home } = await filledLibrary()
    const before = library.list()
    const files = filesIn(library.contents.folder)
    const target = temporaryFolder()
    const { path: folder } = await library.move(target)
    expect(folder).toBe(fs.realpathSync(target))
    expect(fs.existsSync(path.join(home, 'library'))).toBe(false)
    expect(filesIn(target)).toEqual(files)
    expect(library.list()).toEqual(before)
    const { asset } = await take(library, sample('humans/tom.png'), 'human')
    expect(library.fileOf(asset.id).startsWith(folder)).toBe(true)
  })

  it('is remembered', async () => {
    const first = await filledLibrary()
    const target = temporaryFolder()
    await first.library.move(target)
    const before = first.library.list()
    await first.close()
    const { library } = await openLibrary(first.home)
    expect(library.list()).toEqual(before)
    expect(library.contents.folder).toBe(fs.realpathSync(target))
  })

  it('makes a folder of its own where the user keeps other things, and leaves those alone on its way out', async () => {
    const { library } = await filledLibrary()
    const target = temporaryFolder()
    fs.writeFileSync(path.join(target, 'letter.txt'), 'mine')
    await library.move(target)
    expect(fs.readdirSync(target).sort()).toEqual(['AnimateAnywhere library', 'letter.txt'])
    await library.move(temporaryFolder())
    expect(fs.readdirSync(target)).toEqual(['letter.txt'])
  })

  it('refuses a place inside itself, one that is not there, and one that is taken', async () => {
    const { library } = await filledLibrary()
    const before = filesIn(library.contents.folder)
    await expect(library.move(path.join(library.contents.folder, 'files'))).rejects.toThrow('into its own folder')
    await expect(library.move('/no/such/folder')).rejects.toThrow('there is no such folder')
    const taken = temporaryFolder()
    fs.mkdirSync(path.join(taken, 'AnimateAnywhere library'))
    fs.writeFileSync(path.join(taken, 'AnimateAnywhere library', 'x'), '')
    await expect(library.move(taken)).rejects.toThrow('there is something in it; choose an empty folder')
    expect(filesIn(library.contents.folder)).toEqual(before)
    expect((await library.move(path.dirname(library.contents.folder))).path).toBe(library.contents.folder)
  })

  it('killed at any moment leaves a library that works, and one only', async () => {
    const first = await filledLibrary()
    const before = first.library.list()
    const { home } = first
    await first.close()
    const support = path.resolve(import.meta.dirname, '../../../test/support/move-for-ever.ts')
    const targets = [temporaryFolder(), temporaryFolder()]
    for (let round = 0; round < 6; round++) {
      const mover = spawn(process.execPath, ['--import', 'tsx', support, home, ...targets], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(mover.stdout, 'data')
      await new Promise((resolve) => setTimeout(resolve, 7 + round * 13))
      mover.kill('SIGKILL')
      await once(mover, 'close')
      const { library, close } = await openLibrary(home)
      expect(library.list()).toEqual(before)
      for (const { id } of before) expect(fs.existsSync(library.fileOf(id))).toBe(true)
      const elsewhere = [path.join(home, 'library'), ...targets]
        .filter((folder) => fs.existsSync(folder) && fs.realpathSync(folder) !== library.contents.folder)
        .flatMap(filesIn)
      expect(elsewhere).toEqual([])
      await close()
      targets.forEach((folder) => fs.mkdirSync(folder, { recursive: true }))
    }
  })
})
