// Where a queued job goes when it is moved: the answer is always 'before that one', or null for the end, as jobs.move wants it.
import type { Job } from '../../../main/api'

/** Before which job `id` must go to end up `by` places further (negative: nearer the front). undefined: it cannot move that way. */
export function moveBy(queued: readonly Pick<Job, 'id'>[], id: string, by: number): string | null | undefined {
  const from = queued.findIndex((job) => job.id === id)
  const to = from + by
  if (from < 0 || to < 0 || to >= queued.length || by === 0) return undefined
  const others = queued.filter((job) => job.id !== id)
  return others[to]?.id ?? null
}

/** Before which job `id` must go when it is dropped into gap `gap` (0: before the first). undefined: it is there already. */
export function moveToGap(queued: readonly Pick<Job, 'id'>[], id: string, gap: number): string | null | undefined {
  const from = queued.findIndex((job) => job.id === id)
  if (from < 0 || gap === from || gap === from + 1) return undefined
  return queued[gap]?.id ?? null
}

/** The gap nearest to `y` among rows given by their top and height, in order. Same unit for all. */
export function gapAt(rows: readonly { readonly top: number; readonly height: number }[], y: number): number {
  const below = rows.findIndex((row) => y < row.top + row.height / 2)
  return below < 0 ? rows.length : below
}
