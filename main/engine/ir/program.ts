// A program: named outputs and everything they are computed from, cleaned of duplicates.
import { rawTensor, showShape } from './tensor'
import type { HostTensor, Tensor } from './types'

export interface Program {
  readonly name: string
  /** In order of creation. */
  readonly inputs: readonly Tensor[]
  readonly outputs: Readonly<Record<string, Tensor>>
  /** Every node, inputs included, each after what it reads. */
  readonly nodes: readonly Tensor[]
}

/** All tensors that `roots` are computed from, themselves included, each after its inputs. */
export function walk(roots: readonly Tensor[]): Tensor[] {
  const seen = new Set<Tensor>(roots)
  const open = [...seen]
  for (let t = open.pop(); t; t = open.pop()) {
    for (const x of t.inputs) {
      if (seen.has(x)) continue
      seen.add(x)
      open.push(x)
    }
  }
  return [...seen].sort((a, b) => a.id - b.id)
}

const smallConstant = 64
const identities = new WeakMap<object, number>()
let nextIdentity = 0

/** Equal keys mean equal values. Large constants are told apart by their array, not by reading it. */
function keyOf(t: Tensor, inputs: readonly Tensor[]): string {
  if (t.op === 'constant') {
    const { data } = t.attrs.host as HostTensor
    if (data.length <= smallConstant) return `constant ${t.dtype} ${showShape(t.shape)} ${data.join(' ')}`
    if (!identities.has(data)) identities.set(data, nextIdentity++)
    return `constant ${t.dtype} ${showShape(t.shape)} @${identities.get(data)}`
  }
  // A segment that is made anew must not be joined with its first making.
  return `${t.segment} ${t.op} ${inputs.map((x) => x.id).join(' ')} ${JSON.stringify(t.attrs)}`
}

/** Duplicates joined: which tensor stands for each one. */
function deduplicate(nodes: readonly Tensor[]): Map<Tensor, Tensor> {
  const byKey = new Map<string, Tensor>()
  const stands = new Map<Tensor, Tensor>()
  for (const t of nodes) {
    if (t.op === 'input') {
      stands.set(t, t)
      continue
    }
    const inputs = t.inputs.map((x) => stands.get(x)!)
    if (t.op === 'stopGradient') {
      stands.set(t, inputs[0]!)
      continue
    }
    const key = keyOf(t, inputs)
    const known = byKey.get(key)
    const same = known ?? (inputs.every((x, i) => x === t.inputs[i]) ? t : rawTensor({ ...t, inputs }))
    if (!known) byKey.set(key, same)
    stands.set(t, same)
  }
  return stands
}

/** Gathers what `outputs` need; inputs are found by walking. Two different inputs of one name are an error. */
export function program(name: string, outputs: Readonly<Record<string, Tensor>>): Program {
  const stands = deduplicate(walk(Object.values(outputs)))
  const clean = Object.fromEntries(Object.entries(outputs).map(([key, t]) => [key, stands.get(t)!]))
  const nodes = walk(Object.values(clean))
  const inputs = nodes.filter((t) => t.op === 'input')
  const names = new Set<string>()
  for (const t of inputs) {
    if (names.has(t.name!)) throw new Error(`program ${name}: two different inputs are called ${t.name}`)
    names.add(t.name!)
  }
  return { name, inputs, outputs: clean, nodes }
}
