// Which device is taken, with engines that answer as the test says: real drivers crash, hang and lie.
import { describe, expect, it } from 'vitest'
import type { Provider } from '../engine/device'
import type { ProviderStatus, ToEngine } from '../engine/process-messages'
import { describe as inWords, Devices } from './devices'
import type { EngineProcess, SpawnEngine } from './engine-host'

/** Engines that answer a probe with what `worth` says; one that is not named there dies. */
function engines(worth: Partial<Record<Provider, ProviderStatus>>) {
  const asked: Provider[] = []
  const spawn: SpawnEngine = () => {
    let hear: (message: unknown) => void = () => undefined
    let end: (reason: string) => void = () => undefined
    const process: EngineProcess = {
      send: (message: ToEngine) => {
        if (message.type !== 'probe') throw new Error(`unexpected ${message.type}`)
        const { provider } = message
        asked.push(provider)
        const status = worth[provider]
        queueMicrotask(() => {
          if (status) hear({ type: 'probed', provider, status })
          else end('the engine crashed (SIGSEGV)')
        })
      },
      onMessage: (listener) => (hear = listener),
      onExit: (listener) => (end = listener),
      kill: () => undefined,
    }
    return process
  }
  return { spawn, asked }
}
const cpu: ProviderStatus = { available: true, speed: 1 }
const works = (speed: number): ProviderStatus => ({ available: true, speed, difference: 1e-6, fallen: {} })
/** Whatever this machine has: every provider may be tried. */
const anywhere = { why: () => undefined }

describe('the device that is taken', () => {
  it('is the fastest that works and beats the processor', async () => {
    const { spawn } = engines({ cpu, webgpu: works(3), cuda: works(20), dml: works(5) })
    expect(await new Devices(spawn, anywhere).choose('auto')).toEqual({ provider: 'cuda' })
  })

  it('is the processor where all others are slower, fail or crash', async () => {
    const slow = engines({ cpu, webgpu: works(0.01), cuda: { available: false, reason: 'no driver' } })
    expect(await new Devices(slow.spawn, anywhere).choose('auto')).toEqual({ provider: 'cpu' })
  })

  it('is the one that was named, if it works; else the processor, with the reason', async () => {
    const devices = new Devices(engines({ cpu, webgpu: works(0.01) }).spawn, anywhere)
    expect(await devices.choose('webgpu')).toEqual({ provider: 'webgpu' })
    expect(await devices.choose('cuda')).toEqual({
      provider: 'cpu',
      note: 'NVIDIA GPU (CUDA) cannot be used: trying it failed: the engine crashed (SIGSEGV)',
    })
  })

  it('is not one that took the engine down', async () => {
    const devices = new Devices(engines({ cpu, webgpu: works(9) }).spawn, anywhere)
    expect(await devices.choose('auto')).toEqual({ provider: 'webgpu' })
    devices.crashed('webgpu', 'the engine crashed (SIGSEGV)')
    expect(await devices.choose('auto')).toEqual({ provider: 'cpu' })
  })

  it('is found by trying each once; the processor is never tried before it is asked for', async () => {
    const { spawn, asked } = engines({ cpu, webgpu: works(3) })
    const devices = new Devices(spawn, anywhere)
    await devices.choose('cpu')
    expect(asked).toEqual([])
    await Promise.all([devices.choose('auto'), devices.choose('auto')])
    expect([...asked].sort()).toEqual(['coreml', 'cuda', 'dml', 'webgpu'])
  })

  it('is not even tried where it cannot be', async () => {
    const { spawn, asked } = engines({})
    const devices = new Devices(spawn, { why: () => 'no graphics card is visible here' })
    expect(await devices.choose('webgpu')).toMatchObject({
      note: 'GPU (WebGPU) cannot be used: no graphics card is visible here',
    })
    expect(asked).toEqual([])
  })
})

it('offers what there is, with what it is worth', async () => {
  const options = await new Devices(engines({ cpu, webgpu: works(0.01) }).spawn, anywhere).options()
  expect(options.map(({ id, available }) => [id, available])).toEqual([
    ['auto', true],
    ['cpu', true],
    ['webgpu', true],
    ['coreml', false],
    ['dml', false],
    ['cuda', false],
  ])
  expect(inWords(works(0.01))).toMatch(
    /^works: 100 times slower than .*in software: taken only when chosen; differs by 1e-6$/,
  )
})
