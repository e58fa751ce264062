// A program run segment by segment gives what it gives in one piece, gradients included, and its blocks are one program.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { grad, hostTensor, input, layerNorm, mean, mul, partition, program, segment, tanh } from '../../ir'
import type { HostTensor, Program, Tensor } from '../../ir'
import { initialise, linear, Random, Scope } from '../../nn'
import { readHeader, writeSafetensors } from '../../weights/safetensors'
import { compile } from './device'
import { compileSegments } from './segments'

const width = 8
const random = new Random(3)
const x = hostTensor(random.normals(4 * width), [4, width])

/** Residual layers with a value that all of them read, a norm at the end (it saves its statistics), a loss, and all gradients. */
function deep(layers: number, cut: boolean): { program: Program; weights: Record<string, HostTensor> } {
  const scope = new Scope()
  const part = cut ? segment : <T>(build: () => T): T => build()
  const shared = tanh(linear(scope, 'shared', input('x', [4, width]), width))
  let h: Tensor = shared
  for (let i = 0; i < layers; i++) h = part(() => mul(tanh(linear(scope, `layer${i}`, h, width)), shared))
  const normed = layerNorm(h, null, null, 1e-5)
  const loss = mean(mul(normed, mul(normed, normed)))
  const names = [...scope.weights.keys()]
  const gradients = grad(loss, [...scope.weights.values()])
  const outputs = Object.fromEntries(names.map((name, i) => [`grad.${name}`, gradients[i]!]))
  return { program: program('deep', { loss, h, ...outputs }), weights: initialise(scope.specs, 5) }
}

function expectSame(a: Record<string, HostTensor>, b: Record<string, HostTensor>): void {
  expect(Object.keys(a)).toEqual(Object.keys(b))
  for (const [name, { data }] of Object.entries(a)) {
    const worst = (data as Float32Array).reduce(
      (most, v, i) => Math.max(most, Math.abs(v - Number(b[name]!.data[i]))),
      0,
    )
    expect(worst, name).toBeLessThan(1e-6)
  }
}

describe('a program run segment by segment', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'segments-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it('gives what it gives in one piece', async () => {
    const whole = deep(5, false)
    const cut = deep(5, true)
    const [one, parts] = [
      await compile(whole.program, { training: true }),
      compileSegments(cut.program, { training: true }),
    ]
    const feeds = { x, ...whole.weights }
    const results = await parts.run(feeds)
    expectSame(results, await one.run(feeds))
    expectSame(await parts.run(feeds), results)
    expect(parts.flops).toBeGreaterThan(one.flops) // the insides of segments are computed twice
    await one.dispose()
    await parts.dispose()
  })

  it('keeps only what goes from segment to segment, and its blocks are equal programs', () => {
    const parts = partition(deep(5, true).program)
    expect(parts).toHaveLength(5 + 5 + 1)
    for (const { writes } of parts.slice(1, 5)) expect(Object.keys(writes)).toHaveLength(1)
    const shape = ({ program: { nodes } }: (typeof parts)[number]) =>
      nodes.map((t) => `${t.op} ${t.shape.join()} ${t.name ?? ''}`)
    expect(shape(parts[2]!)).toEqual(shape(parts[1]!))
    expect(shape(parts[7]!)).toEqual(shape(parts[6]!))
  })

  it.each([0, 1e9])('reads weights from a file, with %d bytes to keep them in', async (resident) => {
    const { program: graph, weights } = deep(4, true)
    const file = path.join(folder, 'weights.safetensors')
    writeSafetensors(file, weights)
    const external = Object.fromEntries(
      [...readHeader(file).tensors].map(([name, { offset, length, dtype }]) => [
        name,
        { path: file, offset, length, dtype },
      ]),
    )
    const fed = compileSegments(graph, { training: true })
    const fromFile = compileSegments(graph, { training: true, initializers: external, resident })
    expectSame(await fromFile.run({ x }), await fed.run({ x, ...weights }))
    await fed.dispose()
    await fromFile.dispose()
  })

  it('says what is missing', async () => {
    const { program: graph, weights } = deep(2, true)
    const parts = compileSegments(graph)
    await expect(parts.run({ ...weights })).rejects.toThrow(
      'program deep: input x (float32 [4,8]) is missing from the feeds',
    )
    await parts.dispose()
    await expect(parts.run({ x, ...weights })).rejects.toThrow('run after dispose')
  })
})
