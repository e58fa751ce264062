// What all metrics that look through a network have in common: pairs of clips in, figures out that are put together over all clips.
import type { Keypoints } from '../../motion/types'
import { compile } from '../backends/onnx'
import type { Executable } from '../backends/onnx'
import { hostTensor, input, program } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import { planes } from '../models/animate-anywhere'
import { Scope } from '../nn'
import { readNetwork } from '../weights/networks'
import { frechetDistance } from './frechet'

/** A produced clip and the true one: as many frames each, RGB bytes [H, W, 3]. The same `truth` object may come several times. */
export interface ClipPair {
  readonly produced: readonly Uint8Array[]
  readonly truth: readonly Uint8Array[]
  /** True key points of each frame, pixels. */
  readonly poses: readonly Keypoints[]
  readonly width: number
  readonly height: number
}

/** What one clip adds: numbers that are averaged, or feature vectors of both sides whose Frechet distance is taken over all clips. */
export type Figure =
  | { readonly values: readonly number[] }
  | { readonly produced: readonly Float32Array[]; readonly truth: readonly Float32Array[] }

export interface Meter {
  clip(pair: ClipPair): Promise<Figure>
  dispose(): Promise<void>
}

/** A metric over all clips; NaN where no clip allows it. */
export function concluded(figures: readonly Figure[]): number {
  const all = <K extends 'produced' | 'truth'>(side: K) =>
    figures.flatMap((figure) => ('values' in figure ? [] : figure[side]))
  const values = figures.flatMap((figure) => ('values' in figure ? figure.values : []))
  if (values.length > 0) return values.reduce((a, b) => a + b, 0) / values.length
  const [produced, truth] = [all('produced'), all('truth')]
  return produced.length > 1 ? frechetDistance(produced, truth) : NaN
}

/** One frame as the programs take it: [1, 3, H, W] in [-1, 1]. */
export const pictureOf = (frame: Uint8Array, width: number, height: number): HostTensor =>
  hostTensor(planes(frame), [1, 3, height, width])

/** Frames of a clip as one tensor: [T, 3, H, W] in [-1, 1]. */
export function framesOf(frames: readonly Uint8Array[], width: number, height: number): HostTensor {
  const data = new Float32Array(frames.length * 3 * width * height)
  frames.forEach((frame, t) => planes(frame, data, t * 3 * width * height))
  return hostTensor(data, [frames.length, 3, height, width])
}

/** Of a result's rows [N, D], each row. */
export const rowsOf = ({ shape, data }: HostTensor): Float32Array[] =>
  Array.from({ length: shape[0]! }, (_, i) => (data as Float32Array).slice(i * shape[1]!, (i + 1) * shape[1]!))

/** Feature vectors of one side of a pair. */
export type Features = (frames: readonly Uint8Array[], pair: ClipPair) => Promise<Float32Array[]>

/** Features of both sides; those of a truth that comes several times in a row are computed once. */
export function bothSides(
  features: Features,
): (pair: ClipPair) => Promise<{ produced: Float32Array[]; truth: Float32Array[] }> {
  let last: { readonly key: object; readonly rows: Promise<Float32Array[]> } | undefined
  return async (pair) => {
    if (last?.key !== pair.truth) last = { key: pair.truth, rows: features(pair.truth, pair) }
    return { truth: await last.rows, produced: await features(pair.produced, pair) }
  }
}

/** A network over inputs of changing shape: a program for each shape, made when it is met; the weights of the files, if any, once. */
export class Network {
  private readonly made = new Map<string, Promise<Executable>>()
  private weights: Record<string, HostTensor> = {}

  /**
   * `build` makes the output from inputs named like the feeds. `files` are searched for the weights that it asks for. Weights that are
   * fed lie in memory once for all shapes; baked in, they run faster (2D convolutions) but are there once a shape.
   */
  constructor(
    private readonly name: string,
    private readonly build: (scope: Scope, inputs: Readonly<Record<string, Tensor>>) => Tensor,
    private readonly files: readonly string[] = [],
    private readonly fed = false,
  ) {}

  async run(feeds: Readonly<Record<string, HostTensor>>): Promise<HostTensor> {
    const key = Object.values(feeds).map(({ shape }) => shape.join('x')).join(' ') // prettier-ignore
    const executable = this.made.get(key) ?? this.compile(feeds)
    this.made.set(key, executable)
    return (await (await executable).run({ ...feeds, ...(this.fed ? this.weights : {}) })).y!
  }

  async dispose(): Promise<void> {
    for (const executable of this.made.values()) await (await executable).dispose()
    this.made.clear()
  }

  private compile(feeds: Readonly<Record<string, HostTensor>>): Promise<Executable> {
    const scope = new Scope()
    const inputs = Object.entries(feeds).map(([name, { shape, dtype }]) => [name, input(name, shape, dtype)] as const)
    const y = this.build(scope, Object.fromEntries(inputs))
    if (Object.keys(this.weights).length === 0) this.weights = readNetwork(this.files, scope.specs)
    return compile(program(this.name, { y }), this.fed ? {} : { initializers: this.weights })
  }
}
