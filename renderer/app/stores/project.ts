// The open project. Its document changes only through `edit`, which makes every change undoable and keeps it with the studio.
import { create } from 'zustand'
import type { OpenProject, ProjectDocument } from '../../../main/api'
import { History } from '../../editor/history'
import type { HistoryState } from '../../editor/history'
import { call } from '../client'
import { complain } from './ui'

interface ProjectState extends HistoryState {
  readonly project: OpenProject | undefined
}

export const useProject = create<ProjectState>(() => ({
  project: undefined,
  undoLabel: undefined,
  redoLabel: undefined,
}))

/** One history for everything undoable in the window: the document, and what is done to the library. */
export const history = new History((state) => useProject.setState(state))

/** Takes over a project that the studio has opened or saved. Another project begins with an empty history. */
export function takeProject(project: OpenProject): void {
  const now = useProject.getState().project
  if (now?.id !== project.id) {
    history.clear()
    useProject.setState({ project })
  } else {
    // The window's own document is newer than what a save reports.
    useProject.setState({ project: { ...project, document: now.document } })
  }
}

export const documentNow = (): ProjectDocument | undefined => useProject.getState().project?.document

/**
 * Changes the document, undoably. Changes with the same `merge` that follow each other within a second become one step (typing a
 * number, dragging a slider).
 */
export function edit(label: string, change: (document: ProjectDocument) => ProjectDocument, merge?: string): void {
  const before = documentNow()
  if (!before) return
  const after = change(before)
  if (after === before) return
  put(after)
  const now = performance.now()
  if (merge && last && last.merge === merge && now - last.time < 1000 && last.after === before) {
    last.after = after
    last.time = now
    return
  }
  const step = { merge, time: now, before, after }
  last = step
  history.remember({ label, redo: () => put(step.after), undo: () => put(step.before) })
}
let last: { merge: string | undefined; time: number; before: ProjectDocument; after: ProjectDocument } | undefined

/** Changes the document without an undo step: what follows from a job (a new clip), not from the artist. */
export function note(change: (document: ProjectDocument) => ProjectDocument): void {
  const before = documentNow()
  if (before) put(change(before))
}

function put(document: ProjectDocument): void {
  const { project } = useProject.getState()
  if (!project || project.document === document) return
  useProject.setState({ project: { ...project, document, changed: true } })
  keepSoon()
}

/** Milliseconds from a change to its being kept: well under the two seconds that may be lost. */
const keepDelay = 400
let timer: ReturnType<typeof setTimeout> | undefined

function keepSoon(): void {
  timer ??= setTimeout(() => void keepNow(), keepDelay)
}

/** Sends the document to the studio at once. */
export async function keepNow(): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  const { project } = useProject.getState()
  if (!project) return
  await call('project.update', { id: project.id, document: project.document }).catch(complain)
}
