// What the artist does to the assets of the library: all of it can be taken back.
import type { Asset } from '../../../main/api'
import { call } from '../client'
import { assetOf } from '../stores/library'
import { documentNow, edit, history, note } from '../stores/project'
import { complain, say, useUi } from '../stores/ui'
import { lists, onTable, restoreAssets, withoutAssets } from './document'

const words: Record<Asset['kind'], string> = {
  human: 'human',
  background: 'place',
  motion: 'motion',
  clip: 'clip',
  model: 'model',
  adapter: 'adapter',
}

/** 'Mara', '3 clips', '2 things'. */
export function nameOf(ids: readonly string[]): string {
  const assets = ids.map(assetOf).filter((asset) => asset !== undefined)
  if (assets.length === 1) return assets[0]!.name
  const kinds = new Set(assets.map((asset) => words[asset.kind]))
  return `${ids.length} ${kinds.size === 1 ? `${[...kinds][0]}s` : 'things'}`
}

/** Into the trash, and out of the project. */
export async function removeAssets(ids: readonly string[]): Promise<void> {
  const before = documentNow()
  if (!before || ids.length === 0) return
  const gone = new Set(ids)
  const name = nameOf(ids)
  const change = {
    label: `Delete ${name}`,
    redo: async () => {
      await call('library.remove', { ids: [...ids] })
      note((document) => withoutAssets(document, gone))
    },
    undo: async () => {
      await call('library.restore', { ids: [...ids] })
      note((document) => restoreAssets(document, before, gone))
    },
  }
  try {
    await history.perform(change)
  } catch (error) {
    return complain(error)
  }
  useUi.setState((state) => ({
    selectedClips: state.selectedClips.filter((id) => !gone.has(id)),
    viewer: state.viewer.filter((id) => !gone.has(id)),
  }))
  say('info', `${name} deleted.`, { label: 'Undo', run: () => void history.undo().catch(complain) })
}

type Words = Partial<Pick<Asset, 'name' | 'starred' | 'tags'>>

function update(id: string, { tags, ...words }: Words): Promise<Asset> {
  return call('library.update', { id, ...words, ...(tags ? { tags: [...tags] } : {}) })
}

/** Changes words about assets, each back to its own on undo. */
function changeWords(label: string, ids: readonly string[], change: (asset: Asset) => Words): void {
  const steps = ids
    .map(assetOf)
    .filter((asset) => asset !== undefined)
    .map((asset) => {
      const after = change(asset)
      const before = Object.fromEntries(Object.keys(after).map((key) => [key, asset[key as keyof Words]])) as Words
      return { id: asset.id, after, before }
    })
  if (steps.length === 0) return
  history
    .perform({
      label,
      redo: async () => void (await Promise.all(steps.map(({ id, after }) => update(id, after)))),
      undo: async () => void (await Promise.all(steps.map(({ id, before }) => update(id, before)))),
    })
    .catch(complain)
}

/** Stars them all, or takes the stars away when all have one. */
export function toggleStar(ids: readonly string[]): void {
  const starred = !ids.every((id) => assetOf(id)?.starred)
  changeWords(`${starred ? 'Star' : 'Unstar'} ${nameOf(ids)}`, ids, () => ({ starred }))
}

export function rename(id: string, name: string): void {
  const trimmed = name.trim().slice(0, 120)
  if (trimmed && trimmed !== assetOf(id)?.name) changeWords('Rename', [id], () => ({ name: trimmed }))
}

export function setTags(id: string, tags: readonly string[]): void {
  changeWords('Change tags', [id], () => ({ tags }))
}

/** Chooses a human, place or motion, and puts it on the table if it is not there. Opens a clip. */
export function choose(asset: Asset): void {
  const { id, kind } = asset
  if (kind === 'clip') return useUi.setState({ viewer: [id] })
  if (!onTable(kind)) return
  edit(`Choose ${asset.name}`, (document) => {
    const list = lists[kind]
    if (document.chosen[kind] === id && document[list].includes(id)) return document
    return {
      ...document,
      chosen: { ...document.chosen, [kind]: id },
      ...(document[list].includes(id) ? {} : { [list]: [...document[list], id] }),
    }
  })
}

/** Puts an asset on the project's table or takes it away: whether the gallery has a row or column of it. */
export function toggleOnTable(asset: Asset): void {
  const { id, kind } = asset
  if (!onTable(kind)) return
  const list = lists[kind]
  const there = documentNow()?.[list].includes(id)
  edit(`${there ? 'Take' : 'Put'} ${asset.name} ${there ? 'off' : 'on'} the table`, (document) => ({
    ...document,
    [list]: there ? document[list].filter((other) => other !== id) : [...document[list], id],
    chosen:
      there && document.chosen[kind] === id
        ? { ...document.chosen, [kind]: document[list].find((other) => other !== id) ?? null }
        : document.chosen,
  }))
}
