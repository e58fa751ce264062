// What a provider is worth on this machine: does it work, does it agree with the processor, how much faster is it. Measured on a
// transformer block of the bundled model at its usual size with all gradients, which is what rendering and training are made of.
import { compile, tryProvider } from './backends/onnx'
import { runPlaced } from './backends/onnx/placement'
import type { Provider } from './device'
import { add, grad, hostTensor, input, matmul, mean, mul, program, sizeOf } from './ir'
import type { HostTensor, Program } from './ir'
import { miniConfig } from './models/animate-anywhere'
import { block, innerDim } from './models/cogvideox'
import { Random, Scope } from './nn'
import type { ProviderStatus } from './process-messages'

/** Largest difference from the processor that is still the same computation. */
const tolerance = 1e-3
/** Tokens of the video and of the text: 13 frames of 96 x 64 pixels in patches of 16, and what stands for the prompt. */
const tokens = { video: 312, text: 4 }
const repeats = 3
/** A device that is slower at a product than this share of the processor is a graphics card in software: a block would take it minutes. */
const hopeless = 1 / 20
/** Seconds of a run that need no second look. */
const slow = 0.5

/** Tries a provider: a tiny product, a large one, then the block. Takes seconds where it compiles shaders, and may take the process down with it: run it in one of its own. */
export async function probe(provider: Provider): Promise<ProviderStatus> {
  const reason = await tryProvider(provider)
  if (reason !== undefined) return { available: false, reason }
  if (provider === 'cpu') return { available: true, speed: 1 }
  const first = await measure(provider, productProgram())
  if (first.speed < hopeless || !(first.difference < tolerance)) return verdict(first)
  return verdict(await measure(provider, blockProgram()))
}

interface Measure {
  /** Times the processor's. */
  readonly speed: number
  readonly difference: number
  readonly fallen: Readonly<Record<string, number>>
}

function verdict({ speed, difference, fallen }: Measure): ProviderStatus {
  if (difference < tolerance) return { available: true, difference, speed, fallen: { ...fallen } }
  const reason = `its numbers differ from the processor's by ${difference.toPrecision(1)}`
  return { available: false, difference, reason }
}

async function measure(provider: Provider, graph: Program): Promise<Measure> {
  const random = new Random(1)
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }) => [
      name!,
      hostTensor(
        random.normals(sizeOf(shape)).map((x) => 0.2 * x),
        shape,
      ),
    ]),
  )
  const processor = await timed('cpu', graph, feeds)
  const { results, placement } = await runPlaced(graph, feeds, { provider, training: true })
  const difference = Math.max(...Object.keys(results).map((name) => apart(results[name]!, processor.results[name]!)))
  const { seconds } = await timed(provider, graph, feeds)
  return { speed: processor.seconds / seconds, difference, fallen: placement.fallen }
}

/** A product as large as the block's. */
function productProgram(): Program {
  return program('probe product', { y: matmul(input('a', [512, 512]), input('b', [512, 512])) })
}

/** A block, and the gradient of its mean square for everything that goes in. */
function blockProgram(): Program {
  const { transformer } = miniConfig
  const width = innerDim(transformer)
  const scope = new Scope()
  const streams = { video: input('video', [1, tokens.video, width]), text: input('text', [1, tokens.text, width]) }
  const table = [tokens.video, transformer.attention_head_dim]
  const rope = { cos: input('cos', table), sin: input('sin', table) }
  const conditioning = input('temb', [1, transformer.time_embed_dim])
  const { video, text } = block(scope, streams, conditioning, rope, transformer)
  const loss = add(mean(mul(video, video)), mean(mul(text, text)))
  const moved = [streams.video, streams.text, ...scope.weights.values()]
  const gradients = grad(loss, moved).map((g, i) => [`grad.${moved[i]!.name!}`, g] as const)
  return program('probe block', { loss, video, ...Object.fromEntries(gradients) })
}

/** The quickest of a few runs, after one in which everything is made ready. */
async function timed(provider: Provider, graph: Program, feeds: Readonly<Record<string, HostTensor>>) {
  const executable = await compile(graph, { provider, training: true })
  try {
    let results = await executable.run(feeds)
    let seconds = Infinity
    for (let i = 0; i < repeats && !(seconds > slow && seconds < Infinity); i++) {
      const started = performance.now()
      results = await executable.run(feeds)
      seconds = Math.min(seconds, (performance.now() - started) / 1000)
    }
    return { results, seconds }
  } finally {
    await executable.dispose()
  }
}

/** Largest difference as a share of the largest number. */
function apart(found: HostTensor, expected: HostTensor): number {
  let most = 0
  let scale = 1e-30
  for (let i = 0; i < expected.data.length; i++) {
    const difference = Math.abs(Number(found.data[i]) - Number(expected.data[i]))
    if (!(difference < Infinity)) return Infinity
    most = Math.max(most, difference)
    scale = Math.max(scale, Math.abs(Number(expected.data[i])))
  }
  return most / scale
}
