// Run as a process of its own (see swiftshader.ts): compares programs on WebGPU with the same on the processor, and says what fell back.
// `same-on-webgpu.ts operations | step | sampling` prints one line of JSON: `Sameness[]`.
import { compile } from '../../main/engine/backends/onnx'
import { runPlaced } from '../../main/engine/backends/onnx/placement'
import {
  allRecords,
  constant,
  grad,
  hostTensor,
  input,
  isFloat,
  mul,
  program,
  recordOf,
  sizeOf,
  sum,
} from '../../main/engine/ir'
import type { HostTensor, OpRecord, Program, Sample, Tensor } from '../../main/engine/ir'
import { make } from '../../main/engine/ir/tensor'
import { miniConfig } from '../../main/engine/models/animate-anywhere'
import { Random } from '../../main/engine/nn'
import { loadModel } from '../../main/engine/render/model'
import { samplingProgram } from '../../main/engine/render/thinking-programs'
import { adamwProgram } from '../../main/engine/training/adamw'
import { paperEpipolar } from '../../main/engine/training/epipolar-loss'
import { objective } from '../../main/engine/training/objective'
import { clipSource } from '../../main/engine/training/sources'
import { openSynthetic } from '../../main/engine/training/synthetic'

export interface Sameness {
  readonly name: string
  /** Largest difference of each output from the processor's, as a share of the output's largest number. */
  readonly differences: Readonly<Record<string, number>>
  readonly onDevice: number
  readonly fallen: Readonly<Record<string, number>>
}

function difference(found: HostTensor, expected: HostTensor): number {
  let most = 0
  let scale = 0
  for (let i = 0; i < expected.data.length; i++) {
    const apart = Math.abs(Number(found.data[i]) - Number(expected.data[i]))
    most = apart >= 0 ? Math.max(most, apart) : Infinity
    scale = Math.max(scale, Math.abs(Number(expected.data[i])))
  }
  return most === 0 ? 0 : most / scale
}

async function compare(name: string, graph: Program, feeds: Record<string, HostTensor>) {
  const reference = await compile(graph, { provider: 'cpu', training: true })
  const expected = await reference.run(feeds)
  await reference.dispose()
  const { results, placement } = await runPlaced(graph, feeds, { provider: 'webgpu', training: true })
  const differences = Object.fromEntries(
    Object.keys(expected).map((key) => [key, difference(results[key]!, expected[key]!)]),
  )
  return { sameness: { name, differences, ...placement } satisfies Sameness, expected, results }
}

/** A sample of an operation with the gradient of every input that has one. */
async function operation(record: OpRecord, sample: Sample, which: string): Promise<Sameness> {
  const random = new Random(which)
  const feeds = sample.inputs.map(({ shape, dtype = 'float32', range: [low, high] = [-1, 1], avoid = [], values }) => {
    const draw = (): number => {
      const value = random.uniform(low, high)
      return avoid.some((kink) => Math.abs(value - kink) < 0.1) ? draw() : value
    }
    return hostTensor(values ?? Array.from({ length: sizeOf(shape) }, draw), shape, dtype)
  })
  const inputs = feeds.map(({ shape, dtype }, i) => input(`in${i}`, shape, dtype))
  const out = make(record.name, inputs, sample.attrs)
  const outputs: Record<string, Tensor> = { out }
  const moved = inputs.filter(({ dtype }) => isFloat(dtype))
  if (isFloat(out.dtype) && record.gradient !== 'none') {
    const upstream = constant(hostTensor(random.normals(sizeOf(out.shape)), out.shape))
    grad(sum(mul(out, upstream)), moved).forEach((g, i) => (outputs[`grad${i}`] = g))
  }
  const graph = program(which, outputs)
  const fed = graph.inputs.map(({ name }) => [name!, feeds[Number(name!.slice(2))]!] as const)
  return (await compare(which, graph, Object.fromEntries(fed))).sameness
}

async function operations(): Promise<Sameness[]> {
  const found: Sameness[] = []
  for (const record of allRecords()) {
    if (record.samples === 'in every check') continue
    for (const [i, sample] of record.samples.entries())
      found.push(await operation(record, sample, `${record.name} ${i}`))
  }
  // The sample of attention is smaller than a workgroup; larger ones are another shader.
  const long = { inputs: [100, 60, 60].map((tokens) => ({ shape: [1, 2, tokens, 32] })), attrs: { scale: 0.2 } }
  found.push(await operation(recordOf('attention'), long, 'attention of many tokens'))
  return found
}

/** A whole training step of the bundled model in its last stage, the epipolar loss included: losses and gradients, then each weight after AdamW's first step. */
async function step(): Promise<Sameness[]> {
  const dataset = openSynthetic({ clips: 1, seed: 7, frames: 2, sizes: [[48, 32]] })
  const { shape, feeds } = await clipSource(miniConfig, dataset, 1, 5, paperEpipolar).batch(0)
  const { program: graph, trained } = objective(miniConfig, 'joint', shape, { epipolar: paperEpipolar })
  const { weights } = loadModel('mini')
  const needed = graph.inputs.map(
    ({ name }) => [name!, (weights[name!] as HostTensor | undefined) ?? feeds[name!]!] as const,
  )
  const gradients = await compare('training step', graph, Object.fromEntries(needed))

  const adamw = adamwProgram({ betas: [0.9, 0.99], emaDecay: 0.995 })
  const chunk = adamw.inputs[0]!.shape[0]!
  const flat = (from: (name: string) => HostTensor): HostTensor => {
    const data = new Float32Array(chunk)
    let at = 0
    for (const name of trained) {
      const part = (from(name).data as Float32Array).subarray(0, chunk - at)
      data.set(part, at)
      at += part.length
    }
    return hostTensor(data, [chunk])
  }
  const p = flat((name) => weights[name] as HostTensor)
  const zeros = hostTensor(new Float32Array(chunk), [chunk])
  const settings = { share1: 0.1, share2: 0.01, eps: 1e-9, rate: 1e-3, keep: 1 - 1e-5, follow: 0.1 }
  const scalars = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, hostTensor([value], [])]))
  const g = flat((name) => gradients.expected[`grad.${name}`]!)
  const update = await compare('AdamW', adamw, { p, g, m: zeros, v: zeros, ema: p, ...scalars })
  return [gradients.sameness, update.sameness]
}

/** One denoising step of a render. */
async function sampling(): Promise<Sameness[]> {
  const { config, weights } = loadModel('mini')
  const { program: graph } = samplingProgram(config, 3, 48, 32)
  const random = new Random(3)
  const feeds = graph.inputs.map(({ name, shape }) => [
    name!,
    (weights[name!] as HostTensor | undefined) ?? hostTensor(random.normals(sizeOf(shape)), shape),
  ])
  return [(await compare('denoising step', graph, Object.fromEntries(feeds) as Record<string, HostTensor>)).sameness]
}

const parts: Readonly<Record<string, () => Promise<Sameness[]>>> = { operations, step, sampling }
void parts[process.argv[2]!]!().then((found) => {
  process.stdout.write(`${JSON.stringify(found)}\n`)
})
