// LiteRT (Google's own .tflite runtime, in WebAssembly) as the judge of our importer. It is made for browsers; a few globals make
// it run in plain Node. Only tests use it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import type * as Litert from '@litertjs/core'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const wasmFolder = path.join(root, 'node_modules/@litertjs/core/wasm')

let runtime: Promise<typeof Litert> | undefined

function load(): Promise<typeof Litert> {
  runtime ??= (async () => {
    const scope = globalThis as unknown as Record<string, unknown>
    scope.self = globalThis
    scope.require = createRequire(import.meta.url)
    scope.__dirname = wasmFolder
    scope.importScripts = (file: string) => vm.runInThisContext(readFileSync(file, 'utf8'), { filename: file })
    const litert = await import('@litertjs/core')
    const spoken = { ...console }
    Object.assign(console, { log: () => {}, warn: () => {}, error: () => {} }) // it keeps those it finds, and reports every tensor
    try {
      await litert.loadLiteRt(wasmFolder + path.sep, { threads: false })
    } finally {
      Object.assign(console, spoken)
    }
    return litert
  })()
  return runtime
}

/** Runs a .tflite model with one float32 input; gives its outputs in the file's order. */
export async function litertModel(
  bytes: Uint8Array,
): Promise<(input: Float32Array, shape: readonly number[]) => Promise<Float32Array[]>> {
  const litert = await load()
  const model = await litert.loadAndCompile(bytes, { accelerator: 'wasm' })
  return async (data, shape) => {
    const input = litert.Tensor.fromTypedArray(data, [...shape])
    const outputs = await model.run(input)
    const values = await Promise.all(
      outputs.map(async (output) => Float32Array.from((await output.data()) as Float32Array)),
    )
    for (const tensor of [input, ...outputs]) tensor.delete()
    return values
  }
}
