// The engine's VAE decode against the same decode in PyTorch (test/reference/vae_decode.py), in one run: the same weights from one
// file, the same latents, the same number of threads, turn by turn, medians; and their pixels must agree. Run with `npm run bench:vae`.
// PyTorch is Debian's: apt-get install python3-torch libopenblas0-pthread (without the latter it is ten times slower).
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { ExternalWeight } from '../../main/engine/backends/onnx'
import { hostTensor } from '../../main/engine/ir'
import type { HostTensor } from '../../main/engine/ir'
import { openVae, parseVaeConfig, vaeSpecs } from '../../main/engine/models/cogvideox'
import type { Vae } from '../../main/engine/models/cogvideox'
import { initialise, Random } from '../../main/engine/nn'
import { readHeader, writeSafetensors } from '../../main/engine/weights/safetensors'
import { torchPython } from '../reference/torch'
import { median } from './rate'

const threads = 2
const rounds = 3
/** The published model's proportions at half its width, 17 frames of 144x96 pixels. */
const widths = [64, 128, 128, 256]
const [frames, height, width] = [5, 12, 18]

/** One decode: seconds, processor seconds of all threads, most memory of the process so far in MiB. */
interface Measure {
  readonly seconds: number
  readonly processor: number
  readonly peak: number
}

function report(name: string, rounds: readonly Measure[]): number {
  const seconds = median(rounds.map((round) => round.seconds))
  const processor = median(rounds.map((round) => round.processor))
  const peak = Math.max(...rounds.map((round) => round.peak)) / 1024
  const each = rounds.map((round) => round.seconds.toFixed(2)).join(' ')
  console.log(
    `${name} ${seconds.toFixed(2)} s (${each}), processor ${processor.toFixed(1)} s, memory ${peak.toFixed(2)} GiB`,
  )
  return seconds
}

/** Random weights of the model's layout; norms' weights around 1. */
function writeModel(folder: string): Record<string, ExternalWeight> {
  const file = path.join(folder, 'model.safetensors')
  const weights = initialise(vaeSpecs(config), 1)
  writeSafetensors(file, weights, { config: JSON.stringify(config) })
  return Object.fromEntries(
    [...readHeader(file).tensors].map(([name, { offset, length }]) => [name, { path: file, offset, length }]),
  )
}

/** PyTorch in a process of its own, which decodes once per line that it is sent. */
function startPyTorch(python: string, folder: string): { decode(): Promise<Measure>; stop(): void } {
  const script = path.resolve(import.meta.dirname, '../reference/vae_decode.py')
  const env = { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) }
  const child = spawn(python, [script, folder, String(threads)], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    decode: async () => {
      child.stdin.write('\n')
      const { value, done } = (await lines.next()) as IteratorResult<string, undefined>
      if (done) throw new Error(`${python} ended before it had decoded`)
      const [seconds, processor, peak] = value!.split(' ').map(Number)
      return { seconds: seconds!, processor: processor!, peak: peak! }
    },
    stop: () => child.stdin.end(),
  }
}

async function decodeOurs(vae: Vae, latents: HostTensor): Promise<{ measure: Measure; parts: HostTensor[] }> {
  const parts: HostTensor[] = []
  const busy = process.cpuUsage()
  const started = performance.now()
  await vae.decode(latents, (chunk) => void parts.push(chunk))
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(busy)
  return { measure: { seconds, processor: (user + system) / 1e6, peak: process.resourceUsage().maxRSS / 1024 }, parts }
}

/** max |ours - theirs| / max |theirs|. */
function largestError(parts: readonly HostTensor[], theirs: Float32Array): number {
  const total = parts.reduce((sum, { shape }) => sum + shape[1]!, 0)
  const plane = 64 * height * width
  let scale = 0
  let worst = 0
  let before = 0
  for (const { data, shape } of parts) {
    const count = shape[1]!
    for (let c = 0; c < shape[0]!; c++)
      for (let i = 0; i < count * plane; i++) {
        const expected = theirs[(c * total + before) * plane + i]!
        scale = Math.max(scale, Math.abs(expected))
        worst = Math.max(worst, Math.abs(Number(data[c * count * plane + i]) - expected))
      }
    before += count
  }
  return worst / scale
}

const python = torchPython()
if (!python) {
  console.error('bench:vae needs PyTorch: apt-get install python3-torch libopenblas0-pthread')
  process.exit(1)
}
const config = parseVaeConfig({ block_out_channels: widths }, 'bench')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-vae-'))
try {
  const weights = writeModel(folder)
  const shape = [config.latent_channels, frames, height, width]
  const latents = hostTensor(new Random(2).normals(shape.reduce((a, b) => a * b, 1)), shape)
  writeSafetensors(path.join(folder, 'latents.safetensors'), { latents: hostTensor(latents.data, [1, ...shape]) })
  const vae = openVae(config, weights, { threads, tiling: false })
  const pytorch = startPyTorch(python, folder)
  const first = await decodeOurs(vae, latents)
  await pytorch.decode()
  const bytes = fs.readFileSync(path.join(folder, 'decoded.f32'))
  const error = largestError(first.parts, new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4))
  const ours: Measure[] = []
  const theirs: Measure[] = []
  for (let i = 0; i < rounds; i++) {
    ours.push((await decodeOurs(vae, latents)).measure)
    theirs.push(await pytorch.decode())
  }
  pytorch.stop()
  await vae.dispose()
  console.log(`decode of 17 frames of ${8 * width}x${8 * height}, channels ${widths.join(' ')}, ${threads} threads`)
  const a = report('engine ', ours)
  const b = report('PyTorch', theirs)
  console.log(`compiling took ${(first.measure.seconds - a).toFixed(1)} s, once`)
  console.log(`${(b / a).toFixed(2)} times as fast; largest difference ${error.toExponential(1)} of the largest value`)
  process.exitCode = a < b && error < 1e-4 ? 0 : 1
} finally {
  fs.rmSync(folder, { recursive: true })
}
