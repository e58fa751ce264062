// Parity of single operations and their gradients. For each name in `metadata.ops`: <name>.in0.., out, gout (upstream gradient) and
// grad0.. (gradient of sum(out * gout)).
import { UserError } from '../../media/errors'
import { constant, grad, input, mul, sum } from '../ir'
import { evaluate } from './execute'
import { floatsOf, jsonOf, relativeError, tensorOf } from './fixture'
import type { Comparison, Fixture, FixtureKind } from './fixture'
import { opsParity } from './numerics'

export const opsKind: FixtureKind = {
  name: 'operations',
  recognises: ({ metadata, tensors }) =>
    'ops' in metadata && [...tensors.keys()].some((name) => name.endsWith('.gout')),
  run: async (fixture) => {
    const comparisons: Comparison[] = []
    for (const [name, settings] of Object.entries(jsonOf(fixture, 'ops') as Record<string, Record<string, unknown>>))
      comparisons.push(...(await compareOp(fixture, name, settings)))
    return comparisons
  },
}

async function compareOp(fixture: Fixture, op: string, settings: Record<string, unknown>): Promise<Comparison[]> {
  const build = Object.hasOwn(opsParity, op) ? opsParity[op] : undefined
  if (!build) throw new UserError(`${fixture.path}: operation ${op} is not known here`)
  const names = [...fixture.tensors.keys()].filter((name) => name.startsWith(`${op}.in`)).sort()
  const inputs = names.map((name) => input(name, tensorOf(fixture, name).shape))
  const out = build(inputs, settings)
  const outputs = { [`${op}.out`]: out }
  const differentiable = inputs.filter((_, i) => fixture.tensors.has(`${op}.grad${i}`))
  const loss = sum(mul(out, constant(tensorOf(fixture, `${op}.gout`))))
  grad(loss, differentiable).forEach((gradient, i) => {
    outputs[differentiable[i]!.name!.replace('.in', '.grad')] = gradient
  })
  const results = await evaluate(outputs, Object.fromEntries(names.map((name) => [name, tensorOf(fixture, name)])))
  return Object.keys(outputs).map((name) => ({
    name,
    error: relativeError(results[name]!.data as Float32Array, floatsOf(fixture, name)),
  }))
}
