// The project's render settings, and the one way the inspector changes them.
import type { RenderSettings } from '../../../main/api'
import { edit, useProject } from '../../app/stores/project'

export const useSettings = (): RenderSettings | undefined => useProject((state) => state.project?.document.settings)

/** Changes settings, undoably; changes of the same `label` that follow each other closely are one step. */
export function change(label: string, settings: Partial<RenderSettings>): void {
  edit(label, (document) => ({ ...document, settings: { ...document.settings, ...settings } }), label)
}

/** Whether two settings would make the same clip from the same things. */
export const sameSettings = (a: RenderSettings, b: RenderSettings): boolean =>
  (Object.keys(a) as (keyof RenderSettings)[]).every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]))
