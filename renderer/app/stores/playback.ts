// Where the motion's playhead is. Changes sixty times a second: subscribe to what is needed, outside React where it can be.
import { create } from 'zustand'

interface Playback {
  /** Frame of the clip, 0-based; whole unless playing. */
  readonly frame: number
  readonly frames: number
  readonly fps: number
  readonly playing: boolean
  readonly loop: boolean
  readonly view: 'camera' | 'orbit'
}

export const usePlayback = create<Playback>(() => ({
  frame: 0,
  frames: 1,
  fps: 24,
  playing: false,
  loop: true,
  view: 'camera',
}))
