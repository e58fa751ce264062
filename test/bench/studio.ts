// How quick the window is: frames while 2,000 clips scroll by, time from a key to the picture while the engine renders, memory over
// 500 actions; in Electron and in Chromium. Run with `npm run bench:studio` on a machine that does nothing else.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { canOpen, closeAll, hosts, openApp } from '../e2e/studio/app'
import type { App, Host } from '../e2e/studio/app'
import { held, quantile, scrollFrames, watchInputs } from '../e2e/studio/measure'
import type { InputTime } from '../e2e/studio/measure'
import { panelsOf } from '../e2e/studio/panels'
import { makeClips } from '../support/many-clips'

const clips = 2000
/** Milliseconds: 60 frames a second with the clock's jitter, two frames, and what feels immediate. */
const limits = { median: 16.8, p95: 33.5, input: 50 }
/** Of the heap after 500 actions to that after 100. */
const growthLimit = 1.1

let over = 0
function report(what: string, value: number, unit: string, limit: number | undefined): void {
  const verdict = limit === undefined ? '' : value <= limit ? 'ok' : `over ${limit}`
  if (verdict.startsWith('over')) over++
  console.log(`  ${what.padEnd(46)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(4)} ${verdict}`)
}

async function scrolling({ page }: App): Promise<void> {
  const panels = panelsOf(page)
  await panels.workspace('Gallery').click()
  await page.getByRole('tab', { name: 'All clips' }).click()
  const list = page.getByRole('listbox', { name: 'Clips' })
  await list.getByRole('option').first().waitFor()
  for (const [name, speed] of [
    ['slowly', 12],
    ['quickly', 60],
  ] as const) {
    const frames = await scrollFrames(list, 600, speed)
    report(`${clips} clips scroll ${name}: median frame`, quantile(frames, 0.5), 'ms', limits.median)
    report(`${clips} clips scroll ${name}: p95 frame`, quantile(frames, 0.95), 'ms', limits.p95)
    report(`${clips} clips scroll ${name}: slowest frame`, Math.max(...frames), 'ms', undefined)
  }
}

/** Keys and presses all over the window while the engine is at work. */
async function answering({ page }: App): Promise<void> {
  const panels = panelsOf(page)
  await panels.workspace('Animate').click()
  await panels.render.click()
  await panels.status.getByRole('progressbar').waitFor({ timeout: 60_000 })
  const times = await watchInputs(page)
  const measured: InputTime[] = []
  for (let round = 0; round < 5; round++) {
    await panels.playhead.focus()
    for (let i = 0; i < 10; i++) await press(page, 'ArrowRight')
    await panels.search.focus()
    for (const key of ['m', 'a', 'Backspace', 'Backspace']) await press(page, key)
    for (const shelf of ['Places', 'Motions', 'Humans'] as const) await panels.shelf(shelf).click()
    await panels.setting('Guidance').focus()
    for (let i = 0; i < 5; i++) await press(page, 'ArrowUp')
    for (const workspace of ['Gallery', 'Train', 'Animate'] as const) await panels.workspace(workspace).click()
    measured.push(...(await times()))
    if (!(await panels.status.getByRole('progressbar').isVisible())) await panels.render.click()
  }
  const all = measured.map(({ time }) => time)
  report(`${all.length} inputs while rendering: median to paint`, quantile(all, 0.5), 'ms', limits.input)
  report('p95 to paint', quantile(all, 0.95), 'ms', limits.input)
  const [slowest] = measured.sort((a, b) => b.time - a.time)
  report(`slowest to paint (${slowest!.what})`, slowest!.time, 'ms', undefined)
}

async function press(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key)
  await page.waitForTimeout(40) // a quick typist
}

/** What an artist does all day, one action after another, without end. */
function* actions(page: Page): Generator<() => Promise<unknown>> {
  const panels = panelsOf(page)
  const option = (n: number): Locator => page.getByRole('listbox', { name: 'Clips' }).getByRole('option').nth(n)
  const person = (n: number): Locator => panels.items.nth(n)
  for (let round = 0; ; round++) {
    yield () => panels.workspace('Gallery').click()
    yield () => page.getByRole('tab', { name: 'All clips' }).click()
    yield () => option(round % 8).click()
    yield () => option((round + 3) % 8).dblclick()
    yield () => panels.viewer.waitFor()
    yield () => page.keyboard.press('ArrowRight')
    yield () => page.keyboard.press('Escape')
    yield () => page.getByRole('tab', { name: 'Matrix' }).click()
    yield () => panels.workspace('Train').click()
    yield () => panels.workspace('Animate').click()
    yield () => panels.shelf('Humans').click()
    yield () => person(round % 3).click()
    yield () => panels.viewport.getByRole('radio', { name: 'Orbit view' }).click()
    yield () => panels.viewport.getByRole('radio', { name: 'Camera view' }).click()
    yield () => panels.play.click()
    yield () => panels.search.fill('a')
    yield () => panels.search.fill('')
    yield () => panels.play.click()
    yield () => page.keyboard.press('Control+Comma')
    yield () => page.keyboard.press('Escape')
    yield () => page.keyboard.press('Control+Z')
  }
}

async function remembering({ page }: App): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const script = actions(page)
  const after = async (count: number): Promise<Awaited<ReturnType<typeof held>>> => {
    for (let i = 0; i < count; i++) await script.next().value!()
    return held(session)
  }
  const early = await after(100)
  const late = await after(400)
  report('heap after 100 actions', early.heap / 1e6, 'MB', undefined)
  report('heap after 500 actions', late.heap / 1e6, 'MB', (early.heap * growthLimit) / 1e6)
  report('elements after 100 actions', early.nodes, '', undefined)
  report('elements after 500 actions', late.nodes, '', early.nodes * growthLimit)
  report('listeners after 100 actions', early.listeners, '', undefined)
  report('listeners after 500 actions', late.listeners, '', early.listeners * growthLimit)
}

async function bench(host: Host): Promise<void> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-bench-'))
  try {
    await makeClips(home, clips)
    const app = await openApp(host, home)
    // The script's translator names functions with a helper that the window does not have.
    await app.page.evaluate('globalThis.__name = (value) => value')
    console.log(`${host}, a library of ${clips} clips`)
    report('until the window can be used', app.startup, 'ms', 3000)
    await scrolling(app)
    await answering(app)
    await remembering(app)
    await app.close()
  } finally {
    await closeAll()
    fs.rmSync(home, { recursive: true, force: true })
  }
}

const wanted = process.argv.slice(2)
for (const host of hosts) if (canOpen(host) && (wanted.length === 0 || wanted.includes(host))) await bench(host)
process.exit(over > 0 ? 1 : 0)
