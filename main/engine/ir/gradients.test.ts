// Generated from the op records: every operation runs with the shape its rule promises, and its gradient agrees with finite differences.
// A new operation is in here as soon as it has a record.
import { describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { allRecords, grad, hostTensor, input, mul, program, sum, constant, isFloat, sizeOf } from '.'
import type { HostTensor, OpRecord, Sample, SampleInput, Tensor } from '.'
import { make } from './tensor'

/** A small repeatable generator (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const margin = 0.1
function fill(spec: SampleInput, random: () => number): HostTensor {
  const { shape, dtype = 'float32', range: [low, high] = [-1, 1], avoid = [], values } = spec
  const draw = (): number => {
    const value = low + (high - low) * random()
    return avoid.some((kink) => Math.abs(value - kink) < margin) ? draw() : value
  }
  return hostTensor(values ?? Array.from({ length: sizeOf(shape) }, draw), shape, dtype)
}

const uniform = (length: number, random: () => number): Float32Array =>
  Float32Array.from({ length }, () => 2 * random() - 1)
const dot = (a: HostTensor['data'], b: Float32Array): number =>
  b.reduce((total, value, i) => total + value * Number(a[i]), 0)

async function runOnce(
  name: string,
  outputs: Record<string, Tensor>,
  feeds: readonly HostTensor[],
  training: boolean,
): Promise<Record<string, HostTensor>> {
  const p = program(name, outputs)
  const executable = await compile(p, { training, threads: 1 })
  const result = await executable.run(
    Object.fromEntries(p.inputs.map((t) => [t.name!, feeds[Number(t.name!.slice(2))]!])),
  )
  await executable.dispose()
  return result
}

const epsilon = 1e-2

async function check(record: OpRecord, sample: Sample): Promise<void> {
  const random = generator(7)
  const feeds = sample.inputs.map((spec) => fill(spec, random))
  const inputs = feeds.map((feed, i) => input(`in${i}`, feed.shape, feed.dtype))
  const out = make(record.name, inputs, sample.attrs)
  const { y } = await runOnce(record.name, { y: out }, feeds, false)
  expect(y!.shape).toEqual(out.shape)
  expect(y!.dtype).toBe(out.dtype)
  if (!isFloat(out.dtype)) return

  const weights = uniform(sizeOf(out.shape), random)
  const loss = sum(mul(out, constant(weights, out.shape)))
  const floats = inputs.filter((t) => isFloat(t.dtype))
  const gradients = grad(loss, floats)
  const named = Object.fromEntries(gradients.map((g, i) => [floats[i]!.name!, g]))
  const found = await runOnce(record.name, { y: out, ...named }, feeds, true)
  y!.data.forEach((value, i) => {
    expect(Number(found.y!.data[i])).toBeCloseTo(Number(value), 5) // with and without saved values: the same result
  })

  const perturbed = program(record.name, { y: out })
  const forward = await compile(perturbed, { threads: 1 })
  for (const [i, feed] of feeds.entries()) {
    if (!isFloat(feed.dtype)) continue
    const analytic = found[`in${i}`]!
    if (record.gradient === 'none') {
      expect(analytic.data.every((value) => Number(value) === 0)).toBe(true)
      continue
    }
    for (let trial = 0; trial < 3; trial++) {
      const direction = uniform(feed.data.length, random)
      const at = async (step: number): Promise<number> => {
        const moved = feeds.map((t, j) =>
          j === i
            ? hostTensor(
                Float32Array.from(direction, (d, k) => Number(t.data[k]) + step * d),
                t.shape,
              )
            : t,
        )
        const result = await forward.run(
          Object.fromEntries(perturbed.inputs.map((t) => [t.name!, moved[Number(t.name!.slice(2))]!])),
        )
        return dot(result.y!.data, weights)
      }
      const numeric =
        (8 * ((await at(epsilon)) - (await at(-epsilon))) - ((await at(2 * epsilon)) - (await at(-2 * epsilon)))) /
        (12 * epsilon)
      const slope = dot(analytic.data, direction)
      const size = Math.hypot(...Array.from(analytic.data, Number))
      expect(
        Math.abs(slope - numeric),
        `${record.name} input ${i}: rule ${slope}, differences ${numeric}`,
      ).toBeLessThan(1e-3 * (1 + size))
    }
  }
  await forward.dispose()
}

describe.each(allRecords().map((record) => [record.name, record] as const))('%s', (_name, record) => {
  if (record.samples === 'in every check') it.skip('has no samples of its own: part of every check')
  else
    it.each(record.samples.map((sample, i) => [i, sample] as const))(
      'sample %i: runs as declared, gradient agrees with differences',
      (_i, sample) => check(record, sample),
    )
})
