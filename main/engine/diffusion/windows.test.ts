import { describe, expect, it } from 'vitest'
import { crossfade, planWindows } from './windows'

describe('windows over a long clip', () => {
  it('needs one window when the clip is short', () => {
    expect(planWindows(9, 13, 4)).toEqual([{ start: 0, length: 9 }])
  })

  it('covers every frame, from the first to the last, with enough overlap', () => {
    for (let frames = 14; frames < 260; frames++) {
      const windows = planWindows(frames, 13, 4)
      expect(windows[0]!.start).toBe(0)
      expect(windows.at(-1)!.start + 13).toBe(frames)
      windows.slice(1).forEach((window, i) => expect(windows[i]!.start + 13 - window.start).toBeGreaterThanOrEqual(4))
    }
  })

  it('cross-fades from the old window to the new one, all old before and all new after', () => {
    const shares = [8, 9, 10, 11, 12, 13].map((frame) => crossfade(frame, 9, 13))
    expect(shares).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  })
})
