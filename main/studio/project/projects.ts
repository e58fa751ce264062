// The project that is open: kept beside the library on every change, saved into its own file when the user says so, found again after
// whatever end. Opening another never loses what was not saved of this one: it stays in the list of recent projects.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { defaultSettings } from '../../api'
import type { OpenProject, ProjectDocument, RecentProject, StudioEvent } from '../../api'
import { UserError, reason } from '../../media'
import type { AssetLibrary } from '../library'
import { newId } from '../library'
import { ensureSamples, sampleDocument } from '../samples'
import { withIds } from './document'
import { openProject, saveProject } from './file'
import type { Autosave } from './format'
import { ProjectStore } from './store'

const emptyDocument: ProjectDocument = {
  name: 'Untitled',
  humans: [],
  backgrounds: [],
  motions: [],
  chosen: { human: null, background: null, motion: null },
  settings: defaultSettings,
  clips: [],
}

export interface ProjectsOptions {
  readonly home: string
  readonly library: AssetLibrary
  readonly onEvent: (event: Extract<StudioEvent, { type: 'project' | 'notice' }>) => void
  /** The last run did not end well. */
  readonly recovered: boolean
}

export class Projects {
  private readonly library: AssetLibrary
  private readonly onEvent: ProjectsOptions['onEvent']
  private readonly store: ProjectStore
  private recovered: boolean
  private open!: Autosave
  /** Notices from before a window could listen. */
  private waiting: Extract<StudioEvent, { type: 'notice' }>[] | undefined = []

  private constructor({ home, library, onEvent, recovered }: ProjectsOptions) {
    this.library = library
    this.onEvent = onEvent
    this.recovered = recovered
    this.store = new ProjectStore(home)
  }

  /** With the last project open as it last was, or the sample project when there is none. */
  static async start(options: ProjectsOptions): Promise<Projects> {
    const projects = new Projects(options)
    const { store } = projects
    const known = store.last
    const last = known === undefined ? undefined : store.read(known)
    if (last) projects.open = projects.known(last)
    else await projects.create('sample')
    if (known !== undefined && !last)
      projects.say('error', 'The last project could not be read; this is the sample project')
    return projects
  }

  current(): OpenProject {
    const { id, document, path: file, savedAt, changed } = this.open
    return {
      id,
      document,
      changed,
      recovered: this.recovered,
      ...(file === undefined ? {} : { path: file }),
      ...(savedAt === undefined ? {} : { savedAt }),
    }
  }

  /** A window is there: what has waited for it is told. */
  welcome(): void {
    const { waiting } = this
    this.waiting = undefined
    if (waiting?.length) setTimeout(() => waiting.forEach((notice) => this.onEvent(notice)), 200)
  }

  /** Of a project that has been closed meanwhile the late change is kept as well. */
  update(id: string, document: ProjectDocument): void {
    const project = id === this.open.id ? this.open : this.store.read(id)
    if (!project) throw new UserError('this project is not open any more')
    const same = JSON.stringify(project.document) === JSON.stringify(document)
    const updated = { ...project, document, changed: project.changed || !same }
    this.store.write(updated)
    if (id === this.open.id) this.open = updated
  }

  /** Into `target`, or the project's own file. */
  save(target?: string): Promise<OpenProject> {
    return this.library.exclusive(async () => {
      const file = target === undefined ? this.open.path : withExtension(target)
      if (file === undefined) throw new UserError('this project has no file yet; choose where to save it')
      const { id, document } = this.open
      const { saved, notices } = await this.store.saving(file, () => saveProject(this.library, file, id, document))
      // It may have been changed, or another been opened, while the file was written.
      const project = this.open.id === id ? this.open : this.store.read(id)
      if (project) {
        const changed = JSON.stringify(project.document) !== JSON.stringify(document)
        const kept = { ...project, path: file, savedAt: new Date().toISOString(), saved, changed }
        this.store.write(kept)
        if (this.open.id === id) this.open = kept
      }
      notices.forEach((notice) => this.say('info', notice))
      return this.tell()
    })
  }

  /** Opens a project file. Unsaved changes of the same project are found again, unless the file was changed elsewhere. */
  openFile(file: string): Promise<OpenProject> {
    return this.library.exclusive(async () => {
      const place = path.resolve(file)
      const opened = await openProject(this.library, place, path.basename(place))
      const kept = this.store.read(opened.id)
      const moved = kept?.path !== undefined && kept.path !== place && existsSync(kept.path)
      const own = kept?.path !== undefined && !moved
      const fresh: Autosave = {
        // A copy of a project that is elsewhere as well is a project of its own.
        id: kept && !own ? newId('project') : opened.id,
        document: opened.document,
        path: place,
        savedAt: new Date().toISOString(),
        changed: false,
        saved: opened.saved,
      }
      const unsaved = own && kept.changed
      if (unsaved && kept.saved === opened.saved)
        return this.enter({ ...this.known(kept), path: place }, opened.notices)
      if (unsaved) {
        const name = `${kept.document.name.slice(0, 100)} (unsaved)`
        this.store.add({ id: newId('project'), document: { ...kept.document, name }, changed: true })
        this.say('info', `The file was changed elsewhere; your unsaved changes are kept as "${name}"`)
      }
      return this.enter(fresh, opened.notices)
    })
  }

  /** Opens a file that a window has handed over: it has no place of its own to be saved to. */
  openUpload(file: string, name: string): Promise<OpenProject> {
    return this.library.exclusive(async () => {
      const { document, notices } = await openProject(this.library, file, name)
      return this.enter({ id: newId('project'), document, changed: true }, notices)
    })
  }

  async openRecent(id: string): Promise<OpenProject> {
    if (id === this.open.id) return this.current()
    const kept = this.store.read(id)
    const file = this.store.recent.find((one) => one.id === id)?.path
    if (file !== undefined && existsSync(file)) return this.openFile(file)
    if (!kept)
      throw new UserError(`cannot open the project: ${file === undefined ? 'it' : `"${file}"`} is not there any more`)
    if (file !== undefined) this.say('info', `"${file}" is not there any more; this is what was kept of it`)
    return this.enter({ id, document: this.known(kept).document, changed: true }, [])
  }

  async create(from: 'sample' | 'empty'): Promise<OpenProject> {
    const document = from === 'empty' ? emptyDocument : sampleDocument(await ensureSamples(this.library))
    return this.enter({ id: newId('project'), document, changed: false }, [])
  }

  recent(): RecentProject[] {
    return this.store.recent.map((one) => ({ ...one, path: one.path ?? 'not saved to a file yet' }))
  }

  /** One line for the user, now or as soon as there is a window. */
  say(level: 'info' | 'error', text: string): void {
    const notice = { type: 'notice', level, text } as const
    if (this.waiting) this.waiting.push(notice)
    else this.onEvent(notice)
  }

  private enter(project: Autosave, notices: readonly string[]): OpenProject {
    this.store.write(project)
    const left = this.open as Autosave | undefined
    this.open = project
    this.recovered &&= left === undefined
    this.store.opened(project)
    if (left && left.id !== project.id && !left.changed && left.path === undefined) this.store.forget(left.id)
    notices.forEach((notice) => this.say('info', notice))
    void this.library.makeMissingThumbnails()
    return this.tell()
  }

  private tell(): OpenProject {
    const project = this.current()
    this.onEvent({ type: 'project', project })
    return project
  }

  /** Without what has left the library since. */
  private known(project: Autosave): Autosave {
    const { library } = this
    const isThere = (id: string): boolean => library.get(id) !== undefined && !library.isTrashed(id)
    const document = withIds(project.document, (id) => (isThere(id) ? id : undefined))
    if (document.settings.model !== project.document.settings.model)
      this.say('info', 'The model of this project is not in the library any more; the bundled model takes its place')
    return { ...project, document }
  }
}

/** One line of an error, for opening by double click. */
export const openingFailed = (file: string, error: unknown): string =>
  error instanceof UserError ? error.message : `cannot open "${path.basename(file)}": ${reason(error)}`

function withExtension(file: string): string {
  return path.extname(file).toLowerCase() === '.anywhere' ? file : `${file}.anywhere`
}
