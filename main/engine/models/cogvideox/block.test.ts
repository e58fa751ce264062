// The hooks that AnimateAnywhere hangs its parts on: each is compared with the same computation done without it.
import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { add, concat, grad, hostTensor, input, mean, mul, pad, program, slice } from '../../ir'
import type { HostTensor, Tensor } from '../../ir'
import { initialise, linear, lora, Random, Scope, zeroInit } from '../../nn'
import { jointAttention } from './attention'
import type { AttentionHooks } from './attention'
import { block } from './block'
import { parseTransformerConfig } from './config'
import { gridPositions, rotaryTables } from './rotary'

const config = parseTransformerConfig({ num_attention_heads: 2, attention_head_dim: 16, time_embed_dim: 12 }, 'test')
const random = new Random(1)
const noise = (...shape: number[]) => hostTensor(random.normals(shape.reduce((a, b) => a * b, 1)), shape)
const rope = (start: number) => rotaryTables(gridPositions({ time: 2, height: 2, width: 2 }, { time: start }), 16)

const given: Record<string, HostTensor> = {
  video: noise(2, 8, 32),
  text: noise(2, 3, 32),
  temb: noise(2, 12),
  reference: noise(2, 8, 32),
  poseFeatures: noise(2, 11, 32),
  cos: rope(0).cos,
  sin: rope(0).sin,
  referenceCos: rope(-5).cos,
  referenceSin: rope(-5).sin,
}
const inputs = Object.fromEntries(Object.entries(given).map(([name, { shape }]) => [name, input(name, shape)]))
const get = (name: string): Tensor => inputs[name]!
const [video, text, temb] = [get('video'), get('text'), get('temb')]
const [reference, poseFeatures] = [get('reference'), get('poseFeatures')]
const mainRope = { cos: get('cos'), sin: get('sin') }
const referenceRope = { cos: get('referenceCos'), sin: get('referenceSin') }
const longRope = {
  cos: concat([mainRope.cos, referenceRope.cos], 0),
  sin: concat([mainRope.sin, referenceRope.sin], 0),
}

/** Random weights, also where a new model starts at zero, so that every path matters. */
function weightsOf(scope: Scope): Record<string, HostTensor> {
  const specs = [...scope.specs].map(
    ([name, { shape }]) => [name, { shape, init: { kind: 'normal', std: 0.3 } }] as const,
  )
  return initialise(new Map(specs), 3)
}

/** Zero values for the weights whose name matches. */
function zeros(scope: Scope, pattern: RegExp): Record<string, HostTensor> {
  const matching = [...scope.specs].filter(([name]) => pattern.test(name))
  return initialise(new Map(matching.map(([name, { shape }]) => [name, { shape, init: zeroInit }])), 0)
}

async function run(outputs: Record<string, Tensor>, scope: Scope, change: Record<string, HostTensor> = {}) {
  const graph = program('test', outputs)
  const executable = await compile(graph)
  const feeds = { ...given, ...weightsOf(scope), ...change }
  const results = await executable.run(Object.fromEntries(graph.inputs.map(({ name }) => [name!, feeds[name!]!])))
  await executable.dispose()
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

function expectClose(actual: Float32Array, expected: Float32Array) {
  expect(actual).toHaveLength(expected.length)
  expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5)
}

describe('reference tokens', () => {
  it('are keys and values like tokens of the sequence, but ask nothing themselves', async () => {
    const scope = new Scope()
    const hooked = jointAttention(scope, { video, text }, mainRope, config, {
      referenceTokens: reference,
      referenceRope,
    })
    const long = jointAttention(scope, { video: concat([video, reference], 1), text }, longRope, config)
    const results = await run(
      { hooked: hooked.video, hookedText: hooked.text, long: slice(long.video, 1, 0, 8), longText: long.text },
      scope,
    )
    expectClose(results.hooked!, results.long!)
    expectClose(results.hookedText!, results.longText!)
  })

  it('change the video, and their place matters', async () => {
    const scope = new Scope()
    const attend = (hooks: AttentionHooks) => jointAttention(scope, { video, text }, mainRope, config, hooks).video
    const results = await run(
      {
        without: attend({}),
        here: attend({ referenceTokens: reference, referenceRope: mainRope }),
        apart: attend({ referenceTokens: reference, referenceRope }),
      },
      scope,
    )
    expect(results.here).not.toEqual(results.without)
    expect(results.here).not.toEqual(results.apart)
  })
})

describe('additions to the projections', () => {
  const extra = (scope: Scope, x: Tensor) => linear(scope, 'extra', x, 32, { bias: false })

  it.each(['to_q', 'to_k', 'to_v', 'to_out.0'] as const)('are what a change of %s would be', async (projection) => {
    const scope = new Scope()
    const hooked = jointAttention(scope, { video, text }, mainRope, config, {
      lora: (name, x) => (name === projection ? extra(scope, x) : undefined),
    })
    const plain = jointAttention(scope, { video, text }, mainRope, config)
    const weights = weightsOf(scope)
    const [base, added] = [weights[`${projection}.weight`]!.data, weights['extra.weight']!.data]
    const sum = Float32Array.from({ length: base.length }, (_, i) => Number(base[i]) + Number(added[i]))
    const { video: ours } = await run({ video: hooked.video }, scope)
    const { video: expected } = await run({ video: plain.video }, scope, {
      [`${projection}.weight`]: hostTensor(sum, [32, 32]),
    })
    expectClose(ours!, expected!)
  })

  it('leave reference tokens alone', async () => {
    const scope = new Scope()
    const hooked = jointAttention(scope, { video, text }, mainRope, config, {
      referenceTokens: reference,
      referenceRope,
      lora: (name, x) => (name === 'to_v' ? extra(scope, x) : undefined),
    })
    const long = jointAttention(scope, { video: concat([video, reference], 1), text }, longRope, config, {
      lora: (name, x) =>
        name === 'to_v'
          ? pad(extra(scope, slice(x, 1, 0, 11)), [
              [0, 0],
              [0, 8],
              [0, 0],
            ])
          : undefined,
    })
    const results = await run({ hooked: hooked.video, long: slice(long.video, 1, 0, 8) }, scope)
    expectClose(results.hooked!, results.long!)
  })

  it('may come from other features, start at nothing, and learn', async () => {
    const root = new Scope()
    const scope = root.child('block')
    const hooks: AttentionHooks = {
      lora: (name, x) => lora(root.child('bml'), name, add(x, poseFeatures), 32, 4),
      referenceTokens: reference,
      referenceRope,
    }
    const plain = block(scope, { video, text }, temb, mainRope, config, { referenceTokens: reference, referenceRope })
    const hooked = block(scope, { video, text }, temb, mainRope, config, hooks)
    const gradient = grad(mean(mul(hooked.video, hooked.video)), [root.weights.get('bml.to_q.lora_B.weight')!])[0]!
    const zeroed = zeros(root, /lora_B/)
    const results = await run({ plain: plain.video, hooked: hooked.video, gradient }, root, zeroed)
    expectClose(results.hooked!, results.plain!)
    expect(Math.max(...results.gradient!.map(Math.abs))).toBeGreaterThan(1e-6)
    expect(Object.keys(zeroed).sort()).toEqual(
      ['to_k', 'to_out.0', 'to_q', 'to_v'].map((name) => `bml.${name}.lora_B.weight`),
    )
  })
})

describe('taps', () => {
  it('show queries, keys and values, text first and reference last', () => {
    const seen: number[][] = []
    jointAttention(new Scope(), { video, text }, mainRope, config, {
      referenceTokens: reference,
      onAttention: ({ q, k, v }) => seen.push([...q.shape], [...k.shape], [...v.shape]),
    })
    expect(seen).toEqual([
      [2, 2, 11, 16],
      [2, 2, 19, 16],
      [2, 2, 19, 16],
    ])
  })

  it('hand over the modulated tokens and the attention before its gate', async () => {
    const scope = new Scope()
    const result = block(scope, { video, text }, temb, mainRope, config)
    const zeroGates = zeros(scope, /norm[12].linear/)
    // A new block's modulation is zero: it passes the video through, its norm is a plain LayerNorm, and the taps are alive.
    const results = await run(
      { video: result.video, modulated: result.modulatedVideo, attention: result.attentionVideo },
      scope,
      zeroGates,
    )
    expectClose(results.video!, given.video!.data as Float32Array)
    expect(result.modulatedVideo.shape).toEqual([2, 8, 32])
    expect(Math.max(...results.attention!.map(Math.abs))).toBeGreaterThan(0.01)
    expect(results.modulated).not.toEqual(results.video)
  })
})
