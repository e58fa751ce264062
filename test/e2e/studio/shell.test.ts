// The app's shell in real Electron: what its page may not do, who may not speak to the studio, clips in parts, and what a crash
// of the page or of the engine leaves.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { _electron } from 'playwright-core'
import type { ElectronApplication, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../main/api'
import type { Asset, Bridge, Queue, Reply } from '../../../main/api'
import { findElectron } from '../../support/electron'
import { descendants, killAll } from '../../support/processes'
import { display } from './app'

const executablePath = findElectron()
const root = path.resolve(import.meta.dirname, '../../..')
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-shell-'))

describe.skipIf(!executablePath)('the shell', () => {
  let app: ElectronApplication
  let page: Page
  const call = async <T>(method: string, input?: unknown): Promise<T> => {
    const ask = ([method, input]: readonly [string, unknown]): Promise<Reply> =>
      (window as unknown as { anywhere: Bridge }).anywhere.call(method, input)
    const reply = await page.evaluate(ask, [method, input] as const)
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.value as T
  }
  const open = async (): Promise<void> => {
    page = await app.firstWindow()
    await page.getByRole('button', { name: 'Render', exact: true }).waitFor()
  }

  beforeAll(async () => {
    const env = { ...(process.env as Record<string, string>), DISPLAY: await display(), ANYWHERE_HOME: home }
    app = await _electron.launch({ executablePath: executablePath!, args: [root, '--no-sandbox'], cwd: root, env })
    await open()
  })

  afterAll(async () => {
    await app?.close()
    killAll()
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  })

  it('gives its page the bridge, and nothing of Node or Electron', async () => {
    const seen = await page.evaluate(() => ({
      bridge: Object.keys((window as unknown as { anywhere: object }).anywhere).sort(),
      node: typeof (globalThis as { process?: unknown }).process + typeof (globalThis as { require?: unknown }).require,
    }))
    expect(seen).toEqual({ bridge: ['call', 'host', 'listen', 'upload'], node: 'undefinedundefined' })
  })

  it('holds the page to its policy', async () => {
    const seen = await page.evaluate(async () => {
      const blocked: string[] = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => blocked.push(effectiveDirective))
      const script = document.createElement('script')
      script.textContent = 'window.intruder = true'
      const style = document.createElement('style')
      style.textContent = 'body { opacity: 0.5 }'
      const far = document.createElement('img')
      far.src = 'http://127.0.0.1:9/x.png'
      const frame = document.createElement('iframe')
      frame.src = 'data:text/html,x'
      document.body.append(script, style, far, frame)
      await fetch('http://127.0.0.1:9/').catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 300))
      for (const element of [script, style, far, frame]) element.remove()
      return { blocked: blocked.sort(), ran: 'intruder' in window, faded: getComputedStyle(document.body).opacity }
    })
    expect(seen.blocked).toEqual(expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'script-src-elem']))
    expect(seen.blocked).toContain('style-src-elem')
    expect(seen).toMatchObject({ ran: false, faded: '1' })
  })

  it('goes nowhere, opens nothing, asks for nothing', async () => {
    const windows = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
    const opened = await page.evaluate(() => String(window.open('https://example.com/')))
    await page.evaluate(() => (location.href = 'https://example.com/'))
    const camera = await page.evaluate(
      async () => (await navigator.permissions.query({ name: 'camera' as never })).state,
    )
    expect({ opened, camera, windows: await windows() }).toEqual({ opened: 'null', camera: 'denied', windows: 1 })
    expect(page.url()).toBe('anywhere://studio/')
  })

  it('listens to its own window only', async () => {
    const answers = await app.evaluate(
      async ({ BrowserWindow }, preload) => {
        const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
        const asked = "window.anywhere.call('library.list', {})"
        const answers: unknown[] = []
        for (const url of ['anywhere://studio/', 'data:text/html,x']) {
          await other.loadURL(url)
          answers.push(await other.webContents.executeJavaScript(asked))
        }
        other.destroy()
        return answers
      },
      path.join(root, 'dist/main/preload.cjs'),
    )
    const refused = { ok: false, error: { message: expect.stringContaining('refused') as string, user: false } }
    expect(answers).toEqual([refused, refused])
  })

  it('refuses what no window of ours would send', async () => {
    const ask = (words: [string, unknown]) =>
      page.evaluate(([m, i]) => (window as unknown as { anywhere: Bridge }).anywhere.call(m as string, i), words)
    expect(await ask(['constructor', {}])).toMatchObject({ ok: false })
    expect(await ask(['library.remove', { ids: ['../../etc/passwd'] }])).toMatchObject({ ok: false })
    const upload = await page.evaluate(() =>
      (window as unknown as { anywhere: { upload(...words: unknown[]): Promise<Reply> } }).anywhere.upload(
        7,
        '/etc/passwd',
      ),
    )
    expect(upload).toMatchObject({ ok: false })
    const missing = ['/media/../library.db', '/%2e%2e/package.json', '/..%2f..%2fpackage.json', '/media/human_0/file']
    const statuses = await page.evaluate(
      (urls) => Promise.all(urls.map(async (url) => (await fetch(url)).status)),
      missing,
    )
    expect(statuses).toEqual(missing.map(() => 404))
  })

  it('sends media in parts', async () => {
    const assets = await call<Asset[]>('library.list', { kind: 'human' })
    const { id, bytes } = assets[0]!
    const parts = await page.evaluate(async (url) => {
      const ranges = ['bytes=0-', 'bytes=100-199', 'bytes=-5', 'bytes=999999999999-', undefined]
      const get = async (range: string | undefined) => {
        const response = await fetch(url, range === undefined ? {} : { headers: { range } })
        return [response.status, (await response.arrayBuffer()).byteLength, response.headers.get('content-range')]
      }
      return Promise.all(ranges.map(get))
    }, `/media/${id}/file`)
    expect(parts).toEqual([
      [206, bytes, `bytes 0-${bytes - 1}/${bytes}`],
      [206, 100, `bytes 100-199/${bytes}`],
      [206, 5, `bytes ${bytes - 5}-${bytes - 1}/${bytes}`],
      [416, 0, `bytes */${bytes}`],
      [200, bytes, null],
    ])
  })

  it('outlives its engine: the job that ran has failed and says why, the next one is done', async () => {
    const assets = await call<Asset[]>('library.list', {})
    const first = (kind: Asset['kind']): string => assets.find((asset) => asset.kind === kind)!.id
    const settings = { ...defaultSettings, width: 256, height: 144, frames: 24, steps: 2, guidance: 1 }
    const things = { human: first('human'), background: first('background'), motion: first('motion') }
    const request = { kind: 'render', ...things, settings }
    const short = { ...request, settings: { ...settings, frames: 4 } }
    await call('jobs.add', { requests: [request, short] })
    const jobs = async () => (await call<Queue>('jobs.list')).jobs
    const until = async (what: () => Promise<boolean>): Promise<void> => {
      while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await until(async () => (await jobs())[0]?.progress !== undefined)
    process.kill(engineOf(app.process().pid!), 'SIGKILL')
    await until(async () => (await jobs()).every(({ state }) => state === 'done' || state === 'failed'))
    const [killed, next] = await jobs()
    expect(killed).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/engine.*(killed|crashed)/) as string,
    })
    expect(next).toMatchObject({ state: 'done' })
  })

  it('loads its page again when that has crashed, with everything in it', async () => {
    const tabs = await app.evaluate(async ({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      const loaded = new Promise<void>((resolve) => webContents.once('did-finish-load', () => resolve()))
      webContents.forcefullyCrashRenderer()
      await loaded
      const look = `new Promise((resolve) => {
        const look = () => document.querySelector('[role=tab]') ? resolve(true) : setTimeout(look, 50)
        look()
      })`
      return (await webContents.executeJavaScript(look)) as boolean
    })
    expect(tabs).toBe(true)
    expect(fs.readFileSync(path.join(home, 'faults.log'), 'utf8')).toContain('the window: its page is gone: crashed')
  })
})

/** The process id of the app's engine, Linux only. */
function engineOf(app: number): number {
  const isEngine = (pid: number): boolean =>
    execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes('node.mojom.NodeService')
  return descendants(app).find(isEngine)!
}
