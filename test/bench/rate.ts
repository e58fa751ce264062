// Time and memory of work for the bench, against a large matrix product through the same runtime. The product is timed before and
// after every run, since other users of the machine come and go: what counts is the share, not the milliseconds.
import { readFileSync, writeFileSync } from 'node:fs'
import { compile } from '../../main/engine/backends/onnx'
import { hostTensor, input, matmul, program } from '../../main/engine/ir'

const side = 2048
const productFlops = 2 * side ** 3

export interface Measured {
  /** Milliseconds of a run: median and best. */
  readonly ms: number
  readonly bestMs: number
  /** GFLOP/s of the large matrix product at the same time: median and best. */
  readonly productRate: number
  readonly bestProductRate: number
  /** Median over the runs of the work's rate as a share of the product's just before and after. */
  readonly share: number
  /** Best rate as a share of the product's best. */
  readonly bestShare: number
  /** How far memory rose above what was in use before the first run, MiB; undefined where the system does not tell (Linux does). */
  readonly peak: number | undefined
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

export async function msOf(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The highest memory use since `forget`, and the use now, in MiB. */
const memory = (field: 'VmHWM' | 'VmRSS'): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024

async function peakOf(work: () => Promise<unknown>): Promise<number | undefined> {
  if (process.platform !== 'linux') {
    await work()
    return undefined
  }
  writeFileSync('/proc/self/clear_refs', '5') // forgets the highest use so far
  const before = memory('VmRSS')
  await work()
  return memory('VmHWM') - before
}

export interface Reference {
  /** Runs `work` (of `flops` floating-point operations) once to warm up, then `rounds` times. */
  measure(flops: number, work: () => Promise<unknown>, rounds: number): Promise<Measured>
}

/** Compiles the product and runs it a few times. */
export async function openReference(): Promise<Reference> {
  const graph = program('product', { y: matmul(input('a', [side, side]), input('b', [side, side])) })
  const executable = await compile(graph)
  const numbers = hostTensor(
    Float32Array.from({ length: side ** 2 }, (_, i) => (i % 7) - 3),
    [side, side],
  )
  const product = () => executable.run({ a: numbers, b: numbers })
  const rateOfProduct = async () => {
    const times = [await msOf(product), await msOf(product), await msOf(product)]
    return productFlops / median(times) / 1e6
  }
  await rateOfProduct()
  return {
    measure: async (flops, work, rounds) => {
      const peak = await peakOf(work)
      const times: number[] = []
      const productRates = [await rateOfProduct()]
      const shares: number[] = []
      for (let i = 0; i < rounds; i++) {
        const ms = await msOf(work)
        productRates.push(await rateOfProduct())
        times.push(ms)
        shares.push(flops / ms / 1e6 / ((productRates[i]! + productRates[i + 1]!) / 2))
      }
      const bestMs = Math.min(...times)
      const bestProductRate = Math.max(...productRates)
      return {
        ms: median(times),
        bestMs,
        productRate: median(productRates),
        bestProductRate,
        share: median(shares),
        bestShare: flops / bestMs / 1e6 / bestProductRate,
        peak,
      }
    },
  }
}
