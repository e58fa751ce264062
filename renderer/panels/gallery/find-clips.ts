// Which clips the wall shows, and in which order.
import type { Asset } from '../../../main/api'

export const orders = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'name', label: 'By name' },
  { value: 'longest', label: 'Longest first' },
] as const
export type Order = (typeof orders)[number]['value']

export interface Wanted {
  /** Words of the name or the tags, all of which must be there. */
  readonly search: string
  readonly starred: boolean
  readonly order: Order
}

export function findClips(clips: readonly Asset[], { search, starred, order }: Wanted): Asset[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return clips
    .filter((clip) => {
      if (starred && !clip.starred) return false
      const text = `${clip.name} ${clip.tags.join(' ')}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort(comparisons[order])
}

const newest = (a: Asset, b: Asset): number => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0)
const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const comparisons: Readonly<Record<Order, (a: Asset, b: Asset) => number>> = {
  newest,
  oldest: (a, b) => newest(b, a),
  name: (a, b) => names.compare(a.name, b.name) || newest(a, b),
  longest: (a, b) => (b.seconds ?? 0) - (a.seconds ?? 0) || newest(a, b),
}
