// What the engine can compute on here, and which of it is taken. Every provider is tried in an engine process of its own, since a
// driver may crash or hang; what came out is remembered as long as the studio runs.
import type { DeviceChoice, DeviceOption } from '../api'
import { deviceName, hopeless, providers } from '../engine/device'
import type { Provider } from '../engine/device'
import { fromEngine } from '../engine/process-messages'
import type { ProviderStatus } from '../engine/process-messages'
import type { SpawnEngine } from './engine-host'

/** Milliseconds that a provider has to show what it can do. */
const patience = 60_000
/** Taken by 'auto' when it is this many times as fast as the processor: less is not worth another machine's numbers. */
const worthwhile = 1.5

export interface Chosen {
  readonly provider: Provider
  /** Why it is not what was asked for. */
  readonly note?: string
}

export class Devices {
  private readonly known = new Map<Provider, Promise<ProviderStatus>>()

  /** `why`: what is known to be hopeless without trying. */
  constructor(
    private readonly spawn: SpawnEngine,
    private readonly machine: { readonly why: typeof hopeless } = { why: hopeless },
  ) {}

  /** What `provider` is worth here; tried once. */
  status(provider: Provider): Promise<ProviderStatus> {
    const known = this.known.get(provider)
    if (known) return known
    const why = provider === 'cpu' ? undefined : this.machine.why(provider)
    const status =
      why === undefined ? tryInProcess(this.spawn, provider) : Promise.resolve({ available: false, reason: why })
    this.known.set(provider, status)
    return status
  }

  /** All of them, tried one after another so that none disturbs another's measure. */
  async all(): Promise<Record<Provider, ProviderStatus>> {
    const found: Partial<Record<Provider, ProviderStatus>> = {}
    for (const provider of providers) found[provider] = await this.status(provider)
    return found as Record<Provider, ProviderStatus>
  }

  /** What a window offers: 'auto' first, with what it takes here. */
  async options(): Promise<DeviceOption[]> {
    const { provider } = await this.choose('auto')
    const found = Object.entries(await this.all()) as [Provider, ProviderStatus][]
    return [
      { id: 'auto', name: `Automatic: ${deviceName(provider)}`, available: true },
      ...found.reverse().map(([id, status]) => ({
        ...{ id, name: deviceName(id), available: status.available },
        ...(id === 'cpu' ? {} : { text: describe(status) }),
      })),
    ]
  }

  /** The provider to use for a choice. 'auto': the fastest that works, agrees with the processor and beats it; a named one only if it works. */
  async choose(choice: DeviceChoice): Promise<Chosen> {
    if (choice === 'cpu') return { provider: choice }
    if (choice !== 'auto') {
      const { available, reason } = await this.status(choice)
      if (available) return { provider: choice }
      return { provider: 'cpu', note: `${deviceName(choice)} cannot be used: ${reason}` }
    }
    let best: { provider: Provider; speed: number } = { provider: 'cpu', speed: worthwhile }
    for (const provider of providers) {
      if (provider === 'cpu') continue
      const { available, speed = 0 } = await this.status(provider)
      if (available && speed > best.speed) best = { provider, speed }
    }
    return { provider: best.provider }
  }

  /** It took an engine process down at its work: it is not used again while this studio runs. */
  crashed(provider: Provider, reason: string): void {
    this.known.set(provider, Promise.resolve({ available: false, reason: `it failed at its work: ${reason}` }))
  }
}

const twoDigits = (value: number): number => Number(value.toPrecision(2))

/** What a provider that was tried is worth, in one line. */
export function describe({ available, reason, speed, difference, fallen = {} }: ProviderStatus): string {
  if (!available) return `not used: ${reason ?? 'unknown reason'}`
  if (difference === undefined) return 'works'
  const pace = speed! < 1 ? `${twoDigits(1 / speed!)} times slower than` : `${twoDigits(speed!)} times as fast as`
  const verdict = speed! < 1 ? ', most likely a graphics card in software: taken only when chosen' : ''
  const left = Object.entries(fallen).map(([op, count]) => `${op} ${count}`)
  const falls = left.length > 0 ? `; left to the processor: ${left.join(', ')}` : ''
  return `works: ${pace} the processor${verdict}; differs by ${difference.toExponential(0)}${falls}`
}

function tryInProcess(spawn: SpawnEngine, provider: Provider): Promise<ProviderStatus> {
  return new Promise((resolve) => {
    const engine = spawn()
    const settle = (status: ProviderStatus): void => {
      clearTimeout(timer)
      resolve(status)
      engine.kill()
    }
    const timer = setTimeout(() => {
      settle({ available: false, reason: `it did not answer within ${patience / 1000} s; update the driver` })
    }, patience)
    engine.onMessage((message) => {
      const { data } = fromEngine.safeParse(message)
      if (data?.type === 'probed' && data.provider === provider) settle(data.status)
    })
    engine.onExit((reason) => {
      settle({ available: false, reason: `trying it failed: ${reason}` })
    })
    engine.send({ type: 'probe', provider })
  })
}
