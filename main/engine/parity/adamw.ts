// Parity of the optimiser: params[i] is `param0` after step i + 1 with grads[i], by torch.optim.AdamW with the settings in the note.
import { UserError } from '../../media/errors'
import { hostTensor } from '../ir'
import { AdamW } from '../training/adamw'
import { floatsOf, relativeError, rowsOf, tensorOf } from './fixture'
import type { FixtureKind } from './fixture'

export const adamwKind: FixtureKind = {
  name: 'AdamW',
  recognises: ({ tensors }) => ['param0', 'grads', 'params'].every((name) => tensors.has(name)),
  run: async (fixture) => {
    const settings = settingsIn(fixture.metadata.note ?? '', fixture.path)
    const start = tensorOf(fixture, 'param0')
    const gradients = rowsOf(floatsOf(fixture, 'grads'), tensorOf(fixture, 'grads').shape[0]!)
    const optimiser = new AdamW({ parameter: start }, settings)
    const visited: number[] = []
    for (const gradient of gradients) {
      await optimiser.step({ parameter: hostTensor(gradient, start.shape) }, settings.rate)
      visited.push(...(optimiser.parameters.parameter!.data as Float32Array))
    }
    await optimiser.dispose()
    return [{ name: 'params', error: relativeError(visited, floatsOf(fixture, 'params')) }]
  },
}

/** Reads 'lr=1e-2 betas=(0.9,0.95) eps=1e-8 weight_decay=0.1'. */
function settingsIn(note: string, path: string) {
  const read = (pattern: RegExp) => (pattern.exec(note) ?? []).slice(1).map(Number)
  const number = '([-+.\\de]+)'
  const [rate] = read(new RegExp(`lr=${number}`))
  const betas = read(new RegExp(`betas=\\(${number}, *${number}\\)`))
  const [eps] = read(new RegExp(`eps=${number}`))
  const [weightDecay] = read(new RegExp(`weight_decay=${number}`))
  if ([rate, ...betas, eps, weightDecay].some((value) => !Number.isFinite(value)) || betas.length !== 2)
    throw new UserError(`${path}: the note does not give lr, betas, eps and weight_decay: ${note}`)
  return { rate: rate!, betas: betas as [number, number], eps: eps!, weightDecay: weightDecay! }
}
