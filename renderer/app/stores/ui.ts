// What the window shows just now. Transient: not undone, not kept (what is kept is in `preferences.layout`).
import { create } from 'zustand'

export type Workspace = 'animate' | 'gallery' | 'train'
export type Sheet = 'shortcuts' | 'settings' | 'doctor' | 'export'

export interface Notice {
  readonly id: number
  /** busy: stays until it is dismissed by the one who said it. */
  readonly level: 'info' | 'error' | 'busy'
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

interface UiState {
  readonly workspace: Workspace
  /** The panel shown over the window, if any. */
  readonly sheet: Sheet | undefined
  readonly notices: readonly Notice[]
  /** Clips selected in gallery or library: what Export, Delete, Star and Compare act on. */
  readonly selectedClips: readonly string[]
  /** The clip (or two, to compare) open in the viewer. */
  readonly viewer: readonly string[]
  /** Which side panel the gallery shows at the right. */
  readonly side: 'queue' | 'settings' | 'clip'
  /** The library's tab. */
  readonly tab: 'human' | 'background' | 'motion' | 'clip'
}

export const useUi = create<UiState>(() => ({
  workspace: 'animate',
  sheet: undefined,
  notices: [],
  selectedClips: [],
  viewer: [],
  side: 'queue',
  tab: 'human',
}))

let notices = 0

/** Says one line at the bottom of the window for a while; errors stay until dismissed. Gives the notice's id. */
export function say(level: Notice['level'], text: string, action?: Notice['action']): number {
  const notice: Notice = { id: ++notices, level, text, ...(action ? { action } : {}) }
  useUi.setState((state) => ({ notices: [...state.notices, notice].slice(-4) }))
  if (level === 'info') setTimeout(() => dismiss(notice.id), 6000)
  return notice.id
}

export function dismiss(id: number): void {
  useUi.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }))
}

/** For `.catch`: shows what went wrong. */
export function complain(error: unknown): void {
  say('error', error instanceof Error ? error.message : String(error))
}
