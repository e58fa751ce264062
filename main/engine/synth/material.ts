// What surfaces are made of: a pattern (bricks, planks, windows...) in metres with two layers of noise over it, averaged over the
// piece of surface that a pixel covers, so that a wall keeps its look from one metre to fifty.
import type { Rgb } from './colour'
import { cellNoise, noiseField, sampleNoise } from './noise'
import type { NoiseName } from './noise'

export type Pattern = 'plain' | 'tiles' | 'bricks' | 'planks' | 'stripes' | 'facade' | 'books' | 'panes'

export interface NoiseLayer {
  noise: NoiseName
  /** Size of one repeat, metres. */
  metres: number
  /** How strongly it darkens and lightens, 0..1. */
  amount: number
}

export interface Material {
  pattern: Pattern
  /** Main colour, second colour, colour of joints, frames and edges. */
  colours: readonly [Rgb, Rgb, Rgb]
  /** Size of one cell of the pattern, metres: along u (horizontal), along v. */
  cell: readonly [number, number]
  /** Width of joints, metres. */
  joint: number
  /** How much cells differ in brightness, 0..1. */
  variety: number
  /** The first layer also blends between main and second colour where the pattern is plain. */
  layers: readonly [NoiseLayer, NoiseLayer]
  /** Own light, for windows, lamps and screens: 0 = none. */
  glow: number
  /** Windows of a facade behind which light is on: their share of all, and its colour. */
  lit?: { share: number; colour: Rgb }
  /** How dirty it is: dark stains and runs, 0..1. */
  stains?: number
  seed: number
}

/**
 * Colour of `material` at (u, v) metres, averaged over `footprint` metres, written to `out` (linear RGB).
 */
export function shadeMaterial(material: Material, u: number, v: number, footprint: number, out: Float64Array): void {
  const a = material.layers[0]
  const b = material.layers[1]
  const offset = (material.seed % 97) / 97
  const first = sampleNoise(noiseField(a.noise), u / a.metres + offset, v / a.metres, footprint / a.metres) - 0.5
  const second = sampleNoise(noiseField(b.noise), u / b.metres, v / b.metres + offset, footprint / b.metres) - 0.5
  const dirt = material.stains ? material.stains * stain(material, u, v, footprint) : 0
  const light = Math.max(0.1, 1 + 2 * (a.amount * first + b.amount * second)) * (1 - dirt)
  const cells = pattern(material, u, v, footprint, first)
  const main = material.colours[0]
  const other = material.colours[1]
  const edge = material.colours[2]
  const gain = light * cells.light
  for (let c = 0; c < 3; c++) {
    const ground = main[c]! + (other[c]! - main[c]!) * cells.blend
    out[c] = gain * (ground + (edge[c]! - ground) * cells.edge)
  }
}

/** Patches and runs of dirt at (u, v), 0..1: here and there, and more of them low on a wall. */
function stain(material: Material, u: number, v: number, footprint: number): number {
  const metres = 2.7
  const shift = (material.seed % 53) / 53
  const patch = sampleNoise(noiseField('clouds'), u / metres + shift, v / metres + shift * 3, footprint / metres)
  const run = sampleNoise(noiseField('streaks'), v / 5 + shift, u / 1.9, footprint / 1.9)
  return clamp01((patch - 0.52) * 2.6) * 0.7 + clamp01((run - 0.6) * 2.5) * 0.5 * clamp01(1.4 - Math.abs(v - 1))
}

/**
 * Share of the surface at (u, v), averaged over `footprint` metres, that is a window with light on behind it.
 */
export function litShare(
  { lit, cell, joint, pattern, seed }: Material,
  u: number,
  v: number,
  footprint: number,
): number {
  if (!lit) return 0
  const [cu, cv] = cell
  const i = Math.floor(u / cu)
  const j = Math.floor(v / cv)
  const fade = 1 - smoothstep(0.35, 1.1, footprint / Math.min(cu, cv))
  const half = pattern === 'panes' ? 0.5 : 0.3
  const x = half * cu - Math.abs(u - (i + 0.5) * cu)
  const y = (half + (half < 0.5 ? 0.04 : 0)) * cv - Math.abs(v - (j + 0.5) * cv)
  const glass = clamp01((Math.min(x, y) - joint) / footprint + 0.5)
  const on = cellNoise(i, j, seed + 11) < lit.share ? 0.55 + 0.9 * cellNoise(i, j, seed + 12) : 0
  return glass * on * fade + 0.36 * lit.share * (1 - fade)
}

/** Share of the second colour, share of the edge colour, brightness of the cell. One object, refilled: this runs per pixel. */
const result = { blend: 0, edge: 0, light: 1 }

function pattern(material: Material, u: number, v: number, footprint: number, noise: number): typeof result {
  const cu = material.cell[0]
  const cv = material.cell[1]
  // a pattern finer than the pixel fades into its average
  const fade = 1 - smoothstep(0.35, 1.1, footprint / Math.min(cu, cv))
  result.light = 1
  result.edge = 0
  result.blend = Math.min(1, Math.max(0, 0.5 + 2.2 * noise))
  switch (material.pattern) {
    case 'plain':
      return result
    case 'tiles': {
      const i = Math.floor(u / cu)
      const j = Math.floor(v / cv)
      result.edge = Math.max(joint(u, cu, material.joint, footprint), joint(v, cv, material.joint, footprint))
      result.blend = 0.5 + ((i + j) % 2 === 0 ? -0.5 : 0.5) * fade
      result.light = 1 + material.variety * (cellNoise(i, j, material.seed) - 0.5) * fade
      return result
    }
    case 'bricks':
    case 'planks': {
      const j = Math.floor(v / cv)
      const shift = material.pattern === 'bricks' ? (j % 2 === 0 ? 0 : 0.5) : cellNoise(j, 7, material.seed)
      const along = u + shift * cu
      const i = Math.floor(along / cu)
      result.edge = Math.max(joint(along, cu, material.joint, footprint), joint(v, cv, material.joint, footprint))
      const random = cellNoise(i, j, material.seed)
      result.blend = 0.5 + (random - 0.5) * fade
      result.light = 1 + material.variety * (cellNoise(i, j, material.seed + 1) - 0.5) * fade
      return result
    }
    case 'stripes': {
      const x = u / cu - Math.floor(u / cu)
      const width = footprint / cu
      const on = clamp01((0.25 - Math.abs(x - 0.5)) / Math.max(width, 1e-4) + 0.5)
      result.blend = 0.5 + (on - 0.5) * fade
      return result
    }
    case 'facade':
    case 'panes': {
      // a window with its frame in each cell; glass is the second colour, lit or dark by chance
      const i = Math.floor(u / cu)
      const j = Math.floor(v / cv)
      const x = Math.abs(u - (i + 0.5) * cu)
      const y = Math.abs(v - (j + 0.5) * cv)
      const half = material.pattern === 'panes' ? 0.5 : 0.3
      const inside = Math.min(half * cu - x, (half + (half < 0.5 ? 0.04 : 0)) * cv - y)
      const glass = clamp01((inside - material.joint) / footprint + 0.5)
      const framed = clamp01(inside / footprint + 0.5)
      result.blend = 0.3 + (glass - 0.3) * fade
      result.edge = (framed - glass) * fade
      result.light = 1 + glass * fade * (cellNoise(i, j, material.seed) - 0.4) * material.variety
      return result
    }
    case 'books': {
      // spines of different widths, heights and brightness on shelves
      const j = Math.floor(v / cv)
      const x = u / cu + 0.35 * Math.sin(u * 9 + j * 5)
      const i = Math.floor(x)
      const height = 0.7 + 0.25 * cellNoise(i, j, material.seed)
      const y = v / cv - j
      const random = cellNoise(i, j, material.seed + 3)
      result.blend = 0.5 + (random - 0.5) * fade
      result.light = 1 + material.variety * (cellNoise(i, j, material.seed + 5) - 0.5) * fade
      result.edge = 0.25 + ((y > height ? 1 : 0) - 0.25) * fade
      return result
    }
  }
}

/** Share of the pixel covered by the joints between cells of size `cell`. */
function joint(x: number, cell: number, width: number, footprint: number): number {
  const distance = Math.abs(x / cell - Math.round(x / cell)) * cell
  const near = clamp01((width / 2 - distance) / Math.max(footprint, 1e-4) + 0.5)
  const average = width / cell
  return near + (average - near) * smoothstep(0.35, 1.1, footprint / cell)
}

function clamp01(x: number): number {
  return x < 0 ? 0 : x > 1 ? 1 : x
}

function smoothstep(low: number, high: number, x: number): number {
  const t = clamp01((x - low) / (high - low))
  return t * t * (3 - 2 * t)
}
