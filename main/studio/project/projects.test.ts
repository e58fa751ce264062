import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeTestAdapter } from '../../../test/support/adapter'
import { filesIn, handedOver, sample, take, temporaryFolder } from '../../../test/support/library'
import { openProjects } from '../../../test/support/projects'
import { openVideoWriter } from '../../media'
import type { ProjectDocument } from '../../api'
import { openDatabase } from '../database'
import { AssetLibrary, libraryTables, openLibraryPlace } from '../library'
import { upgrade } from './format'
import { Projects } from './projects'

const target = () => path.join(temporaryFolder(), 'Evening walk.anywhere')

async function makeClip(library: AssetLibrary, { chosen, settings }: ProjectDocument) {
  const file = path.join(temporaryFolder(), 'clip.mp4')
  const writer = await openVideoWriter(file, { width: 64, height: 48, fps: 24 })
  await writer.write(new Uint8Array(64 * 48 * 3).fill(90))
  await writer.finish()
  const { human, background, motion } = chosen
  const request = { kind: 'render', human: human!, background: background!, motion: motion!, settings } as const
  const clip = { request, frames: 1, fps: 24, modelSha256: 'a'.repeat(64), engineVersion: '0.1.0', renderSeconds: 1 }
  return library.adopt({
    kind: 'clip',
    file,
    name: 'Mara × Promenade',
    extension: 'mp4',
    size: { width: 64, height: 48 },
    seconds: 1 / 24,
    clip,
  })
}

/** A saved project: the samples, another name, one clip. */
async function savedProject() {
  const opened = await openProjects()
  const { projects, library } = opened
  const { id, document } = projects.current()
  const clip = await makeClip(library, document)
  const changed = { ...document, name: 'Evening walk', clips: [clip.id] }
  projects.update(id, changed)
  const file = target()
  await projects.save(file)
  return { ...opened, id, file, document: changed, clip }
}

/** The names of the things in a document, which are the same in every library. */
const namesIn = (library: AssetLibrary, { humans, backgrounds, motions, clips, chosen }: ProjectDocument) =>
  [humans, backgrounds, motions, clips, Object.values(chosen)].map((ids) => ids.map((id) => library.get(id!)?.name))

/** Changes entries of a project file. */
function tamper(file: string, change: (entries: Record<string, Uint8Array>) => void): string {
  const entries = unzipSync(fs.readFileSync(file))
  change(entries)
  const changed = target()
  fs.writeFileSync(changed, zipSync(entries, { level: 0 }))
  return changed
}

const editJson = (file: string, edit: (json: Record<string, unknown>) => void): string =>
  tamper(file, (entries) => {
    const json = JSON.parse(strFromU8(entries['project.json']!)) as Record<string, unknown>
    edit(json)
    entries['project.json'] = strToU8(JSON.stringify(json))
  })

describe('the first start', () => {
  it('opens the sample project: all samples on the table, three of them chosen', async () => {
    const { projects, library } = await openProjects()
    const { document, changed, recovered, path: file } = projects.current()
    expect({ changed, recovered, file, name: document.name }).toEqual({
      changed: false,
      recovered: false,
      file: undefined,
      name: 'Sample',
    })
    expect(namesIn(library, document)).toEqual([
      ['Ines', 'Mara', 'Tom'],
      ['Colonnade', 'Loft', 'Promenade'],
      ['Approach', 'Dance', 'Run', 'Turn', 'Walk', 'Wave'],
      [],
      ['Mara', 'Promenade', 'Walk'],
    ])
    expect(library.list({ search: 'sample' })).toHaveLength(12)
  })

  it('samples that were removed come back with the sample project, and are not there twice', async () => {
    const { projects, library } = await openProjects()
    library.remove(projects.current().document.humans)
    const { document } = await projects.create('sample')
    expect(namesIn(library, document)[0]).toEqual(['Ines', 'Mara', 'Tom'])
    expect(library.list()).toHaveLength(12)
  })
})

describe('a change', () => {
  it('is on the disk at once, and found again after any end', async () => {
    const first = await openProjects()
    const { id, document } = first.projects.current()
    first.projects.update(id, { ...document, name: 'Night' })
    // no close: the app was killed
    const { projects } = await openProjects(first.home, true)
    expect(projects.current()).toMatchObject({ id, changed: true, recovered: true, document: { name: 'Night' } })
    await projects.create('empty')
    expect(projects.current().recovered).toBe(false)
  })

  it('of a project that has just been closed is kept as well', async () => {
    const { projects } = await openProjects()
    const { id, document } = projects.current()
    projects.update(id, { ...document, name: 'Night' })
    await projects.create('empty')
    projects.update(id, { ...document, name: 'Late night' })
    expect((await projects.openRecent(id)).document.name).toBe('Late night')
    expect(() => projects.update('project_00000000000000ff', document)).toThrow('not open any more')
  })

  it('survives an autosave that was spoilt: then the sample project is opened, and said', async () => {
    const first = await openProjects()
    const { id, document } = first.projects.current()
    first.projects.update(id, { ...document, name: 'Night' })
    fs.writeFileSync(path.join(first.home, 'autosave', `${id}.json`), '{"format":"anywh')
    const { projects } = await openProjects(first.home)
    expect(projects.current().document.name).toBe('Sample')
  })

  it('leaves out what has left the library since', async () => {
    const first = await openProjects()
    const { document } = first.projects.current()
    first.library.remove([document.humans[0]!, document.chosen.human!])
    const { projects } = await openProjects(first.home)
    expect(projects.current().document.humans).toEqual([document.humans[2]])
    expect(projects.current().document.chosen.human).toBeNull()
  })
})

describe('a project file', () => {
  it('holds everything: opened in another library, all of it is there', async () => {
    const { file, document, library, clip } = await savedProject()
    const other = await openProjects()
    other.library.remove(other.library.list().map(({ id }) => id))
    await other.library.emptyTrash()
    const opened = await other.projects.openFile(file)
    expect(opened).toMatchObject({
      path: file,
      changed: false,
      document: { name: 'Evening walk', settings: document.settings },
    })
    expect(namesIn(other.library, opened.document)).toEqual(namesIn(library, document))
    const [copy] = other.library.list({ kind: 'clip' })
    expect(copy).toMatchObject({ name: clip.name, sha256: clip.sha256, created: clip.created })
    expect(copy!.clip!.request.human).toBe(opened.document.chosen.human)
    await other.library.makeMissingThumbnails()
    for (const { id } of other.library.list()) expect(fs.existsSync(other.library.contents.thumbnailOf(id))).toBe(true)
  })

  it('is not changed by an update that changes nothing, as a window sends when it goes', async () => {
    const { projects, id, document } = await savedProject()
    projects.update(id, structuredClone(document))
    expect(projects.current().changed).toBe(false)
    projects.update(id, { ...document, name: 'Morning walk' })
    expect(projects.current().changed).toBe(true)
  })

  it('adds nothing to a library that has it all, and speaks of it by the names used there', async () => {
    const { file, clip } = await savedProject()
    const other = await openProjects()
    const samples = other.projects.current().document
    const { document } = await other.projects.openFile(file)
    expect(document.humans).toEqual(samples.humans)
    expect(document.chosen).toEqual(samples.chosen)
    expect(other.library.get(document.clips[0]!)!.clip!.request.human).toBe(samples.chosen.human)
    expect(other.library.list()).toHaveLength(13)
    await other.projects.openFile(file)
    expect(other.library.list({ kind: 'clip' }).map(({ id }) => id)).toEqual([clip.id])
  })

  it('gives another id to what has the id of something else here', async () => {
    const { file, document } = await savedProject()
    const other = await openProjects()
    const [ines] = other.projects.current().document.humans
    other.library.remove([ines!])
    await other.library.emptyTrash()
    const { asset: stranger } = await take(other.library, sample('backgrounds/loft.jpg'), 'human')
    const colliding = editJson(file, (json) => {
      const text = JSON.stringify(json).replaceAll(document.humans[0]!, stranger.id)
      Object.assign(json, JSON.parse(text))
    })
    const { humans } = (await other.projects.openFile(colliding)).document
    expect(humans[0]).not.toBe(stranger.id)
    expect(humans.map((id) => other.library.get(id)!.name)).toEqual(['Ines', 'Mara', 'Tom'])
    expect(other.library.get(stranger.id)).toEqual(stranger)
  })

  it('is found again with its changes when it is opened again', async () => {
    const { file, document, id, projects } = await savedProject()
    projects.update(id, { ...document, name: 'Changed' })
    await projects.create('empty')
    expect(await projects.openFile(file)).toMatchObject({ id, changed: true, document: { name: 'Changed' } })
    expect(await projects.save()).toMatchObject({ changed: false, path: file })
  })

  it('wins over unsaved changes when it was changed elsewhere, and those are kept beside it', async () => {
    const { file, document, id, projects, notices } = await savedProject()
    projects.update(id, { ...document, name: 'Changed' })
    await projects.create('empty')
    const elsewhere = editJson(file, (json) => ((json.document as { name: string }).name = 'From elsewhere'))
    fs.copyFileSync(elsewhere, file)
    expect(await projects.openFile(file)).toMatchObject({ id, changed: false, document: { name: 'From elsewhere' } })
    const kept = projects.recent().find(({ name }) => name === 'Changed (unsaved)')!
    expect(notices().at(-1)).toContain('your unsaved changes are kept as "Changed (unsaved)"')
    expect((await projects.openRecent(kept.id)).document.clips).toEqual(document.clips)
  })

  it('copied to another place is a project of its own; moved there it is the same', async () => {
    const { file, id, projects } = await savedProject()
    const copy = target()
    fs.copyFileSync(file, copy)
    expect((await projects.openFile(copy)).id).not.toBe(id)
    const moved = target()
    fs.renameSync(file, moved)
    expect(await projects.openFile(moved)).toMatchObject({ id, path: moved })
  })

  it('without a place asks for one; with one it gets its ending', async () => {
    const { projects } = await openProjects()
    await expect(projects.save()).rejects.toThrow('this project has no file yet; choose where to save it')
    const folder = temporaryFolder()
    expect((await projects.save(path.join(folder, 'mine'))).path).toBe(path.join(folder, 'mine.anywhere'))
    expect(fs.readdirSync(folder)).toEqual(['mine.anywhere'])
  })

  it('that cannot be written leaves the old one as it was', async () => {
    const { file, library, projects, document } = await savedProject()
    const before = fs.readFileSync(file)
    fs.appendFileSync(library.fileOf(document.chosen.background!), 'bit rot')
    await expect(projects.save()).rejects.toThrow('the file of "Promenade" in the library is damaged')
    expect(fs.readFileSync(file).equals(before)).toBe(true)
    expect(fs.readdirSync(path.dirname(file))).toHaveLength(1)
    await expect(projects.save(path.join(file, 'below.anywhere'))).rejects.toThrow('a part of its path is a file')
  })

  it('names models and does not hold them; where they are missing the bundled model steps in', async () => {
    const { library, projects, document, id, notices } = await savedProject()
    const { asset: model } = await take(library, sample('models/mini.safetensors'))
    projects.update(id, { ...document, settings: { ...document.settings, model: model.id } })
    const file = target()
    await projects.save(file)
    expect(notices().at(-1)).toBe(
      'The model "mini" is not in the project file; to open it elsewhere, take the model along',
    )
    expect(Object.keys(unzipSync(fs.readFileSync(file))).some((name) => name.endsWith('.safetensors'))).toBe(false)
    expect((await projects.openFile(file)).document.settings.model).toBe(model.id)
    const other = await openProjects()
    expect((await other.projects.openFile(file)).document.settings.model).toBe('mini')
    expect(other.notices().at(-1)).toBe('The model "mini" is not in this library; the bundled model takes its place')
  })
})

describe('a project with an adapter', () => {
  it('names it and does not hold it; where it is missing clips are made without it', async () => {
    const { library, projects, document, id, notices } = await savedProject()
    const incoming = handedOver('dusk.safetensors', '')
    writeTestAdapter(incoming.file, { blocks: 1, width: 64 })
    const { asset: adapter } = await take(library, incoming)
    projects.update(id, { ...document, settings: { ...document.settings, adapter: adapter.id } })
    const file = target()
    await projects.save(file)
    expect(notices().at(-1)).toBe(
      'The adapter "dusk" is not in the project file; to open it elsewhere, take the adapter along',
    )
    expect((await projects.openFile(file)).document.settings.adapter).toBe(adapter.id)
    const other = await openProjects()
    expect((await other.projects.openFile(file)).document.settings.adapter).toBe(null)
    expect(other.notices().at(-1)).toBe('The adapter "dusk" is not in this library; clips are made without it')
  })
})

describe('a project file from a stranger', () => {
  let file: string
  let bytes: Buffer
  let shared: Awaited<ReturnType<typeof openForAll>>
  beforeAll(async () => {
    shared = await openForAll()
    file = shared.file
    bytes = fs.readFileSync(file)
  })
  afterAll(() => shared.close())

  const wrong: [what: string, make: () => string, line: RegExp][] = [
    ['an empty file', () => written(new Uint8Array(0)), /it is no zip file/],
    ['a picture', () => written(fs.readFileSync(sample('humans/mara.png').file)), /it is no zip file/],
    ['another zip', () => written(zipSync({ 'a.txt': strToU8('a') })), /is not an AnimateAnywhere project/],
    [
      'one cut short',
      () => written(bytes.subarray(0, bytes.length - 1000)),
      /damaged or no project \(it is no zip file, or its end is missing\)/,
    ],
    [
      'one of a newer version',
      () => editJson(file, (json) => (json.version = 99)),
      /made with a newer version of AnimateAnywhere \(format 99/,
    ],
    ['one of no version', () => editJson(file, (json) => delete json.version), /is not an AnimateAnywhere project/],
    [
      'broken JSON',
      () => tamper(file, (entries) => (entries['project.json'] = strToU8('{"format"'))),
      /damaged or no project/,
    ],
    [
      'a changed picture',
      () => tamper(file, (entries) => (entries[picture(entries)]![500]! ^= 1)),
      /the file of ".*" was changed/,
    ],
    [
      'a missing picture',
      () => tamper(file, (entries) => Reflect.deleteProperty(entries, picture(entries))),
      /the file of ".*" is missing/,
    ],
    [
      'a name that leads out',
      () => tamper(file, (entries) => (entries['../../escape.txt'] = strToU8('x'))),
      /a name that leads elsewhere \("\.\.\/\.\.\/escape\.txt"\)/,
    ],
    [
      'a name from the root',
      () => tamper(file, (entries) => (entries['/etc/escape'] = strToU8('x'))),
      /leads elsewhere/,
    ],
    [
      'a hash that is a path',
      () => editJson(file, (json) => (first(json).sha256 = '../../../../etc/passwd')),
      /is damaged \(assets\.0\.sha256/,
    ],
    [
      'an ending that is a path',
      () => editJson(file, (json) => (first(json).extension = '/../../x')),
      /is damaged \(assets\.0: no file of this kind/,
    ],
    ['a page for a picture', () => editJson(file, (json) => (first(json).extension = 'html')), /is damaged/],
    [
      'an id of nothing',
      () => editJson(file, (json) => (first(json).id = 'human_../..')),
      /is damaged \(assets\.0\.id: no asset id/,
    ],
    [
      'a picture that is a motion',
      () => lie(file),
      /is not what it should be|cannot be read as a picture|was changed|is missing/,
    ],
  ]

  it.each(wrong)('%s is refused in one line, and nothing has changed', async (_, make, line) => {
    const { projects, library } = shared
    const before = { project: projects.current(), assets: library.list(), files: filesIn(library.contents.folder) }
    const error = await projects.openFile(make()).then(
      () => undefined,
      (reason: unknown) => reason as Error & { user?: boolean },
    )
    expect(error?.message).toMatch(line)
    expect(error).toMatchObject({ user: true })
    expect(error?.message).not.toContain('\n')
    expect({ project: projects.current(), assets: library.list(), files: filesIn(library.contents.folder) }).toEqual(
      before,
    )
  })

  function written(content: Uint8Array): string {
    const place = target()
    fs.writeFileSync(place, content)
    return place
  }
  const first = (json: Record<string, unknown>) => (json.assets as Record<string, unknown>[])[0]!
  const picture = (entries: Record<string, Uint8Array>) => Object.keys(entries).find((name) => name.endsWith('.png'))!
  /** Says that a motion is a human. */
  const lie = (of: string): string =>
    editJson(of, (json) => {
      const motion = (json.assets as Record<string, unknown>[]).find(({ kind }) => kind === 'motion')!
      Object.assign(motion, { kind: 'human', id: 'human_00000000000000aa', extension: 'png' })
    })
})

/** A library and a saved project, for tests that must not change them. */
async function openForAll() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'project-'))
  fs.mkdirSync(path.join(home, 'library'))
  const database = openDatabase(path.join(home, 'library', 'library.db'), [libraryTables])
  const library = new AssetLibrary({ database, place: await openLibraryPlace(home), onEvent: () => undefined })
  const projects = await Projects.start({ home, library, onEvent: () => undefined, recovered: false })
  const file = path.join(home, 'saved.anywhere')
  await projects.save(file)
  const close = async (): Promise<void> => {
    await library.close()
    database.close()
    fs.rmSync(home, { recursive: true })
  }
  return { file, library, projects, close }
}

describe('versions', () => {
  it('a file of version 1 opens', async () => {
    const { projects, library } = await openProjects()
    const { document } = await projects.openFile(
      path.resolve(import.meta.dirname, '../../../test/fixtures/projects/v1.anywhere'),
    )
    expect(document).toMatchObject({ name: 'Version one', settings: { steps: 4, hint: 'pan-left', seedLocked: false } })
    expect(namesIn(library, document)).toEqual([
      ['Small figure'],
      ['Small place'],
      ['Small step'],
      ['First clip'],
      ['Small figure', 'Small place', 'Small step'],
    ])
  })

  it('old documents are brought up step by step, newer ones are refused', () => {
    const steps = [(old: object) => ({ ...old, second: true }), (old: object) => ({ ...old, third: 'second' in old })]
    const at = (version: unknown) => ({ format: 'anywhere-project', version })
    expect(upgrade(at(1), 'project', 'x', steps)).toEqual({
      format: 'anywhere-project',
      version: 3,
      second: true,
      third: true,
    })
    expect(upgrade(at(2), 'project', 'x', steps)).toEqual({ format: 'anywhere-project', version: 3, third: false })
    expect(() => upgrade(at(4), 'project', 'x', steps)).toThrow(
      '"x" was made with a newer version of AnimateAnywhere (format 4, this one knows 3)',
    )
    expect(() => upgrade(at(0), 'project', 'x', steps)).toThrow('is not an AnimateAnywhere project')
  })
})

describe('recent projects', () => {
  it('are those with a file, and those whose changes are nowhere else', async () => {
    const { projects, id } = await savedProject()
    await projects.create('empty') // is left as it was made: nothing to remember
    const second = await projects.create('empty')
    projects.update(second.id, { ...second.document, name: 'Sketch' })
    await projects.create('sample')
    expect(projects.recent().map(({ name }) => name)).toEqual(['Sample', 'Sketch', 'Evening walk'])
    expect(await projects.openRecent(second.id)).toMatchObject({ document: { name: 'Sketch' }, changed: true })
    expect(await projects.openRecent(id)).toMatchObject({ id, document: { name: 'Evening walk' } })
    await expect(projects.openRecent('project_00000000000000ff')).rejects.toThrow('is not there any more')
  })

  it('whose file is gone are opened from what was kept of them', async () => {
    const { projects, id, file, document } = await savedProject()
    await projects.create('empty')
    fs.rmSync(file)
    const opened = await projects.openRecent(id)
    expect(opened).toMatchObject({ id, document, changed: true })
    expect(opened.path).toBeUndefined()
  })
})
