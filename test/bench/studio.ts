// How smooth the window is, in real Electron and real Chromium: frames while a wall of 2,000 clips scrolls, the time from a key to
// the picture while the engine renders, and what the window holds after 500 actions. Run with `npm run bench:studio`.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { defaultSettings } from '../../main/api'
import type { Asset, ClipFacts } from '../../main/api'
import { findFfmpeg } from '../../main/media'
import { openDatabase } from '../../main/studio/database'
import { AssetLibrary, libraryTables, openLibraryPlace } from '../../main/studio/library'
import { canOpen, closeAll, hosts, openApp } from '../e2e/studio/app'
import type { Host } from '../e2e/studio/app'
import { held, quantile, scrollFrames, watchInputs } from '../e2e/studio/measure'
import { serve } from '../support/serve'

const clips = 2000
/** Different films among them. */
const films = 25
/** Pixels a frame: a slow wheel, a fast one. */
const speeds = [20, 60]
const frames = 300
const actions = 500

/** A home with the samples and `clips` clips of them. */
async function fill(home: string): Promise<void> {
  const first = await serve(home)
  const assets = await first.call('library.list', {})
  await first.stop()
  const sample = (kind: Asset['kind']): string => assets.find((asset) => asset.kind === kind)!.id
  const facts: ClipFacts = {
    request: {
      kind: 'render',
      human: sample('human'),
      background: sample('background'),
      motion: sample('motion'),
      settings: defaultSettings,
    },
    frames: 24,
    fps: 24,
    modelSha256: '0'.repeat(64),
    engineVersion: '0',
    renderSeconds: 1,
  }
  const place = await openLibraryPlace(home)
  const database = openDatabase(path.join(place.folder, 'library.db'), [libraryTables])
  const library = new AssetLibrary({ database, place, onEvent: () => undefined })
  const ffmpeg = await findFfmpeg()
  for (let i = 0; i < clips; i++) {
    const film = path.join(home, `film-${i % films}.mp4`)
    const source = `mandelbrot=size=320x184:rate=24:start_scale=${3 / (1 + (i % films))}`
    if (!fs.existsSync(film))
      spawnSync(ffmpeg.path, ['-v', 'error', '-f', 'lavfi', '-i', source, '-t', '1', '-pix_fmt', 'yuv420p', film])
    const file = path.join(home, 'clip.mp4')
    fs.copyFileSync(film, file)
    await library.adopt({
      ...{ kind: 'clip', file, name: `Clip ${i + 1}`, extension: 'mp4', seconds: 1, clip: facts },
      size: { width: 320, height: 184 },
    })
  }
  await library.close()
  database.close()
}

function line(what: string, values: readonly number[]): void {
  const shown = (share: number): string => quantile(values, share).toFixed(1)
  console.log(`  ${what.padEnd(44)} median ${shown(0.5)} ms, p95 ${shown(0.95)} ms, ${values.length} taken`)
}

async function measure(host: Host, home: string): Promise<void> {
  const app = await openApp(host, home)
  const { page } = app
  await page.evaluate('globalThis.__name = (f) => f') // what runs in the window was translated by tsx, which names functions
  console.log(
    `${host}: interactive ${(app.startup / 1000).toFixed(2)} s after its start, load ${os.loadavg()[0]!.toFixed(1)}`,
  )

  await page.getByRole('tab', { name: 'Gallery' }).click()
  await page.getByText('All clips').click()
  const wall = page.getByRole('listbox', { name: 'Clips' })
  await wall.getByRole('option').first().waitFor()
  line('an idle window, for comparison', await scrollFrames(wall, frames, 0))
  for (const speed of speeds) line(`${clips} clips, ${speed} px a frame`, await scrollFrames(wall, frames, speed))

  await page.getByText('Matrix').click()
  await page.getByRole('gridcell').first().click()
  const inputs = await watchInputs(page)
  await press(page, 100)
  line('key to picture, engine idle', await inputs())
  await page.getByRole('button', { name: 'Render', exact: true }).click()
  await page.locator('[role=gridcell][data-state=running]').first().waitFor({ timeout: 60_000 })
  await inputs()
  await press(page, 200)
  line('key to picture, engine rendering', await inputs())

  await page.keyboard.press('Control+1')
  const session = await page.context().newCDPSession(page)
  await act(page, 100)
  const before = await held(session)
  await act(page, actions - 100)
  const after = await held(session)
  const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
  console.log(
    `  ${`after 100 and after ${actions} actions`.padEnd(44)} heap ${mega(before.heap)} and ${mega(after.heap)}, nodes ${before.nodes} and ${after.nodes}, listeners ${before.listeners} and ${after.listeners}`,
  )
  await app.kill()
}

/** Walks about the table with the arrow keys. */
async function press(page: Page, times: number): Promise<void> {
  const keys = ['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft']
  for (let i = 0; i < times; i++) {
    await page.keyboard.press(keys[i % keys.length]!)
    await page.waitForTimeout(20)
  }
}

/** What an artist does all day, by keyboard: workspaces, frames, selections, sheets, undo. */
async function act(page: Page, times: number): Promise<void> {
  const day = [
    ...[
      'Control+2',
      'Control+a',
      'Escape',
      'Control+3',
      'Control+1',
      'ArrowRight',
      'ArrowRight',
      'ArrowLeft',
      'o',
      'c',
    ],
    ...['Control+,', 'Escape', '?', 'Escape', 'Space', 'Space', 'Shift+ArrowLeft', 'l', 'l', 'Control+z'],
  ]
  for (let i = 0; i < times; i++) {
    await page.keyboard.press(day[i % day.length]!)
    await page.waitForTimeout(30)
  }
}

for (const host of hosts.filter(canOpen)) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-bench-'))
  try {
    await fill(home)
    await measure(host, home)
  } finally {
    await closeAll()
    fs.rmSync(home, { recursive: true, force: true })
  }
}
