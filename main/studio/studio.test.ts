import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { filesIn, temporaryFolder } from '../../test/support/library'
import type { Asset, ImportOutcome, LibraryFolder, OpenProject, Reply, StudioEvent, SystemInfo } from '../api'
import { resource } from '../media'
import { hashOf } from './library/contents'
import { openStudio } from './studio'
import type { StudioOptions } from './studio'

async function open(home = temporaryFolder(), more: Partial<StudioOptions> = {}) {
  const events: StudioEvent[] = []
  const studio = await openStudio({
    home,
    host: 'browser',
    spawnEngine: () => {
      throw new Error('nothing is rendered in these tests')
    },
    dialogs: { choose: () => Promise.resolve(null), reveal: () => Promise.resolve() },
    onEvent: (event) => events.push(event),
    ...more,
  })
  let ended = false
  const close = async (): Promise<void> => {
    if (!ended) await studio.close()
    ended = true
  }
  onTestFinished(close)
  const value = async <T>(reply: Promise<Reply>): Promise<T> => {
    const answer = await reply
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value as T
  }
  return {
    studio,
    home,
    events,
    close,
    call: <T>(method: string, input?: unknown) => value<T>(studio.call(method, input)),
    upload: (name: string, bytes: Uint8Array) => value<string>(studio.upload(name, bytes)),
  }
}

const mara = fs.readFileSync(resource('humans/mara.png'))

describe('the studio', () => {
  it('opens with the samples on the table, and knows that no clip was made here yet', async () => {
    const { call } = await open()
    expect((await call<Asset[]>('library.list', {})).length).toBe(12)
    expect((await call<OpenProject>('project.current')).document.name).toBe('Sample')
    expect(await call<SystemInfo>('system.info')).toMatchObject({ host: 'browser', firstStart: true })
  })

  it('takes files from a window by upload, tells every window, and serves them by id', async () => {
    const { studio, call, upload, events } = await open()
    const ids = [await upload('place.png', mara), await upload('notes.txt', Buffer.from('no picture'))]
    const outcomes = await call<ImportOutcome[]>('library.import', {
      uploads: [...ids, 'upload_00000000000000ff'],
      kind: 'background',
    })
    expect(outcomes).toEqual([
      { file: 'place.png', alreadyThere: false, asset: expect.objectContaining({ name: 'place' }) as unknown },
      { file: 'notes.txt', error: expect.stringContaining('"notes.txt" cannot be read as a picture') as unknown },
      { file: 'a file', error: expect.stringContaining('no longer kept') as unknown },
    ])
    const { asset } = outcomes[0] as { asset: Asset }
    expect(events).toContainEqual({ type: 'assets', changed: [asset], removed: [] })
    const media = studio.media(`/media/${asset.id}/file`)
    expect(media && 'file' in media && fs.readFileSync(media.file).equals(mara)).toBe(true)
  })

  it('answers what a window must not ask with a refusal', async () => {
    const { studio } = await open()
    for (const [method, input] of [
      ['library.remove', { ids: ['../../x'] }],
      ['project.save', { file: '/etc/passwd' }],
      ['project.save', { file: 'grant_0123456789abcdef' }],
      ['library.move', { folder: 'grant_0123456789abcdef' }],
      ['host.grant', { what: 'library-folder', path: 'not/absolute' }],
      ['project.update', { id: 'project_0123456789abcdef', document: {} }],
    ] as const)
      expect(await studio.call(method, input)).toMatchObject({ ok: false })
  })

  it('lets nobody type a path in the app, where there are dialogs', async () => {
    const folder = temporaryFolder()
    const { studio, call } = await open(undefined, {
      host: 'electron',
      dialogs: { choose: () => Promise.resolve(folder), reveal: () => Promise.resolve() },
    })
    expect(await studio.call('host.grant', { what: 'library-folder', path: folder })).toMatchObject({ ok: false })
    const grant = await call<{ grant: string }>('host.choose', { what: 'library-folder' })
    expect((await call<LibraryFolder>('library.move', { folder: grant.grant })).path).toBe(fs.realpathSync(folder))
    expect(await call<Asset[]>('library.list', {})).toHaveLength(12)
  })

  it('opens a file that the system names, and says what is wrong with one', async () => {
    const { studio, call, events } = await open()
    await call('project.current')
    const file = path.resolve(import.meta.dirname, '../../test/fixtures/projects/v1.anywhere')
    await studio.openFile(file)
    expect(await call<OpenProject>('project.current')).toMatchObject({ path: file, document: { name: 'Version one' } })
    expect((await call<SystemInfo>('system.info')).firstStart).toBe(false)
    await studio.openFile('/no/such/file.anywhere')
    expect(events.at(-1)).toEqual({
      type: 'notice',
      level: 'error',
      text: 'cannot open "file.anywhere": it is not there any more',
    })
  })

  it('is there once per home, and again after its end', async () => {
    const first = await open()
    await expect(open(first.home)).rejects.toThrow('another AnimateAnywhere is using')
    await first.close()
    const second = await open(first.home)
    expect((await second.call<OpenProject>('project.current')).recovered).toBe(false)
  })

  it('killed 12 times at work keeps every promise, and leaves nothing half', async () => {
    const home = temporaryFolder()
    const file = path.join(temporaryFolder(), 'work.anywhere')
    const script = path.resolve(import.meta.dirname, '../../test/support/studio-at-work.ts')
    const imported = new Set<string>()
    for (let round = 0; round < 12; round++) {
      const worker = spawn(process.execPath, ['--import', 'tsx', script, home, file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let said = ''
      worker.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
      while (!said.includes('started')) await once(worker.stdout, 'data')
      await new Promise((resolve) => setTimeout(resolve, 40 + ((round * 97) % 400)))
      worker.kill('SIGKILL')
      await once(worker, 'close')
      const promises = said
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { imported?: string; changed?: { name: string; with: string } })
      for (const { imported: id } of promises) if (id) imported.add(id)

      const { call, studio, close } = await open(home)
      const project = await call<OpenProject>('project.current')
      expect(project.recovered).toBe(true)
      const last = promises.findLast(({ changed }) => changed)?.changed
      if (last) expect(project.document.backgrounds).toContain(last.with)
      const assets = await call<Asset[]>('library.list', {})
      const known = new Set(assets.map(({ id }) => id))
      for (const id of imported) expect(known).toContain(id)
      for (const { id, sha256 } of assets) {
        const media = studio.media(`/media/${id}/file`) as { file: string }
        expect(await hashOf(media.file)).toBe(sha256)
      }
      const contents = filesIn(path.join(home, 'library')).filter((name) => name.startsWith('files'))
      expect(new Set(contents.map((name) => path.basename(name).split('.')[0]))).toEqual(
        new Set(assets.map(({ sha256 }) => sha256)),
      )
      expect(fs.readdirSync(path.dirname(file)).filter((name) => name !== 'work.anywhere')).toEqual([])
      await close()
    }
    expect(imported.size).toBeGreaterThan(0)
    const { studio, call } = await open(home)
    if (fs.existsSync(file)) {
      await studio.openFile(file)
      expect(await call<OpenProject>('project.current')).toMatchObject({ path: file })
    }
  })
})
