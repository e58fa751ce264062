// The camera view: exactly the frame that will be rendered, the place as the first frame shows it and the figure over it. The place
// is dragged and zoomed right here; on request the clip already rendered plays in the frame.
import { useEffect, useRef, useState } from 'react'
import type { PointerEvent } from 'react'
import { fileUrl } from '../../../main/api'
import type { Asset, Crop } from '../../../main/api'
import { dragCrop } from '../../editor/motion-frame'
import type { Rect } from '../../editor/motion-frame'
import { usePlayback } from '../../app/stores/playback'
import { edit, useProject } from '../../app/stores/project'
import { cleared } from '../animate/canvas'
import type { Box } from '../animate/canvas'
import { useMotion } from '../animate/motion'
import { useViewOption } from '../animate/options'
import { drawFigure, drawPlace } from './camera-drawing'
import { usePlace } from './place'
import { followPlayhead } from './video'
import css from './viewport.module.css'

interface Props {
  readonly box: Box | undefined
  /** Where the clip's frame lies in the box. */
  readonly frame: Rect | undefined
  readonly background: Asset | undefined
  /** The clip to play in place of the figure. */
  readonly clip: Asset | undefined
}

export function CameraView({ box, frame, background, clip }: Props) {
  const settings = useProject((state) => state.project?.document.settings)
  const panel = useRef<HTMLDivElement>(null)
  const under = useRef<HTMLCanvasElement>(null)
  const over = useRef<HTMLCanvasElement>(null)
  const place = usePlace(background)
  const sampled = useMotion((state) => state.sampled)
  const [ghosts] = useViewOption('ghosts')
  const [trails] = useViewOption('trails')
  const [dragged, setDragged] = useState<Crop>()

  const crop = dragged ?? settings?.crop

  useEffect(() => {
    if (under.current && box && frame && crop) drawPlace(cleared(under.current, box), box, frame, place, crop)
  }, [box, frame, place, crop?.x, crop?.y, crop?.zoom])

  useEffect(() => {
    const draw = (): void => {
      if (!over.current || !box || !frame) return
      const context = cleared(over.current, box)
      const at = Math.min(usePlayback.getState().frame, (sampled?.frames ?? 1) - 1)
      if (sampled && !clip) drawFigure(context, box, frame, sampled, at, { ghosts, trails })
    }
    draw()
    return usePlayback.subscribe((state, before) => {
      if (state.frame !== before.frame) draw()
    })
  }, [box, frame, sampled, clip, ghosts, trails])

  const drag = useRef<{ x: number; y: number; crop: Crop } | undefined>(undefined)
  const press = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0 || !frame || !place || !settings || clip) return
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, y: event.clientY, crop: settings.crop }
  }
  const move = (event: PointerEvent<HTMLElement>): void => {
    if (!drag.current || !frame || !place) return
    const { x, y, crop: from } = drag.current
    setDragged(dragCrop(place, frame, from, (event.clientX - x) / frame.width, (event.clientY - y) / frame.height))
  }
  const release = (): void => {
    if (drag.current && dragged) setCrop(dragged)
    drop()
  }
  const drop = (): void => {
    drag.current = undefined
    setDragged(undefined)
  }
  // Escape gives a drag up before it counts.
  useEffect(() => {
    if (!dragged) return
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      drop()
    }
    window.addEventListener('keydown', key, { capture: true })
    return () => window.removeEventListener('keydown', key, { capture: true })
  }, [dragged !== undefined])

  // React's wheel handlers cannot keep the page from zooming.
  useEffect(() => {
    const element = panel.current
    if (!element || !place || clip) return
    const wheel = (event: WheelEvent): void => {
      event.preventDefault()
      const now = useProject.getState().project?.document.settings.crop
      if (now && !drag.current) setCrop({ ...now, zoom: clampZoom(now.zoom * Math.exp(-event.deltaY / 600)) })
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [place, clip])

  return (
    <div
      ref={panel}
      className={css.stage}
      data-grab={place && !clip ? (dragged ? 'dragging' : 'ready') : undefined}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={drop}
    >
      <canvas ref={under} className={css.layer} aria-hidden />
      {clip && frame && <ClipInFrame clip={clip} style={{ left: frame.x, top: frame.y, ...sizeOf(frame) }} />}
      <canvas
        ref={over}
        className={css.layer}
        role="img"
        aria-label="The figure over the place, as the clip will show it"
      />
    </div>
  )
}

const sizeOf = ({ width, height }: { width: number; height: number }) => ({ width, height })
const clampZoom = (zoom: number): number => Math.round(Math.min(4, Math.max(1, zoom)) * 1000) / 1000

function setCrop(crop: Crop): void {
  const now = useProject.getState().project?.document.settings.crop
  if (now && now.x === crop.x && now.y === crop.y && now.zoom === crop.zoom) return
  edit('Move the place', (document) => ({ ...document, settings: { ...document.settings, crop } }), 'crop')
}

function ClipInFrame({ clip, style }: { clip: Asset; style: React.CSSProperties }) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => (video.current ? followPlayhead(video.current, clip.clip?.fps ?? 24) : undefined), [clip.id])
  return (
    <video
      ref={video}
      className={css.clip}
      style={style}
      src={fileUrl(clip.id)}
      muted
      playsInline
      preload="auto"
      aria-label={`Clip ${clip.name}`}
    />
  )
}
