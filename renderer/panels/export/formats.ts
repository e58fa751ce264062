// What can be exported, in words, and which of the settings each format has.
import type { Asset, ExportRequest, exportFormats } from '../../../main/api'

export type Format = (typeof exportFormats)[number]
export type Quality = ExportRequest['quality']

interface FormatWords {
  readonly label: string
  readonly text: string
  readonly quality: boolean
  readonly fps: boolean
}

export const formats: Readonly<Record<Format, FormatWords>> = {
  mp4: { label: 'MP4 (H.264)', text: 'Plays everywhere.', quality: true, fps: true },
  hevc: { label: 'MP4 (HEVC)', text: 'Smaller at the same quality; newer players only.', quality: true, fps: true },
  prores: { label: 'ProRes 422 HQ', text: 'For editing: large files, hardly any loss.', quality: false, fps: true },
  png: { label: 'PNG sequence', text: 'A folder per clip, one lossless picture per frame.', quality: false, fps: true },
  gif: { label: 'GIF', text: 'A looping picture for the web; few colours.', quality: true, fps: true },
  'contact-sheet': {
    label: 'Contact sheet',
    text: 'One picture with frames of every clip.',
    quality: false,
    fps: false,
  },
}

export const qualities: readonly { readonly value: Quality; readonly label: string }[] = [
  { value: 'draft', label: 'Draft' },
  { value: 'good', label: 'Good' },
  { value: 'best', label: 'Best' },
]

/** null: the clip's own. Pixels; frames per second. */
export const longSides: readonly (number | null)[] = [null, 320, 480, 640, 960, 1280, 1920, 2560, 3840]
export const rates: readonly (number | null)[] = [null, 8, 12, 15, 24, 25, 30, 50, 60]

/** What 'As rendered' means for these clips: '640', '640 to 1280', or nothing when it is not known. */
export function ownRange(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined)
  if (known.length === 0) return ''
  const [least, most] = [Math.min(...known), Math.max(...known)]
  return least === most ? String(least) : `${least} to ${most}`
}

export const longSideOf = ({ size }: Asset): number | undefined => size && Math.max(size.width, size.height)

/** The request; settings that the format does not have are sent as 'good' and the clip's own. */
export function exportOf(
  clips: readonly string[],
  chosen: { format: Format; quality: Quality; longSide: number | null; fps: number | null; folder: string | null },
): ExportRequest {
  const has = formats[chosen.format]
  return {
    kind: 'export',
    clips: [...clips],
    ...chosen,
    quality: has.quality ? chosen.quality : 'good',
    fps: has.fps ? chosen.fps : null,
  }
}
