// Rotary position tables (cogvideox-facts 4). A head of size d gives d/4 of its features to time and 3d/8 each to height and width;
// neighbouring features (2k, 2k+1) turn together by position * 10000^(-2k / features of the axis).
import { roundHalfToEven } from '../../diffusion/schedules'
import type { HostTensor } from '../../ir'
import type { TokenGrid, TransformerConfig } from './config'

/** Positions of the tokens along each axis; the sequence is their product, time slowest, width fastest. */
export interface Positions {
  time: readonly number[]
  height: readonly number[]
  width: readonly number[]
}

/** cos and sin, each float32 [tokens, headDim]. */
export interface RotaryTables {
  cos: HostTensor
  sin: HostTensor
}

/** Whole numbers from 0, or from `start`: the 1.5 models' positions, and ours. */
export function gridPositions(grid: TokenGrid, start: Partial<TokenGrid> = {}): Positions {
  const count = (length: number, first = 0) => Array.from({ length }, (_, i) => first + i)
  return {
    time: count(grid.time, start.time),
    height: count(grid.height, start.height),
    width: count(grid.width, start.width),
  }
}

/** The 1.0 models' positions: the grid is fitted into the training grid, centred, and sampled evenly. */
export function fittedPositions(grid: TokenGrid, config: TransformerConfig): Positions {
  const base = {
    height: Math.floor(config.sample_height / config.patch_size),
    width: Math.floor(config.sample_width / config.patch_size),
  }
  const tall = grid.height / grid.width > base.height / base.width
  const fitted = tall
    ? { height: base.height, width: roundHalfToEven((base.height / grid.height) * grid.width) }
    : { height: roundHalfToEven((base.width / grid.width) * grid.height), width: base.width }
  const spread = (axis: 'height' | 'width') => {
    const length = grid[axis]
    const first = roundHalfToEven((base[axis] - fitted[axis]) / 2)
    const last = ((first + fitted[axis]) * (length - 1)) / length
    return Array.from({ length }, (_, i) => (length === 1 ? first : first + ((last - first) * i) / (length - 1)))
  }
  return { time: gridPositions(grid).time, height: spread('height'), width: spread('width') }
}

/** The tables for tokens at `positions` and heads of `headDim` features (a multiple of 16). */
export function rotaryTables(positions: Positions, headDim: number): RotaryTables {
  const { time, height, width } = positions
  const shape = [time.length * height.length * width.length, headDim]
  const cos = new Float32Array(shape[0]! * headDim)
  const sin = new Float32Array(shape[0]! * headDim)
  const timePairs = headDim / 8
  const spacePairs = (headDim * 3) / 16
  const frequencies = (pairs: number) => Array.from({ length: pairs }, (_, k) => 10000 ** (-k / pairs))
  const ofTime = frequencies(timePairs)
  const ofSpace = frequencies(spacePairs)
  let at = 0
  const turn = (position: number, frequency: number) => {
    cos[at] = cos[at + 1] = Math.cos(position * frequency)
    sin[at] = sin[at + 1] = Math.sin(position * frequency)
    at += 2
  }
  for (const t of time)
    for (const y of height)
      for (const x of width) {
        for (const frequency of ofTime) turn(t, frequency)
        for (const frequency of ofSpace) turn(y, frequency)
        for (const frequency of ofSpace) turn(x, frequency)
      }
  return { cos: { dtype: 'float32', shape, data: cos }, sin: { dtype: 'float32', shape, data: sin } }
}
