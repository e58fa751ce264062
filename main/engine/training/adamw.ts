// AdamW with gradient clipping and a running average of the weights, as a small program of its own: the state never passes through the
// big graph. All parameters lie in one flat vector per kind, worked off in chunks that fit the processor's cache.
import { add, div, hostTensor, input, mul, program, sizeOf, sqrt, sub, sameShape, showShape } from '../ir'
import type { HostTensor, Program, Shape, Tensor } from '../ir'
import { compile } from '../backends/onnx'
import type { Executable } from '../backends/onnx'

export interface AdamWOptions {
  /** Decay rates of the two moments. Default 0.9, 0.999. */
  readonly betas?: readonly [number, number]
  /** Default 1e-8. */
  readonly eps?: number
  /** Default 0.01. */
  readonly weightDecay?: number
  /** Whether tensors of one axis (biases, norms) decay as well, as plain torch.optim.AdamW does. Default true. */
  readonly decayVectors?: boolean
  /** Gradients are scaled down to this global norm when they exceed it. Default: no limit. */
  readonly clipNorm?: number
  /** Share of the old average kept in each step, less in the first ones. Default: no average is kept. */
  readonly emaDecay?: number
}

export interface StepReport {
  /** Norm of all gradients together, before clipping. */
  readonly norm: number
}

/** A quarter of a megabyte per vector: what is being worked on stays in cache. */
const chunk = 1 << 16

/** What changes from step to step. */
const scalars = ['share1', 'share2', 'eps', 'rate', 'keep'] as const
type Scalars = Readonly<Record<(typeof scalars)[number], number> & { follow?: number }>

/**
 * One chunk's update: torch.optim.AdamW (Loshchilov & Hutter 2019, algorithm 2), then ema += follow (p - ema). Clipping and bias
 * corrections are in the scalars, since the time goes by passes over the vectors: share1 = clip (1 - beta1),
 * share2 = clip^2 (1 - beta2), and with c = sqrt(1 - beta2^t): eps c and rate c / (1 - beta1^t).
 */
export function adamwProgram({ betas: [beta1, beta2] = [0.9, 0.999], emaDecay }: AdamWOptions): Program {
  const [p, g, m, v, ema] = ['p', 'g', 'm', 'v', 'ema'].map((name) => input(name, [chunk])) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ]
  const s = Object.fromEntries(scalars.map((name) => [name, input(name, [])])) as Record<
    (typeof scalars)[number],
    Tensor
  >
  const m2 = add(mul(m, beta1), mul(g, s.share1))
  const v2 = add(mul(v, beta2), mul(mul(g, g), s.share2))
  const p2 = sub(mul(p, s.keep), div(mul(m2, s.rate), add(sqrt(v2), s.eps)))
  const state = { p: p2, m: m2, v: v2 }
  if (emaDecay === undefined) return program('adamw', state)
  return program('adamw', { ...state, ema: add(ema, mul(sub(p2, ema), input('follow', []))) })
}

/** In four sums at once, which the processor adds side by side. */
function squaresOf(values: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0] as [number, number, number, number]
  const whole = values.length - (values.length % 4)
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * values[i]!
    b += values[i + 1]! * values[i + 1]!
    c += values[i + 2]! * values[i + 2]!
    d += values[i + 3]! * values[i + 3]!
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * values[i]!
  return a + b + c + d
}

interface Slot {
  readonly name: string
  readonly shape: Shape
  readonly start: number
  readonly size: number
}

/** The numbers of what was given for a slot. Throws when it is missing, or of wrong type or shape. */
function dataOf({ name, shape }: Slot, given: HostTensor | undefined, what: string): Float32Array {
  if (!given) throw new Error(`AdamW: ${what} for ${name} ${showShape(shape)} is missing`)
  if (given.dtype !== 'float32' || !sameShape(given.shape, shape)) {
    throw new Error(
      `AdamW: ${what} for ${name} is ${given.dtype} ${showShape(given.shape)}, needs float32 ${showShape(shape)}`,
    )
  }
  return given.data as Float32Array
}

/** One chunk of all gradients laid end to end: a view where one parameter fills it, else a copy of the pieces, zeros between them. */
function gradientAt(slots: readonly (Slot & { data: Float32Array })[], start: number): Float32Array {
  const inside = slots.filter((slot) => slot.start < start + chunk && slot.start + slot.size > start)
  const piece = ({ data, start: first }: (typeof inside)[number]): Float32Array =>
    data.subarray(Math.max(0, start - first), start + chunk - first)
  if (inside.length === 1 && piece(inside[0]!).length === chunk) return piece(inside[0]!)
  const joined = new Float32Array(chunk)
  for (const slot of inside) joined.set(piece(slot), Math.max(0, slot.start - start))
  return joined
}

type Kind = 'p' | 'm' | 'v' | 'ema'
const stateName: Readonly<Record<'m' | 'v' | 'ema', string>> = { m: 'exp_avg', v: 'exp_avg_sq', ema: 'ema' }

export class AdamW {
  /** The weights, updated in place by `step`: feed them to the training program as they are. */
  readonly parameters: Readonly<Record<string, HostTensor>>
  /** Running average of the weights; empty without `emaDecay`. */
  readonly average: Readonly<Record<string, HostTensor>>
  /** Steps taken. */
  steps = 0
  private readonly slots: readonly Slot[]
  /** First element that does not decay; a multiple of the chunk. */
  private readonly undecayed: number
  private readonly flat: Readonly<Partial<Record<Kind, Float32Array>>>
  private executable: Promise<Executable> | undefined

  /** `weights` (float32) are copied. */
  constructor(
    weights: Readonly<Record<string, HostTensor>>,
    private readonly options: AdamWOptions = {},
  ) {
    const decays = ([, t]: [string, HostTensor]): boolean => (options.decayVectors ?? true) || t.shape.length > 1
    const entries = Object.entries(weights)
    const wrong = entries.find(([, t]) => t.dtype !== 'float32')
    if (wrong) throw new Error(`AdamW: parameter ${wrong[0]} is ${wrong[1].dtype}, not float32`)
    const slots: Slot[] = []
    const lay = (group: [string, HostTensor][], from: number): number => {
      const end = group.reduce((start, [name, { shape }]) => {
        slots.push({ name, shape, start, size: sizeOf(shape) })
        return start + sizeOf(shape)
      }, from)
      return Math.ceil(end / chunk) * chunk
    }
    this.undecayed = lay(entries.filter(decays), 0)
    const total = lay(
      entries.filter((entry) => !decays(entry)),
      this.undecayed,
    )
    this.slots = slots
    const vector = (): Float32Array => new Float32Array(total)
    this.flat = {
      p: vector(),
      m: vector(),
      v: vector(),
      ...(options.emaDecay === undefined ? {} : { ema: vector() }),
    }
    for (const [kind, array] of this.vectors('p', 'ema'))
      this.fill(array, (name) => weights[name], `${kind} of the given weights`)
    this.parameters = this.views('p')
    this.average = this.views('ema')
  }

  /** One update with learning rate `rate`. Throws when a gradient is missing, misshapen or not finite (nothing is changed then). */
  async step(gradients: Readonly<Record<string, HostTensor>>, rate: number): Promise<StepReport> {
    const { betas: [beta1, beta2] = [0.9, 0.999], eps = 1e-8, weightDecay = 0.01, emaDecay } = this.options
    const arrived = this.slots.map((slot) => ({ ...slot, data: dataOf(slot, gradients[slot.name], 'gradient') }))
    const norm = Math.sqrt(arrived.reduce((sum, { data }) => sum + squaresOf(data), 0))
    if (!Number.isFinite(norm))
      throw new Error(`AdamW: the gradient's norm is ${norm} in step ${this.steps + 1}; lower the learning rate`)
    this.executable ??= compile(adamwProgram(this.options), { threads: 1 }) // chunks are too small to share out
    const executable = await this.executable
    const t = ++this.steps
    const clip = Math.min(1, (this.options.clipNorm ?? Infinity) / (norm + 1e-6))
    const correction2 = Math.sqrt(1 - beta2 ** t)
    const settings = {
      share1: clip * (1 - beta1),
      share2: clip ** 2 * (1 - beta2),
      eps: eps * correction2,
      rate: (rate * correction2) / (1 - beta1 ** t),
      // The beginnings are forgotten fast, so that the average of a short run is not one of its first weights.
      ...(emaDecay === undefined ? {} : { follow: 1 - Math.min(emaDecay, (1 + t) / (10 + t)) }),
    }
    for (let start = 0; start < this.flat.p!.length; start += chunk) {
      const keep = start < this.undecayed ? 1 - rate * weightDecay : 1
      await this.updateChunk(executable, start, gradientAt(arrived, start), { ...settings, keep })
    }
    return { norm }
  }

  /** Everything that `load` needs, by name: exp_avg.*, exp_avg_sq.*, ema.* and the step count; copies. The weights are in `parameters`. */
  state(): Record<string, Float32Array> {
    const result: Record<string, Float32Array> = { step: Float32Array.of(this.steps) }
    for (const [kind, array] of this.vectors('m', 'v', 'ema')) {
      for (const { name, start, size } of this.slots)
        result[`${stateName[kind as 'm']}.${name}`] = array.slice(start, start + size)
    }
    return result
  }

  /** Continues from weights and `state()` of an earlier run, bit for bit. Throws when something is missing. */
  load(weights: Readonly<Record<string, HostTensor>>, state: Readonly<Record<string, Float32Array>>): void {
    const counted = state.step?.[0]
    if (counted === undefined) throw new Error('AdamW: the optimiser state has no step count')
    this.fill(this.flat.p!, (name) => weights[name], 'weight')
    for (const [kind, array] of this.vectors('m', 'v', 'ema')) {
      const prefix = stateName[kind as 'm']
      const shapes = new Map(this.slots.map((slot) => [slot.name, slot.shape]))
      this.fill(
        array,
        (name) => {
          const data = state[`${prefix}.${name}`]
          return data && hostTensor(data, shapes.get(name)!)
        },
        prefix,
      )
    }
    this.steps = counted
  }

  async dispose(): Promise<void> {
    await (await this.executable)?.dispose()
    this.executable = undefined
  }

  private vectors(...kinds: Kind[]): [Kind, Float32Array][] {
    return kinds.flatMap((kind) => (this.flat[kind] ? [[kind, this.flat[kind]] as [Kind, Float32Array]] : []))
  }

  private views(kind: Kind): Record<string, HostTensor> {
    const array = this.flat[kind]
    if (!array) return {}
    return Object.fromEntries(
      this.slots.map(({ name, shape, start, size }) => [name, hostTensor(array.subarray(start, start + size), shape)]),
    )
  }

  private fill(array: Float32Array, get: (name: string) => HostTensor | undefined, what: string): void {
    for (const slot of this.slots) array.set(dataOf(slot, get(slot.name), what), slot.start)
  }

  private async updateChunk(executable: Executable, start: number, g: Float32Array, values: Scalars): Promise<void> {
    const kinds = this.vectors('p', 'm', 'v', 'ema')
    const feeds = kinds.map(
      ([kind, array]) => [kind, hostTensor(array.subarray(start, start + chunk), [chunk])] as const,
    )
    const settings = Object.entries(values).map(([name, value]) => [name, hostTensor([value], [])] as const)
    const result = await executable.run({ g: hostTensor(g, [chunk]), ...Object.fromEntries([...feeds, ...settings]) })
    for (const [kind, array] of kinds) array.set(result[kind]!.data as Float32Array, start)
  }
}
