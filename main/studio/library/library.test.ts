import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, handedOver, openLibrary, sample, take, temporaryFolder } from '../../../test/support/library'
import { openVideoWriter } from '../../media'
import type { ClipFacts } from '../../api'
import { defaultSettings } from '../../api'

const day = 24 * 60 * 60 * 1000

/** A finished clip of two frames, as the queue hands it over. */
async function clipFile(level = 128): Promise<string> {
  const file = path.join(temporaryFolder(), 'clip.mp4')
  const writer = await openVideoWriter(file, { width: 64, height: 48, fps: 24 })
  await writer.write(new Uint8Array(64 * 48 * 3).fill(level))
  await writer.write(new Uint8Array(64 * 48 * 3).fill(level + 20))
  await writer.finish()
  return file
}

const facts: ClipFacts = {
  request: {
    kind: 'render',
    human: 'human_0000000000000001',
    background: 'background_0000000000000001',
    motion: 'motion_0000000000000001',
    settings: defaultSettings,
  },
  frames: 2,
  fps: 24,
  modelSha256: 'a'.repeat(64),
  engineVersion: '0.1.0',
  renderSeconds: 1,
}

const clip = (file: string) =>
  ({
    kind: 'clip',
    file,
    name: 'Mara × Loft',
    extension: 'mp4',
    size: { width: 64, height: 48 },
    seconds: 2 / 24,
    clip: facts,
  }) as const

describe('the library', () => {
  it('finds by words of names and tags, by kind and by star', async () => {
    const { library } = await openLibrary()
    const { asset: mara } = await take(library, sample('humans/mara.png'), 'human')
    const { asset: loft } = await take(library, sample('backgrounds/loft.jpg'), 'background')
    library.update({ id: mara.id, tags: ['Yellow', 'studio'], starred: true })
    library.update({ id: loft.id, name: 'Loft, evening' })
    const names = (query: Parameters<typeof library.list>[0]) => library.list(query).map(({ name }) => name)
    expect(names({})).toEqual(['Loft, evening', 'mara'])
    expect(names({ search: 'yellow MAR' })).toEqual(['mara'])
    expect(names({ search: 'yellow loft' })).toEqual([])
    expect(names({ kind: 'background' })).toEqual(['Loft, evening'])
    expect(names({ starred: true })).toEqual(['mara'])
    expect(() => library.update({ id: 'human_00000000000000ff', name: 'x' })).toThrow('no longer in the library')
  })

  it('takes a finished clip in, with all that made it and its first frame', async () => {
    const { library, events } = await openLibrary()
    const file = await clipFile()
    const asset = await library.adopt(clip(file))
    expect(fs.existsSync(file)).toBe(false)
    expect(library.get(asset.id)).toEqual(asset)
    expect(asset).toMatchObject({ kind: 'clip', clip: facts, size: { width: 64, height: 48 } })
    expect(fs.existsSync(library.contents.thumbnailOf(asset.id))).toBe(true)
    expect(events).toEqual([{ type: 'assets', changed: [asset], removed: [] }])
  })

  it('keeps two clips that look alike, in one file', async () => {
    const { library } = await openLibrary()
    const [first, second] = [await library.adopt(clip(await clipFile())), await library.adopt(clip(await clipFile()))]
    expect(second.id).not.toBe(first.id)
    expect(filesIn(library.contents.folder).filter((name) => name.startsWith('files'))).toHaveLength(1)
    library.remove([first.id])
    await library.emptyTrash()
    expect(library.get(first.id)).toBeUndefined()
    expect(fs.existsSync(library.fileOf(second.id))).toBe(true)
  })

  it('brings back what was removed, until the trash is emptied', async () => {
    const { library, events } = await openLibrary()
    const { asset } = await take(library, sample('humans/mara.png'), 'human')
    library.remove([asset.id, 'human_00000000000000ff'])
    expect(events.at(-1)).toEqual({ type: 'assets', changed: [], removed: [asset.id] })
    expect(library.list()).toEqual([])
    expect((await library.folder()).trash).toEqual({ count: 1, bytes: asset.bytes })
    library.restore([asset.id])
    expect(library.list()).toEqual([asset])
    library.remove([asset.id])
    await library.emptyTrash()
    expect(filesIn(library.contents.folder)).toEqual([])
    library.restore([asset.id])
    expect(library.list()).toEqual([])
  })

  it('keeps in the trash what the queue still needs, and what is younger than it must be', async () => {
    const { library } = await openLibrary()
    const { asset } = await take(library, sample('humans/mara.png'), 'human')
    library.remove([asset.id])
    library.needed = () => new Set([asset.id])
    await library.emptyTrash()
    expect(fs.existsSync(library.fileOf(asset.id))).toBe(true)
    library.needed = () => new Set()
    await library.emptyTrash(new Date(Date.now() - day))
    expect(library.get(asset.id)).toBeDefined()
    await library.emptyTrash(new Date(Date.now() + day))
    expect(library.get(asset.id)).toBeUndefined()
  })

  it('weighs itself', async () => {
    const { library } = await openLibrary()
    const { asset } = await take(library, sample('humans/mara.png'), 'human')
    const folder = await library.folder()
    expect(folder.kinds.human).toEqual({ count: 1, bytes: asset.bytes })
    expect(folder.kinds.clip).toEqual({ count: 0, bytes: 0 })
    expect(folder.thumbnailBytes).toBe(fs.statSync(library.contents.thumbnailOf(asset.id)).size)
    expect(folder.freeBytes).toBeGreaterThan(0)
  })

  it('is found again after a restart, and clears away what an unclean end has left', async () => {
    const first = await openLibrary()
    const { asset } = await take(first.library, sample('humans/mara.png'), 'human')
    await first.close()
    const folder = path.join(first.home, 'library')
    const strays = [
      'work/0123.png',
      `files/ab/ab${'0'.repeat(62)}.png`,
      'files/ab/.x.partial.mp4',
      'thumbnails/human_00000000000000ff.jpg',
    ]
    for (const stray of strays) {
      fs.mkdirSync(path.dirname(path.join(folder, stray)), { recursive: true })
      fs.writeFileSync(path.join(folder, stray), 'half')
    }
    const { library } = await openLibrary(first.home)
    expect(library.list()).toEqual([asset])
    expect(filesIn(folder)).toEqual([
      `files/${asset.sha256.slice(0, 2)}/${asset.sha256}.png`,
      `thumbnails/${asset.id}.jpg`,
    ])
  })

  it('does not throw the files away when its list is lost', async () => {
    const first = await openLibrary()
    const { asset } = await take(first.library, sample('humans/mara.png'), 'human')
    await first.close()
    const folder = path.join(first.home, 'library')
    for (const name of fs.readdirSync(folder)) if (name.startsWith('library.db')) fs.rmSync(path.join(folder, name))
    const { library } = await openLibrary(first.home)
    expect(fs.existsSync(library.contents.fileOf(asset))).toBe(true)
  })

  it('makes thumbnails that are missing', async () => {
    const { library, events } = await openLibrary()
    const asset = await library.adopt(clip(await clipFile()))
    fs.rmSync(library.contents.thumbnailOf(asset.id))
    events.length = 0
    await library.makeMissingThumbnails()
    expect(fs.existsSync(library.contents.thumbnailOf(asset.id))).toBe(true)
    expect(events).toEqual([{ type: 'assets', changed: [asset], removed: [] }])
  })

  it('says which file is gone when the user has removed it by hand', async () => {
    const { library } = await openLibrary()
    const { asset } = await take(
      library,
      handedOver('mara.png', fs.readFileSync(sample('humans/mara.png').file)),
      'human',
    )
    fs.rmSync(library.fileOf(asset.id))
    expect(() => library.fileOf(asset.id)).toThrow(`the file of "mara" is gone from the library's folder`)
    expect(() => library.fileOf('human_00000000000000ff')).toThrow('it was removed')
  })
})
