// Importing a model folder from a window and rendering with it, with a real engine process.
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { writeDiffusersFolder } from '../../test/support/diffusers-folder'
import { filesIn, temporaryFolder } from '../../test/support/library'
import { defaultSettings } from '../api'
import type { Asset, Grant, ImportedModel, Job, Queue, Reply } from '../api'
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

describe('a model folder that is imported from a window', { timeout: 120_000 }, () => {
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

  it('renders clips for as long as it lies there', async () => {
    const { dir, studio, value, importModel } = await openWithModel()
    const { asset } = await value<ImportedModel>(importModel())
    const of = async (kind: string): Promise<string> =>
      (await value<Asset[]>(studio.call('library.list', { kind }))).at(-1)!.id
    const [human, background, motion] = await Promise.all(['human', 'background', 'motion'].map(of))
    const size = { width: 128, height: 128, frames: 5, fps: 8, steps: 1 }
    const settings = { ...defaultSettings, ...size, guidance: 1, model: asset.id }
    const request = { kind: 'render', human, background, motion, settings }
    const render = async (): Promise<Job> => {
      const [{ id }] = await value<[Job]>(studio.call('jobs.add', { requests: [request] }))
      for (;;) {
        const job = (await value<Queue>(studio.call('jobs.list', undefined))).jobs.find((one) => one.id === id)!
        if (job.state !== 'queued' && job.state !== 'running') return job
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    expect(await render()).toMatchObject({ state: 'done' })
    const [clip] = await value<Asset[]>(studio.call('library.list', { kind: 'clip' }))
    expect(clip!.clip).toMatchObject({ frames: 5, modelSha256: asset.sha256 })

    fs.renameSync(dir, `${dir} elsewhere`)
    expect(await render()).toMatchObject({
      state: 'failed',
      error: `the model "CogVideoX-small" is no longer in "${asset.folder}"; put it back, or import it again from where it is now (Settings > Import model)`,
    })
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
