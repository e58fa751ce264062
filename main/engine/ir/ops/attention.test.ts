// Attention's gradient is made tile by tile: it must be that of the plain formula, whichever way a size is cut.
import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import {
  grad,
  hostTensor,
  input,
  matmul,
  mul,
  program,
  scaledDotProductAttention,
  softmax,
  sum,
  transposeLast,
} from '..'
import { Random } from '../../nn/random'

const scale = 0.3

describe('the gradient of attention', () => {
  it.each([
    ['all heads in one tile', [2, 3, 20, 8], 30],
    ['some heads in a tile, more keys than queries', [1, 6, 300, 8], 700],
    ['some queries of one head in a tile, the last of them fewer', [1, 2, 950, 16], 1200],
  ] as const)('is that of the plain formula: %s', async (_, shape, keys) => {
    const random = new Random(2)
    const noise = (lengths: readonly number[]) =>
      hostTensor(random.normals(lengths.reduce((a, b) => a * b, 1)), lengths)
    const [batch, heads, queries, width] = shape
    const feeds = {
      q: noise(shape),
      k: noise([batch, heads, keys, width]),
      v: noise([batch, heads, keys, width + 4]),
      g: noise([batch, heads, queries, width + 4]),
    }
    const [q, k, v, g] = Object.entries(feeds).map(([name, t]) => input(name, t.shape))
    const fused = scaledDotProductAttention(q!, k!, v!, { scale })
    const plain = matmul(softmax(mul(matmul(q!, transposeLast(k!)), scale), -1), v!)
    const [ours, theirs] = [fused, plain].map((out) => [out, ...grad(sum(mul(out, g!)), [q!, k!, v!])])
    const outputs = Object.fromEntries([
      ...ours!.map((t, i) => [`ours ${i}`, t] as const),
      ...theirs!.map((t, i) => [`theirs ${i}`, t] as const),
    ])
    const executable = await compile(program('attention', outputs), { training: true })
    const results = await executable.run(feeds)
    await executable.dispose()
    for (let i = 0; i < 4; i++) {
      const [mine, expected] = [results[`ours ${i}`]!, results[`theirs ${i}`]!]
      expect(mine.shape).toEqual(expected.shape)
      const values = [...(mine.data as Float32Array)]
      const right = [...(expected.data as Float32Array)]
      const largest = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const error = values.reduce((most, value, at) => Math.max(most, Math.abs(value - right[at]!)), 0)
      expect(error / largest, `value ${i}`).toBeLessThan(1e-5)
    }
  })
})
