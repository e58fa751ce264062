// The studio: everything that the user has and does, behind one door, without a window. The shell, the server and the tests open it.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { createRouter } from '../api/router'
import type { Reply } from '../api'
import { isUserError } from '../media'
import { unwritable } from '../media/partials'
import { openDatabase } from './database'
import { Grants } from './grants'
import { Devices } from './devices'
import { createHandlers } from './handlers'
import { jobTables, openJobs } from './jobs'
import { inspectInProcess } from './inspect-model'
import { AssetLibrary, libraryTables, openLibraryPlace } from './library'
import { mediaAt } from './media-files'
import { openPreferences } from './preferences'
import { Projects } from './project'
import { openingFailed } from './project/projects'
import { beginSession } from './session'
import type { Studio, StudioOptions } from './types'
import { Uploads } from './uploads'

export type { Studio, StudioOptions } from './types'

/** Opens the studio in its home folder. Throws UserError when that cannot be, such as when another studio has it. */
export async function openStudio(options: StudioOptions): Promise<Studio> {
  const { home, onEvent } = options
  const session = beginSession(home)
  try {
    const place = await openLibraryPlace(home)
    makeFolder(place.folder)
    const database = openDatabase(path.join(place.folder, 'library.db'), [libraryTables, jobTables])
    const library = new AssetLibrary({ database, place, onEvent })
    const preferences = openPreferences(path.join(home, 'preferences.json'))
    const uploads = new Uploads(path.join(home, 'uploads'))
    const grants = new Grants()
    const projects = await Projects.start({ home, library, onEvent, recovered: session.recovered })
    const devices = new Devices(options.spawnEngine)
    const jobs = await openJobs({
      devices: {
        choose: () => devices.choose(preferences.get().device),
        crashed: (provider, reason) => {
          devices.crashed(provider, reason)
        },
      },
      database,
      library,
      spawnEngine: options.spawnEngine,
      home,
      granted: (grant, what) => grants.path(grant, what),
      recovered: session.recovered,
      host: options.host,
      onEvent,
    })
    library.needed = () => neededBy(jobs.list().jobs)
    library
      .emptyOldTrash()
      .then(() => library.makeMissingThumbnails())
      .catch((error: unknown) => noteFault('tidying up', error))

    const { host, dialogs } = options
    const inspectModel = (folder: string) => inspectInProcess(options.spawnEngine, folder)
    const services = { inspectModel, library, projects, jobs, devices, preferences, uploads, grants, host, dialogs }
    const call = createRouter(createHandlers(services), noteFault)
    return {
      call,
      upload: (name, bytes) => replyOf(() => uploads.add(name, bytes)),
      media: (pathname) =>
        mediaAt(pathname, {
          library,
          preview: (id) => jobs.preview(id),
          exported: (id, n) => (host === 'browser' ? jobs.exported(id, n) : undefined),
        }),
      async openFile(file) {
        await projects.openFile(file).catch((error: unknown) => projects.say('error', openingFailed(file, error)))
      },
      async close() {
        await jobs.close()
        await library.close()
        database.close()
        session.end()
      },
    }
  } catch (error) {
    session.giveUp()
    throw error
  }
}

/** A fault of ours: for whoever looks at the terminal or the log. */
function noteFault(method: string, error: unknown): void {
  process.stderr.write(`studio: ${method}: ${error instanceof Error ? error.stack : String(error)}\n`)
}

/** Assets that work in the queue is made of. */
function neededBy(jobs: ReturnType<Awaited<ReturnType<typeof openJobs>>['list']>['jobs']): Set<string> {
  const open = jobs.filter(({ state }) => state === 'queued' || state === 'running' || state === 'interrupted')
  const ids = open.flatMap(({ request }) => {
    if (request.kind === 'export') return request.clips
    if (request.kind === 'train') return [request.model]
    const { human, background, motion, settings } = request
    return [human, background, motion, settings.model, ...(settings.adapter ? [settings.adapter] : [])]
  })
  return new Set(ids)
}

async function replyOf(work: () => Promise<unknown>): Promise<Reply> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, error: { message, user: isUserError(error) } }
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw unwritable(folder, error)
  }
}
