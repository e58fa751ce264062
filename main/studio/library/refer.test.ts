// A model that stays in its folder: the library knows the way to it, and never touches it.
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, openLibrary, sample, take, temporaryFolder } from '../../../test/support/library'
import { openProjects } from '../../../test/support/projects'

const sha256 = 'ab'.repeat(32)

/** What makes a folder a model's; the engine has looked at the rest. */
function modelFolder(): string {
  const folder = path.join(temporaryFolder(), 'CogVideoX')
  fs.mkdirSync(path.join(folder, 'transformer'), { recursive: true })
  fs.writeFileSync(path.join(folder, 'model_index.json'), '{}')
  fs.writeFileSync(path.join(folder, 'transformer/weights.safetensors'), 'twenty gigabytes')
  return folder
}

const reference = (folder: string) => ({ folder, sha256, name: 'CogVideoX', bytes: 21e9 })

describe('a model folder', () => {
  it('is an asset like any other, whose content is the folder itself', async () => {
    const { library, events } = await openLibrary()
    const folder = modelFolder()
    const { asset, alreadyThere } = library.refer(reference(folder))
    expect(alreadyThere).toBe(false)
    expect(asset).toMatchObject({ kind: 'model', name: 'CogVideoX', sha256, bytes: 21e9, folder, extension: 'folder' })
    expect(library.list({ kind: 'model' })).toEqual([asset])
    expect(library.fileOf(asset.id)).toBe(folder)
    expect(events).toEqual([{ type: 'assets', changed: [asset], removed: [] }])
    expect(filesIn(library.contents.folder)).toEqual([])
  })

  it('is known by its hash: after a move it is found again where it was imported last', async () => {
    const { library } = await openLibrary()
    const folder = modelFolder()
    const { asset } = library.refer(reference(folder))
    library.update({ id: asset.id, name: 'Mine' })
    const moved = path.join(temporaryFolder(), 'elsewhere')
    fs.cpSync(folder, moved, { recursive: true })
    fs.rmSync(folder, { recursive: true })
    expect(() => library.fileOf(asset.id)).toThrow(
      `the model "Mine" is no longer in "${folder}"; put it back, or import it again from where it is now (Settings > Import model)`,
    )
    expect(library.refer(reference(moved))).toMatchObject({ asset: { id: asset.id, name: 'Mine' }, alreadyThere: true })
    expect(library.fileOf(asset.id)).toBe(moved)
  })

  it('stays as it is when it is removed from the library for good', async () => {
    const { library } = await openLibrary()
    const folder = modelFolder()
    const before = filesIn(folder)
    const { asset } = library.refer(reference(folder))
    library.remove([asset.id])
    expect(library.refer(reference(folder)).asset.id).toBe(asset.id) // back from the trash
    library.remove([asset.id])
    await library.emptyTrash()
    expect(library.get(asset.id)).toBeUndefined()
    expect(filesIn(folder)).toEqual(before)
  })

  it('weighs nothing in the library, and does not go along when the library moves', async () => {
    const { library } = await openLibrary()
    const folder = modelFolder()
    const { asset } = library.refer({ ...reference(folder), bytes: 2 ** 60 })
    await take(library, sample('humans/mara.png'), 'human')
    expect((await library.folder()).kinds.model).toEqual({ count: 1, bytes: 0 })
    const target = temporaryFolder()
    await library.move(target)
    expect(library.fileOf(asset.id)).toBe(folder)
    expect(filesIn(target).filter((name) => name.includes(sha256))).toEqual([])
  })

  it('is there again after the studio was closed', async () => {
    const first = await openLibrary()
    const folder = modelFolder()
    const { asset } = first.library.refer(reference(folder))
    await first.close()
    const second = await openLibrary(first.home)
    expect(second.library.get(asset.id)).toEqual(asset)
  })

  it('is named by projects, which find it by its hash in another library, wherever it lies there', async () => {
    const [mine, yours] = [await openProjects(), await openProjects()]
    const folder = modelFolder()
    const { asset } = mine.library.refer(reference(folder))
    const { id, document } = mine.projects.current()
    mine.projects.update(id, { ...document, settings: { ...document.settings, model: asset.id } })
    const file = path.join(temporaryFolder(), 'Walk.anywhere')
    await mine.projects.save(file)
    expect(fs.statSync(file).size).toBeLessThan(10e6)

    const theirs = yours.library.refer({ ...reference(modelFolder()), name: 'The same, elsewhere' }).asset
    expect((await yours.projects.openFile(file)).document.settings.model).toBe(theirs.id)
  })
})
