// The camera hints in the artist's words.
import { renderSettings } from '../../../main/api'
import type { RenderSettings } from '../../../main/api'

const words: Record<RenderSettings['hint'], string> = {
  auto: 'Auto (from pose)',
  static: 'Still camera',
  'pan-left': 'Pan left',
  'pan-right': 'Pan right',
  'tilt-up': 'Tilt up',
  'tilt-down': 'Tilt down',
  'zoom-in': 'Zoom in',
  'zoom-out': 'Zoom out',
  'orbit-left': 'Orbit left',
  'orbit-right': 'Orbit right',
  follow: 'Follow the human',
}

export const hintOptions = renderSettings.shape.hint.options.map((value) => ({ value, label: words[value] }))
