// Which assets the library shows, and where the arrow keys go in its grid. Pure.
import type { Asset } from '../../../main/api'

/** Every word of `search` must be in the name or in a tag. */
export function filterAssets(assets: readonly Asset[], search: string, starredOnly: boolean): Asset[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return assets.filter(({ name, tags, starred }) => {
    if (starredOnly && !starred) return false
    const text = [name, ...tags].join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The index that a key leads to from `at` among `count` things in rows of `columns`; undefined: not a key of the grid. */
export function moveInGrid(key: string, at: number, count: number, columns: number): number | undefined {
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns }[key]
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  if (to === undefined) return undefined
  // Downwards into a last row that is not full ends at its last thing.
  if (key === 'ArrowDown' && to >= count)
    return Math.floor(at / columns) < Math.floor((count - 1) / columns) ? count - 1 : at
  return to < 0 || to >= count ? at : to
}

/** The ids from `anchor` to `id`, both included, in the order of `all`; only `id` when the anchor is not there. */
export function rangeBetween(all: readonly string[], anchor: string | undefined, id: string): string[] {
  const from = anchor === undefined ? -1 : all.indexOf(anchor)
  const to = all.indexOf(id)
  return from < 0 ? [id] : all.slice(Math.min(from, to), Math.max(from, to) + 1)
}
