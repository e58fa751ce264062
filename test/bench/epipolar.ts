// Memory and time of the epipolar loss with its gradient while the number N of video tokens grows and the number of sampled queries
// stays: they must grow as N, not as N x N. Each figure from a process of its own: its peak resident size, less what it had with
// queries, keys and bands in memory and nothing made of them yet. Run with `npm run bench:epipolar`.
import { spawnSync } from 'node:child_process'
import { compile } from '../../main/engine/backends/onnx'
import { grad, hostTensor, input, program, sizeOf } from '../../main/engine/ir'
import type { Shape } from '../../main/engine/ir'
import { Random } from '../../main/engine/nn'
import { epipolarFeeds } from '../../main/engine/training/epipolar-feeds'
import { epipolarInputs, epipolarLoss, epipolarRows, paperEpipolar } from '../../main/engine/training/epipolar-loss'

const [heads, size, text] = [8, 64, 226]
/** Eight frames of tokens of 16 pixels. */
const sizes = [
  [256, 256],
  [512, 256],
  [512, 512],
] as const
/** Growth beyond that of N that still counts as linear: what does not grow lies below. */
const tolerance = 1.1

interface Report {
  readonly tokens: number
  readonly megabytes: number
  readonly milliseconds: number
}

async function child(width: number, height: number): Promise<Report> {
  const grid = { time: 8, height: height / 16, width: width / 16 }
  const tokens = grid.time * grid.height * grid.width
  const random = new Random(1)
  const shape: Shape = [1, heads, text + tokens, size]
  const values = () => hostTensor(random.normals(sizeOf(shape)), shape)
  const moved = Array.from({ length: grid.time }, (_, t) => [1, 0, 0, 0.1 * t, 0, 1, 0, 0, 0, 0, 1, 0.05 * t])
  const clip = {
    ...{ id: 'bench', width, height, ground: new Float32Array(tokens).fill(1) },
    intrinsics: Float32Array.from(moved.flatMap(() => [width, 0, width / 2, 0, width, height / 2, 0, 0, 1])),
    extrinsics: Float32Array.from(moved.flat()),
  }
  const frames = moved.map((_, t) => [t])
  const feeds = { q: values(), k: values(), ...epipolarFeeds([clip], grid, frames, random).feeds }
  const [q, k] = [input('q', shape), input('k', shape)]
  const loss = epipolarLoss({ q, k }, epipolarInputs(1, grid, epipolarRows), grid, paperEpipolar)
  const [dq, dk] = grad(loss, [q, k]) as [typeof q, typeof k]
  const before = process.memoryUsage.rss()
  const executable = await compile(program('epipolar', { loss, dq, dk }), { training: true })
  let best = Infinity
  for (let i = 0; i < 4; i++) {
    const start = performance.now()
    await executable.run(feeds)
    best = Math.min(best, performance.now() - start)
  }
  await executable.dispose()
  return { tokens, megabytes: process.resourceUsage().maxRSS / 1024 - before / 2 ** 20, milliseconds: best }
}

/** The report of a process of its own. */
function measured([width, height]: (typeof sizes)[number]): Report {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, process.argv[1]!, `${width}`, `${height}`], { encoding: 'utf8' }) // prettier-ignore
  if (status !== 0) throw new Error(`the measure at ${width}x${height} failed: ${stderr}`)
  return JSON.parse(stdout) as Report
}

const [width, height] = process.argv.slice(2).map(Number)
if (width && height) console.log(JSON.stringify(await child(width, height)))
else {
  const reports = sizes.map(measured)
  console.log(`epipolar loss and gradient, ${epipolarRows} queries, ${heads} heads of ${size}, ${text} text tokens`)
  for (const { tokens, megabytes, milliseconds } of reports)
    console.log(
      `N = ${tokens}: ${megabytes.toFixed(0)} MiB, ${((megabytes * 1024) / tokens).toFixed(1)} KiB a token, ${milliseconds.toFixed(0)} ms; ` +
        `one N x N map of all heads would be ${((heads * tokens ** 2 * 4) / 2 ** 20).toFixed(0)} MiB`,
    )
  const [first, last] = [reports[0]!, reports.at(-1)!]
  const growth = last.megabytes / first.megabytes / (last.tokens / first.tokens)
  const linear = growth < tolerance
  console.log(
    `from N = ${first.tokens} to ${last.tokens} memory grew ${(growth * 100).toFixed(0)}% as fast as N: ${linear ? 'linear' : 'NOT linear'}`,
  )
  process.exitCode = linear ? 0 : 1
}
