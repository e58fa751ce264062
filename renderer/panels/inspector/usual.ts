// What a model is used with when nobody asks for anything else. Choosing another model brings its usual values along, but only in place of
// the old model's usual ones: what the artist has set stays.
import { defaultSettings } from '../../../main/api'
import type { Asset, RenderSettings } from '../../../main/api'

type Usual = Pick<RenderSettings, 'steps' | 'fps'>

const ofMini: Usual = defaultSettings
/** CogVideoX 1.5: the published sampler's steps, the rate of its training. */
const ofImported: Usual = { steps: 50, fps: 16 }

/** `model` is 'mini's asset (none) or the library's. Models that the library refers to as folders are imported ones. */
export const usualOf = (model: Asset | undefined): Usual => (model?.folder === undefined ? ofMini : ofImported)

/** What changes in `settings` when their model gives way to another. */
export function usualChange(
  settings: RenderSettings,
  before: Asset | undefined,
  after: Asset | undefined,
): Partial<Usual> {
  const [old, next] = [usualOf(before), usualOf(after)]
  return {
    ...(settings.steps === old.steps ? { steps: next.steps } : {}),
    ...(settings.fps === old.fps ? { fps: next.fps } : {}),
  }
}
