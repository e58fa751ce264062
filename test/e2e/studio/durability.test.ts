// The studio is killed without a word, again and again, in the middle of things; its engine is; its disk runs full. Six deaths
// a run; ANYWHERE_DEATHS=20 makes it twenty ("npm run test:deaths").
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Bridge, Input, Job, MethodName, Output } from '../../../main/api'
import { findElectron } from '../../support/electron'
import { alive, descendants, killAll } from '../../support/processes'
import { serve } from '../../support/serve'
import type { Served } from '../../support/serve'
import { closeAll, openApp } from './app'
import type { App } from './app'
import { Witness, findBroken, findPartials, noisePicture, pause, smallRender } from './witness'
import type { Studio } from './witness'

const deaths = Number(process.env.ANYWHERE_DEATHS ?? 6)
const activities = ['render', 'import', 'save'] as const

let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-durability-'))
})
afterEach(closeAll)
afterAll(() => {
  killAll()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** Does one thing over and over until the studio is killed at a moment nobody knows; gives that moment and the jobs just before. */
async function dieDuring(
  activity: (typeof activities)[number],
  witness: Witness,
  studio: Studio,
  kill: () => Promise<void>,
): Promise<{ died: number; before: readonly Job[] }> {
  const grant =
    activity === 'save'
      ? await studio.call('host.grant', { what: 'project-to-save', path: witness.projectFile }).catch(() => undefined)
      : undefined
  const work =
    activity === 'import'
      ? witness.importUntilDeath(studio)
      : activity === 'save'
        ? witness.saveUntilDeath(studio, grant!.grant)
        : witness.renderUntilDeath(studio)
  const early = work.catch((error: unknown) => new Error('the studio refused before its death', { cause: error }))
  const refused = await Promise.race([early, pause(1000 + Math.random() * 4000)])
  if (refused) throw refused
  const { jobs } = await studio.call('jobs.list')
  await kill()
  const died = Date.now()
  await early
  return { died, before: jobs }
}

describe('SIGKILL to `anywhere serve`', () => {
  it(
    `${deaths} times in the middle of rendering, importing and saving loses nothing`,
    { timeout: 120_000 + deaths * 30_000 },
    async () => {
      const home = path.join(folder, 'serve')
      const witness = new Witness(home, path.join(folder, 'saved.anywhere'))
      let studio = await serve(home)
      for (let death = 0; death < deaths; death++) {
        const activity = activities[death % activities.length]!
        const children = descendants(studio.child.pid!)
        const { died, before } = await dieDuring(activity, witness, studio, studio.kill)
        await gone(children)
        studio = await serve(home)
        expect(await witness.findings(studio, died, before), `after death ${death + 1}, while: ${activity}`).toEqual([])
      }
      await studio.stop()
    },
  )
})

describe.skipIf(!findElectron())('SIGKILL to the app', () => {
  it('in the middle of rendering and importing loses nothing', { timeout: 240_000 }, async () => {
    const home = path.join(folder, 'electron')
    const witness = new Witness(home, path.join(folder, 'never-saved.anywhere'))
    let app = await openApp('electron', home)
    for (const activity of activities.slice(0, 2)) {
      const children = descendants(app.pid)
      const { died, before } = await dieDuring(activity, witness, throughWindow(app), app.kill)
      await gone(children)
      app = await openApp('electron', home)
      expect(await witness.findings(throughWindow(app), died, before), `after dying while: ${activity}`).toEqual([])
    }
    await app.close()
  })
})

describe('SIGKILL to the engine', () => {
  it('fails the job that ran, with the reason; the next one runs', { timeout: 180_000 }, async () => {
    const studio = await serve(path.join(folder, 'engine'))
    const requests = [await smallRender(studio, 1), await smallRender(studio, 2)]
    const [first, second] = await studio.call('jobs.add', { requests })
    await until(studio, (jobs) => jobs.find(({ id }) => id === first!.id)?.progress !== undefined)
    process.kill(enginePid(studio), 'SIGKILL')
    const jobs = await until(studio, (now) => now.find(({ id }) => id === second!.id)?.state === 'done')
    const failed = jobs.find(({ id }) => id === first!.id)!
    expect(failed.state).toBe('failed')
    expect(failed.error).toMatch(/engine/i)
    expect(failed.error).not.toContain('\n')
    const { path: library } = await studio.call('library.folder')
    expect(findBroken(library, await studio.call('library.list', {}))).toEqual([])
    await studio.stop()
  })
})

describe('a disk that runs full', () => {
  const disk = mountSmallDisk(64)
  afterAll(() => {
    if (disk) spawnSync('umount', ['-l', disk])
  })

  it.skipIf(!disk)(
    'is told clearly, spoils nothing, and is forgotten when there is room again',
    { timeout: 180_000 },
    async () => {
      const home = path.join(disk!, 'home')
      const studio = await serve(home)
      const before = await studio.call('library.list', {})
      const request = await smallRender(studio, 1)
      const filler = path.join(disk!, 'filler')
      const { bavail, bsize } = fs.statfsSync(disk!)
      fs.writeFileSync(filler, Buffer.alloc(bavail * bsize - 200_000))

      const told: string[] = []
      const tell = (error: unknown) => void told.push(String(error))
      const picture = await noisePicture(700, 500)
      await studio
        .upload('large.png', picture)
        .then((upload) => studio.call('library.import', { uploads: [upload], kind: 'background' }))
        .then((outcomes) => outcomes.forEach((outcome) => 'error' in outcome && tell(outcome.error)), tell)
      expect(told).toEqual([expect.stringMatching(/disk is full/)])

      fs.appendFileSync(filler, Buffer.alloc(roomLeft(disk!)))
      const events = await studio.events()
      const said = (): string =>
        [...told, ...events.map((event) => JSON.stringify(event)), studio.said()].slice(1).join('\n')
      // Refused at once, failed, or kept waiting by a queue that cannot be written: whichever it is, it is told.
      await studio.call('jobs.add', { requests: [request] }).catch(tell)
      await expect.poll(said, { timeout: 60_000 }).toMatch(/disk is full/)
      expect(await studio.call('library.list', {})).toEqual(before)
      const { path: library } = await studio.call('library.folder')
      expect([...findBroken(library, before), ...findPartials(home)]).toEqual([])

      fs.rmSync(filler)
      const upload = await studio.upload('large.png', picture)
      const [outcome] = await studio.call('library.import', { uploads: [upload], kind: 'background' })
      expect(outcome).toMatchObject({ alreadyThere: false })
      await studio.call('jobs.resume')
      const [job] = await studio.call('jobs.add', { requests: [request] })
      await until(studio, (jobs) => jobs.find(({ id }) => id === job!.id)?.state === 'done')
      await studio.stop()
    },
  )
})

/** The engine's process: a child of the studio that runs the engine's file. */
function enginePid(studio: Served): number {
  const isEngine = (pid: number): boolean => /engine/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  const engine = descendants(studio.child.pid!).find(isEngine)
  if (engine === undefined) throw new Error('no engine process is running')
  return engine
}

/** Resolves with the jobs as soon as they are as wanted. */
async function until(studio: Studio, wanted: (jobs: readonly Job[]) => boolean): Promise<readonly Job[]> {
  for (let waited = 0; ; waited += 200) {
    const { jobs } = await studio.call('jobs.list')
    if (wanted(jobs)) return jobs
    if (waited > 100_000) throw new Error(`waited in vain; the jobs: ${JSON.stringify(jobs, null, 1)}`)
    await pause(200)
  }
}

/** The studio behind a window of Electron. */
function throughWindow({ page }: App): Studio {
  const unwrap = (reply: Awaited<ReturnType<Bridge['call']>>): unknown => {
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.value
  }
  type Talkative = typeof globalThis & { readonly anywhere: Bridge }
  return {
    call: async <M extends MethodName>(method: M, input?: Input<M>) =>
      unwrap(
        await page.evaluate(([name, value]) => (globalThis as Talkative).anywhere.call(name, value), [
          method,
          input,
        ] as const),
      ) as Output<M>,
    upload: async (name, bytes) =>
      unwrap(
        await page.evaluate(
          ([file, base64]) =>
            (globalThis as Talkative).anywhere.upload(
              file,
              Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
            ),
          [name, Buffer.from(bytes).toString('base64')] as const,
        ),
      ) as string,
  }
}

/** None of these processes outlives its parent for long: an engine left alone would eat the machine. */
async function gone(pids: readonly number[]): Promise<void> {
  for (let waited = 0; pids.some(alive); waited += 100) {
    if (waited > 10_000) throw new Error(`still running after the studio's death: ${pids.filter(alive).join(', ')}`)
    await pause(100)
  }
}

function roomLeft(folder: string): number {
  const { bavail, bsize } = fs.statfsSync(folder)
  return Math.max(0, bavail * bsize - 8192)
}

/** A disk of so many MB of its own, where this machine allows one; undefined where not. */
function mountSmallDisk(megabytes: number): string | undefined {
  if (process.platform !== 'linux') return undefined
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-disk-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', place], {
    stdio: 'ignore',
  })
  if (status === 0) return place
  fs.rmdirSync(place)
  return undefined
}
