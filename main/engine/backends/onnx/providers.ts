// Whether an execution provider really works here, found by running a tiny program on it, and if not, why, in words that help.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { packageFolder } from '../../../media/resources'
import { reason } from '../../../media/errors'
import type { Provider } from '../../device'
import { hostTensor, input, matmul, program } from '../../ir'
import { compileFor } from './compile'
import { hasProvider } from './runtime'

/** Undefined when `provider` multiplies two matrices rightly; else why it does not, and the way out. */
export async function tryProvider(provider: Provider): Promise<string | undefined> {
  if (!hasProvider(provider))
    return `this build of onnxruntime (${process.platform} ${process.arch}) has no ${provider}`
  const a = input('a', [2, 2])
  try {
    const executable = await compileFor(provider, program('probe', { y: matmul(a, a) }), { threads: 1 })
    const { y } = await executable.run({ a: hostTensor([1, 2, 3, 4], [2, 2]) })
    await executable.dispose()
    const right = [7, 10, 15, 22].every((value, i) => y!.data[i] === value)
    return right ? undefined : 'it multiplies wrongly; update the driver'
  } catch (error) {
    return explain(provider, reason(error).split('\n')[0]!)
  }
}

/** What onnxruntime's words mean for the one who reads them. */
function explain(provider: Provider, said: string): string {
  // Its own source line stands in front of the reason.
  const why = said
    .split(' was false. ')
    .at(-1)!
    .replace(/^program probe does not compile for \w+: /, '')
  if (provider === 'webgpu' && /No supported adapters/.test(why))
    return process.platform === 'linux'
      ? "no graphics card that speaks Vulkan; install the card's driver and Vulkan's loader (libvulkan1)"
      : "no graphics card that WebGPU can use; update the card's driver"
  if (provider === 'cuda' && /Failed to load shared library/.test(why))
    return existsSync(cudaFile())
      ? 'the CUDA files are here but do not load; CUDA 12 and cuDNN 9 must be installed and found by the loader (LD_LIBRARY_PATH)'
      : 'the CUDA files are not installed; "npm run setup:cuda" fetches them'
  return why
}

const cudaFile = (): string =>
  path.join(packageFolder('onnxruntime-node'), `bin/napi-v6/linux/${process.arch}/libonnxruntime_providers_cuda.so`)
