// What an artist does on the first day, from the first start to a saved project that is opened again: written once, done by
// either hand in either host.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Locator } from 'playwright-core'
import sharp from 'sharp'
import { expect } from 'vitest'
import { probeVideo, readPicture, resource } from '../../../main/media'
import { sharedPath } from '../../shared'
import { hasFocus } from './accessibility'
import { openApp } from './app'
import type { App, Host } from './app'
import { handOf } from './hands'
import type { Hand } from './hands'
import { panelsOf } from './panels'
import type { Panels } from './panels'

/** Small and short, since this is about the window; for photographs as an artist would have it. */
const clip = process.env.ANYWHERE_SCREENSHOTS
  ? { width: 640, height: 368, frames: 24, fps: 12, steps: 6 }
  : { width: 256, height: 144, frames: 8, fps: 8, steps: 2 }

interface Pictures {
  readonly human: string
  readonly place: string
}

/** A real person and a real place where they are lent; else samples the other way round, under other names. */
async function picturesFor(folder: string): Promise<Pictures> {
  const lent = {
    human: sharedPath('data/humans/man_red_jacket_plain.png'),
    place: sharedPath('data/backgrounds/building_facade.jpg'),
  }
  // What is lent is not shown in photographs: they become part of the project.
  if (lent.human && lent.place && !process.env.ANYWHERE_SCREENSHOTS) return { human: lent.human, place: lent.place }
  const mirror = async (sample: string, name: string): Promise<string> => {
    const file = path.join(folder, name)
    await sharp(resource(sample)).flop().toFile(file)
    return file
  }
  return {
    human: await mirror('humans/ines.png', 'Visitor.png'),
    place: await mirror('backgrounds/loft.jpg', 'House.jpg'),
  }
}

const nameOf = (file: string): string => path.parse(file).name

export class Artist {
  private readonly times: string[] = []
  private readonly faults: string[] = []
  private readonly requests: string[] = []
  app!: App
  private hand!: Hand
  private panels!: Panels

  private constructor(
    private readonly folder: string,
    private readonly host: Host,
    private readonly handName: Hand['name'],
    readonly pictures: Pictures,
  ) {}

  /** Sits down before a studio that was never started before. */
  static async sitDown(folder: string, host: Host, hand: Hand['name']): Promise<Artist> {
    const artist = new Artist(folder, host, hand, await picturesFor(folder))
    await artist.start()
    return artist
  }

  get page(): App['page'] {
    return this.app.page
  }

  private async start(): Promise<void> {
    this.app = await openApp(this.host, path.join(this.folder, 'home'))
    this.hand = handOf(this.handName, this.page)
    this.panels = panelsOf(this.page)
    this.note('until the window can be used', this.app.startup)
  }

  private async leave(): Promise<void> {
    this.faults.push(...this.app.faults)
    this.requests.push(...this.app.requests)
    await this.app.close()
  }

  /** Does a part of the work; what goes wrong in it is told with its name. */
  async step(name: string, work: () => Promise<void>): Promise<void> {
    const started = performance.now()
    try {
      await work()
    } catch (error) {
      const picture = path.join(os.tmpdir(), `anywhere-${this.host}-${this.handName}.png`)
      await this.page.screenshot({ path: picture }).catch(() => undefined)
      const faults = this.app.faults.map((fault) => `\nthe window says: ${fault}`).join('')
      throw new Error(`${name}: ${String(error).slice(0, 800)}\nthe window then: ${picture}${faults}`, { cause: error })
    }
    this.note(name, performance.now() - started)
  }

  private note(name: string, milliseconds: number): void {
    this.times.push(`${(milliseconds / 1000).toFixed(1).padStart(6)} s  ${name}`)
  }

  /** Leaves, and looks back: no error in the window, no word to anybody but the studio. */
  async finish(): Promise<void> {
    await this.leave()
    expect(this.faults).toEqual([])
    const origins = new Set(this.requests.map((url) => new URL(url).host))
    for (const origin of origins) expect(origin).toMatch(/^(studio|127\.0\.0\.1:\d+|)$/)
    if (process.env.ANYWHERE_TIMES) process.stdout.write(`${this.host}, ${this.handName}\n${this.times.join('\n')}\n`)
  }

  /** The sample project is open, its motion plays, every workspace is there. */
  async lookAround(photographed: (name: string) => Promise<void>): Promise<void> {
    const { hand, panels } = this
    expect(await panels.item('Mara').getAttribute('aria-selected')).toBe('true')
    await panels.viewport.locator('canvas').first().waitFor()
    const before = await panels.playhead.getAttribute('aria-valuenow')
    await hand.press(panels.play)
    await expect.poll(() => panels.playhead.getAttribute('aria-valuenow')).not.toBe(before)
    await hand.press(panels.play)
    await photographed('animate')
    await hand.press(panels.workspace('Train'))
    await this.page.getByRole('button', { name: 'Start training' }).waitFor()
    await hand.press(panels.workspace('Animate'))
  }

  /** The sample project renders with one press; its clip is then in the library. */
  async renderSample(): Promise<void> {
    const { hand, panels } = this
    await hand.press(panels.render)
    await hand.press(panels.shelf('Clips'))
    await panels.items.first().waitFor({ timeout: 120_000 })
  }

  async importPicture(shelf: 'Humans' | 'Places', file: string): Promise<void> {
    const { hand, panels } = this
    await hand.press(panels.shelf(shelf))
    await this.pickFile(() => hand.press(panels.importFiles), file)
    await panels.item(nameOf(file)).waitFor({ timeout: 60_000 })
    await expect.poll(() => panels.item(nameOf(file)).getAttribute('aria-selected')).toBe('true')
  }

  async setUpClips(): Promise<void> {
    const { hand, panels } = this
    const wanted: [string, number][] = [
      ['Width', clip.width],
      ['Height', clip.height],
      ['Frames', clip.frames],
      ['Frames per second', clip.fps],
    ]
    for (const [name, value] of wanted) await hand.write(panels.setting(name), String(value))
    await hand.slide(panels.setting('Steps'), clip.steps)
    for (const [name, value] of [...wanted, ['Steps', clip.steps] as const])
      expect(await panels.setting(name).inputValue(), name).toBe(String(value))
  }

  /** Two people in two places, the new ones among them; waits for the first, then: pause, another order, one cancelled, on. */
  async queueFour(photographed: (name: string) => Promise<void>): Promise<void> {
    const { hand, panels, cells } = this
    await hand.press(panels.workspace('Gallery'))
    await cells[0]!.waitFor()
    const done = await panels.cells('done').count()
    await hand.select(cells[0]!, cells[3]!)
    for (const cell of cells) expect(await cell.getAttribute('aria-selected')).toBe('true')
    expect(await panels.queueSelected.textContent()).toContain('Queue 4')
    await hand.press(panels.queueSelected)
    await panels.queue.getByRole('progressbar').first().waitFor()

    if (hand.name === 'mouse') await hand.press(panels.pause)
    else await this.page.keyboard.press('Control+P')
    await panels.resume.waitFor()
    await expect.poll(() => panels.cells('running').count(), { timeout: 60_000 }).toBe(0)
    const waiting = (): Promise<string[]> =>
      panels.waiting.evaluateAll((items) => items.map((item) => item.getAttribute('aria-label') ?? ''))
    const before = await waiting()
    const last = before.at(-1)!
    expect(before.length).toBeGreaterThanOrEqual(2)
    await hand.press(panels.of(panels.job(last), 'Move up'))
    await expect.poll(waiting).toEqual([...before.slice(0, -2), last, before.at(-2)])
    await hand.press(panels.of(panels.job(last), 'Cancel'))
    await expect.poll(waiting).toEqual(before.slice(0, -1))
    await hand.press(panels.resume)
    await panels.queue.getByRole('progressbar').first().waitFor()
    await photographed('gallery')
    await expect.poll(() => panels.cells('done').count(), { timeout: 120_000 }).toBe(done + 3)
    expect(await cells[3]!.getAttribute('data-state')).toBe('cancelled')
    await hand.press(panels.clearFinished)
  }

  /** Opens a clip; a seek goes where it should and stays there; a frame on; plays. */
  async watch(photographed: (name: string) => Promise<void>): Promise<void> {
    const { hand, panels } = this
    await hand.open(this.cells[0]!)
    await expect.poll(() => panels.video.evaluate(lengthOf)).toBeCloseTo(clip.frames / clip.fps, 1)
    for (const time of [0.8, 0.3]) expect(await panels.video.evaluate(seek, time)).toBeCloseTo(time, 2)
    await hand.press(panels.inViewer('Next frame'))
    await expect.poll(() => panels.video.evaluate(timeOf)).toBeGreaterThan(0.31)
    const paused = await panels.video.evaluate(timeOf)
    await photographed('viewer')
    await hand.press(panels.inViewer('Play'))
    await expect.poll(() => panels.video.evaluate(timeOf)).not.toBe(paused)
    await hand.press(panels.inViewer('Pause'))
    await this.closeViewer()
  }

  /** Two clips in one picture, and the wipe between them. */
  async compare(): Promise<void> {
    const { hand, panels } = this
    await hand.select(this.cells[0]!, this.cells[1]!)
    await hand.press(panels.compare)
    await panels.wipe.waitFor()
    expect(await panels.video.count()).toBe(2)
    const share = async (): Promise<number> => Number(await panels.wipe.getAttribute('aria-valuenow'))
    const before = await share()
    if (hand.name === 'mouse') {
      const box = (await panels.wipe.boundingBox())!
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      await this.page.mouse.move(x, y)
      await this.page.mouse.down()
      await this.page.mouse.move(x - 150, y, { steps: 5 })
      await this.page.mouse.up()
    } else {
      await hand.focus(panels.wipe)
      await this.page.keyboard.press('ArrowLeft')
    }
    expect(await share()).toBeLessThan(before)
    await this.closeViewer()
  }

  private async closeViewer(): Promise<void> {
    await this.hand.press(this.panels.inViewer('Close'))
    await this.panels.viewer.waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(this.page)).toBe(true)
  }

  async exportMp4(): Promise<void> {
    const files = await this.export('MP4', 2)
    for (const file of files) {
      const info = await probeVideo(file)
      expect(info).toMatchObject({ width: clip.width, height: clip.height, fps: clip.fps, codec: 'h264' })
      expect(info.duration).toBeCloseTo(clip.frames / clip.fps, 1)
    }
  }

  async exportPictures(): Promise<void> {
    const files = await this.export('PNG', 2 * clip.frames)
    for (const file of files) {
      const { width, height } = await readPicture(file)
      expect({ width, height }).toEqual({ width: clip.width, height: clip.height })
    }
  }

  /** Exports two clips into a new folder; gives the files made, which must be as many as said. */
  private async export(format: 'MP4' | 'PNG', expected: number): Promise<string[]> {
    const { hand, panels } = this
    const folder = path.join(this.folder, `exported ${format}`)
    fs.mkdirSync(folder)
    await hand.select(this.cells[0]!, this.cells[1]!)
    await hand.press(panels.openExport)
    await hand.pick(panels.exportSetting('Format'), format === 'MP4' ? 'MP4 (H.264)' : 'PNG sequence')
    await this.answerPlace(() => hand.press(panels.chooseFolder), folder)
    await hand.press(panels.startExport)
    const wanted = (name: string): boolean => name.endsWith(`.${format.toLowerCase()}`) && !name.includes('partial')
    const made = (): string[] => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(wanted)
    await expect.poll(() => made().length, { timeout: 60_000 }).toBe(expected)
    if (await panels.exporting.isVisible()) await this.page.keyboard.press('Escape')
    await panels.exporting.waitFor({ state: 'detached' })
    return made().map((name) => path.join(folder, name))
  }

  async saveProject(): Promise<void> {
    if (this.hand.name === 'keyboard') await this.answerPlace(() => this.page.keyboard.press('Control+S'), this.saved)
    else await this.answerPlace(() => this.fromProjectMenu(/^Save project(?! as)/), this.saved)
    await expect.poll(() => fs.existsSync(this.saved)).toBe(true)
    await this.panels.project('first day.anywhere').waitFor()
  }

  /** Ends the studio and starts it again: the project is still open. */
  async startAgain(): Promise<void> {
    await this.leave()
    await this.start()
    await this.panels.project('first day.anywhere').waitFor()
  }

  /** From an empty project back to the saved one: people, places, clips and settings are there. */
  async openSaved(): Promise<void> {
    const { hand, panels } = this
    await this.fromProjectMenu(/^New project/)
    await panels.project('Untitled').waitFor()
    if (this.host === 'electron') {
      await this.app.answer(this.saved)
      await this.fromProjectMenu(/^Open project/)
    } else await this.pickFile(() => this.fromProjectMenu(/^Open project/), this.saved)
    const person = panels.item(nameOf(this.pictures.human))
    await expect.poll(() => person.getAttribute('aria-selected')).toBe('true')
    expect(await panels.setting('Width').inputValue()).toBe(String(clip.width))
    expect(await panels.setting('Steps').inputValue()).toBe(String(clip.steps))
    await hand.press(panels.workspace('Gallery'))
    for (const cell of this.cells.slice(0, 3)) expect(await cell.getAttribute('data-state')).toBe('done')
    await hand.open(this.cells[2]!)
    await expect.poll(() => panels.video.evaluate(lengthOf)).toBeCloseTo(clip.frames / clip.fps, 1)
    await this.closeViewer()
  }

  /** Two known and new people in two known and new places, row by row. */
  private get cells(): Locator[] {
    const humans = ['Tom', nameOf(this.pictures.human)]
    const places = ['Promenade', nameOf(this.pictures.place)]
    return humans.flatMap((human) => places.map((place) => this.panels.cell(human, place)))
  }

  private get saved(): string {
    return path.join(this.folder, 'first day.anywhere')
  }

  private async fromProjectMenu(item: RegExp): Promise<void> {
    await this.hand.press(this.panels.projectMenu)
    await this.hand.press(this.page.getByRole('menuitem', { name: item }))
  }

  /** Answers the browser's own file dialog that `open` brings up. */
  private async pickFile(open: () => Promise<void>, file: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser')
    await open()
    await (await chooser).setFiles(file)
  }

  /** Answers the question for a place on the disk that `ask` brings up: the system's dialog, or a typed path. */
  private async answerPlace(ask: () => Promise<void>, place: string): Promise<void> {
    await this.app.answer(place)
    await ask()
    if (this.host === 'electron') return
    const field = this.page.getByRole('dialog').getByLabel(/^(File|Folder)$/)
    await this.hand.write(field, place)
    await field.waitFor({ state: 'detached' })
  }
}

/* The following run in the window. */
const timeOf = (video: Element): number => (video as HTMLVideoElement).currentTime
const lengthOf = (video: Element): number => (video as HTMLVideoElement).duration

/** Seeks, and gives the time that the video is at when the seek is over: 0 where the file is not served in ranges. */
async function seek(video: Element, time: number): Promise<number> {
  const player = video as HTMLVideoElement
  await new Promise((resolve) => {
    player.addEventListener('seeked', resolve, { once: true })
    player.currentTime = time
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  return player.currentTime
}
