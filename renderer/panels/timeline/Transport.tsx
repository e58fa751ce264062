// The row above the tracks: moving through the clip, where one is, and what is drawn beside the figure.
import { ChevronFirst, ChevronLast, Pause, Play, Repeat, StepBack, StepForward } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { commands } from '../../../main/api'
import type { CommandId } from '../../../main/api'
import { pause, seek, speeds, step, toggleLoop, togglePlaying, usePlayback } from '../../app/stores/playback'
import { Button, IconButton, Select } from '../../ui'
import { useViewOption } from '../animate/options'
import css from './timeline.module.css'

const keyOf = (id: CommandId): string | undefined => {
  const command = commands.find((one) => one.id === id)
  return command && 'key' in command ? command.key : undefined
}

/** 0.25: '¼×'. */
const speedName = (speed: number): string => `${{ 0.25: '¼', 0.5: '½' }[speed] ?? speed}×`

export const toFirst = (): void => {
  pause()
  seek(usePlayback.getState().range.first)
}
export const toLast = (): void => {
  pause()
  seek(usePlayback.getState().range.last)
}

export function Transport({ empty }: { empty: boolean }) {
  const playing = usePlayback((state) => state.playing)
  const loop = usePlayback((state) => state.loop)
  const speed = usePlayback((state) => state.speed)
  const frames = usePlayback((state) => state.frames)
  const fps = usePlayback((state) => state.fps)
  const [ghosts, setGhosts] = useViewOption('ghosts')
  const [trails, setTrails] = useViewOption('trails')
  const button = { side: 'top', disabled: empty } as const
  return (
    <div className={css.transport} role="toolbar" aria-label="Transport">
      <IconButton
        icon={ChevronFirst}
        label="First frame"
        shortcut={keyOf('play.first')}
        onClick={toFirst}
        {...button}
      />
      <IconButton
        icon={StepBack}
        label="Previous frame"
        shortcut={keyOf('play.previous')}
        onClick={() => step(-1)}
        {...button}
      />
      <IconButton
        icon={playing ? Pause : Play}
        label={playing ? 'Pause' : 'Play'}
        shortcut={keyOf('play.toggle')}
        onClick={togglePlaying}
        className={css.play}
        {...button}
      />
      <IconButton
        icon={StepForward}
        label="Next frame"
        shortcut={keyOf('play.next')}
        onClick={() => step(1)}
        {...button}
      />
      <IconButton icon={ChevronLast} label="Last frame" shortcut={keyOf('play.last')} onClick={toLast} {...button} />
      <Counter empty={empty} />
      <Toggle label="Loop" icon={Repeat} on={loop} onToggle={toggleLoop} />
      <span className={css.gap} />
      {!empty && <span className={css.length}>{(frames / fps).toFixed(1)} s</span>}
      <Toggle label="Ghosts" on={ghosts} onToggle={() => setGhosts(!ghosts)} />
      <Toggle label="Trails" on={trails} onToggle={() => setTrails(!trails)} />
      <Select
        label="Speed"
        className={css.speed}
        value={String(speed)}
        options={speeds.map((one) => ({ value: String(one), label: speedName(one) }))}
        onChange={(value) => usePlayback.setState({ speed: Number(value) })}
      />
    </div>
  )
}

interface ToggleProps {
  readonly label: string
  readonly icon?: LucideIcon
  readonly on: boolean
  readonly onToggle: () => void
}

const Toggle = ({ label, on, onToggle, ...icon }: ToggleProps) => (
  <Button variant="quiet" className={css.toggle} aria-pressed={on} onClick={onToggle} {...icon}>
    {label}
  </Button>
)

function Counter({ empty }: { empty: boolean }) {
  const frame = usePlayback((state) => state.frame)
  const frames = usePlayback((state) => state.frames)
  if (empty) return <span className={css.counter}>–</span>
  const digits = String(frames).length
  return (
    <span className={css.counter} title="Frame of the clip">
      <b style={{ minWidth: `${digits}ch` }}>{frame + 1}</b> / {frames}
    </span>
  )
}
