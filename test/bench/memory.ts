// Memory of deep models, each figure from a process of its own (its peak resident size):
//   1. training a narrow stack of 42 blocks against one of 6: blocks are made anew for their gradient, so depth costs little;
//   2. a pass of a model whose weights are larger than twice the memory it is given, read from the disk block by block.
// Run with `npm run bench:memory`.
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { compileSegments, memoryPlan } from '../../main/engine/backends/onnx'
import type { Initializer } from '../../main/engine/backends/onnx'
import { hostTensor, sizeOf } from '../../main/engine/ir'
import type { HostTensor, Program } from '../../main/engine/ir'
import { initialise, Random } from '../../main/engine/nn'
import { latentProgram } from '../../main/engine/render/latent-clip'
import { loadModel } from '../../main/engine/render/model'
import { latentObjective } from '../../main/engine/training/latent-objective'
import { writeDiffusersFolder } from '../support/diffusers-folder'

const textTokens = 32
/** In latents: 768 tokens beside the text for the pass, 2,304 for training. */
const small = { frames: 4, channels: 16, height: 32, width: 48 }
const long = { frames: 12, channels: 16, height: 32, width: 48 }

/** Small random numbers for every input that is no weight. */
function feedsOf({ inputs }: Program, known: (name: string) => unknown): Record<string, HostTensor> {
  const random = new Random(1)
  const fed = inputs.filter(({ name }) => !known(name!))
  return Object.fromEntries(
    fed.map(({ name, shape }) => [
      name!,
      hostTensor(
        random.normals(sizeOf(shape)).map((v) => 0.1 * v),
        shape,
      ),
    ]),
  )
}

interface Report {
  /** Bytes. */
  readonly peak: number
  readonly planned: number
  readonly weights: number
  readonly readPerStep: number
  readonly seconds: number
}

async function child(what: string, dir: string): Promise<Report> {
  const model = loadModel(dir)
  const training = what === 'train'
  const objective = training
    ? latentObjective(model.config, 'joint', { ...long, batch: 1, textTokens, hands: false }, { baseFrozen: false })
    : undefined
  const program = objective?.program ?? latentProgram(model.config, small, textTokens)
  // In training everything is trained, so the weights are in memory; for a pass they stay in their files.
  const initializers: Record<string, Initializer> = objective
    ? initialise(objective.specs, 1)
    : Object.fromEntries(
        program.inputs.flatMap(({ name }) => (model.weights[name!] ? [[name!, model.weights[name!]!] as const] : [])),
      )
  const plan = memoryPlan(program, initializers)
  const executable = compileSegments(program, { initializers, training })
  const feeds = feedsOf(program, (name) => initializers[name])
  await executable.run(feeds)
  const started = performance.now()
  await executable.run(feeds)
  const seconds = (performance.now() - started) / 1000
  return {
    peak: peakBytes(),
    planned: plan.needs,
    weights: bytesIn(initializers),
    readPerStep: plan.readPerStep,
    seconds,
  }
}

/** Bytes of weights, each counted once: the copies that ControlNet and ReferenceNet start as lie in the same place of the file. */
function bytesIn(initializers: Readonly<Record<string, Initializer>>): number {
  const places = new Map(
    Object.entries(initializers).map(([name, weight]) =>
      'path' in weight ? [`${weight.path} ${weight.offset}`, weight.length] : [name, weight.data.byteLength],
    ),
  )
  return [...places.values()].reduce((sum, bytes) => sum + bytes, 0)
}

/** The most that was resident, mapped pages of files included. */
function peakBytes(): number {
  const status = fs.readFileSync('/proc/self/status', 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) * 1024
}

/** Runs `child` in a process of its own, with at most `limit` bytes of memory where that is given. */
function measure(what: string, dir: string, limit?: number): Report {
  const command = [process.execPath, '--import', 'tsx', import.meta.filename, '--child', what, dir]
  const group = limit === undefined ? undefined : memoryGroup(limit)
  const words = group ? ['sh', '-c', `echo $$ > ${group.procs} && exec "$@"`, 'sh', ...command] : command
  try {
    const { stdout, status, signal } = spawnSync(words[0]!, words.slice(1), {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (status !== 0)
      throw new Error(`${what} with ${limit ?? 'all the'} bytes of memory ended with ${signal ?? status}`)
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Report
  } finally {
    if (group) fs.rmdirSync(group.folder)
  }
}

/** A control group with this memory limit (version 1 or 2); needs root. */
function memoryGroup(limit: number): { folder: string; procs: string } {
  const [parent, file] = fs.existsSync('/sys/fs/cgroup/memory')
    ? ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes']
    : ['/sys/fs/cgroup', 'memory.max']
  const folder = path.join(parent, `anywhere-bench-${process.pid}`)
  fs.mkdirSync(folder)
  fs.writeFileSync(path.join(folder, file), String(limit))
  return { folder, procs: path.join(folder, 'cgroup.procs') }
}

const MB = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

function main(): void {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-memory-'))
  try {
    const stack = (layers: number): Report => {
      const dir = path.join(place, `narrow-${layers}`)
      writeDiffusersFolder(dir, { layers, heads: 4, textTokens, text: false })
      const report = measure('train', dir)
      console.log(
        `training, ${layers} blocks of width 64, 2,304 tokens: peak ${MB(report.peak)} (planned ${MB(report.planned)}), weights ${MB(report.weights)}, ${report.seconds.toFixed(1)} s a step`,
      )
      return report
    }
    const [shallow, deep] = [stack(6), stack(42)]
    console.log(
      `42 blocks over 6: ${((deep.peak - deep.weights) / shallow.peak).toFixed(2)} of the peak, weights aside`,
    )

    const dir = path.join(place, 'large')
    writeDiffusersFolder(dir, { heads: 64, textTokens, text: false })
    const free = measure('pass', dir)
    const limit = Math.floor(free.weights / 2.05)
    execFileSync('sync')
    const confined = measure('pass', dir, limit)
    const rate = confined.readPerStep / confined.seconds
    console.log(
      `a pass of ${MB(free.weights)} of weights: ${free.seconds.toFixed(1)} s with all the memory; ${confined.seconds.toFixed(1)} s with ${MB(limit)} ` +
        `(${(free.weights / limit).toFixed(2)} times less), reading ${MB(confined.readPerStep)} at ${MB(rate)}/s; planned ${MB(confined.planned)}`,
    )
  } finally {
    fs.rmSync(place, { recursive: true, force: true })
  }
}

const [flag, what, dir] = process.argv.slice(2)
if (flag === '--child') console.log(JSON.stringify(await child(what!, dir!)))
else main()
