// The ids in a project's document: which there are, and the same document by other names.
import type { ProjectDocument } from '../../api'

/** Every human, place, motion and clip it speaks of, once. Models are apart. */
export function idsOf({ humans, backgrounds, motions, clips, chosen }: ProjectDocument): string[] {
  const one = [chosen.human, chosen.background, chosen.motion].flatMap((id) => id ?? [])
  return [...new Set([...humans, ...backgrounds, ...motions, ...clips, ...one])]
}

/** The document with each id renamed. What has no new name is left out; a model without one gives way to the bundled model. */
export function withIds(document: ProjectDocument, rename: (id: string) => string | undefined): ProjectDocument {
  const all = (ids: readonly string[]) => [...new Set(ids.flatMap((id) => rename(id) ?? []))]
  const one = (id: string | null) => (id === null ? null : (rename(id) ?? null))
  const { humans, backgrounds, motions, clips, chosen, settings } = document
  return {
    ...document,
    humans: all(humans),
    backgrounds: all(backgrounds),
    motions: all(motions),
    clips: all(clips),
    chosen: { human: one(chosen.human), background: one(chosen.background), motion: one(chosen.motion) },
    settings: {
      ...settings,
      model: settings.model === 'mini' ? 'mini' : (rename(settings.model) ?? 'mini'),
      adapter: one(settings.adapter),
    },
  }
}
