// Noise that repeats seamlessly and is averaged beforehand for every distance (mip levels), so that grounds and walls have
// detail at all scales without shimmering. The same few fields serve every place; they depend on nothing but their name.
import { Random } from '../nn/random'

/** A square field of `size` x `size` values around 0.5, and its averages at half, quarter... the size. */
export interface NoiseField {
  readonly size: number
  readonly levels: readonly Float32Array[]
}

export type NoiseName = 'clouds' | 'grain' | 'blotches' | 'streaks' | 'leaves'

const SIZE = 256

/** How much each octave (2, 4, 8... lumps per tile) weighs, and how it is stretched along u. */
const RECIPES: Record<NoiseName, { weights: readonly number[]; stretch: number; ridge: boolean }> = {
  clouds: { weights: [1, 0.8, 0.5, 0.35, 0.25, 0.15, 0.1], stretch: 1, ridge: false },
  grain: { weights: [0.15, 0.2, 0.3, 0.5, 0.8, 1, 0.9], stretch: 1, ridge: false },
  blotches: { weights: [0.2, 0.6, 1, 0.7, 0.35, 0.3, 0.2], stretch: 1, ridge: true },
  streaks: { weights: [0.3, 0.5, 0.8, 1, 0.9, 0.6, 0.4], stretch: 8, ridge: false },
  leaves: { weights: [0.4, 0.6, 0.8, 1, 1, 0.6, 0.3], stretch: 1, ridge: true },
}

const fields = new Map<NoiseName, NoiseField>()

/** The field of this name; made on first use (some ten milliseconds). */
export function noiseField(name: NoiseName): NoiseField {
  let field = fields.get(name)
  if (!field) fields.set(name, (field = makeField(name)))
  return field
}

function makeField(name: NoiseName): NoiseField {
  const { weights, stretch, ridge } = RECIPES[name]
  const random = new Random(`noise ${name}`)
  const sum = new Float32Array(SIZE * SIZE)
  weights.forEach((weight, octave) => {
    const lumps = 2 << octave
    addOctave(sum, random, Math.max(1, Math.round(lumps / stretch)), Math.min(SIZE, lumps), weight, ridge)
  })
  spread(sum)
  const levels = [sum]
  for (let size = SIZE; size > 2; size /= 2) levels.push(halve(levels[levels.length - 1]!, size))
  return { size: SIZE, levels }
}

/** Adds smoothly interpolated random values on a wrapped lattice of `across` x `down` points. */
function addOctave(sum: Float32Array, random: Random, across: number, down: number, weight: number, ridge: boolean) {
  const lattice = Float32Array.from({ length: across * down }, () => random.next() * 2 - 1)
  const smooth = (t: number) => t * t * (3 - 2 * t)
  for (let y = 0; y < SIZE; y++) {
    const v = (y / SIZE) * down
    const y0 = Math.floor(v)
    const fy = smooth(v - y0)
    const y1 = (y0 + 1) % down
    for (let x = 0; x < SIZE; x++) {
      const u = (x / SIZE) * across
      const x0 = Math.floor(u)
      const fx = smooth(u - x0)
      const x1 = (x0 + 1) % across
      const top = lattice[y0 * across + x0]! * (1 - fx) + lattice[y0 * across + x1]! * fx
      const bottom = lattice[y1 * across + x0]! * (1 - fx) + lattice[y1 * across + x1]! * fx
      const value = top * (1 - fy) + bottom * fy
      sum[y * SIZE + x]! += weight * (ridge ? 1 - 2 * Math.abs(value) : value)
    }
  }
}

/** Mean 0.5, standard deviation 0.22, within 0..1. */
function spread(values: Float32Array<ArrayBuffer>) {
  let mean = 0
  for (const value of values) mean += value / values.length
  let variance = 0
  for (const value of values) variance += (value - mean) ** 2 / values.length
  const scale = 0.22 / Math.sqrt(variance)
  for (let i = 0; i < values.length; i++) values[i] = Math.min(1, Math.max(0, 0.5 + (values[i]! - mean) * scale))
}

function halve(values: Float32Array, size: number): Float32Array<ArrayBuffer> {
  const half = size / 2
  const out = new Float32Array(half * half)
  for (let y = 0; y < half; y++)
    for (let x = 0; x < half; x++) {
      const i = 2 * y * size + 2 * x
      out[y * half + x] = (values[i]! + values[i + 1]! + values[i + size]! + values[i + size + 1]!) / 4
    }
  return out
}

/** The field at (u, v) in tiles, averaged over about `footprint` tiles: bilinear within, linear between levels. */
export function sampleNoise(field: NoiseField, u: number, v: number, footprint: number): number {
  const level = Math.log2(footprint * field.size + 1e-9)
  const last = field.levels.length - 1
  if (level <= 0) return bilinear(field.levels[0]!, field.size, u, v)
  if (level >= last) return bilinear(field.levels[last]!, field.size >> last, u, v)
  const fine = Math.floor(level)
  const share = level - fine
  const a = bilinear(field.levels[fine]!, field.size >> fine, u, v)
  const b = bilinear(field.levels[fine + 1]!, field.size >> (fine + 1), u, v)
  return a + (b - a) * share
}

function bilinear(values: Float32Array, size: number, u: number, v: number): number {
  const x = u * size - 0.5
  const y = v * size - 0.5
  const xf = Math.floor(x)
  const yf = Math.floor(y)
  const fx = x - xf
  const fy = y - yf
  const mask = size - 1
  const x0 = xf & mask
  const x1 = (xf + 1) & mask
  const y0 = (yf & mask) * size
  const y1 = ((yf + 1) & mask) * size
  const top = values[y0 + x0]! + (values[y0 + x1]! - values[y0 + x0]!) * fx
  const bottom = values[y1 + x0]! + (values[y1 + x1]! - values[y1 + x0]!) * fx
  return top + (bottom - top) * fy
}

/** A repeatable number in 0..1 for a cell of a pattern: a brick, a plank, a window. */
export function cellNoise(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ Math.imul(seed | 0, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}
