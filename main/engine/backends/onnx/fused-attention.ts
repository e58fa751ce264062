// Whether a provider's fused attention can be trusted. WebGPU's is wrong where a card's subgroups have another size than its shader takes
// for granted (onnxruntime 1.30 on SwiftShader: by a tenth and more from 32 queries on; its issues tell of cards by NVIDIA), so that it
// is tried on the card before it is used; else the plain form takes its place, which keeps all scores.
import { hostTensor, input, program, scaledDotProductAttention, sizeOf } from '../../ir'
import type { HostTensor, Program } from '../../ir'
import type { Provider } from '../../device'
import { lowerProgram, outputName } from './graph'
import { createSession } from './runtime'

const checked = new Map<Provider, Promise<boolean>>()

/** Whether fused attention gives the processor's results. Tried once per process and provider, where the program has any. */
export function trustsFusedAttention(provider: Provider, { nodes }: Program): Promise<boolean> {
  if (provider === 'cpu') return Promise.resolve(true)
  if (!nodes.some(({ op }) => op === 'attention')) return Promise.resolve(false)
  const known = checked.get(provider) ?? check(provider).catch(() => false)
  checked.set(provider, known)
  return known
}

/** Queries fewer and more than a workgroup's, and the widths of head of the models that there are. */
const sizes = [
  { tokens: 20, width: 32 },
  { tokens: 100, width: 32 },
  { tokens: 100, width: 64 },
]
const tolerance = 1e-4

async function check(provider: Provider): Promise<boolean> {
  for (const { tokens, width } of sizes) {
    const shape = [1, 2, tokens, width]
    const [q, k, v] = ['q', 'k', 'v'].map((name) => input(name, shape)) as [never, never, never]
    const graph = program('check of attention', { y: scaledDotProductAttention(q, k, v) })
    const feeds = Object.fromEntries(['q', 'k', 'v'].map((name, i) => [name, waves(shape, i + 1)]))
    const [found, expected] = [await run(provider, graph, feeds), await run('cpu', graph, feeds)]
    if (!expected.every((value, i) => Math.abs(value - found[i]!) < tolerance)) return false
  }
  return true
}

async function run(provider: Provider, graph: Program, feeds: Record<string, HostTensor>): Promise<Float32Array> {
  const target = provider === 'cpu' ? 'cpu' : 'portable'
  const model = lowerProgram(graph, { target, fusedAttention: true, initializers: {}, relative: (file) => file })
  const session = await createSession(model, { provider, threads: 1, training: false })
  const results = await session.run(feeds).finally(() => session.release())
  return results[outputName('y')]!.data as Float32Array
}

/** Numbers from -2 to 2 without a pattern that the tokens or the heads share. */
const waves = (shape: readonly number[], seed: number): HostTensor =>
  hostTensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => 2 * Math.sin(seed + i * i * 0.37 + i)),
    shape,
  )
