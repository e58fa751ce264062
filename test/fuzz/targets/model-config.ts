// The description that a model of ours carries with its weights.
import { miniConfig, parseConfig, presets } from '../../../main/engine/models/animate-anywhere/config'
import { spoilBytes } from '../bytes'
import { spoilJson } from '../json'
import type { Target } from '../target'
import { allFinite, insist, textOf, utf8 } from '../target'

export const modelConfig: Target = {
  name: 'model config',
  extension: 'json',
  make: (dice) => {
    const seed = dice.pick([miniConfig, ...Object.values(presets)])
    return dice.chance(0.15) ? spoilBytes(utf8(JSON.stringify(seed)), dice) : utf8(spoilJson(seed, dice))
  },
  parse(input) {
    const { transformer, ...config } = parseConfig(textOf(input), 'model.safetensors')
    insist(
      allFinite([...Object.values(config), ...Object.values(transformer)].filter((v) => typeof v === 'number')),
      'finite',
    )
  },
}
