// The golden vectors of cogvideox-facts 13.4: a tiny encoder whose weights come from a known number source, run through transformers.
import { beforeAll, describe, expect, it } from 'vitest'
import { goldenWeights } from '../../../../test/support/golden'
import { compileSegments } from '../../backends/onnx'
import { hostTensor, input, partition, program } from '../../ir'
import { Scope } from '../../nn'
import { parseT5Config } from './config'
import { positionBucket, t5Encoder, t5Specs } from './encoder'

const golden = parseT5Config(
  { d_model: 32, d_kv: 8, num_heads: 4, d_ff: 40, num_layers: 2, vocab_size: 50, feed_forward_proj: 'gated-gelu' },
  'golden',
)
const published = parseT5Config(
  { d_model: 4096, num_heads: 64, d_ff: 10240, num_layers: 24, feed_forward_proj: 'gated-gelu' },
  'published',
)

describe('the T5 encoder', () => {
  const ids = [7, 17, 41, 31, 35, 5, 37, 35, 47, 25, 17, 23, 43, 29, 29, 43, 23, 1, 0, 0]
  let features: number[]

  beforeAll(async () => {
    const encoded = t5Encoder(new Scope(), input('ids', [20], 'int64'), golden)
    const executable = compileSegments(program('golden', { encoded }), { initializers: goldenWeights(t5Specs(golden)) })
    const results = await executable.run({ ids: hostTensor(BigInt64Array.from(ids, BigInt), [20]) })
    features = [...(results.encoded!.data as Float32Array)]
    await executable.dispose()
  })

  it('computes what the reference computes', () => {
    expect(features).toHaveLength(20 * 32)
    expect(features.reduce((a, b) => a + b, 0)).toBeCloseTo(-213.833329, 3)
    expect(features.reduce((a, b) => a + b * b, 0)).toBeCloseTo(620.460332, 3)
    const first = [-0.248568, -1.399886, -1.253509, -1.893171]
    first.forEach((value, i) => expect(features[i]).toBeCloseTo(value, 5))
    const last = [-0.807827, 0.835448, -0.759167]
    last.forEach((value, i) => expect(features[features.length - 3 + i]).toBeCloseTo(value, 5))
  })

  it('has the names of the reference', () => {
    const names = [...t5Specs(golden).keys()].sort()
    expect(names).toHaveLength(21)
    expect(names[0]).toBe('encoder.block.0.layer.0.SelfAttention.k.weight')
    const sizes = [...t5Specs(published).values()].map(({ shape }) => shape.reduce((a, b) => a * b, 1))
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(4_762_310_656)
  })

  it('is cut so that memory holds one layer at a time', () => {
    const parts = partition(program('cut', { x: t5Encoder(new Scope(), input('ids', [20], 'int64'), published) }))
    const weights = parts.map(
      ({ reads }) => Object.values(reads).filter(({ name }) => name?.endsWith('.weight')).length,
    )
    expect(Math.max(...weights)).toBe(9)
    expect(weights.reduce((a, b) => a + b)).toBe(t5Specs(published).size)
  })
})

describe('the bucket of a relative position', () => {
  it.each([
    [-225, 15],
    [-128, 15],
    [-64, 14],
    [-20, 10],
    [-8, 8],
    [-7, 7],
    [-1, 1],
    [0, 0],
    [1, 17],
    [7, 23],
    [8, 24],
    [20, 26],
    [64, 30],
    [128, 31],
  ])('%d is %d', (relative, bucket) => {
    expect(positionBucket(relative, golden)).toBe(bucket)
  })
})

describe('the text encoder config', () => {
  it('refuses what it does not have', () => {
    expect(() => parseT5Config({ feed_forward_proj: 'relu' }, 'config.json')).toThrow(
      'config.json: text encoder config feed_forward_proj: only T5 1.1 encoders (gated-gelu) are supported',
    )
  })
})
