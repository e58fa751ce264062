// The viewport: the chosen motion over the chosen place, as the clip's camera sees it or from anywhere.
import { useMemo, useRef, useState } from 'react'
import { Clapperboard, Image, PersonStanding, RotateCcw } from 'lucide-react'
import type { Asset } from '../../../main/api'
import { useCommands } from '../../app/commands'
import { useLibrary } from '../../app/stores/library'
import { usePlayback } from '../../app/stores/playback'
import { useProject } from '../../app/stores/project'
import { fitFrame } from '../../editor/motion-frame'
import { EmptyState, IconButton, Segmented } from '../../ui'
import { useBox } from '../animate/canvas'
import { useFollowMotion, useMotion } from '../animate/motion'
import { useViewOption } from '../animate/options'
import { CameraView } from './CameraView'
import { OrbitView } from './OrbitView'
import type { OrbitHandle } from './OrbitView'
import css from './viewport.module.css'

const views = [
  { value: 'camera', label: 'Camera view' },
  { value: 'orbit', label: 'Orbit view' },
] as const

/** Pixels: between the frame and the panel's edges, between words and their corner, and the frame that has room for them. */
const margin = 12
const inset = 14
const leastForWords = 520

const show = (view: 'camera' | 'orbit'): void => usePlayback.setState({ view })

export function Viewport() {
  useFollowMotion()
  const document = useProject((state) => state.project?.document)
  const background = useLibrary((state) => state.assets.get(document?.chosen.background ?? ''))
  const view = usePlayback((state) => state.view)
  const { sampled, reading, error } = useMotion()
  const clip = useRenderedClip()
  const [clipOn, setClipOn] = useState(false)
  const [withPlace, setWithPlace] = useViewOption('place')
  const orbit = useRef<OrbitHandle>(null)
  const panel = useRef<HTMLElement>(null)
  const box = useBox(panel)
  useCommands({ 'view.camera': () => show('camera'), 'view.orbit': () => show('orbit') }, [])

  const settings = document?.settings
  const { width, height } = settings ?? {}
  const frame = useMemo(
    () => (box && width && height ? fitFrame(box, { width, height }, margin) : undefined),
    [box, width, height],
  )
  // The words lie in the frame's corners where it is wide enough for them, else in the panel's.
  const within = view === 'camera' && frame && frame.width > leastForWords ? frame : undefined
  const corner = { x: (within?.x ?? 0) + inset, y: (within?.y ?? 0) + inset }
  const playsClip = view === 'camera' && clipOn && clip !== undefined
  return (
    <section ref={panel} className={css.viewport} aria-label="Viewport">
      {view === 'camera' ? (
        <CameraView box={box} frame={frame} background={background} clip={playsClip ? clip : undefined} />
      ) : (
        <OrbitView box={box} background={background} handle={orbit} />
      )}
      {settings && (
        <p className={css.chip} style={{ left: corner.x, top: corner.y }}>
          {view === 'camera' ? 'Camera view' : 'Orbit view'}
          <span>
            {settings.width} × {settings.height}
          </span>
          <span>{settings.fps} fps</span>
          {playsClip && <span className={css.lit}>Clip</span>}
          {sampled?.kind === 'poses' && view === 'camera' && <span>2D poses</span>}
        </p>
      )}
      <div className={css.tools} style={{ right: corner.x, top: corner.y }}>
        {view === 'camera' && clip && (
          <IconButton
            icon={Clapperboard}
            label="Clip"
            size="small"
            pressed={clipOn}
            onClick={() => setClipOn(!clipOn)}
          />
        )}
        {view === 'orbit' && (
          <>
            <IconButton
              icon={Image}
              label="Show the place"
              size="small"
              pressed={withPlace}
              onClick={() => setWithPlace(!withPlace)}
            />
            <IconButton icon={RotateCcw} label="Reset view" size="small" onClick={() => orbit.current?.reset()} />
          </>
        )}
        <Segmented label="View" tabs={views} value={view} onChange={show} />
      </div>
      {document && !document.chosen.motion && (
        <div className={css.note}>
          <EmptyState icon={PersonStanding} title="No motion chosen">
            Choose one in the library under Motions, or drop a BVH, motion or OpenPose file anywhere.
          </EmptyState>
        </div>
      )}
      {error && (
        <div className={css.note} role="alert">
          <EmptyState icon={PersonStanding} title="This motion cannot be shown">
            {error}
          </EmptyState>
        </div>
      )}
      {reading && !sampled && (
        <p className={css.reading} role="status">
          Reading the motion…
        </p>
      )}
    </section>
  )
}

/** The newest clip of exactly this human, place and motion. */
function useRenderedClip(): Asset | undefined {
  const assets = useLibrary((state) => state.assets)
  const chosen = useProject((state) => state.project?.document.chosen)
  return useMemo(() => {
    let newest: Asset | undefined
    for (const asset of assets.values()) {
      const made = asset.clip?.request
      if (!made || !chosen || (newest && newest.created > asset.created)) continue
      if (made.human === chosen.human && made.background === chosen.background && made.motion === chosen.motion)
        newest = asset
    }
    return newest
  }, [assets, chosen])
}
