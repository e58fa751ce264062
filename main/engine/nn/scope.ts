// Where a model's weights get their names. Model code asks a Scope for each weight on first use; the weight becomes an input of the
// program under its full dotted name (diffusers' name), and the collected specs say how to make a model from nothing.
import { constant, input } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import { Random } from './random'

/**
 * How a new weight starts. `std` and `bound` default to 0.02; 'xavier' is uniform with gain 1 over [out, in, ...]; 'parts' fills as
 * many equal parts as there are values, each with its value.
 */
export type Init =
  | { readonly kind: 'zeros' | 'ones' | 'xavier' }
  | { readonly kind: 'normal'; readonly std?: number }
  | { readonly kind: 'uniform'; readonly bound?: number }
  | { readonly kind: 'parts'; readonly values: readonly number[] }

export interface WeightSpec {
  readonly shape: readonly number[]
  readonly init: Init
}

export const zeroInit: Init = { kind: 'zeros' }
export const oneInit: Init = { kind: 'ones' }

export class Scope {
  private readonly declared: Map<string, Tensor>
  private readonly prefix: string
  /** Full name -> shape and init of every weight declared so far, in order of first use; shared with all children. */
  readonly specs: Map<string, WeightSpec>
  private values: Readonly<Record<string, HostTensor>> | undefined

  constructor(parent?: Scope, name = '') {
    this.declared = parent?.declared ?? new Map<string, Tensor>()
    this.specs = parent?.specs ?? new Map<string, WeightSpec>()
    this.prefix = parent ? `${parent.prefix}${name}.` : ''
    this.values = parent?.values
  }

  /** A scope whose weights are given for good: they become constants of the program, through which no gradient is taken. */
  static frozen(values: Readonly<Record<string, HostTensor>>): Scope {
    const scope = new Scope()
    scope.values = values
    return scope
  }

  /** The scope of the part called `name` (may be dotted: 'transformer_blocks.0'). */
  child(name: string | number): Scope {
    return new Scope(this, String(name))
  }

  /**
   * The weight `name` of this scope as a float32 program input (a constant in a frozen scope). Asking again gives the same tensor
   * (shared weights); asking with another shape is an error.
   */
  weight(name: string, shape: readonly number[], init: Init): Tensor {
    const fullName = this.prefix + name
    const spec = this.specs.get(fullName)
    if (!spec) {
      const tensor = this.values ? frozenWeight(this.values, fullName, shape) : input(fullName, shape)
      this.specs.set(fullName, { shape, init })
      this.declared.set(fullName, tensor)
      return tensor
    }
    if (spec.shape.join() !== shape.join())
      throw new Error(`Scope.weight: ${fullName} is [${spec.shape.join(', ')}], now asked for as [${shape.join(', ')}]`)
    return this.declared.get(fullName)!
  }

  /** Every weight declared so far, by full name: what `grad` is taken with respect to. */
  get weights(): ReadonlyMap<string, Tensor> {
    return this.declared
  }
}

function frozenWeight(values: Readonly<Record<string, HostTensor>>, name: string, shape: readonly number[]): Tensor {
  const value = values[name]
  if (value?.dtype !== 'float32' || value.shape.join() !== shape.join())
    throw new Error(
      `Scope.weight: the frozen ${name} must be float32 [${shape.join(', ')}], given: ${value ? `${value.dtype} [${value.shape.join(', ')}]` : 'nothing'}`,
    )
  return constant(value)
}

/** New values for `specs`. Each weight has its own stream of numbers, so they do not depend on the order of declaration. */
export function initialise(specs: ReadonlyMap<string, WeightSpec>, seed: number): Record<string, HostTensor> {
  const random = new Random(seed)
  return Object.fromEntries(
    [...specs].map(([name, { shape, init }]) => [
      name,
      { dtype: 'float32', shape, data: values(shape, init, random.fork(name)) },
    ]),
  )
}

function values(shape: readonly number[], init: Init, random: Random): Float32Array {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
  switch (init.kind) {
    case 'zeros':
      return data
    case 'ones':
      return data.fill(1)
    case 'normal':
      return data.map(() => random.normal() * (init.std ?? 0.02))
    case 'uniform':
      return data.map(() => random.uniform(-1, 1) * (init.bound ?? 0.02))
    case 'parts':
      return data.map((_, i) => init.values[Math.floor((i * init.values.length) / data.length)]!)
    case 'xavier': {
      const [out = 1, fanIn = 1, ...kernel] = shape
      const receptive = kernel.reduce((a, b) => a * b, 1)
      const bound = Math.sqrt(6 / ((out + fanIn) * receptive))
      return data.map(() => random.uniform(-bound, bound))
    }
  }
}
