// A program for any provider: operations whose ONNX form only the processor has are replaced by others that say the same.
import { program, walk } from './program'
import type { Program } from './program'
import { recordOf } from './record'
import { rawTensor } from './tensor'
import type { Tensor } from './types'

/** The same program without such operations (the records' `portable` rules). Inputs stay the tensors they are. */
export function portable(written: Program): Program {
  if (!written.nodes.some(({ op }) => recordOf(op).portable)) return written
  const stands = new Map<Tensor, Tensor>()
  for (const t of walk(Object.values(written.outputs))) {
    const inputs = t.inputs.map((x) => stands.get(x)!)
    const same = inputs.every((x, i) => x === t.inputs[i]) ? t : rawTensor({ ...t, inputs })
    stands.set(t, recordOf(t.op).portable?.(same) ?? same)
  }
  const outputs = Object.entries(written.outputs).map(([name, t]) => [name, stands.get(t)!] as const)
  return program(written.name, Object.fromEntries(outputs))
}
