// What parity works with: a fixture is a safetensors file of inputs and expected results with a note of what they are; a kind knows how
// to recognise one and how to compute the same numbers with this engine.
import { UserError } from '../../media/errors'
import type { HostTensor } from '../ir'

export interface Fixture {
  path: string
  metadata: Record<string, string>
  tensors: Map<string, HostTensor>
}

/** One expected tensor and how far ours is from it (see `relativeError`). */
export interface Comparison {
  name: string
  error: number
}

export interface FixtureKind {
  name: string
  /** By content: metadata and tensor names. File names mean nothing. */
  recognises(fixture: Fixture): boolean
  run(fixture: Fixture): Promise<Comparison[]> | Comparison[]
}

/** Below this size a tensor counts as zero, and the error becomes absolute: rounding noise has no meaningful relative size. */
const smallestScale = 1e-5

/**
 * max |actual - expected| / max(max |expected|, 1e-5), one number for a whole tensor, as is usual for gradients: elements near zero
 * are sums of large terms that cancel. Infinity when sizes differ or anything is not a number.
 */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  let difference = 0
  let scale = smallestScale
  for (let i = 0; i < expected.length; i++) {
    if (actual[i] === expected[i] && !Number.isFinite(expected[i])) continue // the PSNR of a picture with itself
    const distance = Math.abs(actual[i]! - expected[i]!)
    if (!(distance < Infinity)) return Infinity
    difference = Math.max(difference, distance)
    scale = Math.max(scale, Math.abs(expected[i]!))
  }
  return difference / scale
}

/** The tensor `name` of a fixture. Throws UserError when it is absent. */
export function tensorOf(fixture: Fixture, name: string): HostTensor {
  const tensor = fixture.tensors.get(name)
  if (!tensor) throw new UserError(`${fixture.path} has no tensor ${name}`)
  return tensor
}

/** The float32 values of `name`. Throws UserError for another dtype. */
export function floatsOf(fixture: Fixture, name: string): Float32Array {
  const { data, dtype } = tensorOf(fixture, name)
  if (!(data instanceof Float32Array)) throw new UserError(`${fixture.path}: ${name} is ${dtype}, expected float32`)
  return data
}

/** The values of `name` (int64, int32 or float32) as numbers. */
export function numbersOf(fixture: Fixture, name: string): number[] {
  return Array.from(tensorOf(fixture, name).data, Number)
}

/** `metadata[key]` as JSON. Throws UserError when it is not. */
export function jsonOf(fixture: Fixture, key: string): unknown {
  try {
    return JSON.parse(fixture.metadata[key] ?? '')
  } catch {
    throw new UserError(`${fixture.path}: metadata ${key} is not JSON`)
  }
}

/** Cuts `values` into `count` equal rows. */
export function rowsOf(values: Float32Array, count: number): Float32Array[] {
  const length = values.length / count
  return Array.from({ length: count }, (_, i) => values.subarray(i * length, (i + 1) * length))
}

/** The distinct names before '.`suffix`': ddim4.trajectory -> ddim4. */
export function groupsWith(fixture: Fixture, suffix: string): string[] {
  return [...fixture.tensors.keys()]
    .filter((name) => name.endsWith(`.${suffix}`))
    .map((name) => name.slice(0, -suffix.length - 1))
}
