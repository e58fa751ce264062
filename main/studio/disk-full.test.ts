import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { filesIn, openLibrary, sample, take, temporaryFolder } from '../../test/support/library'
import { openProjects } from '../../test/support/projects'
import { resource } from '../media'
import { importFiles } from './library'
import { Uploads } from './uploads'

const mounted: string[] = []
afterAll(() => mounted.forEach((folder) => spawnSync('umount', ['-l', folder])))

/** A disk of so many kilobytes; undefined where this user may not mount one. */
function smallDisk(kilobytes: number): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  const folder = fs.mkdtempSync('/tmp/small-disk-')
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder])
  if (status === 0) mounted.push(folder)
  return status === 0 ? folder : undefined
}

const probe = smallDisk(64)

/** Fills what is left of the disk of `folder`. */
function fill(folder: string): void {
  const file = path.join(folder, 'ballast')
  const handle = fs.openSync(file, 'w')
  try {
    for (const size of [2 ** 16, 4096]) for (;;) fs.writeSync(handle, Buffer.alloc(size))
  } catch {
    try {
      for (;;) fs.writeSync(handle, Buffer.alloc(512))
    } catch {
      // full to the last block
    }
  }
  fs.closeSync(handle)
}

const empty = (folder: string): void => fs.rmSync(path.join(folder, 'ballast'))

describe.skipIf(!probe)('on a full disk (needs root, to make a small one)', () => {
  it('an import is refused in one line, nothing half is left, and it works when there is room again', async () => {
    const disk = smallDisk(6000)!
    const { library, close } = await openLibrary(disk)
    onTestFinished(close)
    const { asset } = await take(library, sample('humans/mara.png'), 'human')
    const before = filesIn(library.contents.folder)
    fill(disk)
    const outcomes = await importFiles(library, [sample('humans/tom.png'), sample('backgrounds/loft.jpg')], {
      kind: 'background',
    })
    for (const outcome of outcomes)
      expect((outcome as { error: string }).error).toMatch(/^cannot write ".*": the disk is full; [^\n]*$/)
    expect(library.list()).toEqual([asset])
    expect(filesIn(library.contents.folder)).toEqual(before)
    empty(disk)
    await take(library, sample('humans/tom.png'), 'human')
    expect(library.list()).toHaveLength(2)
  })

  it('a row that cannot be written is told, and the list stays whole', async () => {
    const disk = smallDisk(4000)!
    const { library, close } = await openLibrary(disk)
    onTestFinished(close)
    const { asset } = await take(library, sample('motions/run.json'))
    fill(disk)
    const star = () => {
      for (let i = 0; i < 300; i++)
        library.update({ id: asset.id, tags: Array.from({ length: 30 }, (_, n) => `tag ${i} ${n} ${'x'.repeat(30)}`) })
    }
    expect(star).toThrow(/the disk is full/)
    expect(library.list()).toHaveLength(1)
    empty(disk)
    expect(library.update({ id: asset.id, starred: true }).starred).toBe(true)
  })

  it('a project is not saved, not spoilt, and its changes are told to be in danger', async () => {
    const disk = smallDisk(4000)!
    const { projects } = await openProjects(temporaryFolder())
    const { id, document } = projects.current()
    projects.update(id, {
      ...document,
      humans: [document.humans[0]!],
      backgrounds: [],
      chosen: { human: null, background: null, motion: null },
    })
    const file = path.join(disk, 'mine.anywhere')
    await projects.save(file)
    const before = fs.readFileSync(file)
    fill(disk)
    projects.update(id, document)
    await expect(projects.save()).rejects.toThrow(/^cannot write ".*mine\.anywhere": the disk is full/)
    expect(fs.readFileSync(file).equals(before)).toBe(true)
    expect(fs.readdirSync(disk).sort()).toEqual(['ballast', 'mine.anywhere'])
    expect(projects.current().changed).toBe(true)
  })

  it('opening a project that does not fit changes nothing', async () => {
    const { projects } = await openProjects()
    const file = path.join(temporaryFolder(), 'large.anywhere')
    await projects.save(file)
    const disk = smallDisk(1500)!
    const { library, close } = await openLibrary(disk)
    onTestFinished(close)
    const { openProject } = await import('./project/file')
    await expect(library.exclusive(() => openProject(library, file, 'large.anywhere'))).rejects.toThrow(
      /cannot open "large\.anywhere": it needs \d+ MB, the library's disk has \d MB left/,
    )
    expect(library.list()).toEqual([])
    expect(filesIn(library.contents.folder)).toEqual([])
  })

  it('an upload is refused and leaves no trace', async () => {
    const disk = smallDisk(500)!
    const uploads = new Uploads(path.join(disk, 'uploads'))
    await expect(uploads.add('loft.jpg', fs.readFileSync(resource('humans/mara.png')).subarray(0, 0))).resolves.toMatch(
      /^upload_/,
    )
    await expect(uploads.add('big', new Uint8Array(2 ** 20))).rejects.toThrow('the disk is full')
    expect(fs.readdirSync(path.join(disk, 'uploads'))).toHaveLength(1)
  })

  it('the library is not moved to a disk that is too small', async () => {
    const { library } = await openLibrary()
    await take(library, sample('humans/mara.png'), 'human')
    const folder = library.contents.folder
    const disk = smallDisk(200)!
    await expect(library.move(disk)).rejects.toThrow(/it needs \d+ MB, the disk has 1 MB left/)
    expect(fs.readdirSync(disk)).toEqual([])
    expect(library.contents.folder).toBe(folder)
    expect(fs.existsSync(library.fileOf(library.list()[0]!.id))).toBe(true)
  })
})
