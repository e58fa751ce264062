// New, open, save: the project as a file.
import { bridge, call, upload } from '../client'
import { edit, keepNow, takeProject, useProject } from '../stores/project'
import { ask } from '../stores/prompt'
import { complain, say } from '../stores/ui'
import { pickFiles } from './import'
import { choosePlace } from './places'

/** For commands: what goes wrong is said. */
const said =
  <A extends unknown[]>(work: (...args: A) => Promise<unknown>) =>
  (...args: A): void =>
    void work(...args).catch(complain)

/** Before another project takes its place: true when the open one is saved, or need not be. */
async function mayLeave(): Promise<boolean> {
  await keepNow()
  const { project } = useProject.getState()
  if (!project?.changed) return true
  // A project that has no file and in which nothing was done: nothing to lose.
  if (project.path === undefined && !useProject.getState().undoLabel) return true
  const answer = await ask({
    title: `Save "${project.document.name}" first?`,
    text: 'It has changes that are not in its file yet.',
    answers: [
      { value: 'leave', label: 'Do not save' },
      { value: 'save', label: 'Save', variant: 'primary' },
    ],
  })
  return answer?.value === 'leave' || (answer?.value === 'save' && (await save()))
}

async function create(from: 'sample' | 'empty'): Promise<void> {
  if (await mayLeave()) takeProject(await call('project.create', { from }))
}

async function open(): Promise<void> {
  if (!(await mayLeave())) return
  if (bridge.host === 'electron') {
    const place = await choosePlace({ what: 'project-to-open' })
    if (place) takeProject(await call('project.open', { file: place.grant }))
  } else {
    const [file] = await pickFiles({ accept: '.anywhere', multiple: false })
    if (file) takeProject(await call('project.open', { upload: await upload(file) }))
  }
}

/** A project file dragged into the window. */
export async function openDroppedProject(file: File): Promise<void> {
  if (await mayLeave()) takeProject(await call('project.open', { upload: await upload(file) }))
}

async function openRecent(recent: string): Promise<void> {
  if (await mayLeave()) takeProject(await call('project.open', { recent }))
}

/** False when it was not saved after all. */
async function save(anew = false): Promise<boolean> {
  await keepNow()
  const { project } = useProject.getState()
  if (!project) return false
  if (!anew && project.path !== undefined) takeProject(await call('project.save', {}))
  else {
    const name = `${project.document.name}.anywhere`
    const place = await choosePlace({ what: 'project-to-save', name })
    if (!place) return false
    takeProject(await call('project.save', { file: place.grant }))
  }
  say('info', 'Project saved.')
  return true
}

export const newProject = said(() => create('empty'))
export const sampleProject = said(() => create('sample'))
export const openProject = said(open)
export const openRecentProject = said(openRecent)
export const saveProject = said(() => save())
export const saveProjectAs = said(() => save(true))

export function renameProject(name: string): void {
  const trimmed = name.trim().slice(0, 120)
  if (trimmed)
    edit('Rename project', (document) => (document.name === trimmed ? document : { ...document, name: trimmed }))
}
