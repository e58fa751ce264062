// The contract's methods, each handed to the service that does it.
import os from 'node:os'
import type { Handlers } from '../api/router'
import type { ImportOutcome, Methods } from '../api'
import type { InspectedModel } from '../engine/process-messages'
import { UserError, appPackage } from '../media'
import type { Devices } from './devices'
import { examine, report } from './doctor'
import type { Grants } from './grants'
import type { Jobs } from './jobs'
import { importFiles } from './library'
import type { AssetLibrary, Incoming } from './library'
import type { PreferencesFile } from './preferences'
import type { Projects } from './project'
import type { StudioOptions } from './types'
import type { Uploads } from './uploads'

export interface Services extends Pick<StudioOptions, 'host' | 'dialogs'> {
  readonly library: AssetLibrary
  readonly projects: Projects
  readonly jobs: Jobs
  readonly devices: Devices
  readonly preferences: PreferencesFile
  readonly uploads: Uploads
  readonly grants: Grants
  /** Checks a model folder in a process of its own. Throws UserError with the one line that says what is wrong. */
  inspectModel(folder: string): Promise<InspectedModel>
}

export function createHandlers(services: Services): Handlers {
  const { library, jobs, devices, preferences } = services
  return {
    ...libraryHandlers(services),
    ...projectHandlers(services),
    'jobs.list': () => jobs.list(),
    'jobs.estimate': ({ requests }) => jobs.estimate(requests),
    'jobs.add': ({ requests }) => jobs.add(requests),
    'jobs.cancel': ({ ids }) => jobs.cancel(ids),
    'jobs.retry': ({ ids }) => jobs.retry(ids),
    'jobs.move': ({ id, before }) => jobs.move(id, before),
    'jobs.pause': () => jobs.pause(),
    'jobs.resume': () => jobs.resume(),
    'jobs.clearFinished': () => jobs.clearFinished(),
    'jobs.losses': ({ id }) => jobs.losses(id),
    'preferences.get': () => preferences.get(),
    'preferences.set': (change) => preferences.set(change),
    'system.info': () => ({
      version: appPackage().version,
      platform: `${process.platform} ${process.arch}`,
      host: services.host,
      engine: jobs.engine,
      firstStart: !library.hasClips,
    }),
    'system.devices': () => devices.options(),
    'system.doctor': async () => report(await examine(() => devices.all(), library.contents.folder)),
    ...hostHandlers(services),
  }
}

type Of<Area extends string> = Pick<Handlers, Extract<keyof Methods, `${Area}.${string}`>>

function libraryHandlers({ library, uploads, grants, jobs, inspectModel }: Services): Of<'library'> {
  return {
    'library.list': (query) => library.list(query),
    'library.import': async ({ uploads: ids, kind }) => {
      const files: Incoming[] = []
      const lost: ImportOutcome[] = []
      for (const id of new Set(ids))
        try {
          files.push(uploads.get(id))
        } catch (error) {
          lost.push({ file: 'a file', error: (error as Error).message })
        }
      return [...(await importFiles(library, files, kind ? { kind } : {})), ...lost]
    },
    'library.importModel': async ({ folder }) => {
      const { dir, name, hash, bytes, notes } = await inspectModel(grants.path(folder, 'model-folder'))
      return { ...library.refer({ folder: dir, sha256: hash, name: name.slice(0, 120), bytes }), notes }
    },
    'library.update': (change) => library.update(change),
    'library.remove': ({ ids }) => library.remove(ids),
    'library.restore': ({ ids }) => library.restore(ids),
    'library.emptyTrash': () => library.emptyTrash(),
    'library.folder': () => library.folder(),
    'library.move': async ({ folder }) => {
      const { jobs: all, paused } = jobs.list()
      if (all.some(({ state }) => state === 'running'))
        throw new UserError(
          'the library cannot move while a job reads from it; pause the queue and wait for the job to end',
        )
      jobs.pause()
      try {
        return await library.move(grants.path(folder, 'library-folder'))
      } finally {
        if (!paused) jobs.resume()
      }
    },
  }
}

function projectHandlers({ projects, uploads, grants }: Services): Of<'project'> {
  return {
    'project.current': () => {
      projects.welcome()
      return projects.current()
    },
    'project.update': ({ id, document }) => projects.update(id, document),
    'project.save': ({ file }) => projects.save(file && grants.path(file, 'project-to-save')),
    'project.open': async (what) => {
      if ('file' in what) return projects.openFile(grants.path(what.file, 'project-to-open'))
      if ('recent' in what) return projects.openRecent(what.recent)
      const { file, name } = uploads.get(what.upload)
      const opened = await projects.openUpload(file, name)
      await uploads.drop([what.upload])
      return opened
    },
    'project.create': ({ from }) => projects.create(from),
    'project.recent': () => projects.recent(),
  }
}

function hostHandlers({ host, dialogs, grants, library, jobs }: Services): Of<'host'> {
  return {
    'host.choose': async (request) => {
      const place = await dialogs.choose(request)
      if (place === null) return null
      return grants.add(request.what, place)
    },
    'host.grant': ({ what, path: typed }) => {
      if (host !== 'browser') throw new UserError('places are chosen in a dialog here')
      return grants.add(what, typed.trim().replace(/^~(?=$|[\\/])/, os.homedir()))
    },
    'host.reveal': async (what) => {
      if (host !== 'electron') throw new UserError('a browser cannot open folders; the path is shown in Settings')
      if ('asset' in what) return dialogs.reveal(library.fileOf(what.asset))
      if ('library' in what) return dialogs.reveal(library.contents.folder)
      const folder = jobs.exportFolder(what.job)
      if (folder === undefined) throw new UserError('this export has left no folder to show')
      return dialogs.reveal(folder)
    },
  }
}
