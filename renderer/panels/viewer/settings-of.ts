// 'Use these settings': the document as it was when a clip was made. Pure, so that it can be tested.
import type { Asset, ClipFacts, ProjectDocument } from '../../../main/api'

/**
 * The clip's human, place and motion chosen (and put on the table), its settings taken over with the seed locked, so that a
 * render gives the very same clip. What is no longer in the library (`assets`) stays as it is; a lost model becomes 'mini'.
 */
export function withSettingsOf(
  document: ProjectDocument,
  { request }: ClipFacts,
  assets: ReadonlyMap<string, Asset>,
): ProjectDocument {
  const { settings } = request
  const known = (id: string): boolean => assets.has(id)
  const listed = (list: readonly string[], id: string): string[] =>
    list.includes(id) || !known(id) ? [...list] : [...list, id]
  const chosen = (now: string | null, id: string): string | null => (known(id) ? id : now)
  return {
    ...document,
    humans: listed(document.humans, request.human),
    backgrounds: listed(document.backgrounds, request.background),
    motions: listed(document.motions, request.motion),
    chosen: {
      human: chosen(document.chosen.human, request.human),
      background: chosen(document.chosen.background, request.background),
      motion: chosen(document.chosen.motion, request.motion),
    },
    settings: {
      ...settings,
      seedLocked: true,
      model: settings.model === 'mini' || known(settings.model) ? settings.model : 'mini',
      adapter: settings.adapter !== null && known(settings.adapter) ? settings.adapter : null,
    },
  }
}

/** What of the clip is no longer in the library, in the artist's words. */
export function lostOf({ request }: ClipFacts, assets: ReadonlyMap<string, Asset>): string[] {
  const { human, background, motion, settings } = request
  const parts: [string, string | null][] = [
    ['human', human],
    ['place', background],
    ['motion', motion],
    ['model', settings.model === 'mini' ? null : settings.model],
    ['adapter', settings.adapter],
  ]
  return parts.flatMap(([word, id]) => (id !== null && !assets.has(id) ? [word] : []))
}
