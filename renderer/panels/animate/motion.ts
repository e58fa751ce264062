// The chosen motion, sampled for the clip that would be rendered now; it follows the project and sets the playhead's length.
import { create } from 'zustand'
import { useEffect } from 'react'
import { sampledMotion } from '../../editor/motion-source'
import type { SampledMotion } from '../../editor/motion-sample'
import { setClip } from '../../app/stores/playback'
import { useLibrary } from '../../app/stores/library'
import { useProject } from '../../app/stores/project'

interface MotionState {
  /** What is shown; while another one is being read, still the last. */
  readonly sampled: SampledMotion | undefined
  /** Id of the motion that `sampled` is of. */
  readonly of: string | undefined
  readonly reading: boolean
  /** Why the chosen motion cannot be shown. */
  readonly error: string | undefined
}

export const useMotion = create<MotionState>(() => ({
  sampled: undefined,
  of: undefined,
  reading: false,
  error: undefined,
}))

/** Milliseconds without a change after which settings are followed: dragging a number does not sample at each step. */
const settle = 120
let wanted = 0

/** Once in the Animate workspace: the viewport follows for itself and the timeline. */
export function useFollowMotion(): void {
  const document = useProject((state) => state.project?.document)
  const id = document?.chosen.motion ?? undefined
  const name = useLibrary((state) => (id ? state.assets.get(id)?.name : undefined))
  const { width, height, fps, frames } = document?.settings ?? {}
  useEffect(() => {
    const ticket = ++wanted
    if (!id || name === undefined || !width || !height || !fps || frames === undefined) {
      useMotion.setState({ sampled: undefined, of: undefined, reading: false, error: undefined })
      return
    }
    const changed = useMotion.getState().of !== id
    const timer = setTimeout(
      () => {
        useMotion.setState({ reading: true })
        sampledMotion(id, name, { width, height, fps, frames }).then(
          (sampled) => {
            if (ticket !== wanted) return
            setClip(sampled.frames, sampled.fps)
            useMotion.setState({ sampled, of: id, reading: false, error: undefined })
          },
          (error: Error) => {
            if (ticket !== wanted) return
            useMotion.setState({ sampled: undefined, of: undefined, reading: false, error: error.message })
          },
        )
      },
      changed ? 0 : settle,
    )
    return () => clearTimeout(timer)
  }, [id, name, width, height, fps, frames])
}
