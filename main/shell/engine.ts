// The engine in a process of Electron's own kind: it has its own memory, and its death is an event.
import { app, utilityProcess } from 'electron'
import type { Details } from 'electron'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitReason } from '../studio/engine-host'
import type { EngineProcess } from '../studio/engine-host'

const bundle = path.join(path.dirname(fileURLToPath(import.meta.url)), 'engine.cjs')
const serviceName = 'AnimateAnywhere engine'
/** Milliseconds within which Electron says why a process is gone. */
const reasonDelay = 500

/** Starts an engine process. It ends with ours. */
export function utilityEngine(): EngineProcess {
  const child = utilityProcess.fork(bundle, [], { serviceName, stdio: 'inherit' })
  let gone: Details | undefined
  const note = (_event: unknown, details: Details): void => {
    if (details.name === serviceName) gone = details
  }
  app.on('child-process-gone', note)
  // What is said before the process has begun would be lost.
  const begun = new Promise<void>((resolve) => child.once('spawn', resolve))
  return {
    send: (message) => void begun.then(() => child.postMessage(message)),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) =>
      void child.once('exit', (code) => {
        const tell = (): void => {
          app.off('child-process-gone', note)
          listener(exitReason({ code, signal: signalOf(gone), fatal: gone?.reason === 'oom' }))
        }
        // A killed process exits with code 0 here; why it is gone comes in an event of its own, before or after.
        setTimeout(tell, gone ? 0 : reasonDelay)
      }),
    kill: () => void child.kill(),
  }
}

function signalOf(gone: Details | undefined): string | null {
  return gone?.reason === 'killed' ? 'SIGKILL' : gone?.reason === 'crashed' ? 'SIGSEGV' : null
}
