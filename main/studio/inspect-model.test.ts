// Importing a model folder from a window, with a real engine process.
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { writeDiffusersFolder } from '../../test/support/diffusers-folder'
import { filesIn, temporaryFolder } from '../../test/support/library'
import type { Asset, Grant, ImportedModel, Reply } from '../api'
import { isUserError } from '../media'
import { forkEngine } from './fork-engine'
import { inspectInProcess } from './inspect-model'
import { openStudio } from './studio'

async function openWithModel() {
  const dir = path.join(temporaryFolder(), 'CogVideoX-small')
  writeDiffusersFolder(dir, { layers: 20 })
  const studio = await openStudio({
    ...{ home: temporaryFolder(), host: 'browser', spawnEngine: forkEngine, onEvent: () => undefined },
    dialogs: { choose: () => Promise.resolve(null), reveal: () => Promise.resolve() },
  })
  onTestFinished(() => studio.close())
  const value = async <T>(reply: Promise<Reply>): Promise<T> => {
    const answer = await reply
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value as T
  }
  const importModel = async (): Promise<Reply> => {
    const { grant } = await value<Grant>(studio.call('host.grant', { what: 'model-folder', path: dir }))
    return studio.call('library.importModel', { folder: grant })
  }
  return { dir, studio, value, importModel }
}

describe('a model folder that is imported from a window', { timeout: 60_000 }, () => {
  it('is checked, and is there to choose under its name; importing it again changes nothing', async () => {
    const { dir, studio, value, importModel } = await openWithModel()
    const before = filesIn(dir)
    const { asset, alreadyThere, notes } = await value<ImportedModel>(importModel())
    expect(asset).toMatchObject({ kind: 'model', name: 'CogVideoX-small', folder: fs.realpathSync(dir) })
    expect([alreadyThere, notes]).toEqual([false, []])
    expect(await value<Asset[]>(studio.call('library.list', { kind: 'model' }))).toEqual([asset])
    expect((await value<ImportedModel>(importModel())).alreadyThere).toBe(true)
    expect(studio.media(`/media/${asset.id}/file`)).toBeUndefined() // a window never reads the weights
    expect(filesIn(dir)).toEqual(before)
  })

  it('is refused with the line that says what is wrong with it', async () => {
    const { dir, importModel } = await openWithModel()
    fs.rmSync(path.join(dir, 'vae/diffusion_pytorch_model.safetensors'))
    const reply = await importModel()
    expect(reply).toMatchObject({ ok: false, error: { user: true } })
    expect(!reply.ok && reply.error.message).toMatch(/^".*vae" has neither diffusion_pytorch_model\.safetensors nor/)
  })

  it('may be chosen only by the user', async () => {
    const { dir, studio, value } = await openWithModel()
    expect((await studio.call('library.importModel', { folder: dir })).ok).toBe(false)
    const { grant } = await value<Grant>(studio.call('host.grant', { what: 'export-folder', path: dir }))
    expect(await studio.call('library.importModel', { folder: grant })).toMatchObject({
      error: { message: expect.stringContaining('choose it again') as unknown },
    })
  })
})

describe('an engine that ends while it looks', () => {
  it('is told as a line', async () => {
    const ends = inspectInProcess(
      () => ({
        send: () => undefined,
        onMessage: () => undefined,
        onExit: (listener) => void setImmediate(() => listener('the engine crashed (SIGSEGV)')),
        kill: () => undefined,
      }),
      '/models/cog',
    )
    const error = await ends.catch((error: unknown) => error)
    expect(isUserError(error) && error.message).toBe('looking at "/models/cog" failed: the engine crashed (SIGSEGV)')
  })
})
