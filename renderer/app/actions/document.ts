// The document when assets come and go: pure, so that deleting and its undo can be tested without a window.
import type { Asset, ProjectDocument } from '../../../main/api'

/** Where the ids of a kind stand in the document. Clips, models and adapters are not on the table. */
export const lists = { human: 'humans', background: 'backgrounds', motion: 'motions' } as const
export type TableKind = keyof typeof lists
export const onTable = (kind: string): kind is TableKind => kind in lists

const tableKinds = Object.keys(lists) as TableKind[]

/** With the assets added to their lists, and the last of each kind chosen. */
export function withAssets(document: ProjectDocument, assets: readonly Asset[]): ProjectDocument {
  const next = { ...document, chosen: { ...document.chosen } }
  for (const { id, kind } of assets) {
    if (!onTable(kind)) continue
    const list = lists[kind]
    if (!next[list].includes(id)) next[list] = [...next[list], id]
    next.chosen[kind] = id
  }
  return next
}

/** Without the assets; where one was chosen, its neighbour in the list is now. */
export function withoutAssets(document: ProjectDocument, ids: ReadonlySet<string>): ProjectDocument {
  const next = { ...document, chosen: { ...document.chosen }, settings: { ...document.settings } }
  for (const kind of tableKinds) {
    const list = lists[kind]
    const before = document[list]
    next[list] = before.filter((id) => !ids.has(id))
    const chosen = document.chosen[kind]
    if (chosen !== null && ids.has(chosen)) next.chosen[kind] = neighbour(before, chosen, ids) ?? null
  }
  next.clips = document.clips.filter((id) => !ids.has(id))
  if (ids.has(next.settings.model)) next.settings.model = 'mini'
  if (next.settings.adapter !== null && ids.has(next.settings.adapter)) next.settings.adapter = null
  return next
}

/** Puts back what `withoutAssets` took from `before`, into a document that may have changed since. */
export function restoreAssets(
  now: ProjectDocument,
  before: ProjectDocument,
  ids: ReadonlySet<string>,
): ProjectDocument {
  const next = { ...now, chosen: { ...now.chosen }, settings: { ...now.settings } }
  for (const kind of tableKinds) {
    const list = lists[kind]
    next[list] = insertBack(now[list], before[list], ids)
    const chosen = before.chosen[kind]
    if (chosen !== null && ids.has(chosen)) next.chosen[kind] = chosen
  }
  next.clips = insertBack(now.clips, before.clips, ids)
  if (ids.has(before.settings.model)) next.settings.model = before.settings.model
  if (before.settings.adapter !== null && ids.has(before.settings.adapter))
    next.settings.adapter = before.settings.adapter
  return next
}

/** The next of `list` after `id` that is not going away, else the one before. */
export function neighbour(list: readonly string[], id: string, gone: ReadonlySet<string>): string | undefined {
  const at = list.indexOf(id)
  return list.slice(at + 1).find((other) => !gone.has(other)) ?? list.slice(0, at).findLast((other) => !gone.has(other))
}

function insertBack(now: readonly string[], before: readonly string[], ids: ReadonlySet<string>): string[] {
  const result = [...now]
  for (const [at, id] of before.entries())
    if (ids.has(id) && !result.includes(id)) result.splice(Math.min(at, result.length), 0, id)
  return result
}
