// What the gallery remembers while the window is open: which motion and view it shows, what is selected in the matrix.
import { create } from 'zustand'
import { nothingSelected } from './selection'
import type { Selection } from './selection'

interface GalleryState {
  readonly view: 'matrix' | 'clips'
  /** undefined: the motion chosen in the project. */
  readonly motion: string | undefined
  readonly selection: Selection
}

/** Shows the matrices of all motions, one below the other. */
export const allMotions = 'all'

export const useGallery = create<GalleryState>(() => ({
  view: 'matrix',
  motion: undefined,
  selection: nothingSelected,
}))

/** The motions that are shown, of those on the table. */
export function motionsShown(motion: string | undefined, onTable: readonly string[], chosen: string | null): string[] {
  if (motion === allMotions) return [...onTable]
  const one = [motion, chosen].find((id) => id && onTable.includes(id)) ?? onTable[0]
  return one ? [one] : []
}
