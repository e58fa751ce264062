// The timeline: transport above, the motion's rows below, a playhead over them. The rows are one canvas, drawn when the motion or
// the view changes; only the playhead moves while playing, outside React.
import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { useCommands } from '../../app/commands'
import { pause, seek, setRange, step, toggleLoop, togglePlaying, usePlayback } from '../../app/stores/playback'
import { follow, frameToX, pan, wholeClip, xToFrame, zoomAt } from '../../editor/motion-timeline'
import type { TimeView } from '../../editor/motion-timeline'
import { cleared, useBox } from '../animate/canvas'
import { useMotion } from '../animate/motion'
import { drawTrack, inset, rowHeight, rowNames, rulerHeight } from './drawing'
import { Transport, toFirst, toLast } from './Transport'
import css from './timeline.module.css'

export function Timeline() {
  const { sampled, of } = useMotion()
  useCommands(
    {
      'play.toggle': togglePlaying,
      'play.previous': () => step(-1),
      'play.next': () => step(1),
      'play.first': toFirst,
      'play.last': toLast,
      'play.loop': toggleLoop,
    },
    [],
  )
  useEffect(() => pause, []) // nothing plays in a workspace that is not seen
  return (
    <section className={css.timeline} aria-label="Timeline">
      <Transport empty={!sampled} />
      {sampled ? (
        <Rows key={`${of}`} />
      ) : (
        <p className={css.empty}>The chosen motion&rsquo;s keys appear here, one row for each part of the body.</p>
      )}
    </section>
  )
}

function Rows() {
  const sampled = useMotion((state) => state.sampled)!
  const frames = sampled.frames
  const track = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const box = useBox(track)
  const [view, setView] = useState<TimeView>(() => wholeClip(frames))
  const names = rowNames(sampled)
  const tall = rowHeight(names.length, box?.height ?? 0)
  const width = (box?.width ?? 0) - 2 * inset

  useEffect(() => setView(wholeClip(frames)), [frames])
  useEffect(() => {
    if (canvas.current && box) drawTrack(cleared(canvas.current, box), box, view, sampled)
  }, [box, view, sampled])

  // A playhead that leaves the zoomed view takes it along.
  useEffect(
    () =>
      usePlayback.subscribe((state, before) => {
        if (state.frame !== before.frame) setView((now) => follow(now, state.frame, frames))
      }),
    [frames],
  )

  useEffect(() => {
    const element = track.current
    if (!element) return
    const wheel = (event: WheelEvent): void => {
      const x = event.clientX - element.getBoundingClientRect().left - inset
      const inner = element.clientWidth - 2 * inset
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        setView((now) => zoomAt(now, Math.exp(-event.deltaY / 300), inner, x, frames))
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault()
        setView((now) => pan(now, ((event.deltaX || event.deltaY) / inner) * (now.to - now.from), frames))
      }
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [frames])

  const frameAt = (event: PointerEvent): number =>
    xToFrame(view, width, event.clientX - track.current!.getBoundingClientRect().left - inset, frames)
  const scrub = {
    onPointerDown: (event: PointerEvent<HTMLElement>): void => {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      pause()
      seek(frameAt(event))
    },
    onPointerMove: (event: PointerEvent<HTMLElement>): void => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(frameAt(event))
    },
  }
  return (
    <div className={css.rows}>
      <ul className={css.names} style={{ paddingTop: rulerHeight }} aria-label="Parts of the body">
        {names.map(({ name, side }) => (
          <li key={name} data-side={side} style={{ height: tall }}>
            {name}
          </li>
        ))}
      </ul>
      <div
        ref={track}
        className={css.track}
        style={{ minHeight: rulerHeight + names.length * tall + 4 }}
        onDoubleClick={() => setView(wholeClip(frames))}
        {...scrub}
      >
        <canvas ref={canvas} className={css.canvas} aria-hidden />
        {box && (
          <>
            <RangeBar view={view} width={width} frames={frames} frameAt={frameAt} />
            <Playhead view={view} width={width} frames={frames} />
          </>
        )}
      </div>
    </div>
  )
}

/** Keys of a slider over frames, and by how much they move it. Page: a second. With a modifier they are the window's shortcuts. */
function sliderStep(event: KeyboardEvent, fps: number): number | 'first' | 'last' | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return -1
    case 'ArrowRight':
    case 'ArrowUp':
      return 1
    case 'PageUp':
      return Math.round(fps)
    case 'PageDown':
      return -Math.round(fps)
    case 'Home':
      return 'first'
    case 'End':
      return 'last'
    default:
      return undefined
  }
}

function Playhead({ view, width, frames }: { view: TimeView; width: number; frames: number }) {
  const head = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const place = (): void => {
      const element = head.current
      if (!element) return
      const { frame } = usePlayback.getState()
      element.style.transform = `translateX(${inset + frameToX(view, width, frame)}px)`
      element.setAttribute('aria-valuenow', String(frame + 1))
      element.setAttribute('aria-valuetext', `Frame ${frame + 1} of ${frames}`)
    }
    place()
    return usePlayback.subscribe((state, before) => {
      if (state.frame !== before.frame) place()
    })
  }, [view, width, frames])
  const press = (event: KeyboardEvent): void => {
    const by = sliderStep(event, usePlayback.getState().fps)
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    pause()
    if (by === 'first') seek(0)
    else if (by === 'last') seek(frames - 1)
    else seek(usePlayback.getState().frame + by)
  }
  return (
    <div
      ref={head}
      className={css.playhead}
      role="slider"
      aria-label="Playhead"
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={frames}
      aria-valuenow={usePlayback.getState().frame + 1}
      tabIndex={0}
      onKeyDown={press}
    />
  )
}

interface RangeProps {
  readonly view: TimeView
  readonly width: number
  readonly frames: number
  readonly frameAt: (event: PointerEvent) => number
}

/** What is played and looped, as a bar under the ruler; its ends are dragged, a double click makes it the whole clip. */
function RangeBar({ view, width, frames, frameAt }: RangeProps) {
  const range = usePlayback((state) => state.range)
  const x = (frame: number) => inset + frameToX(view, width, frame)
  const ends = [
    { end: 'first', label: 'Start of the range', least: 0, most: Math.max(0, range.last - 1) },
    { end: 'last', label: 'End of the range', least: Math.min(frames - 1, range.first + 1), most: frames - 1 },
  ] as const
  const set = (end: 'first' | 'last', frame: number): void => {
    const { least, most } = ends.find((one) => one.end === end)!
    setRange({ ...usePlayback.getState().range, [end]: Math.min(most, Math.max(least, frame)) })
  }
  const press = (event: KeyboardEvent, end: 'first' | 'last'): void => {
    const by = sliderStep(event, usePlayback.getState().fps)
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    set(end, by === 'first' ? 0 : by === 'last' ? frames - 1 : range[end] + by)
  }
  return (
    <div className={css.range} onDoubleClick={() => setRange({ first: 0, last: frames - 1 })}>
      <div className={css.bar} style={{ left: x(range.first), width: Math.max(2, x(range.last) - x(range.first)) }} />
      {ends.map(({ end, label, least, most }) => (
        <div
          key={end}
          className={css.end}
          data-end={end}
          style={{ left: x(range[end]) }}
          role="slider"
          aria-label={label}
          aria-valuemin={least + 1}
          aria-valuemax={most + 1}
          aria-valuenow={range[end] + 1}
          tabIndex={0}
          onKeyDown={(event) => press(event, end)}
          onPointerDown={(event) => {
            event.stopPropagation()
            event.currentTarget.setPointerCapture(event.pointerId)
          }}
          onPointerMove={(event) => {
            if (event.currentTarget.hasPointerCapture(event.pointerId)) set(end, frameAt(event))
          }}
        />
      ))}
    </div>
  )
}
