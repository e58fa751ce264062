// The first day with the studio, from end to end: in real Electron and in real Chromium, by mouse and by keyboard alone.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, canOpen, hosts } from './app'
import { hands } from './hands'
import { photograph } from './photographs'
import { Artist } from './scenario'

/** Milliseconds to a window that can be used; the first start also makes the sample project. */
const startLimit = 3000

const folders: string[] = []
afterEach(async () => {
  await closeAll()
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true })
})

describe('the first day', () => {
  for (const host of hosts)
    for (const hand of hands)
      it.skipIf(!canOpen(host))(`in ${host}, by ${hand}`, async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-first-day-'))
        folders.push(folder)
        const artist = await Artist.sitDown(folder, host, hand)
        const pictured = host === 'electron' && hand === 'mouse'
        const picture = (name: string): Promise<void> => (pictured ? photograph(artist.page, name) : Promise.resolve())

        expect(artist.app.startup).toBeLessThan(startLimit)
        await artist.step('the first start', () => artist.lookAround(picture))
        await artist.step('the sample is rendered', () => artist.renderSample())
        await artist.step('a human is imported', () => artist.importPicture('Humans', artist.pictures.human))
        await artist.step('a place is imported', () => artist.importPicture('Places', artist.pictures.place))
        await artist.step('what clips are to be like', () => artist.setUpClips())
        await artist.step('four are queued, paused, moved, one cancelled', () => artist.queueFour(picture))
        await artist.step('a clip is watched', () => artist.watch(picture))
        await artist.step('two clips are compared', () => artist.compare())
        await artist.step('MP4 is exported', () => artist.exportMp4())
        await artist.step('a PNG sequence is exported', () => artist.exportPictures())
        await artist.step('the project is saved', () => artist.saveProject())
        await artist.step('the studio starts again', () => artist.startAgain())
        await artist.step('everything is there', () => artist.openSaved())
        await artist.finish()
      })
})
