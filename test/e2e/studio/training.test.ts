// A training run from the window, in real Electron: started, followed by its loss chart, stopped, and gone on with.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { canOpen, closeAll, openApp } from './app'
import { handOf } from './hands'
import { panelsOf } from './panels'
import { photograph } from './photographs'

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-training-'))
afterAll(async () => {
  await closeAll()
  fs.rmSync(home, { recursive: true, force: true })
})

it.skipIf(!canOpen('electron'))('a training run is started, followed, stopped and continued to its end', async () => {
  const { page, close, faults } = await openApp('electron', home)
  const [hand, panels] = [handOf('mouse', page), panelsOf(page)]
  const run = page.getByRole('region', { name: 'Training run' })
  const button = (name: string) => run.getByRole('button', { name, exact: true })
  const steps = process.env.ANYWHERE_SCREENSHOTS ? 40 : 6

  await hand.press(panels.workspace('Train'))
  await hand.write(run.getByLabel('Name', { exact: true }), 'Evening street')
  await hand.write(run.getByLabel('Steps', { exact: true }), String(steps))
  await hand.write(run.getByLabel('Clips per step', { exact: true }), '1')
  await hand.press(button('Start training'))
  const chart = run.getByRole('region', { name: 'Loss' })
  await chart.waitFor({ timeout: 120_000 })
  const done = async (): Promise<number> =>
    Number(await run.getByRole('progressbar', { name: 'Training progress' }).getAttribute('aria-valuenow'))
  await expect.poll(done, { timeout: 240_000 }).toBeGreaterThan(process.env.ANYWHERE_SCREENSHOTS ? 80 : 20)
  await photograph(page, 'train')

  await hand.press(button('Stop'))
  const again = run.getByRole('button', { name: /^(Continue|Resume|Go on|Retry)/ })
  await again.waitFor({ timeout: 60_000 })
  await hand.press(again)
  await button('Use in this project').waitFor({ timeout: 240_000 })
  expect(faults).toEqual([])
  await close()
})
