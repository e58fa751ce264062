// Which execution providers really work on this machine, found by running a tiny program on each.
import { hostTensor, input, matmul, program } from '../../ir'
import { lowerProgram, outputName } from './graph'
import { createSession } from './runtime'
import type { Provider } from './runtime'

export interface ProviderStatus {
  readonly available: boolean
  /** Why not, in onnxruntime's words. */
  readonly reason?: string
}

/** Fastest first. */
const preference: readonly Provider[] = ['cuda', 'dml', 'webgpu', 'coreml', 'cpu']

async function probe(provider: Provider): Promise<ProviderStatus> {
  const a = input('a', [2, 2])
  const model = lowerProgram(program('probe', { y: matmul(a, a) }), {
    target: 'portable',
    initializers: {},
    relative: (file) => file,
  })
  try {
    const session = await createSession(model, { provider, threads: 1, training: false })
    const results = await session.run({ a: hostTensor([1, 2, 3, 4], [2, 2]) })
    await session.release()
    const right = [7, 10, 15, 22].every((value, i) => Number(results[outputName('y')]!.data[i]) === value)
    return right ? { available: true } : { available: false, reason: 'it multiplies wrongly' }
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message.split('\n')[0]! : String(error) }
  }
}

let probed: Promise<Record<Provider, ProviderStatus>> | undefined

/** What each provider answered; asked once per process. */
export function probeProviders(): Promise<Record<Provider, ProviderStatus>> {
  probed ??= (async () => {
    const result = {} as Record<Provider, ProviderStatus>
    for (const provider of preference) result[provider] = await probe(provider)
    return result
  })()
  return probed
}

/** The first provider by preference that works. */
export async function chooseProvider(): Promise<Provider> {
  const statuses = await probeProviders()
  return preference.find((provider) => statuses[provider].available) ?? 'cpu'
}
