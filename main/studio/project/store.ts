// What the studio remembers of projects between two runs, in its home: each one's latest document, and which were open when.
//   autosave/<project id>.json   projects.json
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { projectId } from '../../api'
import { writeFileAtomic, writeJsonAtomic } from '../../media'
import { partialOf } from '../../media/partials'
import { autosaveJson, parseAutosave } from './format'
import type { Autosave } from './format'

const listSchema = z.object({
  last: projectId,
  /** The newest first. */
  recent: z.array(z.object({ id: projectId, name: z.string(), path: z.string().optional(), openedAt: z.string() })),
})
export type Recent = z.infer<typeof listSchema>['recent'][number]

const mostRecent = 30

export class ProjectStore {
  private list: z.infer<typeof listSchema> | undefined

  constructor(private readonly home: string) {
    mkdirSync(path.join(home, 'autosave'), { recursive: true })
    this.list = this.readList()
    this.clearHalfSaved()
  }

  /** The project that was open last; undefined before the first. */
  get last(): string | undefined {
    return this.list?.last
  }

  get recent(): readonly Recent[] {
    return this.list?.recent ?? []
  }

  /** The project's latest document. Undefined when there is none that can be read. */
  read(id: string): Autosave | undefined {
    try {
      return parseAutosave(JSON.parse(readFileSync(this.fileOf(id), 'utf8')), id)
    } catch {
      return undefined
    }
  }

  /** On the disk when it returns. Throws UserError when it cannot be written; what was there before is then still there. */
  write(project: Autosave): void {
    writeFileAtomic(this.fileOf(project.id), autosaveJson(project))
    const listed = this.recent.find(({ id }) => id === project.id)
    if (listed && (listed.name !== project.document.name || listed.path !== project.path))
      this.writeList(this.recent.map((one) => (one === listed ? entryOf(project, listed.openedAt) : one)))
  }

  /** Puts the project at the head of the list. The oldest ones are forgotten with what was kept of them. */
  opened(project: Autosave): void {
    const others = this.recent.filter(({ id }) => id !== project.id)
    // What has no file of its own exists only here.
    const remembered = others.filter(({ path: file }, i) => file === undefined || i < mostRecent)
    const recent = [entryOf(project, new Date().toISOString()), ...remembered]
    this.list = { last: project.id, recent }
    this.writeList(recent)
    const kept = new Set(recent.map(({ id }) => `${id}.json`))
    for (const name of readdirSync(path.join(this.home, 'autosave')))
      if (!kept.has(name)) rmSync(path.join(this.home, 'autosave', name), { force: true })
  }

  /** A project that exists beside the open one: kept, but not opened. */
  add(project: Autosave): void {
    this.write(project)
    const [first, ...others] = this.recent
    this.writeList([...(first ? [first] : []), entryOf(project, new Date().toISOString()), ...others])
  }

  forget(id: string): void {
    this.writeList(this.recent.filter((one) => one.id !== id))
    rmSync(this.fileOf(id), { force: true })
  }

  /** Runs `save`, which writes `file`; if the app is killed meanwhile, the next start removes what it has left beside it. */
  async saving<T>(file: string, save: () => Promise<T>): Promise<T> {
    writeFileAtomic(this.savingNote, file)
    try {
      return await save()
    } finally {
      rmSync(this.savingNote, { force: true })
    }
  }

  private get savingNote(): string {
    return path.join(this.home, 'saving')
  }

  private clearHalfSaved(): void {
    if (!existsSync(this.savingNote)) return
    rmSync(partialOf(readFileSync(this.savingNote, 'utf8')), { force: true })
    rmSync(this.savingNote)
  }

  private writeList(recent: readonly Recent[]): void {
    this.list = { last: this.list!.last, recent: [...recent] }
    writeJsonAtomic(path.join(this.home, 'projects.json'), this.list)
  }

  private readList(): z.infer<typeof listSchema> | undefined {
    try {
      return listSchema.parse(JSON.parse(readFileSync(path.join(this.home, 'projects.json'), 'utf8')))
    } catch {
      return undefined // the first start, or a list that is lost: projects can still be opened by their files
    }
  }

  private fileOf(id: string): string {
    return path.join(this.home, 'autosave', `${id}.json`)
  }
}

function entryOf({ id, document, path: file }: Autosave, openedAt: string): Recent {
  return { id, name: document.name, openedAt, ...(file === undefined ? {} : { path: file }) }
}
