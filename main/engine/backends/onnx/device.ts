// The device of this process: the provider on which programs run whose caller names none. One place for all. When it fails at its work
// the processor takes over, whoever chose it is told once, and what was asked for is done all the same.
import { reason } from '../../../media/errors'
import { deviceName } from '../../device'
import type { Provider } from '../../device'
import type { Program } from '../../ir'
import { checkFeeds, compileFor, fedInputs } from './compile'
import type { CompileOptions, Executable } from './compile'

let current: Provider = 'cpu'
let tell: (note: string) => void = () => undefined

/** The provider in use. */
export const deviceInUse = (): Provider => current

/** From now on programs are compiled for `provider`; those that are compiled stay where they are. `onLost` is told when it fails, and why. */
export function useDevice(provider: Provider, onLost: (note: string) => void): void {
  current = provider
  tell = onLost
}

function leave(provider: Provider, error: unknown): void {
  if (current !== provider) return // another program has found out before
  current = 'cpu'
  tell(`${deviceName(provider)} failed (${reason(error).slice(0, 200)}); the processor goes on with the work`)
}

/**
 * Makes a program runnable, on `options.provider` or else on the device in use. Equal programs on the same provider share one session.
 * Throws what onnxruntime says where the provider was named, or where the processor fails as well.
 */
export async function compile(program: Program, options: CompileOptions = {}): Promise<Executable> {
  const { provider = current, ...rest } = options
  if (options.provider !== undefined || provider === 'cpu') return compileFor(provider, program, rest)
  const fed = fedInputs(program, rest)
  let failed = false
  const processor = (error: unknown): Promise<Executable> => {
    failed = true
    leave(provider, error)
    return compileFor('cpu', program, rest)
  }
  let inner = await compileFor(provider, program, rest).catch(processor)
  return {
    flops: inner.flops,
    run: async (feeds) => {
      if (failed) return inner.run(feeds)
      checkFeeds(program, fed, feeds) // a mistake of the caller's is none of the device's
      try {
        return await inner.run(feeds)
      } catch (error) {
        const lost = inner
        inner = await processor(error)
        await lost.dispose().catch(() => undefined) // it may be in no state to go in peace
        return inner.run(feeds)
      }
    },
    dispose: () => inner.dispose(),
  }
}
