// The wipe between two clips: where its edge is, as the share of the picture's width that shows the left clip (0..1).

export interface Box {
  readonly left: number
  readonly width: number
}

const clamp = (share: number): number => Math.max(0, Math.min(1, share))

/** The share under the pointer at `x`, in the same unit as the picture's box. `grab`: how far from the edge it was taken. */
export const wipeAt = (box: Box, x: number, grab = 0): number =>
  box.width > 0 ? clamp((x - grab - box.left) / box.width) : 0.5

/** What a key does to the wipe; undefined when it is not one of the slider's keys. Shift moves ten times as far. */
export function wipeByKey(share: number, key: string, shift: boolean): number | undefined {
  const by = shift ? 0.1 : 0.01
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return clamp(share - by)
    case 'ArrowRight':
    case 'ArrowUp':
      return clamp(share + by)
    case 'PageDown':
      return clamp(share - 0.1)
    case 'PageUp':
      return clamp(share + 0.1)
    case 'Home':
      return 0
    case 'End':
      return 1
    default:
      return undefined
  }
}

/** The clip-path of the clip on the right: nothing left of the edge. */
export const rightOf = (share: number): string => `inset(0 0 0 ${(clamp(share) * 100).toFixed(3)}%)`

/** The largest box of `aspect` (width / height) within `width` x `height`, in whole pixels. */
export function fit(aspect: number, width: number, height: number): { width: number; height: number } {
  const wide = Math.min(width, height * aspect)
  return { width: Math.floor(wide), height: Math.floor(wide / aspect) }
}
