// Everything that made a clip, as lines of a label and a value in the artist's words.
import type { Asset, RenderSettings } from '../../../main/api'
import { count, lengthOf, spell, weigh } from '../queue/words'

export interface Fact {
  readonly label: string
  readonly value: string
  /** The paper's word or the whole of an abbreviated value, for the tooltip. */
  readonly title?: string
}

/** The hint, and its strength where that is not the usual one. */
const hintWords = ({ hint, hintStrength }: RenderSettings): string =>
  hint.replace('-', ' ') + (hint === 'auto' || hintStrength === 1 ? '' : ` × ${number(hintStrength)}`)

/** `nameOf` gives what the library calls an asset, or undefined when it is gone. */
export function factsOf(clip: Asset, nameOf: (id: string) => string | undefined): Fact[] {
  const facts = clip.clip
  if (!facts) return []
  const { request, frames, fps, modelSha256, adapterSha256 = '', engineVersion, renderSeconds } = facts
  const { settings } = request
  const named = (id: string): string => nameOf(id) ?? 'no longer in the library'
  const model = settings.model === 'mini' ? 'mini' : named(settings.model)
  return [
    { label: 'Human', value: named(request.human) },
    { label: 'Place', value: named(request.background) },
    { label: 'Motion', value: named(request.motion) },
    { label: 'Size', value: `${clip.size?.width ?? settings.width} × ${clip.size?.height ?? settings.height}` },
    { label: 'Length', value: `${lengthOf(frames / fps)} · ${count(frames, 'frame')}` },
    { label: 'Frames per second', value: number(fps) },
    { label: 'Steps', value: String(settings.steps) },
    { label: 'Guidance', value: number(settings.guidance), title: 'Classifier-free guidance' },
    { label: 'Movement', value: number(settings.bml), title: 'Strength of the background motion learner' },
    { label: 'Hint', value: hintWords(settings) },
    { label: 'Seed', value: String(settings.seed) },
    { label: 'Crop', value: cropWords(settings.crop) },
    { label: 'Model', value: `${model} · ${modelSha256.slice(0, 8)}`, title: modelSha256 },
    ...(settings.adapter === null
      ? []
      : [
          {
            label: 'Adapter',
            value: [named(settings.adapter), adapterSha256.slice(0, 8)].filter(Boolean).join(' · '),
            title: adapterSha256,
          },
        ]),
    { label: 'Engine', value: engineVersion },
    { label: 'Rendered in', value: spell(renderSeconds) },
    {
      label: 'Made',
      value: new Date(clip.created).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
    },
    { label: 'File', value: `${clip.extension.toUpperCase()} · ${weigh(clip.bytes)}` },
  ]
}

const number = (value: number): string => String(Number(value.toFixed(2)))

function cropWords({ x, y, zoom }: RenderSettings['crop']): string {
  const centre = Math.abs(x - 0.5) < 0.005 && Math.abs(y - 0.5) < 0.005
  const where = centre ? 'centre' : `${Math.round(x * 100)} %, ${Math.round(y * 100)} %`
  return zoom > 1.005 ? `${where} · ${zoom.toFixed(2)}×` : where
}
