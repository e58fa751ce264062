// What encoder and decoder are built of (cogvideox-facts 6.2 to 6.4). A chunk of video is a list of frames, each [1, C, H, W]: plain 2D
// convolutions with constant weights are the fastest that onnxruntime has on a CPU, and a frame that stands twice in the list (doubled
// in time, or repeated before the first) is computed once.
import { add, conv2d, concat, div, maximum, mean, mul, pow, reshape, slice, sub, sumSquares } from '../../../ir'
import type { Tensor } from '../../../ir'
import { oneInit, zeroInit } from '../../../nn'
import type { Init, Scope } from '../../../nn'
import type { VaeConfig } from './config'

/** Residual blocks at the coarsest size, between the levels and the latents. */
export const middleBlocks = 2

export type Frames = readonly Tensor[]

/** The last two frames that each causal convolution saw, each [1, C, H, W], under the full name of its weight. */
export type ChunkCache = ReadonlyMap<string, readonly [Tensor, Tensor]>

/** What the causal convolutions of one chunk find (nothing at the start of a video) and leave behind. */
export class ChunkMemory {
  readonly after = new Map<string, readonly [Tensor, Tensor]>()
  constructor(private readonly before?: ChunkCache) {}

  /** The frames with the two before them, which are the first one twice at the start of a video. */
  extend(name: string, frames: Frames): Frames {
    const before = this.before ? this.before.get(name) : ([frames[0]!, frames[0]!] as const)
    if (!before) throw new Error(`the cache of the chunk before has nothing of ${name}`)
    const line = [...before, ...frames]
    this.after.set(name, [line.at(-2)!, line.at(-1)!])
    return line
  }
}

const xavier: Init = { kind: 'xavier' }

/** `make` of each frame, once for frames that are the same tensor. */
export function eachFrame(frames: Frames, make: (frame: Tensor) => Tensor): Tensor[] {
  const made = new Map<Tensor, Tensor>()
  return frames.map((frame) => {
    const result = made.get(frame) ?? make(frame)
    made.set(frame, result)
    return result
  })
}

/**
 * The 3x3x3 convolution that sees two frames back in time; zeros around in space. `name`.conv.weight [out, in, 3, 3, 3]. Where two
 * of the three taps see the same frame, their weights are added instead of their results.
 */
export function causalConv(scope: Scope, name: string, frames: Frames, out: number, memory: ChunkMemory): Tensor[] {
  const inner = frames[0]!.shape[1]!
  const weight = scope.weight(`${name}.conv.weight`, [out, inner, 3, 3, 3], xavier)
  const bias = scope.weight(`${name}.conv.bias`, [out], zeroInit)
  const taps = [0, 1, 2].map((k) => reshape(slice(weight, 2, k, k + 1), [out, inner, 3, 3]))
  const line = memory.extend(weight.name!, frames)
  const made = new Map<string, Tensor>()
  return frames.map((_, t) => {
    const seen = line.slice(t, t + 3)
    const key = seen.map(({ id }) => id).join()
    const known = made.get(key)
    if (known) return known
    const result = [...new Set(seen)]
      .map((frame, i) => {
        const kernel = taps.filter((_, k) => seen[k] === frame).reduce((a, b) => add(a, b))
        return conv2d(frame, kernel, i === 0 ? bias : null, { padding: 1 })
      })
      .reduce((a, b) => add(a, b))
    made.set(key, result)
    return result
  })
}

/** A 1x1x1 convolution; weight [out, in, 1, 1, 1] under `name`.weight. */
export function pointConv(scope: Scope, name: string, frames: Frames, out: number): Tensor[] {
  const inner = frames[0]!.shape[1]!
  const weight = reshape(scope.weight(`${name}.weight`, [out, inner, 1, 1, 1], xavier), [out, inner, 1, 1])
  const bias = scope.weight(`${name}.bias`, [out], zeroInit)
  return eachFrame(frames, (frame) => conv2d(frame, weight, bias))
}

/** The weight [out, in, 3, 3] and bias of a 3x3 convolution of single frames. */
export function planeConv(
  scope: Scope,
  name: string,
  inner: number,
  out: number,
): { readonly weight: Tensor; readonly bias: Tensor } {
  return {
    weight: scope.weight(`${name}.weight`, [out, inner, 3, 3], xavier),
    bias: scope.weight(`${name}.bias`, [out], zeroInit),
  }
}

/**
 * GroupNorm over all frames of the chunk as scale and shift per channel, both [1, C, 1, 1]: GN(x) = x scale + shift, weights included.
 * The large tensors are only read; what is multiplied on anyway takes the two in.
 */
export function groupNormFactors(
  scope: Scope,
  frames: Frames,
  { norm_num_groups: groups, norm_eps }: VaeConfig,
): { readonly scale: Tensor; readonly shift: Tensor } {
  const [, channels, height, width] = frames[0]!.shape as [number, number, number, number]
  const perGroup = (ofFrame: (frame: Tensor) => Tensor): Tensor => {
    const rows = eachFrame(frames, (frame) => reshape(ofFrame(frame), [1, groups, channels / groups]))
    return mean(concat(rows, 0), [0, 2])
  }
  const middle = perGroup((frame) => mean(frame, [2, 3]))
  const square = perGroup((frame) => div(sumSquares(frame, [2, 3]), height * width))
  const variance = maximum(sub(square, mul(middle, middle)), 0) // rounding may leave it just below zero
  const inverse = pow(add(variance, norm_eps), -0.5)
  const weight = reshape(scope.weight('weight', [channels], oneInit), [groups, channels / groups])
  const bias = reshape(scope.weight('bias', [channels], zeroInit), [groups, channels / groups])
  const scale = mul(weight, reshape(inverse, [groups, 1]))
  const shift = sub(bias, mul(scale, reshape(middle, [groups, 1])))
  return { scale: reshape(scale, [1, channels, 1, 1]), shift: reshape(shift, [1, channels, 1, 1]) }
}

/** Normalisation and SiLU, in the encoder's or the decoder's way. */
export type Activation = (scope: Scope, frames: Frames) => Tensor[]

/** `count` residual blocks to `out` channels, called resnets.0, resnets.1, ... */
export function residualBlocks(
  scope: Scope,
  frames: Frames,
  { count, out }: { readonly count: number; readonly out: number },
  activate: Activation,
  memory: ChunkMemory,
): Frames {
  let x = frames
  for (let i = 0; i < count; i++) x = residualBlock(scope.child(`resnets.${i}`), x, out, activate, memory)
  return x
}

/** Two causal convolutions beside the straight way, which is a 1x1x1 convolution where the channels change. */
function residualBlock(scope: Scope, frames: Frames, out: number, activate: Activation, memory: ChunkMemory): Frames {
  const first = causalConv(scope, 'conv1', activate(scope.child('norm1'), frames), out, memory)
  const second = causalConv(scope, 'conv2', activate(scope.child('norm2'), first), out, memory)
  const straight = frames[0]!.shape[1] === out ? frames : pointConv(scope, 'conv_shortcut', frames, out)
  return joined(straight, second)
}

/** Sums of two lists of frames, frame by frame. */
function joined(a: Frames, b: Frames): Tensor[] {
  const made = new Map<string, Tensor>()
  return a.map((frame, t) => {
    const key = `${frame.id} ${b[t]!.id}`
    const result = made.get(key) ?? add(frame, b[t]!)
    made.set(key, result)
    return result
  })
}

/** A chunk [C, T, H, W] as frames. */
export function toFrames(chunk: Tensor): Tensor[] {
  const [channels, count, height, width] = chunk.shape as [number, number, number, number]
  return Array.from({ length: count }, (_, t) => reshape(slice(chunk, 1, t, t + 1), [1, channels, height, width]))
}

/** Frames as a chunk [C, T, H, W]. */
export function fromFrames(frames: Frames): Tensor {
  const [, channels, height, width] = frames[0]!.shape as [number, number, number, number]
  return concat(
    frames.map((frame) => reshape(frame, [channels, 1, height, width])),
    1,
  )
}
