// Whether everybody can use the window: axe finds nothing serious in any workspace or sheet, and the focus is never lost.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings, hasFocus } from './accessibility'
import { canOpen, closeAll, openApp } from './app'
import type { App } from './app'
import { handOf } from './hands'
import type { Hand } from './hands'
import { panelsOf } from './panels'
import type { Panels } from './panels'

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-accessibility-'))

describe.skipIf(!canOpen('browser'))('the window', () => {
  let app: App
  let page: Page
  let panels: Panels
  let keyboard: Hand

  beforeAll(async () => {
    app = await openApp('browser', home)
    page = app.page
    panels = panelsOf(page)
    keyboard = handOf('keyboard', page)
    await keyboard.write(panels.setting('Width'), '256')
    await keyboard.write(panels.setting('Height'), '144')
    await keyboard.write(panels.setting('Frames'), '8')
    await panels.render.click()
    await panels.shelf('Clips').click()
    await panels.items.first().waitFor({ timeout: 120_000 })
  })

  afterAll(async () => {
    await closeAll()
    fs.rmSync(home, { recursive: true, force: true })
  })

  it('is looked at with open eyes: grey on grey is found', async () => {
    const spoilt = panels.settings.getByText('Guidance', { exact: true })
    await spoilt.evaluate((element) => (element as HTMLElement).style.setProperty('color', '#33363c'))
    expect((await seriousFindings(page)).join()).toContain('color-contrast')
    await spoilt.evaluate((element) => (element as HTMLElement).style.removeProperty('color'))
  })

  const shelves = ['Humans', 'Places', 'Motions', 'Clips'] as const
  it.each(shelves)('has no serious finding in Animate with %s', async (shelf) => {
    await panels.workspace('Animate').click()
    await panels.shelf(shelf).click()
    expect(await seriousFindings(page)).toEqual([])
  })

  it('has no serious finding in orbit view', async () => {
    await panels.workspace('Animate').click()
    await panels.viewport.getByRole('radio', { name: 'Orbit view' }).click()
    expect(await seriousFindings(page)).toEqual([])
    await panels.viewport.getByRole('radio', { name: 'Camera view' }).click()
  })

  it.each(['Queue', 'Settings', 'Clip'])('has no serious finding in Gallery beside %s', async (side) => {
    await panels.workspace('Gallery').click()
    await panels.cells('done').first().click()
    await page.getByRole('tab', { name: side, exact: true }).click()
    expect(await seriousFindings(page)).toEqual([])
  })

  it('has no serious finding among all clips, in the viewer, in the export sheet', async () => {
    await page.getByRole('tab', { name: 'All clips' }).click()
    expect(await seriousFindings(page)).toEqual([])
    const clip = page.getByRole('listbox', { name: 'Clips' }).getByRole('option').first()
    await clip.dblclick()
    await panels.video.waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Control+E')
    await panels.startExport.waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await panels.exporting.waitFor({ state: 'detached' })
    expect(await hasFocus(page)).toBe(true)
    await page.keyboard.press('Escape')
    await panels.viewer.waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(page)).toBe(true)
  })

  it('has no serious finding in Train', async () => {
    await panels.workspace('Train').click()
    expect(await seriousFindings(page)).toEqual([])
  })

  it.each([
    ['Settings', 'Control+Comma'],
    ['Keyboard shortcuts', 'Shift+Slash'],
    ['Doctor report', undefined],
  ])('has no serious finding in %s, which gives the focus back', async (title, keys) => {
    await panels.workspace('Animate').click()
    if (keys) await page.keyboard.press(keys)
    else {
      await panels.projectMenu.click()
      await page.getByRole('menuitem', { name: 'Doctor report' }).click()
    }
    const sheet = page.getByRole('dialog', { name: title })
    await sheet.waitFor()
    expect(await seriousFindings(page)).toEqual([])
    expect(await sheet.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true)
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(page)).toBe(true)
  })

  it.each([
    ['the chosen human', 'Humans', 'Mara'],
    ['the last place', 'Places', 'Colonnade'],
    ['the first motion', 'Motions', 'Walk'],
  ] as const)('keeps the focus when %s is deleted, and when that is undone', async (_, shelf, name) => {
    await panels.workspace('Animate').click()
    await panels.shelf(shelf).click()
    await keyboard.focus(panels.item(name))
    await page.keyboard.press('Delete')
    await panels.item(name).waitFor({ state: 'detached' })
    await expect.poll(() => panels.library.evaluate((region) => region.contains(document.activeElement))).toBe(true)
    await page.keyboard.press('Control+Z')
    await panels.item(name).waitFor()
    expect(await hasFocus(page)).toBe(true)
  })

  it('keeps the focus when the only clip is deleted in the gallery', async () => {
    await panels.workspace('Gallery').click()
    await page.getByRole('tab', { name: 'All clips' }).click()
    const clip = page.getByRole('listbox', { name: 'Clips' }).getByRole('option').first()
    await clip.click()
    await page.keyboard.press('Delete')
    await clip.waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(page)).toBe(true)
    await page.keyboard.press('Control+Z')
    await clip.waitFor()
    await page.getByRole('tab', { name: 'Matrix' }).click()
  })
})
