// Where the motion's playhead is, and the clock that moves it. Changes up to sixty times a second: subscribe to what is needed,
// outside React where it can be.
import { create } from 'zustand'
import { advance, clampFrame, clampRange, startFrame, stepFrame } from '../../editor/motion-playback'
import type { PlayRange } from '../../editor/motion-playback'

interface Playback {
  /** Frame of the clip, 0-based, whole: what is shown is what will be rendered. */
  readonly frame: number
  readonly frames: number
  readonly fps: number
  readonly playing: boolean
  readonly loop: boolean
  /** Of real time. */
  readonly speed: number
  /** What is played; the whole clip unless the artist has narrowed it. */
  readonly range: PlayRange
  readonly view: 'camera' | 'orbit'
}

export const usePlayback = create<Playback>(() => ({
  frame: 0,
  frames: 1,
  fps: 24,
  playing: false,
  loop: true,
  speed: 1,
  range: { first: 0, last: 0 },
  view: 'camera',
}))

export const speeds = [0.25, 0.5, 1, 2] as const

/** Another clip length or rate. The playhead stays at its moment where it can; a range that was the whole clip stays that. */
export function setClip(frames: number, fps: number): void {
  const { frame, frames: before, fps: rate, range } = usePlayback.getState()
  if (frames === before && fps === rate) return
  const scale = fps / rate
  const whole = range.first === 0 && range.last === before - 1
  const scaled = { first: Math.round(range.first * scale), last: Math.round(range.last * scale) }
  usePlayback.setState({
    frames,
    fps,
    frame: clampFrame(Math.round(frame * scale), frames),
    range: whole ? { first: 0, last: frames - 1 } : clampRange(scaled, frames),
  })
  place = usePlayback.getState().frame
}

export function seek(frame: number): void {
  const { frames } = usePlayback.getState()
  place = clampFrame(Math.round(frame), frames)
  usePlayback.setState({ frame: place })
}

/** Steps stop playing: the artist wants to look. */
export function step(by: number): void {
  pause()
  const { frame, frames, loop } = usePlayback.getState()
  seek(stepFrame(frame, by, frames, loop))
}

export const setRange = (range: PlayRange): void =>
  usePlayback.setState((state) => ({ range: clampRange(range, state.frames) }))

export const toggleLoop = (): void => usePlayback.setState((state) => ({ loop: !state.loop }))

/** The playhead between whole frames, the time of the last tick (ms), and the next one; they only mean something while playing. */
let place = 0
let last = 0
let next = 0

export function play(): void {
  const { playing, frame, frames, range, loop } = usePlayback.getState()
  if (playing || frames < 2) return
  place = startFrame(frame, range, loop)
  last = performance.now()
  usePlayback.setState({ playing: true, frame: place })
  next = requestAnimationFrame(tick)
}

export function pause(): void {
  cancelAnimationFrame(next)
  if (usePlayback.getState().playing) usePlayback.setState({ playing: false })
}

export const togglePlaying = (): void => (usePlayback.getState().playing ? pause() : play())

/** Longest time between two ticks that counts, seconds: a window that was hidden does not leap. */
const longestTick = 1

function tick(now: number): void {
  const state = usePlayback.getState()
  if (!state.playing) return
  const seconds = Math.min(longestTick, Math.max(0, (now - last) / 1000))
  last = now
  const moved = advance(place, seconds, state)
  place = moved.place
  const frame = clampFrame(Math.floor(place), state.frames)
  if (moved.ended) usePlayback.setState({ frame, playing: false })
  else {
    if (frame !== state.frame) usePlayback.setState({ frame })
    next = requestAnimationFrame(tick)
  }
}
