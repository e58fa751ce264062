// The picture and what drives it: play, step, scrub, loop, speed, and the wipe when there are two.
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { PointerEvent, RefObject } from 'react'
import { ChevronFirst, ChevronLast, Pause, Play, Repeat, StepBack, StepForward } from 'lucide-react'
import { fileUrl } from '../../../main/api'
import type { Asset } from '../../../main/api'
import { useCommands } from '../../app/commands'
import { IconButton, Select, Slider } from '../../ui'
import { onEscape } from './drag'
import { speeds, timecode } from './frames'
import { Player } from './player'
import type { Clip, PlayerState } from './player'
import { fit, rightOf, wipeAt, wipeByKey } from './wipe'
import css from './viewer.module.css'

const rates = speeds.map((speed) => ({ value: String(speed), label: `${speed}×` }))

interface Props {
  readonly clip: Asset
  readonly other: Asset | undefined
}

export function Screen({ clip, other }: Props) {
  const leader = useRef<HTMLVideoElement>(null)
  const follower = useRef<HTMLVideoElement>(null)
  const room = useRef<HTMLDivElement>(null)
  const facts: Clip = { fps: clip.clip?.fps ?? 24, frames: clip.clip?.frames ?? 1 }
  const [player, setPlayer] = useState<Player>()
  const [state, setState] = useState<PlayerState>({ frame: 0, playing: false })
  const [loop, setLoop] = useState(true)
  const [rate, setRate] = useState('1')
  const [wipe, setWipe] = useState(0.5)
  const { width, height } = useFit(room, clip)

  useEffect(() => {
    const made = new Player(leader.current!, facts, setState)
    setPlayer(made)
    return () => made.close()
  }, [])
  useEffect(() => player?.setFollower(follower.current ?? undefined), [player, other?.id])
  useEffect(() => player?.setLoop(loop), [player, loop])
  useEffect(() => player?.setRate(Number(rate)), [player, rate])

  useCommands(
    {
      'play.toggle': () => player?.toggle(),
      'play.previous': () => player?.step(-1),
      'play.next': () => player?.step(1),
      'play.first': () => player?.seek(0),
      'play.last': () => player?.seek(facts.frames - 1),
      'play.loop': () => setLoop((on) => !on),
    },
    [player],
  )
  return (
    <section className={css.screen} aria-label="Picture">
      <div ref={room} className={css.room}>
        <div className={css.picture} style={{ width, height }}>
          <video
            ref={leader}
            src={fileUrl(clip.id)}
            aria-label={clip.name}
            muted
            playsInline
            preload="auto"
            disablePictureInPicture
            onClick={() => player?.toggle()}
          />
          {other && (
            <>
              <video
                key={other.id}
                ref={follower}
                className={css.over}
                style={{ clipPath: rightOf(wipe) }}
                src={fileUrl(other.id)}
                aria-label={other.name}
                muted
                playsInline
                preload="auto"
                disablePictureInPicture
                onClick={() => player?.toggle()}
              />
              <span className={css.label}>{clip.name}</span>
              <span className={css.labelRight}>{other.name}</span>
              <Wipe value={wipe} onChange={setWipe} />
            </>
          )}
        </div>
      </div>
      <div className={css.transport}>
        <IconButton
          icon={ChevronFirst}
          label="First frame"
          shortcut="Shift+Left"
          side="top"
          onClick={() => player?.seek(0)}
        />
        <IconButton
          icon={StepBack}
          label="Previous frame"
          shortcut="Left"
          side="top"
          onClick={() => player?.step(-1)}
        />
        <IconButton
          icon={state.playing ? Pause : Play}
          label={state.playing ? 'Pause' : 'Play'}
          shortcut="Space"
          side="top"
          onClick={() => player?.toggle()}
        />
        <IconButton icon={StepForward} label="Next frame" shortcut="Right" side="top" onClick={() => player?.step(1)} />
        <IconButton
          icon={ChevronLast}
          label="Last frame"
          shortcut="Shift+Right"
          side="top"
          onClick={() => player?.seek(facts.frames - 1)}
        />
        <IconButton icon={Repeat} label="Loop" shortcut="L" side="top" pressed={loop} onClick={() => setLoop(!loop)} />
        <Slider
          label="Frame"
          withValue={false}
          value={state.frame}
          min={0}
          max={Math.max(1, facts.frames - 1)}
          step={1}
          show={(frame) => `Frame ${frame + 1} of ${facts.frames}`}
          onChange={(frame) => {
            if (state.playing) player?.pause()
            player?.seek(frame)
          }}
        />
        <span className={css.frames}>
          {timecode(state.frame, facts.fps)}
          <span>
            {state.frame + 1} / {facts.frames}
          </span>
        </span>
        <Select className={css.rate} label="Speed" value={rate} options={rates} onChange={setRate} />
      </div>
    </section>
  )
}

interface WipeProps {
  readonly value: number
  readonly onChange: (value: number) => void
}

/** The edge between the two, on the picture itself. Escape during a drag takes it back. */
function Wipe({ value, onChange }: WipeProps) {
  const handle = useRef<HTMLDivElement>(null)
  const drag = useRef<{ readonly grab: number; readonly end: () => void } | undefined>(undefined)
  const box = () => handle.current!.parentElement!.getBoundingClientRect()
  const release = (): void => {
    drag.current?.end()
    drag.current = undefined
  }
  const press = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const { left, width } = box()
    const end = onEscape(() => {
      onChange(value)
      release()
    })
    drag.current = { grab: event.clientX - (left + value * width), end }
  }
  useEffect(() => release, [])
  return (
    <div
      ref={handle}
      role="slider"
      aria-label="Wipe"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value * 100)}
      aria-valuetext={`${Math.round(value * 100)} % left clip`}
      tabIndex={0}
      className={css.wipe}
      style={{ left: `${value * 100}%` }}
      onPointerDown={press}
      onPointerMove={(event) => drag.current && onChange(wipeAt(box(), event.clientX, drag.current.grab))}
      onPointerUp={release}
      onPointerCancel={release}
      onDoubleClick={() => onChange(0.5)}
      onKeyDown={(event) => {
        const next = wipeByKey(value, event.key, event.shiftKey)
        if (next === undefined) return
        event.preventDefault()
        onChange(next)
      }}
    />
  )
}

/** The size of the picture in CSS pixels: as large as the room allows, in the clip's shape. */
function useFit(room: RefObject<HTMLDivElement | null>, { size }: Asset): { width: number; height: number } {
  const [space, setSpace] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = room.current
    if (!element) return
    const measure = (): void => setSpace({ width: element.clientWidth, height: element.clientHeight })
    const observer = new ResizeObserver(measure)
    measure()
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return fit(size ? size.width / size.height : 16 / 9, space.width, space.height)
}
