// The app as users get it: packaged, unpacked on the disk, started with nothing of the checkout around it. Its fuses are read
// back, it renders a clip with the programs inside the package, and exports it.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Asset, Bridge, Input, Job, MethodName, Output, Queue, Reply } from '../../../main/api'
import { defaultSettings } from '../../../main/api'
import { findElectronFolder } from '../../support/electron'
import { ended, killAll, start } from '../../support/processes'
import { display } from './app'

const electron = findElectronFolder()
const root = path.resolve(import.meta.dirname, '../../..')
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-package-'))
/** A copy, so that nothing can be found in the checkout's node_modules. */
const installed = path.join(home, 'installed')
const program = path.join(installed, 'animate-anywhere-studio')
const archive = path.join(installed, 'resources/app.asar')

afterAll(async () => {
  killAll()
  await new Promise((resolve) => setTimeout(resolve, 500)) // what it started ends just after it
  fs.rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
})

describe.skipIf(!electron || process.platform !== 'linux')('the packaged app', () => {
  beforeAll(() => {
    const words = ['--import', 'tsx', 'scripts/package.ts', '--dir']
    const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: electron }
    const made = spawnSync(process.execPath, words, { cwd: root, env, encoding: 'utf8', timeout: 280_000 })
    if (made.status !== 0) throw new Error(`"npm run package -- --dir" failed:\n${made.stdout}${made.stderr}`)
    fs.renameSync(path.join(root, 'release/linux-unpacked'), installed)
  }, 300_000)

  it('runs nothing but its own archive', async () => {
    const wire = await getCurrentFuseWire(program)
    expect(wire.version).toBe(FuseVersion.V1)
    const states = { off: '0'.charCodeAt(0), on: '1'.charCodeAt(0) }
    expect(wire[FuseV1Options.RunAsNode]).toBe(states.off)
    expect(wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(states.off)
    expect(wire[FuseV1Options.EnableNodeCliInspectArguments]).toBe(states.off)
    expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(states.on)
    expect(fs.readdirSync(path.join(installed, 'resources')).sort()).toEqual(['app.asar', 'app.asar.unpacked'])
  })

  it('holds one platform, and what it holds is whole', () => {
    const files = fs.readdirSync(`${archive}.unpacked`, { recursive: true, encoding: 'utf8' })
    const libraries = files.filter((file) => /onnxruntime.*\.(node|so|dll|dylib)/.test(file))
    expect(libraries.map((file) => path.basename(path.dirname(path.dirname(file))))).toEqual(['linux', 'linux'])
    expect(files.filter((file) => /cuda|tensorrt|musl|win32|darwin/.test(file))).toEqual([])
    for (const wanted of ['models/mini.safetensors', 'humans', 'backgrounds', 'motions'])
      expect(files).toContain(path.join('assets', wanted))
    expect(fs.statSync(archive).size).toBeLessThan(40e6)
  })

  it('starts, renders a clip and exports it', async () => {
    const words = ['--no-sandbox', '--remote-debugging-port=0', `--home=${path.join(home, 'home')}`]
    const env = { ...process.env, DISPLAY: await display(), NODE_OPTIONS: '', FFMPEG_PATH: '' }
    const app = start(program, words, { cwd: home, env, stdio: ['ignore', 'ignore', 'pipe'] })
    const browser = await chromium.connectOverCDP(await debuggerOf(app), { noDefaults: true })
    const page = browser.contexts()[0]!.pages()[0] ?? (await browser.contexts()[0]!.waitForEvent('page'))
    await page.getByRole('button', { name: 'Render', exact: true }).waitFor()

    const assets = await call(page, 'library.list', {})
    const first = (kind: Asset['kind']): string => assets.find((asset) => asset.kind === kind)!.id
    const settings = { ...defaultSettings, width: 256, height: 144, frames: 8, steps: 2, guidance: 1 }
    const things = { human: first('human'), background: first('background'), motion: first('motion') }
    const [job] = await call(page, 'jobs.add', { requests: [{ kind: 'render', ...things, settings }] })
    const clip = (await finished(page, job!.id)).result!
    const look = { format: 'mp4', quality: 'good', longSide: null, fps: null, folder: null } as const
    const [out] = await call(page, 'jobs.add', { requests: [{ kind: 'export', clips: [clip], ...look }] })
    const { folder, names } = (await finished(page, out!.id)).files!
    expect(fs.statSync(path.join(folder, names[0]!)).size).toBeGreaterThan(1000)

    const seen = await page.evaluate(async (id) => {
      const video = document.createElement('video')
      video.src = `/media/${id}/file`
      await new Promise((resolve, reject) => {
        video.onloadedmetadata = resolve
        video.onerror = () => reject(new Error(video.error?.message))
      })
      return [video.videoWidth, video.videoHeight, video.seekable.length]
    }, clip)
    expect(seen).toEqual([256, 144, 1])
    await browser.close()
    app.kill('SIGTERM')
    await ended(app)
    expect(fs.existsSync(path.join(home, 'home/faults.log'))).toBe(false)
  })
})

function debuggerOf(app: ReturnType<typeof start>): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    app.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
      if (url) resolve(url)
    })
    app.once('exit', (code) => reject(new Error(`the app ended with ${code}: ${said}`)))
  })
}

async function call<M extends MethodName>(page: Page, method: M, input?: Input<M>): Promise<Output<M>> {
  const reply: Reply = await page.evaluate(
    ([method, input]) => (window as unknown as { anywhere: Bridge }).anywhere.call(method, input),
    [method, input] as const,
  )
  if (!reply.ok) throw new Error(`${method}: ${reply.error.message}`)
  return reply.value as Output<M>
}

async function finished(page: Page, id: string): Promise<Job> {
  for (;;) {
    const queue: Queue = await call(page, 'jobs.list')
    const job = queue.jobs.find((job) => job.id === id)!
    if (job.state === 'done') return job
    if (job.state !== 'queued' && job.state !== 'running') throw new Error(`${job.title} is ${job.state}: ${job.error}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
