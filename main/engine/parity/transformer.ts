// Parity of the CogVideoX transformer: embedding, both streams after every block, output, loss, and the gradient of every weight and
// input that the fixture holds.
import { UserError } from '../../media/errors'
import { grad, input, mean, pow, sub } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import {
  fittedPositions,
  gridPositions,
  innerDim,
  parseTransformerConfig,
  rotaryTables,
  tokenGrid,
  transformer,
} from '../models/cogvideox'
import type { TransformerConfig } from '../models/cogvideox'
import { Scope, sinusoid } from '../nn'
import { evaluate } from './execute'
import { floatsOf, jsonOf, numbersOf, relativeError, tensorOf } from './fixture'
import type { Comparison, Fixture, FixtureKind } from './fixture'

const weightPrefix = 'weights.'

export const transformerKind: FixtureKind = {
  name: 'transformer',
  recognises: ({ tensors }) => tensors.has('input.hidden_states') && tensors.has('weights.patch_embed.proj.weight'),
  run: async (fixture) => {
    const config = parseTransformerConfig(jsonOf(fixture, 'config'), fixture.path)
    return [...(await compareNetwork(fixture, config)), ...compareRotary(fixture, config)]
  },
}

async function compareNetwork(fixture: Fixture, config: TransformerConfig): Promise<Comparison[]> {
  const { feeds, outputs, inputs, weights } = build(fixture, config)
  const wanted = [...fixture.tensors.keys()].filter((name) => name.startsWith('expected.'))
  const gradients = wanted.filter((name) => name.startsWith('expected.grad.'))
  const targets = gradients.map((name) => {
    const of = name.slice('expected.grad.'.length)
    const target = of.startsWith(weightPrefix) ? weights.get(of.slice(weightPrefix.length)) : inputs[`input.${of}`]
    return target ?? fail(fixture, `expects a gradient of ${of}, which the model does not have`)
  })
  const derivatives = targets.length
    ? grad(outputs['expected.loss'] ?? fail(fixture, 'has gradients but no input.target'), targets)
    : []
  gradients.forEach((name, i) => (outputs[name] = derivatives[i]!))
  const missing = wanted.find((name) => !outputs[name])
  if (missing) fail(fixture, `expects ${missing}, which this model does not give`)

  const results = await evaluate(Object.fromEntries(wanted.map((name) => [name, outputs[name]!])), feeds)
  return wanted.map((name) => ({
    name: name.slice('expected.'.length),
    error: relativeError(results[name]!.data as Float32Array, floatsOf(fixture, name)),
  }))
}

/** The model with the fixture's sizes as one program, and what it is fed with. */
function build(fixture: Fixture, config: TransformerConfig) {
  const feeds: Record<string, HostTensor> = {}
  const inputs: Record<string, Tensor> = {}
  const declare = (name: string, tensor: HostTensor) => {
    feeds[name] = tensor
    return (inputs[name] = input(name, tensor.shape))
  }
  const given = (name: string) => declare(name, tensorOf(fixture, name))
  const scope = new Scope()
  const { output, embedded, blocks } = transformer(
    scope,
    {
      latents: given('input.hidden_states'),
      text: given('input.encoder_hidden_states'),
      time: declare('time', sinusoid(numbersOf(fixture, 'input.timestep'), innerDim(config))),
      ofs: config.ofs_embed_dim
        ? declare('ofs', sinusoid(numbersOf(fixture, 'input.ofs'), config.ofs_embed_dim))
        : undefined,
      rope: { cos: given('input.rope_cos'), sin: given('input.rope_sin') },
    },
    config,
  )
  const outputs: Record<string, Tensor> = { 'expected.output': output, 'expected.patch_embed': embedded }
  blocks.forEach(({ video, text }, i) => {
    outputs[`expected.block${i}.hidden`] = video
    outputs[`expected.block${i}.encoder`] = text
  })
  if (fixture.tensors.has('input.target')) outputs['expected.loss'] = mean(pow(sub(output, given('input.target')), 2))

  for (const [name, { shape }] of scope.specs) {
    const weight = tensorOf(fixture, weightPrefix + name)
    if (weight.shape.join() !== shape.join())
      fail(fixture, `has ${name} of shape [${weight.shape.join(', ')}], its config asks for [${shape.join(', ')}]`)
    feeds[name] = weight
  }
  for (const name of fixture.tensors.keys())
    if (name.startsWith(weightPrefix) && !scope.specs.has(name.slice(weightPrefix.length)))
      fail(fixture, `has ${name}, which the model does not use`)
  return { feeds, outputs, inputs, weights: scope.weights }
}

/** The fixture brings its rotary tables; ours must be the same. */
function compareRotary(fixture: Fixture, config: TransformerConfig): Comparison[] {
  const [, frames, , height, width] = tensorOf(fixture, 'input.hidden_states').shape as [
    number,
    number,
    number,
    number,
    number,
  ]
  const grid = tokenGrid(config, frames, height, width)
  const positions = config.patch_size_t === null ? fittedPositions(grid, config) : gridPositions(grid)
  const { cos, sin } = rotaryTables(positions, config.attention_head_dim)
  return [
    { name: 'rope_cos', error: relativeError(cos.data as Float32Array, floatsOf(fixture, 'input.rope_cos')) },
    { name: 'rope_sin', error: relativeError(sin.data as Float32Array, floatsOf(fixture, 'input.rope_sin')) },
  ]
}

function fail(fixture: Fixture, what: string): never {
  throw new UserError(`${fixture.path} ${what}`)
}
