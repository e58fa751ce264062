// Which part of the place is shown first: its picture with a frame to drag, and a zoom. Arrow keys move the frame, + and - zoom,
// Escape during a drag takes it back.
import { useEffect, useRef } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { RotateCcw } from 'lucide-react'
import { crop as cropSchema, thumbnailUrl } from '../../../main/api'
import type { Asset, Crop, RenderSettings } from '../../../main/api'
import { cropRect, dragCrop } from '../../editor/motion-frame'
import { history } from '../../app/stores/project'
import { Field, IconButton, Slider } from '../../ui'
import { change } from './settings'
import css from './inspector.module.css'

interface Props {
  readonly picture: Asset
  readonly settings: RenderSettings
}

const usual: Crop = { x: 0.5, y: 0.5, zoom: 1 }
const zoomRange = { min: 1, max: cropSchema.shape.zoom.maxValue ?? 4 }

const set = (crop: Crop): void => change('Crop of the place', { crop })
const clampZoom = (zoom: number): number => Math.min(zoomRange.max, Math.max(zoomRange.min, zoom))

export function CropEditor({ picture, settings }: Props) {
  const { crop } = settings
  const area = useRef<HTMLDivElement>(null)
  const drag = useRef<{ x: number; y: number; crop: Crop; moved: boolean } | undefined>(undefined)
  const size = picture.size ?? { width: 16, height: 9 }
  const shown = cropRect(size, settings, crop)

  /** Moves the frame by shares of itself. */
  const move = (from: Crop, dx: number, dy: number): void => set(dragCrop(size, settings, from, -dx, -dy))

  const press = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, y: event.clientY, crop, moved: false }
  }
  const moveDrag = (event: PointerEvent<HTMLDivElement>): void => {
    const start = drag.current
    const box = area.current
    if (!start || !box) return
    const scale = size.width / box.clientWidth
    const frame = cropRect(size, settings, start.crop)
    const dx = ((event.clientX - start.x) * scale) / frame.width
    const dy = ((event.clientY - start.y) * scale) / frame.height
    if (dx === 0 && dy === 0 && !start.moved) return
    start.moved = true
    move(start.crop, dx, dy)
  }
  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const share = event.shiftKey ? 0.1 : 0.02
    const by = { ArrowLeft: [-share, 0], ArrowRight: [share, 0], ArrowUp: [0, -share], ArrowDown: [0, share] }[
      event.key
    ]
    if (by) move(crop, by[0]!, by[1]!)
    else if (event.key === '+' || event.key === '=') set({ ...crop, zoom: clampZoom(crop.zoom * 1.1) })
    else if (event.key === '-') set({ ...crop, zoom: clampZoom(crop.zoom / 1.1) })
    else if (event.key === 'Escape' && drag.current?.moved) void history.undo()
    else return
    event.preventDefault()
    if (event.key === 'Escape') drag.current = undefined
  }
  useWheel(area, (delta) => set({ ...crop, zoom: clampZoom(crop.zoom * Math.exp(-delta / 500)) }))

  const percent = (value: number, whole: number): string => `${(100 * value) / whole}%`
  return (
    <>
      <div
        ref={area}
        role="group"
        aria-label="Crop of the place"
        aria-description="Arrow keys move the frame, plus and minus zoom"
        tabIndex={0}
        className={css.crop}
        style={{ aspectRatio: `${size.width} / ${size.height}` }}
        onPointerDown={press}
        onPointerMove={moveDrag}
        onPointerUp={() => (drag.current = undefined)}
        onPointerCancel={() => (drag.current = undefined)}
        onKeyDown={key}
        onDoubleClick={() => set(usual)}
      >
        <img src={thumbnailUrl(picture.id)} alt="" draggable={false} />
        <div
          className={css.frame}
          style={{
            left: percent(shown.x, size.width),
            top: percent(shown.y, size.height),
            width: percent(shown.width, size.width),
            height: percent(shown.height, size.height),
          }}
        />
      </div>
      <Field label="Zoom">
        <Slider
          value={crop.zoom}
          {...zoomRange}
          step={0.01}
          usual={1}
          show={(value) => `${value.toFixed(2)}×`}
          onChange={(zoom) => set({ ...crop, zoom })}
        />
        <IconButton
          icon={RotateCcw}
          size="small"
          side="left"
          label="Whole place"
          disabled={crop.zoom === 1 && crop.x === 0.5 && crop.y === 0.5}
          onClick={() => set(usual)}
        />
      </Field>
    </>
  )
}

/** Calls back with the wheel's pixels; the panel does not scroll meanwhile. Only where the element has the focus. */
function useWheel(element: React.RefObject<HTMLElement | null>, onWheel: (delta: number) => void): void {
  const latest = useRef(onWheel)
  latest.current = onWheel
  useEffect(() => {
    const target = element.current
    const listener = (event: WheelEvent): void => {
      if (document.activeElement !== target) return
      event.preventDefault()
      latest.current(event.deltaY)
    }
    target?.addEventListener('wheel', listener, { passive: false })
    return () => target?.removeEventListener('wheel', listener)
  }, [element])
}
