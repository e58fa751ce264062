// The number source of the golden vectors (cogvideox-facts 13.1): models whose every weight is known, so that their outputs in the
// reference implementation could be written down.
import { hostTensor } from '../../main/engine/ir'
import type { HostTensor } from '../../main/engine/ir'

/** mulberry32 as `count` numbers in -1..1. Seed 1 begins 0.25414789, -0.99452853, 0.05489408. */
export function numbers(count: number, seed: number): Float64Array {
  let a = seed
  return new Float64Array(count).map(() => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return (2 * ((t ^ (t >>> 14)) >>> 0)) / 2 ** 32 - 1
  })
}

/** `shape` filled row by row from the number source, float32. */
export function fill(shape: readonly number[], seed: number): HostTensor {
  return hostTensor(Float32Array.from(numbers(sizeOf(shape), seed)), shape)
}

/** The golden weights of a model with these names and shapes: the k-th name in order of code points has seed 1000 + k. */
export function goldenWeights(
  specs: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): Record<string, HostTensor> {
  return Object.fromEntries(
    [...specs.keys()].sort().map((name, k) => {
      const { shape } = specs.get(name)!
      const scale = shape.length > 1 ? 0.2 : 0.1
      const offset = shape.length === 1 && name.endsWith('.weight') ? 1 : 0
      const data = Float32Array.from(numbers(sizeOf(shape), 1000 + k), (value) => scale * value + offset)
      return [name, hostTensor(data, shape)]
    }),
  )
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
