// Runs a table of tensors once: what every kind of fixture needs that is computed by programs.
import { compile } from '../backends/onnx'
import { program } from '../ir'
import type { HostTensor, Tensor } from '../ir'

/** The values of `outputs`. `feeds` may hold more than they need (a weight that only another output reads). */
export async function evaluate(
  outputs: Record<string, Tensor>,
  feeds: Record<string, HostTensor>,
): Promise<Record<string, HostTensor>> {
  const graph = program('parity', outputs)
  const executable = await compile(graph, { training: true })
  try {
    return await executable.run(Object.fromEntries(graph.inputs.map(({ name }) => [name!, feeds[name!]!])))
  } finally {
    await executable.dispose()
  }
}
