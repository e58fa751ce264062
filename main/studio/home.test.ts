import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLibrary, sample, take, temporaryFolder } from '../../test/support/library'
import { defaultSettings } from '../api'
import { Grants } from './grants'
import { mediaAt } from './media-files'
import { openPreferences } from './preferences'
import { beginSession } from './session'
import { Uploads } from './uploads'

describe('a session', () => {
  it('has the home folder for itself, and knows how the last one ended', () => {
    const home = temporaryFolder()
    const first = beginSession(home)
    expect(first.recovered).toBe(false)
    expect(() => beginSession(home)).toThrow(`another AnimateAnywhere is using "${home}"; close it`)
    first.end()
    const second = beginSession(home)
    expect(second.recovered).toBe(false)
    second.giveUp()
    fs.writeFileSync(path.join(home, 'running'), 'as a kill leaves it')
    const third = beginSession(home)
    expect(third.recovered).toBe(true)
    third.giveUp()
    expect(beginSession(home).recovered).toBe(true)
  })

  it('says where a home cannot be', () => {
    const file = path.join(temporaryFolder(), 'file')
    fs.writeFileSync(file, '')
    expect(() => beginSession(path.join(file, 'home'))).toThrow('a part of its path is a file, not a folder')
  })
})

describe('preferences', () => {
  it('are kept, one change at a time', () => {
    const file = path.join(temporaryFolder(), 'preferences.json')
    const preset = { name: 'Draft', settings: { ...defaultSettings, steps: 3 } }
    openPreferences(file).set({ presets: [preset] })
    openPreferences(file).set({ layout: { left: 20 }, device: 'cpu' })
    expect(openPreferences(file).get()).toEqual({ presets: [preset], layout: { left: 20 }, device: 'cpu' })
  })

  it('that are broken are put aside', () => {
    const file = path.join(temporaryFolder(), 'preferences.json')
    fs.writeFileSync(file, '{"presets":"toaster"}')
    expect(openPreferences(file).get().presets).toEqual([])
    expect(fs.readdirSync(path.dirname(file))).toEqual(['preferences.json.broken'])
  })
})

describe('a grant', () => {
  it('is good for what it was given for, and only as long as the studio runs', () => {
    const folder = temporaryFolder()
    const grants = new Grants()
    const { grant } = grants.add('export-folder', folder)
    expect(grants.path(grant, 'export-folder')).toBe(folder)
    expect(() => grants.path(grant, 'library-folder')).toThrow('choose it again')
    expect(() => new Grants().path(grant, 'export-folder')).toThrow('choose it again')
  })

  it('is refused for what is not there or is something else', () => {
    const folder = temporaryFolder()
    const grants = new Grants()
    expect(() => grants.add('export-folder', 'relative/place')).toThrow('is not a full path')
    expect(() => grants.add('dataset-folder', path.join(folder, 'none'))).toThrow('there is nothing of that name')
    expect(() => grants.add('project-to-open', folder)).toThrow('is not a project file')
    expect(() => grants.add('project-to-save', folder)).toThrow('is not a file to save to')
    expect(grants.add('project-to-save', path.join(folder, 'new.anywhere')).path).toContain('new.anywhere')
  })
})

describe('an upload', () => {
  it('is kept under a name of ours until it is used', async () => {
    const folder = path.join(temporaryFolder(), 'uploads')
    const uploads = new Uploads(folder)
    const id = await uploads.add('../../evil\n.png', Buffer.from('abc'))
    expect(uploads.get(id).name).toBe('../../evil .png')
    expect(fs.readdirSync(folder)).toEqual([id])
    await uploads.drop([id])
    expect(() => uploads.get(id)).toThrow('no longer kept; choose it again')
    expect(fs.readdirSync(folder)).toEqual([])
  })

  it('of an earlier run is gone', async () => {
    const folder = path.join(temporaryFolder(), 'uploads')
    await new Uploads(folder).add('a.png', Buffer.from('abc'))
    expect(() => new Uploads(folder).get('upload_0000000000000000')).toThrow('choose it again')
    expect(fs.readdirSync(folder)).toEqual([])
  })
})

describe('a media URL', () => {
  it('means a file of the library, its thumbnail, a preview, or a file of an export', async () => {
    const { library } = await openLibrary()
    const { asset } = await take(library, sample('humans/mara.png'), 'human')
    const exported = sample('backgrounds/loft.jpg').file
    const sources = {
      library,
      preview: () => new Uint8Array([1]),
      exported: (_: string, n: number) => (n === 2 ? exported : undefined),
    }
    const at = (pathname: string) => mediaAt(pathname, sources)
    expect(at(`/media/${asset.id}/file`)).toEqual({ file: library.fileOf(asset.id), type: 'image/png' })
    expect(at(`/media/${asset.id}/thumbnail`)).toEqual({
      file: library.contents.thumbnailOf(asset.id),
      type: 'image/jpeg',
    })
    expect(at('/media/preview/job_0123456789abcdef')).toEqual({ bytes: new Uint8Array([1]), type: 'image/jpeg' })
    expect(at('/media/export/job_0123456789abcdef/2')).toEqual({
      file: exported,
      type: 'application/octet-stream',
      download: 'upload',
    })
    library.remove([asset.id])
    expect(at(`/media/${asset.id}/thumbnail`)).toBeDefined() // undo shows it again
  })

  it.each([
    '',
    '/',
    '/media',
    '/media/',
    '/media//file',
    '/media/human_00000000000000ff/file',
    '/media/human_00000000000000ff/thumbnail/x',
    '/media/../../etc/passwd',
    '/media/human_0123456789abcdef/../../library.db',
    '/media/..%2f..%2flibrary.db/file',
    '/media/human_0123456789abcdef%00/file',
    '/media/preview/job_../x',
    '/media/preview/human_0123456789abcdef',
    '/media/export/job_0123456789abcdef/../1',
    '/media/export/job_0123456789abcdef/-1',
    '/media/export/job_0123456789abcdef/1e3',
    '/media/__proto__/file',
    '/etc/passwd',
    '\\media\\x\\file',
    '/media/' + 'a/'.repeat(9000),
  ])('%j means nothing', async (pathname) => {
    const { library } = await openLibrary()
    await take(library, sample('humans/mara.png'), 'human')
    expect(mediaAt(pathname, { library, preview: () => undefined, exported: () => '/no/such/file' })).toBeUndefined()
  })
})
