// How much of the machine the engine uses: the mini model's training step and its sampling as a share of a large matrix product's
// rate, through the same runtime, in the same run. Ratios, because machines are noisy. Run with `npm run bench`.
import { compile } from '../../main/engine/backends/onnx'
import type { Executable } from '../../main/engine/backends/onnx'
import { hostTensor, input, matmul, program, sizeOf } from '../../main/engine/ir'
import type { HostTensor, Program } from '../../main/engine/ir'
import { miniConfig } from '../../main/engine/models/animate-anywhere'
import { initialise, Random } from '../../main/engine/nn'
import { samplingProgram } from '../../main/engine/render/thinking'
import { objective } from '../../main/engine/training/objective'
import { stages } from '../../main/engine/training/stages'

const rounds = 7

/** Best rate in GFLOP/s over some runs, after one that warms up. */
async function rateOf(
  executable: Executable,
  feeds: Record<string, HostTensor>,
): Promise<{ rate: number; ms: number }> {
  await executable.run(feeds)
  let best = Infinity
  for (let i = 0; i < rounds; i++) {
    const start = performance.now()
    await executable.run(feeds)
    best = Math.min(best, performance.now() - start)
  }
  return { rate: executable.flops / best / 1e6, ms: best }
}

/** Plausible numbers for every input: weights as initialised, small noise for the rest, frame numbers for indices. */
function feedsOf(built: Program, weights: Record<string, HostTensor>): Record<string, HostTensor> {
  const random = new Random(0)
  return Object.fromEntries(
    built.inputs.map(({ name, shape, dtype }) => {
      const size = sizeOf(shape)
      const known = weights[name!]
      if (known) return [name!, known]
      if (dtype === 'int64')
        return [
          name!,
          hostTensor(
            BigInt64Array.from({ length: size }, (_, i) => BigInt(i)),
            shape,
          ),
        ]
      return [
        name!,
        hostTensor(
          random.normals(size).map((v) => Math.abs(v) * 0.1),
          shape,
        ),
      ]
    }),
  )
}

const n = 2048
const product = program('matmul', { y: matmul(input('a', [n, n]), input('b', [n, n])) })
const large = await compile(product)
const { rate: reference } = await rateOf(large, feedsOf(product, {}))
console.log(`large MatMul (${n} cubed): ${reference.toFixed(0)} GFLOP/s`)

const shape = { batch: 8, frames: miniConfig.frames, width: 96, height: 64, composed: 4 }
for (const stage of stages) {
  const built = objective(miniConfig, stage, shape, false)
  const executable = await compile(built.program, { training: true })
  const { rate, ms } = await rateOf(executable, feedsOf(built.program, initialise(built.specs, 0)))
  const share = ((100 * rate) / reference).toFixed(0)
  console.log(`training step, ${stage}, batch 8: ${ms.toFixed(0)} ms, ${rate.toFixed(0)} GFLOP/s, ${share}% of MatMul`)
  await executable.dispose()
}

const sampling = samplingProgram(miniConfig, miniConfig.frames, 96, 64)
const executable = await compile(sampling.program)
const { rate, ms } = await rateOf(executable, feedsOf(sampling.program, initialise(sampling.specs, 0)))
const share = ((100 * rate) / reference).toFixed(0)
console.log(`sampling step, 13 frames of 96x64: ${ms.toFixed(0)} ms, ${rate.toFixed(0)} GFLOP/s, ${share}% of MatMul`)
