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
 * Changes the document, undoably. Changes with the same `merge` become one step when they follow each other within a second
 * (typing a number) or within one press of the pointer (dragging a slider). The list of clips is not the artist's doing:
 * undoing leaves it as it is.
 */
export function edit(label: string, change: (document: ProjectDocument) => ProjectDocument, merge?: string): void {
  const before = documentNow()
  if (!before) return
  const after = change(before)
  if (after === before) return
  put(after)
  const now = performance.now()
  if (merge && last?.merge === merge && last.after === before && (now - last.time < 1000 || last.press === press)) {
    last.after = after
    last.time = now
    return
  }
  const step = { merge, time: now, press, before, after }
  last = step
  const go = (to: ProjectDocument) => put({ ...to, clips: documentNow()?.clips ?? to.clips })
  history.remember({ label, redo: () => go(step.after), undo: () => go(step.before) })
}

interface Step {
  readonly merge: string | undefined
  readonly press: number
  readonly before: ProjectDocument
  time: number
  after: ProjectDocument
}
let last: Step | undefined

/** Grows with each press of the pointer; NaN, which equals nothing, when none is down. */
let press = Number.NaN
let presses = 0
export const pointerPressed = (down: boolean): void => void (press = down ? ++presses : Number.NaN)

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
