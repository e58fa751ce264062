// Opening the viewer, and which clips its 'next' and 'previous' go through.
import { create } from 'zustand'
import { useUi } from '../../app/stores/ui'

/** In the order of whatever the clip was opened from; empty: all clips of the library, newest first. */
export const useSiblings = create<{ readonly ids: readonly string[] }>(() => ({ ids: [] }))

export function openClip(id: string, siblings: readonly string[] = []): void {
  useSiblings.setState({ ids: siblings })
  useUi.setState({ viewer: [id] })
}
