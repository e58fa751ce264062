// How much of the machine the engine uses: transformer blocks of CogVideoX at widths 512 and 1,024, then the mini model, each as a share
// of a large matrix product's rate through the same runtime, in the same run. Ratios, because machines are noisy: the share is the
// median of neighbouring runs, then best against best. Operations counted are those of matrix products that the mathematics asks for;
// scores that attention's gradient makes anew are time, not work. Run with `npm run bench`.
import { compile, compileSegments } from '../../main/engine/backends/onnx'
import type { Executable } from '../../main/engine/backends/onnx'
import { hostTensor, sizeOf } from '../../main/engine/ir'
import type { HostTensor, Program } from '../../main/engine/ir'
import { miniConfig } from '../../main/engine/models/animate-anywhere'
import { initialise, Random } from '../../main/engine/nn'
import { samplingProgram } from '../../main/engine/render/thinking-programs'
import { AdamW } from '../../main/engine/training/adamw'
import { objective } from '../../main/engine/training/objective'
import { stages } from '../../main/engine/training/stages'
import { openReference } from './rate'
import type { Measured } from './rate'
import { stackOf } from './stack'

const reference = await openReference()

const percent = (share: number): string => `${(100 * share).toFixed(0)}%`

function report(what: string, flops: number, m: Measured): void {
  const rate = flops / m.ms / 1e6
  console.log(
    [
      what.padEnd(44),
      `${(flops / 1e9).toFixed(0)} GFLOP`.padStart(10),
      `${m.ms.toFixed(0)} ms`.padStart(9),
      `${rate.toFixed(0)} of ${m.productRate.toFixed(0)} GFLOP/s`.padStart(19),
      `${percent(m.share)} of MatMul`.padStart(15),
      `(best ${percent(m.bestShare)})`.padStart(13),
      m.peak === undefined ? '' : `+${m.peak.toFixed(0)} MiB`.padStart(11),
    ].join(''),
  )
}

const pick = (graph: Program, from: Record<string, HostTensor>): Record<string, HostTensor> =>
  Object.fromEntries(graph.inputs.flatMap(({ name }) => (from[name!] ? [[name!, from[name!]!] as const] : [])))

/** Gradients of all weights, then AdamW's step: what a step of training is. */
async function trainingStep(
  what: string,
  graph: Program,
  executable: Executable,
  feeds: Record<string, HostTensor>,
  weights: Record<string, HostTensor>,
  flops: number,
): Promise<void> {
  const optimiser = new AdamW(weights)
  let inOptimiser = 0
  const measured = await reference.measure(
    flops,
    async () => {
      const results = await executable.run(pick(graph, { ...feeds, ...optimiser.parameters }))
      const gradients = Object.fromEntries(Object.keys(weights).map((name) => [name, results[`grad.${name}`]!]))
      const start = performance.now()
      await optimiser.step(gradients, 1e-6)
      inOptimiser = performance.now() - start
    },
    3,
  )
  report(what, flops, measured)
  const millions = Object.values(weights).reduce((sum, { shape }) => sum + sizeOf(shape), 0) / 1e6
  console.log(`  of which AdamW of ${millions.toFixed(1)} M parameters ${inOptimiser.toFixed(0)} ms`)
  await optimiser.dispose()
  await executable.dispose()
}

for (const [heads, blocks] of [
  [8, 4],
  [16, 2],
] as const) {
  const size = { heads, blocks, frames: 16, side: 32, text: 226 }
  const stack = stackOf(size, false)
  console.log(`\n${size.blocks} blocks of CogVideoX, width ${stack.width}, ${stack.tokens} tokens`)
  const sampling = await compile(stack.sampling, { initializers: stack.weights })
  const given = pick(stack.sampling, stack.feeds)
  report('sampling', sampling.flops, await reference.measure(sampling.flops, () => sampling.run(given), 7))
  await sampling.dispose()

  const whole = await compile(stack.training, { training: true })
  const { flops } = whole
  await trainingStep('training step', stack.training, whole, stack.feeds, stack.weights, flops)
  const cut = stackOf(size, true)
  const parts = compileSegments(cut.training, { training: true })
  await trainingStep('training step, blocks remade', cut.training, parts, cut.feeds, cut.weights, flops)
}

/** Plausible numbers for every input: weights as initialised, small noise for the rest, frame numbers for indices. */
function feedsOf(built: Program, weights: Record<string, HostTensor>): Record<string, HostTensor> {
  const random = new Random(0)
  return Object.fromEntries(
    built.inputs.map(({ name, shape, dtype }) => {
      const size = sizeOf(shape)
      const known = weights[name!]
      if (known) return [name!, known]
      const numbers =
        dtype === 'int64'
          ? BigInt64Array.from({ length: size }, (_, i) => BigInt(i))
          : random.normals(size).map((v) => Math.abs(v) * 0.1)
      return [name!, hostTensor(numbers, shape, dtype)]
    }),
  )
}

async function mini(what: string, graph: Program, executable: Executable, weights: Record<string, HostTensor>) {
  const feeds = feedsOf(graph, weights)
  report(what, executable.flops, await reference.measure(executable.flops, () => executable.run(feeds), 7))
  await executable.dispose()
}

console.log('\nThe mini model, 13 frames of 96 x 64')
const shape = { batch: 8, frames: miniConfig.frames, width: 96, height: 64, composed: 4 }
for (const stage of stages.filter((name) => name !== 'adapter')) {
  const { program: graph, specs } = objective(miniConfig, stage, shape)
  const executable = await compile(graph, { training: true })
  await mini(`gradients, ${stage}, batch 8`, graph, executable, initialise(specs, 0))
}
const { program: graph, specs } = samplingProgram(miniConfig, miniConfig.frames, 96, 64)
await mini('sampling step', graph, await compile(graph), initialise(specs, 0))
